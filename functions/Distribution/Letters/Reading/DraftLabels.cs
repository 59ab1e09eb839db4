using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Reading;

/// <summary>A draft label found in a text. Labels with the same key mean the same draft.</summary>
/// <param name="Words">The label as a person would write it: <c>Draft Rev 2</c>, <c>Zero draft plus</c>.</param>
internal sealed record DraftLabel(string Key, string Words);

/// <summary>
/// Recognizes and compares draft labels, ignoring case, spacing and punctuation: "Draft Rev 1", "draft rev. 1",
/// "DraftRev1" and "Draft Revision 1" mean the same draft. Labels are free text; a label of an unknown form is searched
/// for word by word.
/// </summary>
internal static partial class DraftLabels
{
    /// <summary>The labels in a text, each once, in the order of first mention.</summary>
    public static IReadOnlyList<DraftLabel> In(string text) =>
        [.. Label().Matches(Plain(text)).Select(Recognised).DistinctBy(label => label.Key)];

    /// <summary>True if a text mentions the draft with that label.</summary>
    public static bool Mentions(string text, string label)
    {
        if (In(label) is [var wanted, ..])
            return In(text).Any(found => found.Key == wanted.Key);
        var (inside, looked) = (Plain(text), Plain(label).Trim());
        // Scripts without capitals (such as Arabic and Chinese) may join words or particles, so do not require spaces
        // around the label.
        return looked.Length > 0
            && inside.Contains(
                looked.Any(letter => char.GetUnicodeCategory(letter) is UnicodeCategory.OtherLetter)
                    ? looked
                    : $" {looked} ",
                StringComparison.Ordinal);
    }

    /// <summary>True if two labels mean the same draft, however they are written.</summary>
    public static bool AreSame(string one, string other) => (In(one), In(other)) is ([var first, ..], [var second, ..])
        ? first.Key == second.Key
        : Plain(one).Trim() == Plain(other).Trim();

    /// <summary>The first label in a text that means another draft; null if there is none.</summary>
    public static DraftLabel? Other(string text, string label) => Others(text, label).FirstOrDefault();

    /// <summary>All labels in a text that mean another draft.</summary>
    public static IEnumerable<DraftLabel> Others(string text, string label)
    {
        var own = In(label).Select(found => found.Key).ToHashSet();
        return In(text).Where(found => !own.Contains(found.Key));
    }

    /// <summary>The label in a file's name; if there is none, the name itself in readable form.</summary>
    public static string FromFileName(string file) =>
        In(Path.GetFileNameWithoutExtension(file)) is [var label, ..] ? label.Words : Humanised(file);

    /// <summary>
    /// A file's name in readable form: without the extension, with spaces instead of hyphens and underscores, and with
    /// a capital first letter.
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
    /// Normalizes a text for comparison: lower-case words without accents, a single space around each, digits separated
    /// from letters and written as 0 to 9.
    /// </summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(" ");
        var before = UnicodeCategory.SpaceSeparator;
        // Text from a PDF may contain an unpaired surrogate, on which Normalize throws. EnumerateRunes replaces it.
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
