using System.Text.RegularExpressions;

namespace Distribution.Letters.Reading;

/// <summary>Writes values of the front matter as lines of YAML, so that reading them gives the same values.</summary>
internal static partial class FrontMatterWriter
{
    /// <summary>
    /// The longest line with a list of words, in characters. The words of a longer list get a line each.
    /// </summary>
    private const int LongestList = 100;

    /// <summary>The lines of a key with its value.</summary>
    /// <param name="indent">The number of spaces before the key.</param>
    public static IReadOnlyList<string> Entry(string key, FrontMatterNode value, int indent = 0)
    {
        var start = $"{Spaces(indent)}{Scalar(key)}:";
        return value switch
        {
            FrontMatterText { Text: var text } => [$"{start} {Scalar(text)}"],
            FrontMatterList list when InBrackets(list) is { } words => [$"{start} {words}"],
            FrontMatterList list => [start, .. list.Items.SelectMany(item => Item(item, indent + 2))],
            FrontMatterMap map => [start, .. Entries(map, indent + 2)],
            _ => throw new ArgumentException("A value that could not be read cannot be written.", nameof(value)),
        };
    }

    /// <summary>The lines of an item of a list.</summary>
    /// <param name="indent">The number of spaces before its hyphen.</param>
    public static IReadOnlyList<string> Item(FrontMatterNode item, int indent)
    {
        IReadOnlyList<string> lines = item switch
        {
            FrontMatterText { Text: var text } => [$"{Spaces(indent + 2)}{Scalar(text)}"],
            FrontMatterMap map => [.. Entries(map, indent + 2)],
            _ => throw new ArgumentException("Lists of lists cannot be written.", nameof(item)),
        };
        return [$"{Spaces(indent)}- {lines[0][(indent + 2)..]}", .. lines.Skip(1)];
    }

    /// <summary>
    /// A text as it can stand after a key or a hyphen: in quotation marks where it needs them, or always.
    /// </summary>
    public static string Scalar(string text, bool isQuoted = false) =>
        // In double quotation marks a backslash begins an escape; in single ones it is a sign like others.
        !isQuoted && Plain().IsMatch(text) && text is not ("null" or "Null" or "NULL") ? text
        : text.AsSpan().ContainsAny('"', '\\') ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"
        : $"\"{text}\"";

    private static IEnumerable<string> Entries(FrontMatterMap map, int indent) =>
        map.Entries.SelectMany(entry => Entry(entry.Key, entry.Value, indent));

    private static string? InBrackets(FrontMatterList list)
    {
        var words = list.Items.Select(item => item is FrontMatterText { Text: var text } ? text : "").ToList();
        var line = $"[{string.Join(", ", words)}]";
        return words.TrueForAll(word => Word().IsMatch(word) && Scalar(word) == word) && line.Length <= LongestList
            ? line
            : null;
    }

    private static string Spaces(int count) => new(' ', count);

    /// <summary>
    /// Begins with a letter or digit, and has neither a colon before a space nor a number sign after one, which mean
    /// something else in YAML.
    /// </summary>
    [GeneratedRegex(@"\A[\p{L}\p{Nd}](?:[^\s:#]|:(?![\s]|\z)| (?![ #]|\z)|(?<=[^\s])#)*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9 -]*\z")]
    private static partial Regex Word();
}
