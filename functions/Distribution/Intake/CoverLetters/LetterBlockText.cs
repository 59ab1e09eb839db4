using System.Text;

namespace Distribution.Intake.CoverLetters;

/// <summary>Writes the parts of a document as the text of a letter.</summary>
internal static class LetterBlockText
{
    public static string Write(IEnumerable<LetterBlock> blocks)
    {
        var text = new StringBuilder();
        List<int> widths = [];
        LetterBlock? former = null;
        foreach (var block in blocks.Where(block => block is not LetterBlock.Paragraph { IsBlank: true }))
        {
            var isItem = block is LetterBlock.Paragraph { Mark: not null };
            if (text.Length > 0)
                text.Append(
                    isItem && former is LetterBlock.Paragraph { Mark: not null }
                    || IsQuoted(block) && IsQuoted(former)
                        ? "\n"
                        : "\n\n");
            if (IsQuoted(block) && IsQuoted(former))
                // A blank line that is quoted: two paragraphs of one quotation.
                text.Append(">\n");
            text.Append(block switch
            {
                LetterBlock.Table table => Table(table),
                LetterBlock.Paragraph { Mark: { } mark } item => Item(item, mark, widths),
                LetterBlock.Paragraph { Kind: ParagraphKind.Heading } heading =>
                    $"## {heading.Text.Replace('\n', ' ')}",
                LetterBlock.Paragraph { Kind: ParagraphKind.Quotation } quoted =>
                    $"> {Ended(quoted.Text).Replace("\n", "\n> ", StringComparison.Ordinal)}",
                _ => Ended(((LetterBlock.Paragraph)block).Text),
            });
            // What is no item ends the list: the next one stands under nothing.
            if (!isItem)
                widths.Clear();
            former = block;
        }

        return text.ToString();
    }

    private static bool IsQuoted(LetterBlock? block) =>
        block is LetterBlock.Paragraph { Kind: ParagraphKind.Quotation, Mark: null };

    /// <param name="widths">Those of the marks it stands under, from the outermost; its own is added.</param>
    private static string Item(LetterBlock.Paragraph item, string mark, List<int> widths)
    {
        // Word may begin a list at any level; in a letter an item stands under one that there is.
        var level = Math.Min(item.Level, widths.Count);
        widths.RemoveRange(level, widths.Count - level);
        var indent = new string(' ', widths.Sum());
        widths.Add(mark.Length + 1);
        // A mark that no list of a letter has, such as “Article 1”, begins a paragraph of its own.
        return $"{indent}{mark} {Ended(item.Text).Replace("\n", $"\n{indent}{new string(' ', mark.Length + 1)}", StringComparison.Ordinal)}";
    }

    /// <summary>Lines that were ended by hand stay lines.</summary>
    private static string Ended(string text) => text.Replace("\n", "\\\n", StringComparison.Ordinal);

    private static string Table(LetterBlock.Table table)
    {
        var rows = table.Rows
            .Select(row => row.Select(Cell).ToList())
            .Where(row => row.Exists(cell => cell.Length > 0))
            .ToList();
        if (rows is [])
            return "";
        var columns = rows.Max(row => row.Count);
        // What stands in one column only is set in a table for its looks.
        if (columns == 1)
            return string.Join("\n\n", rows.Select(row => row[0].Replace(@"\|", "|", StringComparison.Ordinal)));
        var lines = rows
            .Select(row => $"| {string.Join(" | ", row.Concat(Enumerable.Repeat("", columns - row.Count)))} |")
            .ToList();
        lines.Insert(1, $"|{string.Concat(Enumerable.Repeat("---|", columns))}");
        return string.Join('\n', lines);
    }

    private static string Cell(IReadOnlyList<LetterBlock.Paragraph> paragraphs) =>
        string
            .Join(
                ' ',
                paragraphs
                    .Where(paragraph => !paragraph.IsBlank)
                    .Select(paragraph =>
                        (paragraph.Mark is null ? "" : $"{paragraph.Mark} ") + paragraph.Text))
            .Replace('\n', ' ')
            .Replace("|", @"\|", StringComparison.Ordinal);
}
