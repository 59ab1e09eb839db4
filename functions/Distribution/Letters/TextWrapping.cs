using System.Globalization;
using System.Text;

namespace Distribution.Letters;

/// <summary>Wraps plain text to a width in columns, where an ideograph takes two columns.</summary>
internal static class TextWrapping
{
    /// <summary>The width of the text part of an email, in columns.</summary>
    public const int Columns = 72;

    /// <summary>
    /// Breaks lines at spaces and, in Chinese, between characters. A word longer than the width gets a line of its own.
    /// </summary>
    /// <param name="text">A line feed in it stays a line break.</param>
    /// <param name="width">In columns.</param>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var paragraph in text.Split('\n'))
        {
            var line = new StringBuilder();
            var filled = 0;
            foreach (var (piece, apart) in Pieces(paragraph))
            {
                var space = apart && filled > 0 ? 1 : 0;
                var length = Width(piece);
                if (filled > 0 && filled + space + length > width)
                {
                    yield return line.ToString();
                    line.Clear();
                    (filled, space) = (0, 0);
                }

                line.Append(' ', space).Append(piece);
                filled += space + length;
            }

            yield return line.ToString();
        }
    }

    /// <summary>
    /// Puts a label or dash before the first line and indents the other lines to align with its text (hanging indent).
    /// </summary>
    public static IEnumerable<string> Hanging(string start, IEnumerable<string> lines) =>
        lines.Select(
            (line, number) =>
                number == 0 ? start + line
                : line.Length == 0 ? line
                : new string(' ', Width(start)) + line);

    /// <summary>The width in monospace columns.</summary>
    public static int Width(string text) => text.Sum(letter => IsWide(letter) ? 2 : 1);

    /// <summary>The pieces that must not be broken, and whether a space comes before each.</summary>
    private static IEnumerable<(string Piece, bool Apart)> Pieces(string paragraph)
    {
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var start = 0;
            for (var end = 1; end <= word.Length; end++)
            {
                if (end < word.Length && !MayBreak(word[end - 1], word[end]))
                    continue;
                yield return (word[start..end], start == 0);
                start = end;
            }
        }
    }

    /// <summary>
    /// True if a line may break here: next to an ideograph, but not before closing nor after opening punctuation.
    /// </summary>
    private static bool MayBreak(char before, char after) =>
        (IsWide(before) || IsWide(after)) && !Closes(after) && !Opens(before);

    private static bool Closes(char sign) => "，。；：！？、）」』》〉】”’…%),.;:!?".Contains(sign);

    private static bool Opens(char sign) => "（「『《〈【“‘(".Contains(sign);

    // The wide characters of Unicode's annex 11 (East Asian Width) that letters have.
    private static bool IsWide(char letter) =>
        letter
            is >= '\u2E80'
                and <= '\uA4CF'
                or >= '\uAC00'
                and <= '\uD7A3'
                or >= '\uF900'
                and <= '\uFAFF'
                or >= '\uFF00'
                and <= '\uFF60'
        && CharUnicodeInfo.GetUnicodeCategory(letter) is not UnicodeCategory.OtherNotAssigned;
}
