using System.Text.RegularExpressions;

namespace Distribution.Letters.Editing;

/// <summary>
/// Writes a document of the editor as the text of a letter. A paragraph is one line, with a backslash before each end
/// of a line that is printed. So the lines beside it do not decide how a line is read.
/// </summary>
internal static partial class EditorWriter
{
    private const string Indent = "    ";

    public static string Write(EditorNode document) =>
        EditorFields.PutBack(string.Join('\n', Blocks(document.Parts)), Sources(document));

    /// <summary>
    /// The fields, in the order in which their signs are written. A sign in a text is among them, as itself.
    /// </summary>
    private static IEnumerable<string> Sources(EditorNode node) =>
        node.Type == "field" ? [Source(node)]
        : node.Type == "text"
            ? Enumerable.Repeat($"{EditorFields.Sign}", node.Text!.Count(sign => sign == EditorFields.Sign))
        : node.Parts.SelectMany(Sources);

    /// <summary>
    /// The field as the letter has it. A document that claims another source for a field, such as an instruction, gets
    /// that source printed as text.
    /// </summary>
    private static string Source(EditorNode field) =>
        EditorFields.IsField(field.Attrs!.Source!)
            ? field.Attrs.Source!
            : field.Attrs.Source!.Replace("{", @"\{", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static IEnumerable<string> Blocks(IReadOnlyList<EditorNode> blocks)
    {
        var isFirst = true;
        foreach (var block in blocks)
        {
            var lines = Block(block).ToList();
            if (lines.Count == 0)
                continue;
            if (!isFirst)
                yield return "";
            isFirst = false;
            foreach (var line in lines)
                yield return line;
        }
    }

    private static IEnumerable<string> Block(EditorNode block) => block.Type switch
    {
        "paragraph" => Paragraph(block),
        "heading" => Heading(block),
        "rule" => ["---"],
        "quotation" => Quotation([.. Blocks(block.Parts)]),
        "list" => Items(block),
        "table" => EditorTable.Write([.. block.Parts.Where(row => row.Type == "table_row")]),
        _ => Blocks(block.Parts),
    };

    private static IEnumerable<string> Paragraph(EditorNode paragraph) =>
        EditorInlines.Write(paragraph.Parts) is { Length: > 0 } text ? text.Split('\n') : [];

    private static IEnumerable<string> Heading(EditorNode heading) =>
        EditorInlines.WriteInOneLine(heading.Parts) is { Length: > 0 } words
            // "# 5" is no heading.
            ? [$"{new string('#', Math.Clamp(heading.Attrs?.Level ?? 2, char.IsDigit(words[0]) ? 2 : 1, 6))} {ClosingSigns().Replace(words, @" \$1")}"]
            : [];

    private static IEnumerable<string> Quotation(List<string> lines) =>
        lines switch
        {
            [] => [],
            // "> 5 per cent" would be no quotation.
            [var only] when char.IsDigit(only.FirstOrDefault()) => [$"> {only}", ">"],
            _ => lines.Select((line, place) =>
                line.Length == 0 ? ">"
                // Two spaces: an end that is printed. Otherwise the next line may be taken for one that goes on.
                : place + 1 < lines.Count && lines[place + 1].Length > 0 && !line.EndsWith('\\') ? $"> {line}  "
                : $"> {line}"),
        };

    private static IEnumerable<string> Items(EditorNode list)
    {
        var isFirst = true;
        foreach (var item in list.Parts)
        {
            if (!isFirst && list.Attrs?.Loose == true)
                yield return "";
            isFirst = false;
            var mark = item.Attrs?.Mark is { } typed && ItemMark.At(typed) is { } found && found.Text == typed
                ? typed
                : "–";
            // An item that begins with a list or a table has it on the lines below its mark. On the line of the mark,
            // the marks of the inner list would print as text where the item is the only one: a single line with a
            // number or a letter is not surely an item.
            var lines = Blocks(item.Parts).ToList();
            if (item.Parts is [{ Type: "paragraph" } first, ..] && Block(first).Any())
            {
                yield return $"{mark} {lines[0]}";
                lines.RemoveAt(0);
            }
            else
            {
                yield return mark;
                if (lines.Count > 0)
                    yield return "";
            }

            foreach (var line in lines)
                yield return line.Length == 0 ? "" : Indent + line;
        }
    }

    [GeneratedRegex(@"\s(#+)$")]
    private static partial Regex ClosingSigns();
}
