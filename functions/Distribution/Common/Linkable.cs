using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Common;

/// <summary>
/// Finds what mail programs make a link of. Whoever holds a mission's link can type a name and a function, and they
/// leave in the service's own mails. Titles and initials have dots too, often without a space behind them:
/// <c>H.E.Mr</c>, <c>St.Petersburg</c>, <c>Dep.Perm.Rep</c>.
/// </summary>
internal static partial class Linkable
{
    // Mail programs make links of these wherever they stand, whatever follows.
    private static readonly string[] Signs = ["@", "://", "www."];

    /// <summary>
    /// The longer top-level domains that strangers use most, without those that are also names of people or stand in
    /// functions: Ong, Page, Trade, Press. Those of two letters are known by their shape.
    /// </summary>
    private static readonly HashSet<string> Domains = new(
        (
            "app biz click club cloud com cyou dev download edu email example gov help icu info link links live ltd mail mobi "
            + "monster mov net online org sbs shop site solutions space store stream support tech today tools top vip website "
            + "world xyz zip zone рф")
            .Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <returns>Whether a mail program would make a link of some part of the text.</returns>
    public static bool IsIn(string text)
    {
        // As it is looked at: without signs nobody sees, and with a full-width dot or @ as the usual one.
        var seen = string.Concat(
            text
                .Normalize(NormalizationForm.FormKC)
                .Where(sign => char.GetUnicodeCategory(sign) != UnicodeCategory.Format));
        if (Signs.Any(sign => seen.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            return true;
        foreach (Match word in Word().Matches(seen))
        {
            var labels = word.Value.Split('.');
            if (labels.Zip(labels.Skip(1)).Any(pair => IsDomain(pair.First, pair.Second)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether a mail program would take the two labels for the end of a domain. A short word with a capital is a title
    /// or a degree: <c>Mr.de</c>, <c>M.Com</c>, <c>Org.Int</c>.
    /// </summary>
    private static bool IsDomain(string label, string top)
    {
        var isLong = label.Length >= 4 || label.Any(sign => char.IsAsciiDigit(sign) || sign == '-');
        // How a top-level domain in another script begins in ASCII: the list has none of these, and no title looks like
        // one.
        if (top.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) || Domains.Contains(top))
            return label.Length > 0 && (isLong || IsLower(label) && IsLower(top));
        // Not a younger one, nor the United Nations: Smith.Jr, perm.rep.UN
        return top.Length == 2
            && top.All(char.IsAsciiLetter)
            && !top.Equals("UN", StringComparison.OrdinalIgnoreCase)
            && !(char.IsAsciiLetterUpper(top[0]) && char.IsAsciiLetterLower(top[1]))
            && label.Length > 1
            && (isLong || IsLower(label));
    }

    private static bool IsLower(string text) => text.All(sign => !char.IsUpper(sign));

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}.-]+")]
    private static partial Regex Word();
}
