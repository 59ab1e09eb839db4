using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Distribution.Letters;

/// <summary>Converts the parsed body of a letter to the blocks from which the PDF is typeset.</summary>
internal static class DocumentBody
{
    /// <param name="document">The body after its fields are filled in.</param>
    public static IReadOnlyList<DocumentBlock> Of(MarkdownDocument document) => Blocks(document, new Outline());

    private static IReadOnlyList<DocumentBlock> Blocks(ContainerBlock container, Outline outline) =>
        [.. container.Select(block => Block(block, outline)).OfType<DocumentBlock>()];

    private static DocumentBlock? Block(Block block, Outline outline) =>
        block switch
        {
            Table table => TableOf(table, outline),
            ListBlock list => ListOf(list, outline),
            TypedList list => new ItemList(
                [.. list.Items.Select(item => item.Mark)],
                !list.IsLoose,
                [.. list.Items.Select(item => Blocks(item, outline))]),
            QuoteBlock quote => new Quotation(Blocks(quote, outline)),
            ThematicBreakBlock => new Rule(),
            HeadingBlock { Inline: { } inline } heading
                when Runs(inline) is var runs && runs.Any(run => !string.IsNullOrWhiteSpace(run.Text)) =>
                new Heading(outline.Level(heading.Level), runs),
            ParagraphBlock { Inline: { } inline } => new Paragraph(Runs(inline)),
            // Such as the definition of a link, which prints nothing where it stands.
            _ => null,
        };

    private static ItemList ListOf(ListBlock list, Outline outline)
    {
        var items = list.OfType<ListItemBlock>().ToList();
        return new(
            list.IsOrdered ? [.. items.Select(item => $"{item.Order}{list.OrderedDelimiter}")] : null,
            !list.IsLoose,
            [.. items.Select(item => Blocks(item, outline))]);
    }

    private static TableOfCells TableOf(Table table, Outline outline)
    {
        var rows = table.OfType<TableRow>().ToList();
        var columns = rows.Max(row => row.Count);
        var align = Enumerable
            .Range(0, columns)
            .Select(column =>
                (column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null) switch
                {
                    TableColumnAlign.Center => "center",
                    TableColumnAlign.Right => "end",
                    _ => "start",
                });
        return new(
            outline.Table(),
            rows.TakeWhile(row => row.IsHeader).Count(),
            [.. align],
            [
                .. rows.Select(row =>
                    (IReadOnlyList<IReadOnlyList<Run>>)
                        [
                            .. Enumerable
                                .Range(0, columns)
                                .Select(column =>
                                    column < row.Count && row[column] is TableCell cell ? CellRuns(cell) : []),
                        ]),
            ]);
    }

    private static IReadOnlyList<Run> CellRuns(TableCell cell) =>
        [
            .. cell.Descendants<ParagraphBlock>()
                .SelectMany(paragraph => paragraph.Inline is { } inline ? Runs(inline) : []),
        ];

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
                case LiteralInline literal:
                    Append(Spaced(literal.Content.ToString()));
                    break;
                case HtmlEntityInline entity:
                    Append(Spaced(entity.Transcoded.ToString()));
                    break;
                case LineBreakInline { IsHard: true }:
                    Append("\n");
                    break;
                case LineBreakInline soft:
                    Append(JoinsIdeographs(soft) ? "" : " ");
                    break;
                case AutolinkInline link:
                    runs.Add(style with
                    {
                        Text = BidiIsolates.IsIsolated(link) ? BidiIsolates.In(link.Url) : link.Url,
                        Link = link.IsEmail ? $"mailto:{link.Url}" : link.Url
                    });
                    break;
                case EmphasisInline { DelimiterCount: >= 2 } strong:
                    Add(strong, style with { Strong = true }, runs);
                    break;
                case EmphasisInline emphasis:
                    Add(emphasis, style with { Emphasis = true }, runs);
                    break;
                case LinkInline { Url: { Length: > 0 } url } link:
                    Add(link, style with { Link = url }, runs);
                    break;
                case ContainerInline container:
                    Add(container, style, runs);
                    break;
            }
        }

        void Append(string text)
        {
            if (text.Length == 0)
                return;
            // Markdig starts a new literal at an escaped character. Join runs of the same style again, so that a word
            // stays in one run.
            if (runs is [.., var last] && last with { Text = "" } == style with { Text = "" })
                runs[^1] = last with { Text = last.Text + text };
            else
                runs.Add(style with { Text = text });
        }
    }

    // A line feed in a run is a line break, and only a break that an author made is one.
    private static string Spaced(string text) =>
        text.AsSpan().IndexOfAny('\t', '\r', '\n') < 0
            ? text
            : text.Replace('\t', ' ').Replace('\r', ' ').Replace('\n', ' ');

    /// <summary>
    /// True if a line break becomes no space: Chinese has no spaces between words, so a new line in the source adds
    /// none.
    /// </summary>
    public static bool JoinsIdeographs(LineBreakInline line) =>
        line.PreviousSibling is LiteralInline { Content: { Length: > 0 } before }
        && line.NextSibling is LiteralInline { Content: { Length: > 0 } after }
        && IsIdeographic(before.Text[before.End])
        && IsIdeographic(after.Text[after.Start]);

    private static bool IsIdeographic(char letter) =>
        letter is >= '\u2E80' and <= '\uFFEF'
        && char.GetUnicodeCategory(letter)
            is UnicodeCategory.OtherLetter
                or UnicodeCategory.OtherPunctuation
                or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation;

    /// <summary>Counts headings and tables in reading order.</summary>
    private sealed class Outline
    {
        private readonly Stack<int> above = [];
        private int tables;

        /// <summary>
        /// The level of a heading in the document. Screen readers need heading levels without gaps, so each heading is
        /// one level below the nearest higher one before it.
        /// </summary>
        public int Level(int written)
        {
            while (above.TryPeek(out var before) && before >= written)
                above.Pop();
            above.Push(written);
            return above.Count;
        }

        /// <summary>The next table's number. The template says by it which table is too wide for the page.</summary>
        public int Table() => ++tables;
    }
}
