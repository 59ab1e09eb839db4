using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Distribution;

/// <summary>Turns the parsed body of a letter into the blocks that the document is set from.</summary>
internal static class DocumentBody
{
    public static IReadOnlyList<DocumentBlock> Of(MarkdownDocument document)
    {
        // Readers that go by headings must find no level left out.
        var levels = document.Descendants<HeadingBlock>().Select(heading => heading.Level).Distinct().Order().ToList();
        return Blocks(document, levels);
    }

    private static IReadOnlyList<DocumentBlock> Blocks(ContainerBlock container, List<int> levels) =>
        [.. container.Select(block => Block(block, levels)).OfType<DocumentBlock>()];

    private static DocumentBlock? Block(Block block, List<int> levels) => block switch
    {
        Table table => TableOf(table),
        ListBlock list => ListOf(list, levels),
        QuoteBlock quote => new Quotation(Blocks(quote, levels)),
        ThematicBreakBlock => new Rule(),
        HeadingBlock { Inline: { } inline } heading => new Heading(levels.IndexOf(heading.Level) + 1, Runs(inline)),
        ParagraphBlock { Inline: { } inline } => new Paragraph(Runs(inline)),
        _ => null,
    };

    private static ItemList ListOf(ListBlock list, List<int> levels)
    {
        var items = list.OfType<ListItemBlock>().ToList();
        return new(
            list.IsOrdered ? [.. items.Select(item => $"{item.Order}{list.OrderedDelimiter}")] : null,
            !list.IsLoose,
            [.. items.Select(item => Blocks(item, levels))]);
    }

    private static TableOfCells TableOf(Table table)
    {
        var rows = table.OfType<TableRow>().ToList();
        var columns = rows.Max(row => row.Count);
        var align = Enumerable.Range(0, columns).Select(column => (column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null) switch
        {
            TableColumnAlign.Center => "center",
            TableColumnAlign.Right => "end",
            _ => "start",
        });
        return new(
            rows.TakeWhile(row => row.IsHeader).Count(),
            [.. align],
            [.. rows.Select(row => (IReadOnlyList<IReadOnlyList<Run>>)
                [.. Enumerable.Range(0, columns).Select(column => column < row.Count && row[column] is TableCell cell ? CellRuns(cell) : [])])]);
    }

    private static IReadOnlyList<Run> CellRuns(TableCell cell) =>
        [.. cell.Descendants<ParagraphBlock>().SelectMany(paragraph => paragraph.Inline is { } inline ? Runs(inline) : [])];

    private static IReadOnlyList<Run> Runs(ContainerInline inline)
    {
        List<Run> runs = [];
        Add(inline, new Run(""), runs);
        return runs;
    }

    private static void Add(ContainerInline inlines, Run style, List<Run> runs)
    {
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal: Append(literal.Content.ToString()); break;
                case HtmlEntityInline entity: Append(entity.Transcoded.ToString()); break;
                case LineBreakInline { IsHard: true }: Append("\n"); break;
                case LineBreakInline soft: Append(JoinsIdeographs(soft) ? "" : " "); break;
                case AutolinkInline link: runs.Add(style with { Text = link.Url, Link = link.IsEmail ? $"mailto:{link.Url}" : link.Url }); break;
                case EmphasisInline { DelimiterCount: >= 2 } strong: Add(strong, style with { Strong = true }, runs); break;
                case EmphasisInline emphasis: Add(emphasis, style with { Emphasis = true }, runs); break;
                case LinkInline { Url: { Length: > 0 } url } link: Add(link, style with { Link = url }, runs); break;
                case ContainerInline container: Add(container, style, runs); break;
            }
        }

        void Append(string text)
        {
            if (text.Length > 0)
                runs.Add(style with { Text = text });
        }
    }

    /// <summary>Chinese has no space between words, and so none where the author began a new line.</summary>
    private static bool JoinsIdeographs(LineBreakInline line) =>
        line.PreviousSibling is LiteralInline { Content: { Length: > 0 } before } && line.NextSibling is LiteralInline { Content: { Length: > 0 } after }
        && IsIdeographic(before.Text[before.End]) && IsIdeographic(after.Text[after.Start]);

    private static bool IsIdeographic(char letter) =>
        letter is >= '\u2E80' and <= '\uFFEF' && char.GetUnicodeCategory(letter) is UnicodeCategory.OtherLetter or UnicodeCategory.OtherPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation;
}
