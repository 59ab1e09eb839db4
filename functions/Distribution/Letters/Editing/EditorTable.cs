using System.Text.RegularExpressions;

namespace Distribution.Letters.Editing;

/// <summary>Writes a table: with a head between vertical bars, without one between tabs.</summary>
internal static partial class EditorTable
{
    public static IEnumerable<string> Write(IReadOnlyList<EditorNode> rows)
    {
        if (rows is [])
            return [];
        var cells = rows.Select(row => row.Parts.Select(Words).ToList()).ToList();
        var columns = cells.Max(row => row.Count);
        // The rows of the editor's table may have different lengths.
        foreach (var row in cells)
            row.AddRange(Enumerable.Repeat("", columns - row.Count));
        return !HasHead(rows) && cells.Count > 1 && cells.TrueForAll(IsTabbed)
            ? cells.Select(row => string.Join('\t', row))
            : [
                Bars(cells[0]),
                $"|{string.Concat(Enumerable.Range(0, columns).Select(column => Under(rows, column) + "|"))}",
                .. cells.Skip(1).Select(Bars),
            ];
    }

    private static bool HasHead(IReadOnlyList<EditorNode> rows) =>
        // Only a table with bars says how its columns are aligned.
        rows[0].Parts.Any(cell => cell.Type == "table_header")
        || rows.SelectMany(row => row.Parts).Any(cell => cell.Attrs?.Align is not null);

    /// <summary>
    /// Whether a row can be written with tabs and no bars. Tabs at the ends of a line are lost, and a mark at its start
    /// would make it an item of a list.
    /// </summary>
    private static bool IsTabbed(List<string> cells) =>
        cells.Count > 1
        && cells[0].Length > 0
        && cells[^1].Length > 0
        && ItemMark.At(string.Join('\t', cells)) is null
        && cells.TrueForAll(cell => !cell.Contains('|'))
        && !Sign().IsMatch(cells[0]);

    private static string Bars(IReadOnlyList<string> cells) =>
        $"|{string.Concat(cells.Select(cell => $" {Bar().Replace(cell, @"$1\|")} |"))}";

    private static string Under(IReadOnlyList<EditorNode> rows, int column) =>
        (column < rows[0].Parts.Count ? rows[0].Parts[column].Attrs?.Align : null) switch
        {
            "center" => ":---:",
            "right" => "---:",
            _ => "---",
        };

    /// <summary>The words of a cell in one line: a letter's tables have no lines within a cell.</summary>
    private static string Words(EditorNode cell) =>
        EditorInlines.WriteInOneLine(
        [
            .. Lines(cell).SelectMany((line, place) =>
                place == 0 ? line.Parts : line.Parts.Prepend(new("hard_break")))
        ]);

    private static IEnumerable<EditorNode> Lines(EditorNode node) =>
        node.Type is "paragraph" or "heading" ? [node] : node.Parts.SelectMany(Lines);

    // Not after an odd number of backslashes: that bar is escaped already.
    [GeneratedRegex(@"(?<!\\)((?:\\\\)*)\|")]
    private static partial Regex Bar();

    [GeneratedRegex("^[>#]")]
    private static partial Regex Sign();
}
