using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Distribution.Letters.Editing;

/// <summary>
/// Reads the text of a letter into a document for the editor, by the rules by which it is printed. So nothing else has
/// to know these rules, and the editor shows what the letter prints.
/// </summary>
internal static class EditorReader
{
    /// <summary>
    /// The document; null if the editor cannot show all of the text, or could not write it again with the same meaning.
    /// The text is then edited as plain text.
    /// </summary>
    public static EditorNode? Read(string text) =>
        text.Length <= Reading.LetterText.MaxBodyLength
        && Document(text) is { } document
        && Document(EditorWriter.Write(document)) is { } again
        && again.Json() == document.Json()
            ? document
            : null;

    // The ends of lines are marked first, with the fields still in place: they are judged as they were typed.
    private static EditorNode? Document(string text) =>
        EditorFields.TakeOut(LineEnds.Mark(text)) is { } taken ? Blocks(taken.Text, taken.Sources) : null;

    /// <param name="text">With marked ends of lines and a sign for each field.</param>
    /// <param name="sources">The fields, in their order.</param>
    /// <returns>Null for what the editor cannot show.</returns>
    public static EditorNode? Blocks(string text, IReadOnlyList<string> sources) =>
        LetterBody.Typed(text) is { } parsed ? new Walk(sources).Document(parsed) : null;

    private sealed class Walk(IReadOnlyList<string> sources)
    {
        private int fields;
        private bool isShown = true;

        public EditorNode? Document(MarkdownDocument parsed)
        {
            var blocks = Blocks(parsed);
            return isShown ? new("doc", Content: blocks) : null;
        }

        private IReadOnlyList<EditorNode> Blocks(ContainerBlock container) =>
            // By the editor's schema no container is empty.
            container.Select(Block).ToList() is { Count: > 0 } blocks ? blocks : [new("paragraph")];

        private EditorNode Block(Block block) => block switch
        {
            Table table => new("table", Content: [.. table.OfType<TableRow>().Select(row => Row(table, row))]),
            TypedList list => new(
                "list",
                new(Loose: list.IsLoose),
                [.. list.Items.Select(item => new EditorNode("item", new(Mark: item.Mark), Blocks(item)))]),
            QuoteBlock quote => new("quotation", Content: Blocks(quote)),
            ThematicBreakBlock => new("rule"),
            HeadingBlock heading => new("heading", new(Level: heading.Level), Inlines(heading.Inline)),
            ParagraphBlock paragraph => new("paragraph", Content: Inlines(paragraph.Inline)),
            _ => NotShown(),
        };

        private EditorNode Row(Table table, TableRow row) =>
            new(
                "table_row",
                Content:
                [
                    .. row.OfType<TableCell>().Select((cell, column) =>
                        new EditorNode(
                            row.IsHeader ? "table_header" : "table_cell",
                            (column < table.ColumnDefinitions.Count
                                ? table.ColumnDefinitions[column].Alignment
                                : null) switch
                            {
                                TableColumnAlign.Center => new(Align: "center"),
                                TableColumnAlign.Right => new(Align: "right"),
                                _ => null,
                            },
                            Blocks(cell))),
                ]);

        private EditorNode NotShown()
        {
            isShown = false;
            return new("paragraph");
        }

        private List<EditorNode>? Inlines(ContainerInline? inlines)
        {
            List<EditorNode> nodes = [];
            if (inlines is not null)
                Add(inlines, new(null, false, false), nodes);
            return nodes is [] ? null : nodes;
        }

        private void Add(ContainerInline inlines, InlineStyle style, List<EditorNode> nodes)
        {
            foreach (var inline in inlines)
            {
                switch (inline)
                {
                    case LiteralInline literal:
                        Append(literal.Content.ToString(), style);
                        break;
                    case LineBreakInline { IsHard: true }:
                        nodes.Add(style.On(new("hard_break")));
                        break;
                    case LineBreakInline soft:
                        Append(DocumentBody.JoinsIdeographs(soft) ? "" : " ", style);
                        break;
                    case AutolinkInline link:
                        Append(
                            link.Url,
                            style with { Link = Link(link.IsEmail ? $"mailto:{link.Url}" : link.Url, null) });
                        break;
                    case EmphasisInline { DelimiterCount: >= 2 } strong:
                        Add(strong, style with { Strong = true }, nodes);
                        break;
                    case EmphasisInline emphasis:
                        Add(emphasis, style with { Emphasis = true }, nodes);
                        break;
                    case LinkInline { IsImage: false, Url: { Length: > 0 } url } link:
                        Add(link, style with { Link = Link(url, link.Title) }, nodes);
                        break;
                    default:
                        isShown = false;
                        break;
                }
            }

            void Append(string text, InlineStyle styled)
            {
                foreach (var (place, piece) in text.Split(EditorFields.Sign).Index())
                {
                    if (place > 0)
                    {
                        // Without its field, as EditorInlines reads what it wrote, the sign is a text.
                        var source = fields < sources.Count ? sources[fields++] : $"{EditorFields.Sign}";
                        if (source[0] == EditorFields.Sign)
                            AppendText(source, styled);
                        else
                            nodes.Add(styled.On(new("field", new(Source: source))));
                    }

                    if (piece.Length > 0)
                        AppendText(piece, styled);
                }
            }

            // Markdig starts a new literal at an escaped sign.
            void AppendText(string text, InlineStyle styled)
            {
                var node = styled.On(new("text", Text: text));
                if (nodes is [.., { Type: "text" } last] && InlineStyle.Of(last) == styled)
                    nodes[^1] = last with { Text = last.Text + text };
                else
                    nodes.Add(node);
            }
        }

        // A field within an address cannot be shown.
        private LinkTarget Link(string url, string? title)
        {
            isShown &= !url.Contains(EditorFields.Sign) && title?.Contains(EditorFields.Sign) != true;
            return new(url, string.IsNullOrEmpty(title) ? null : title);
        }
    }
}

/// <summary>Where a link leads.</summary>
internal sealed record LinkTarget(string Url, string? Title);

/// <summary>How a piece within a line is set.</summary>
internal sealed record InlineStyle(LinkTarget? Link, bool Strong, bool Emphasis)
{
    public static InlineStyle Of(EditorNode node)
    {
        var marks = node.Marks ?? [];
        return new(
            marks.FirstOrDefault(mark => mark.Type == "link")?.Attrs is { Href: { Length: > 0 } url } link
                ? new(url, link.Title)
                : null,
            marks.Any(mark => mark.Type == "strong"),
            marks.Any(mark => mark.Type == "em"));
    }

    public EditorNode On(EditorNode node)
    {
        List<EditorMark> marks = [];
        if (Link is { } link)
            marks.Add(new("link", new(Href: link.Url, Title: link.Title)));
        if (Strong)
            marks.Add(new("strong"));
        if (Emphasis)
            marks.Add(new("em"));
        return marks is [] ? node : node with { Marks = marks };
    }
}
