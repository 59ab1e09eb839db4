using System.Text;

namespace Distribution;

/// <summary>Plain text set in columns.</summary>
internal static class Prose
{
    /// <summary>How wide the text part of a letter is.</summary>
    public const int Columns = 72;

    /// <summary>Lines broken at spaces; a word longer than the width stands on a line of its own.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var paragraph in text.Split('\n'))
        {
            var line = new StringBuilder();
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    yield return line.ToString();
                    line.Clear();
                }

                line.Append(line.Length == 0 ? "" : " ").Append(word);
            }

            yield return line.ToString();
        }
    }

    /// <summary>Wrapped, with a first line that starts with a label or dash and the others under its text.</summary>
    public static IEnumerable<string> Hanging(string start, IEnumerable<string> lines) =>
        lines.Select((line, number) => number == 0 ? start + line : line.Length == 0 ? line : new string(' ', start.Length) + line);
}
