using System.Text.RegularExpressions;

namespace Distribution.Letters;

/// <summary>
/// Tells which ends of lines an author has made, and which an editor that wraps long lines: the first are printed, at
/// the others the text runs on.
/// </summary>
internal static partial class LineEnds
{
    /// <summary>
    /// Stands behind a line whose end is printed. It is for private use, which a letter's text cannot contain.
    /// </summary>
    public const char Kept = '\uE000';

    /// <summary>Where editors wrap, in columns. Shorter lines are made by hand, longer ones are not wrapped.</summary>
    private const int Narrowest = 60, Widest = 120;

    /// <summary>
    /// How much of the width of the widest line a wrapped line takes at least, together with the word that did not fit.
    /// </summary>
    private const double Filled = 0.75;

    /// <summary>
    /// The text with <see cref="Kept"/> behind each line whose end is printed. The lines are judged as they were typed,
    /// so before their fields are filled in.
    /// </summary>
    public static string Mark(string text)
    {
        var lines = text.Split('\n');
        // A mark within an instruction would be read as a part of it.
        var inField = InField(text, lines);
        var width = lines.Where(IsProse).Select(line => TextWrapping.Width(line.Trim())).DefaultIfEmpty().Max();
        var wrapped = new bool[lines.Length];
        if (width is >= Narrowest and <= Widest)
            MarkWrapped(lines, width, wrapped);
        return string.Join(
            '\n',
            lines.Select((line, place) =>
                wrapped[place] || inField[place] || place == lines.Length - 1 || IsBlank(line) ? line : line + Kept));
    }

    private static void MarkWrapped(string[] lines, int width, bool[] wrapped)
    {
        var full = new bool[lines.Length];
        for (var place = 0; place + 1 < lines.Length; place++)
            full[place] = IsBroken(lines, place) && IsFull(lines[place], lines[place + 1], width);
        // A single long line proves nothing, except where the sentence plainly goes on.
        var wraps = full.Count(isFull => isFull) > 1;
        foreach (var (from, to) in Paragraphs(lines))
        {
            // Lines of an address are short, save for one or the other.
            var isProse = 2 * Enumerable.Range(from, to - from).Count(place => full[place])
                >= Enumerable.Range(from, to - from).Count(place => IsBroken(lines, place));
            for (var place = from; place < to; place++)
                wrapped[place] = full[place]
                    && ((wraps && isProse) || char.IsLower(lines[place + 1].TrimStart()[0]));
        }
    }

    private static bool IsFull(string line, string next, int width)
    {
        var length = TextWrapping.Width(line.Trim());
        var word = FirstWord().Match(next.TrimStart()).Value;
        return length >= Filled * Narrowest && length + 1 + TextWrapping.Width(word) > Filled * width;
    }

    /// <summary>Whether a paragraph goes on behind the end of this line.</summary>
    private static bool IsBroken(string[] lines, int place) =>
        place + 1 < lines.Length
        && !IsBlank(lines[place])
        && !IsBlank(lines[place + 1])
        && ItemMark.At(lines[place + 1].TrimStart()) is null;

    /// <summary>The first and last line of each group of lines without a blank one between them.</summary>
    private static IEnumerable<(int From, int To)> Paragraphs(string[] lines)
    {
        for (var from = 0; from < lines.Length; from++)
        {
            if (IsBlank(lines[from]))
                continue;
            var to = from;
            while (to + 1 < lines.Length && !IsBlank(lines[to + 1]))
                to++;
            yield return (from, to);
            from = to;
        }
    }

    /// <summary>Which lines end within a field or instruction in double braces.</summary>
    private static bool[] InField(string text, string[] lines)
    {
        var inField = new bool[lines.Length];
        var ends = new int[lines.Length];
        var end = -1;
        for (var place = 0; place < lines.Length; place++)
            ends[place] = end += lines[place].Length + 1;
        var first = 0;
        foreach (Match field in Field().Matches(text))
        {
            while (ends[first] < field.Index)
                first++;
            for (var place = first; ends[place] < field.Index + field.Length; place++)
                inField[place] = true;
        }

        return inField;
    }

    private static bool IsBlank(string line) => string.IsNullOrWhiteSpace(line);

    /// <summary>Not a row of a table, nor one word, such as an address, that no editor can wrap.</summary>
    private static bool IsProse(string line) => !line.Contains('|') && line.Trim().Any(char.IsWhiteSpace);

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline)]
    private static partial Regex Field();

    [GeneratedRegex(@"^(?:[\u2E80-\uFFEF]|\S+)")]
    private static partial Regex FirstWord();
}
