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

    private const string Opening = "“”„«»＂‘’‚‹›";
    private const string Closing = "”“«»＂’‘‹›";

    private static readonly SearchValues<char> Quotes = SearchValues.Create("“”„«»＂");

    /// <summary>The line with plain spaces before, around and behind its key. Every sign stays in its column.</summary>
    public static string Spaced(string line)
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
        KeyWithoutColon().Match(line) is { Success: true } found && Keys.Contains(found.Groups["key"].Value)
            ? (
                found.Groups["key"].Value,
                $"{found.Groups["before"].Value}{found.Groups["key"].Value}: {line[found.Length..].TrimStart()}")
            : null;

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
                _ when char.IsWhiteSpace(sign) => ' ',
                _ when char.IsDigit(sign) =>
                    CharUnicodeInfo.GetDecimalDigitValue(sign).ToString(CultureInfo.InvariantCulture),
                _ => (object)sign,
            });
        return plain.ToString().Trim();
    }

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

    [GeneratedRegex(@"^(?<before> *(?:- +)*)(?<key>[a-z0-9_]+) *(?:：|:(?=[^\s]))")]
    private static partial Regex KeyWithoutColon();
}
