using System.Text.RegularExpressions;

namespace Distribution.Register;

/// <summary>Finds text that has probably been damaged on its way, or stands in a column that is not its own.</summary>
internal static partial class DoubtfulText
{
    private static readonly (string Name, Func<char, bool> Has)[] Scripts =
    [
        ("Latin", letter => letter is < '\u0250' or >= '\u1E00' and < '\u1F00'),
        ("Greek", letter => letter is >= '\u0370' and < '\u0400' or >= '\u1F00' and < '\u2000'),
        ("Cyrillic", letter => letter is >= '\u0400' and < '\u0530'),
        ("Armenian", letter => letter is >= '\u0530' and < '\u0590'),
        ("Arabic", letter =>
            letter is >= '\u0600' and < '\u0780' or >= '\uFB50' and < '\uFE00' or >= '\uFE70' and < '\uFEFF'),
        // Half a surrogate pair counts as Chinese: rarer Han characters stand beyond the first plane, and names have
        // them.
        ("Chinese", letter =>
            letter is >= '\u3400' and < '\uA000' or >= '\uF900' and < '\uFB00' || char.IsSurrogate(letter)),
    ];

    /// <summary>A question mark where an accented letter may have been: <c>C?te d'Ivoire</c>.</summary>
    public static bool HasQuestionMark(string text) => text.Contains('?');

    /// <summary>
    /// UTF-8 that was read as something else and saved again: <c>CÃ´te</c>, <c>d’Ivoire</c> as <c>dâ€™Ivoire</c>,
    /// <c>C√¥te</c>, <c>ÐšÐ¸Ñ‚Ð°Ð¹</c>, <c>РљРёС‚Р°Р№</c>.
    /// </summary>
    /// <param name="text">As it was typed: a blank of another kind may be half a letter.</param>
    public static bool IsMisread(string text) => Misread.IsMatch(text);

    /// <summary>What was copied from the source of a page: <c>C&amp;ocirc;te</c>, <c>&lt;b&gt;</c>.</summary>
    public static bool HasMarkup(string text) => Html.IsMatch(text);

    /// <summary>
    /// The first word with letters of more than one script, with their names: a Cyrillic а in a Latin word looks the
    /// same, and a search does not find it.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    public static (string Word, string Scripts)? MixedWord(string text)
    {
        foreach (var word in Word.Matches(text).Select(word => word.Value))
        {
            // Signs of no script of these, such as digits and marks, are in words of any.
            var scripts = Scripts.Where(script => word.Any(letter => char.IsLetter(letter) && script.Has(letter)))
                .Select(script => script.Name)
                .ToList();
            if (scripts.Count > 1)
                return (word, string.Join(" and ", scripts));
        }

        return null;
    }

    /// <summary>Whether a text has letters, and none of the script that its language is written in.</summary>
    /// <param name="language">One of the six official languages.</param>
    public static bool IsOfAnotherScript(string text, string language)
    {
        var script = language switch { "ru" => "Cyrillic", "ar" => "Arabic", "zh" => "Chinese", _ => "Latin" };
        var has = Scripts.First(entry => entry.Name == script).Has;
        return text.Any(char.IsLetter)
            && !text.Any(letter => (char.IsLetter(letter) || char.IsSurrogate(letter)) && has(letter));
    }

    public static bool HasAddress(string text) => Address.IsMatch(text);

    /// <summary>A title of a mission and not the name of its State.</summary>
    public static bool IsTitle(string text) => MissionTitle.IsMatch(text);

    /// <summary>The title of a head of mission: <c>Permanent Representative</c>.</summary>
    public static bool IsHeadTitle(string text) => HeadTitle.IsMatch(text);

    /// <summary>A form of address and nothing else: <c>H.E. Ms.</c></summary>
    public static bool IsFormOfAddress(string text) => OnlyForm.IsMatch(text);

    /// <summary>A form of address and a name behind it.</summary>
    public static bool BeginsWithFormOfAddress(string text) => !IsFormOfAddress(text) && FirstForm.IsMatch(text);

    // What continues a letter of several bytes, as Latin-1 and Windows-1252 show it.
    private const string Rest = "[\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]";

    // The first byte of a letter as Latin-1 shows it, with the bytes that continue it: accented Latin; two letters of
    // Cyrillic, Greek or Arabic; Latin Extended-A; three bytes, as of Chinese. Then the first byte of an accented
    // letter as Mac Roman shows it, and those of Cyrillic letters as Windows-1251 does.
    [GeneratedRegex(
        $"[ÂÃ]{Rest}|[ÄÅÎÏÐÑØÙÚÛ]{Rest}[ÄÅÎÏÐÑØÙÚÛ]{Rest}|[ÄÅ]{Rest}(?=\\p{{L}})|[àâãäåæçèé]{Rest}{Rest}|√[^\\s0-9]|(?:[РС][^\\sА-Я]){{3,}}",
        RegexOptions.CultureInvariant)]
    private static partial Regex Misread { get; }

    [GeneratedRegex("&(?:#x?[0-9A-Fa-f]{2,6}|[A-Za-z]{2,8}[0-9]?);|</?[A-Za-z][^<>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex Html { get; }

    [GeneratedRegex(@"[\p{L}\p{M}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", RegexOptions.CultureInvariant)]
    private static partial Regex Address { get; }

    [GeneratedRegex(
        @"^(the )?(office of the )?permanent (observer )?(mission|delegation|representation) (of|for)\b|^mission permanente d|^misi[oó]n permanente d",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MissionTitle { get; }

    [GeneratedRegex(
        @"^(deputy )?(permanent (representative|observer)|head of (delegation|mission)|charg[eé] d['’]affaires( a\.?i\.?)?|repr[eé]sentante? permanente?|representante permanente)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HeadTitle { get; }

    private const string Form =
        @"(H\.? ?E\.?|S\.? ?E\.?|Mr|Mrs|Ms|Miss|Dr|Prof|Mme|Mlle|Sra?|Excmo|Excma|Exc|Amb|Ambassador|(His|Her|Their|Son|Su) Excellenc[ey]|Excelencia|Archbishop|Bishop|Professor|Sir|Dame)\.?";

    [GeneratedRegex($@"^{Form}([ ,]+{Form})*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OnlyForm { get; }

    [GeneratedRegex($@"^{Form}[ ,]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FirstForm { get; }
}
