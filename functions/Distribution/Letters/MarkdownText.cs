using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Distribution.Letters;

/// <summary>Writes parsed Markdown as readable plain text, for the text part of the email.</summary>
internal static class MarkdownText
{
    /// <returns>
    /// Lines of at most <see cref="TextWrapping.Columns"/> columns, except for longer words and rows of tables.
    /// </returns>
    public static string Write(MarkdownDocument document) =>
        string.Join('\n', Lines(document, TextWrapping.Columns, apart: true));

    private static IEnumerable<string> Lines(ContainerBlock container, int width, bool apart)
    {
        var first = true;
        foreach (var block in container)
        {
            var lines = Lines(block, width).ToArray();
            if (lines.Length == 0)
                continue;
            if (!first && apart)
                yield return "";
            first = false;
            foreach (var line in lines)
                yield return line;
        }
    }

    private static IEnumerable<string> Lines(Block block, int width) => block switch
    {
        LinkReferenceDefinitionGroup => [],
        Table table => Rows(table, width),
        ListBlock list => Items(list, width),
        TypedList list => Items(list, width),
        QuoteBlock quote => TextWrapping.Hanging("    ", Lines(quote, width - 4, apart: true)),
        ContainerBlock container => Lines(container, width, apart: true),
        ThematicBreakBlock => ["* * *"],
        LeafBlock { Inline: { } inline } => TextWrapping.Wrap(Text(inline), width),
        _ => [],
    };

    private static IEnumerable<string> Items(ListBlock list, int width)
    {
        var items = list.OfType<ListItemBlock>().ToArray();
        var marks = items.Select(item => list.IsOrdered ? $"{item.Order}{list.OrderedDelimiter}" : "-").ToArray();
        var indent = marks.Max(mark => mark.Length) + 1;
        return items.SelectMany(
            (item, number) =>
            {
                var lines = TextWrapping.Hanging(
                    $"{marks[number].PadLeft(indent - 1)} ",
                    Lines(item, width - indent, list.IsLoose));
                return list.IsLoose && number > 0 ? lines.Prepend("") : lines;
            });
    }

    private static IEnumerable<string> Items(TypedList list, int width)
    {
        var indent = list.MarkWidth + 1;
        return list.Items.SelectMany(
            (item, place) =>
            {
                var lines = TextWrapping.Hanging(
                    $"{(char.IsDigit(item.Mark[0]) ? item.Mark.PadLeft(indent - 1) : item.Mark.PadRight(indent - 1))} ",
                    // Also an item without words prints its mark.
                    Lines(item, width - indent, list.IsLoose).DefaultIfEmpty(""));
                return list.IsLoose && place > 0 ? lines.Prepend("") : lines;
            });
    }

    private static IEnumerable<string> Rows(Table table, int width)
    {
        var rows = table
            .OfType<TableRow>()
            .Select(row =>
                row.OfType<TableCell>()
                    .Select(cell => string.Join(' ', Lines(cell, int.MaxValue, apart: false)))
                    .ToArray())
            .ToArray();
        var columns = Enumerable
            .Range(0, rows.Max(row => row.Length))
            .Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0))
            .ToArray();
        var fits = columns.Sum() + 3 * (columns.Length - 1) <= width;
        return rows.Select(row =>
            string.Join(" | ", row.Select((cell, column) => fits ? cell.PadRight(columns[column]) : cell)).TrimEnd());
    }

    private static string Text(ContainerInline inlines) => string.Concat(inlines.Select(Text));

    private static string Text(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LineBreakInline { IsHard: true } => "\n",
        LineBreakInline soft => DocumentBody.JoinsIdeographs(soft) ? "" : " ",
        AutolinkInline link => link.Url,
        LinkInline link => Text(link, Text((ContainerInline)link)),
        ContainerInline container => Text(container),
        _ => "",
    };

    private static string Text(LinkInline link, string text) =>
        // An address that is its own text is written once.
        link.Url is not { } url || url == text || url == $"mailto:{text}" || url == $"https://{text}"
            ? text
            : $"{text} ({url})";
}
