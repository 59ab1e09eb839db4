using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Reading;

/// <summary>
/// What offices' keyboards and word processors put into a line of the front matter, where YAML wants a plain space or
/// colon.
/// </summary>
internal static partial class FrontMatterLine
{
    private static readonly HashSet<string> Keys =
    [
        .. LetterSchema.Keys.SelectMany(key => key.Keys.Select(inner => inner.Name).Prepend(key.Name)),
    ];

    private static readonly HashSet<string> KeysOfItems =
    [
        .. LetterSchema.Keys.SelectMany(key => key.Keys).Select(key => key.Name),
    ];

    private const string Opening = "“”„«»＂‘’‚‹›";
    private const string Closing = "”“«»＂’‘‹›";

    private const string WideColons = "：﹕︓∶";

    private static readonly SearchValues<char> Unseen = SearchValues.Create("\u00AD\u200B\u2060\uFEFF");

    private static readonly SearchValues<char> Quotes = SearchValues.Create("“”„«»＂");

    /// <summary>
    /// The key of the schema that is seen in what was typed: capitals, wide letters, letters of another alphabet with
    /// the same shape, signs that cannot be seen. What is none stays as it was typed.
    /// </summary>
    public static string Key(string typed) =>
        FileNames.AsSeen(Unquoted(typed) ?? typed) is var seen && Keys.Contains(seen) ? seen : typed;

    /// <summary>
    /// The line with plain spaces before, around and behind its key, and a plain hyphen before one that begins an item:
    /// word processors make a dash or a bullet of it. Every sign stays in its column.
    /// </summary>
    public static string Spaced(string line)
    {
        line = WithPlainSpaces(line);
        return OtherHyphen().Match(line) is { Success: true } found
            && KeysOfItems.Contains(Key(found.Groups["key"].Value))
                ? $"{found.Groups["before"].Value}-{line[(found.Groups["before"].Length + 1)..]}"
                : line;
    }

    /// <summary>
    /// A line that begins an item without a hyphen and a space, as it was meant: <c>- name: Ana Lee</c>. Null if it is
    /// none.
    /// </summary>
    public static string? WithHyphen(string line) =>
        WithoutHyphen().Match(line) is { Success: true } found && KeysOfItems.Contains(Key(found.Groups["key"].Value))
            ? $"- {line[found.Groups["key"].Index..].TrimEnd()}"
            : null;

    private static string WithPlainSpaces(string line)
    {
        if (!HasOtherSpace(line) || Head().Match(line) is not { Success: true } head)
            return line;
        var spaced = new StringBuilder(line);
        for (var place = 0; place < head.Length; place++)
            if (IsOtherSpace(line[place]))
                spaced[place] = ' ';
        return spaced.ToString();
    }

    /// <summary>
    /// A key whose colon has no space behind it, or is the wide one of Chinese, which YAML takes for a letter; and the
    /// line as it was meant. Null if there is none.
    /// </summary>
    public static (string Key, string Meant)? WithoutColon(string line) =>
        // Keys of the schema alone: in other lines the colon may be that of an hour or an address.
        KeyWithoutColon().Match(line) is { Success: true } found
        && Key(found.Groups["key"].Value) is var key
        && Keys.Contains(key)
            ? (key, $"{found.Groups["before"].Value}{key}: {line[found.Length..].TrimStart()}")
            : null;

    /// <summary>Whether a line has the wide colon of a Chinese keyboard, or one that looks like it.</summary>
    public static bool HasWideColon(string line) => line.AsSpan().ContainsAny(WideColons);

    /// <summary>
    /// Without the signs that cannot be seen and mean nothing: what copying from pages and word processors leaves.
    /// </summary>
    public static string WithoutUnseen(string text) =>
        text.AsSpan().ContainsAny(Unseen) ? string.Concat(text.Where(sign => !Unseen.Contains(sign))) : text;

    /// <summary>
    /// A word, number or date with plain signs: the hyphens, digits and spaces of other keyboards are replaced.
    /// </summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var sign in text.Normalize(NormalizationForm.FormKC))
            plain.Append(sign switch
            {
                '‐' or '‑' or '‒' or '–' or '—' or '−' => '-',
                '\u200B' or '\u200E' or '\u200F' or '\u2060' or '\uFEFF' or '\u00AD' => "",
                // Two spaces are one where they are read.
                _ when char.IsWhiteSpace(sign) => plain.Length > 0 && plain[^1] == ' ' ? "" : ' ',
                _ when char.IsDigit(sign) =>
                    CharUnicodeInfo.GetDecimalDigitValue(sign).ToString(CultureInfo.InvariantCulture),
                _ => (object)sign,
            });
        return plain.ToString().Trim();
    }

    /// <summary>
    /// Without marks of direction at its ends: they belong in text, and mean nothing around the name of a file or an
    /// address.
    /// </summary>
    public static string WithoutMarks(string text) => text.Trim('\u200E', '\u200F');

    /// <summary>The text within the curly or angled quotation marks around all of it; null if there are none.</summary>
    public static string? Unquoted(string text) =>
        text is [var opens, _, .., var closes]
        && Opening.Contains(opens)
        && Closing.Contains(closes)
        && !text.AsSpan()[1..^1].ContainsAny(Quotes)
            ? text[1..^1].Trim()
            : null;

    private static bool HasOtherSpace(string line) => line.Any(IsOtherSpace);

    private static bool IsOtherSpace(char sign) =>
        sign is not ' ' && CharUnicodeInfo.GetUnicodeCategory(sign) == UnicodeCategory.SpaceSeparator;

    [GeneratedRegex(@"^[ \p{Zs}]*(?:-\p{Zs}+)*(?:[\p{L}\p{Nd}_]+\p{Zs}*:\p{Zs}*)?")]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?<before> *(?:- +)*)(?<key>[\p{L}\p{Nd}\p{Cf}_]{1,40}) *(?:[：﹕︓∶]|:(?=[^\s]))")]
    private static partial Regex KeyWithoutColon();

    [GeneratedRegex(@"^(?<before> *)[–—−‐‑‒－•·▪◦●○*+] +(?<key>[\p{L}\p{Nd}\p{Cf}_]{1,40}) *:(?: |$)")]
    private static partial Regex OtherHyphen();

    [GeneratedRegex(@"^ *(?:[-–—−‐‑‒－•·▪◦●○*+]|\d{1,2}[.)] *)(?<key>[\p{L}\p{Nd}\p{Cf}_]{1,40}) *:(?: |$)")]
    private static partial Regex WithoutHyphen();
}
