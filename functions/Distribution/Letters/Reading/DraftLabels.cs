using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Reading;

/// <summary>A draft label recognised in a text. Labels with the same key name the same draft.</summary>
/// <param name="Words">As a person would write it: <c>Draft Rev 2</c>, <c>Zero draft plus</c>.</param>
internal sealed record DraftLabel(string Key, string Words);

/// <summary>
/// Recognises draft labels whatever their case, spacing and punctuation: "Draft Rev 1", "draft rev. 1", "DraftRev1" and
/// "Draft Revision 1" name one draft. Labels stay free text; one that is not recognised is looked for word by word.
/// </summary>
internal static partial class DraftLabels
{
    /// <summary>The labels a text names, each once, in the order of their first mention.</summary>
    public static IReadOnlyList<DraftLabel> In(string text) =>
        [.. Label().Matches(Plain(text)).Select(Recognised).DistinctBy(label => label.Key)];

    /// <summary>Whether a text names the draft of that label.</summary>
    public static bool Mentions(string text, string label)
    {
        if (In(label) is [var wanted, ..])
            return In(text).Any(found => found.Key == wanted.Key);
        var (inside, looked) = (Plain(text), Plain(label).Trim());
        // Scripts without capitals join words or particles: no space need stand around the label.
        return looked.Length > 0
            && inside.Contains(
                looked.Any(letter => char.GetUnicodeCategory(letter) is UnicodeCategory.OtherLetter)
                    ? looked
                    : $" {looked} ",
                StringComparison.Ordinal);
    }

    /// <summary>Whether two labels name the same draft, however they are written.</summary>
    public static bool AreSame(string one, string other) => (In(one), In(other)) is ([var first, ..], [var second, ..])
        ? first.Key == second.Key
        : Plain(one).Trim() == Plain(other).Trim();

    /// <summary>The first label a text names that is another draft's, where it names any.</summary>
    public static DraftLabel? Other(string text, string label) => Others(text, label).FirstOrDefault();

    /// <summary>Every label a text names that is another draft's.</summary>
    public static IEnumerable<DraftLabel> Others(string text, string label)
    {
        var own = In(label).Select(found => found.Key).ToHashSet();
        return In(text).Where(found => !own.Contains(found.Key));
    }

    /// <summary>The label a file's name shows, or the name itself in readable form where it shows none.</summary>
    public static string FromFileName(string file) =>
        In(Path.GetFileNameWithoutExtension(file)) is [var label, ..] ? label.Words : Humanised(file);

    /// <summary>
    /// A file's name without its type, hyphens and underscores as spaces, the first letter a capital.
    /// </summary>
    public static string Humanised(string file)
    {
        var stem = Joint().Replace(Path.GetFileNameWithoutExtension(file), " ").Trim();
        return stem.Length == 0 ? file : $"{char.ToUpperInvariant(stem[0])}{stem[1..]}";
    }

    private static DraftLabel Recognised(Match match)
    {
        if (match.Groups["zero"].Success)
            return match.Groups["plus"].Success ? new("zero plus", "Zero draft plus") : new("zero", "Zero draft");
        if (match.Groups["final"].Success)
            return new("final", "Final draft");

        var number = match.Groups["number"].Value.TrimStart('0') is { Length: > 0 } digits ? digits : "0";
        var part = match.Groups["part"].Value switch
        {
            "" => "",
            ['a', ..] => $"/Add.{match.Groups["of"].Value}".TrimEnd('.'),
            _ => $"/Corr.{match.Groups["of"].Value}".TrimEnd('.'),
        };
        return new($"rev {number}{part}", $"{(match.Groups["draft"].Success ? "Draft Rev" : "Rev")} {number}{part}");
    }

    /// <summary>
    /// Words in lower case without accents, single spaces around each; digits apart from letters, as digits 0 to 9.
    /// </summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(" ");
        var before = UnicodeCategory.SpaceSeparator;
        // Half a character, as a PDF's text may hold, cannot be normalized: runes replace it.
        foreach (var letter in string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKD))
        {
            var kind = char.GetUnicodeCategory(letter);
            if (kind is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
                continue;
            var isDigit = kind is UnicodeCategory.DecimalDigitNumber;
            var wasDigit = before is UnicodeCategory.DecimalDigitNumber;
            var wordEnds = !char.IsLetterOrDigit(letter)
                || isDigit != wasDigit
                || (before is UnicodeCategory.LowercaseLetter && kind is UnicodeCategory.UppercaseLetter);
            if (wordEnds && plain[^1] != ' ')
                plain.Append(' ');
            if (isDigit)
                plain.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)));
            else if (char.IsLetter(letter))
                plain.Append(char.ToLowerInvariant(letter));
            else if (letter == '+')
                plain.Append("plus ");
            before = kind;
        }

        return plain[^1] == ' ' ? plain.ToString() : plain.Append(' ').ToString();
    }

    [GeneratedRegex(
        "(?<= )(?:(?<zero>(?:zero|0) draft|draft zero)(?<plus> plus)?|(?<final>final draft|draft final)|(?<draft>draft )?(?:rev|revision)(?: no)? (?<number>[0-9]{1,3})(?: (?<part>add|addendum|corr|corrigendum)(?: (?<of>[0-9]{1,2}))?)?)(?= )"
    )]
    private static partial Regex Label();

    [GeneratedRegex(@"[\s_-]+")]
    private static partial Regex Joint();
}
