using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace Distribution.Tests.Register;

/// <summary>A sheet of a workbook.</summary>
/// <param name="Rows">
/// Cells as a person leaves them: text, a number (<see cref="double"/>), a truth value, or one of the records below.
/// </param>
internal sealed record SheetOf(string Name, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    public string State { get; init; } = "visible";

    /// <summary>Rows and columns by their numbers from 1.</summary>
    public IReadOnlyList<int> HiddenRows { get; init; } = [];

    public IReadOnlyList<int> HiddenColumns { get; init; } = [];

    public IReadOnlyList<string> Merged { get; init; } = [];
}

/// <param name="Value">What Excel saved with it, as XML has it; null if nothing.</param>
internal sealed record FormulaCell(string Formula, string? Value = null);

internal sealed record ErrorCell(string Error);

/// <param name="Days">As Excel counts them: 45000 is 15 March 2023.</param>
internal sealed record DateCell(double Days);

/// <summary>A text that is struck through: as the whole cell, or as a part of what stands in it.</summary>
internal sealed record StruckCell(string Text, bool IsPart = false);

/// <summary>Writes workbooks as Excel writes them, part by part.</summary>
internal static class WorkbookFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>A workbook whose one sheet holds the rows of a CSV text without quotation marks.</summary>
    public static byte[] OfCsv(params string[] lines) =>
        Of(new SheetOf("Missions", [.. lines.Select(line => (IReadOnlyList<object?>)[.. line.Split(',')])]));

    public static byte[] Of(params SheetOf[] sheets)
    {
        Dictionary<string, string> parts = new()
        {
            ["[Content_Types].xml"] =
                $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>{string.Concat(sheets.Select((_, place) => $"""<Override PartName="/xl/worksheets/sheet{place + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"""))}</Types>""",
            ["_rels/.rels"] =
                $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
            ["xl/workbook.xml"] =
                $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets>{string.Concat(sheets.Select((sheet, place) => $"""<sheet name="{sheet.Name}" sheetId="{place + 1}" state="{sheet.State}" r:id="rId{place + 1}"/>"""))}</sheets></workbook>""",
            ["xl/_rels/workbook.xml.rels"] =
                $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(sheets.Select((_, place) => $"""<Relationship Id="rId{place + 1}" Type="{Relations}/worksheet" Target="worksheets/sheet{place + 1}.xml"/>"""))}<Relationship Id="styles" Type="{Relations}/styles" Target="styles.xml"/><Relationship Id="strings" Type="{Relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
            ["xl/styles.xml"] =
                $"""<styleSheet xmlns="{Main}"><fonts count="3"><font/><font><strike/></font><font><strike val="0"/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" fontId="2" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>""",
        };
        List<string> shared = [];
        foreach (var (place, sheet) in sheets.Index())
            parts[$"xl/worksheets/sheet{place + 1}.xml"] = Sheet(sheet, shared);
        parts["xl/sharedStrings.xml"] =
            $"""<sst xmlns="{Main}">{string.Concat(shared.Select(text => $"<si><t xml:space=\"preserve\">{WebUtility.HtmlEncode(text)}</t></si>"))}</sst>""";
        return Zip(parts.ToDictionary(part => part.Key, part => Encoding.UTF8.GetBytes(part.Value)));
    }

    public static byte[] Zip(IReadOnlyDictionary<string, byte[]> parts)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in parts)
            {
                using var part = archive.CreateEntry(name).Open();
                part.Write(content);
            }

        return file.ToArray();
    }

    private static string Sheet(SheetOf sheet, List<string> shared)
    {
        var columns = sheet.HiddenColumns is []
            ? ""
            : $"<cols>{string.Concat(sheet.HiddenColumns.Select(column => $"""<col min="{column}" max="{column}" width="9" hidden="1"/>"""))}</cols>";
        var merged = sheet.Merged is []
            ? ""
            : $"<mergeCells>{string.Concat(sheet.Merged.Select(range => $"""<mergeCell ref="{range}"/>"""))}</mergeCells>";
        var rows = sheet.Rows.Select((cells, row) =>
            $"""<row r="{row + 1}"{(sheet.HiddenRows.Contains(row + 1) ? " hidden=\"1\"" : "")}>{string.Concat(cells.Select((cell, column) => Cell($"{Column(column)}{row + 1}", cell, shared)))}</row>""");
        return $"""<worksheet xmlns="{Main}">{columns}<sheetData>{string.Concat(rows)}</sheetData>{merged}</worksheet>""";
    }

    private static string Cell(string place, object? cell, List<string> shared)
    {
        switch (cell)
        {
            case null or "": return "";
            case double number: return $"""<c r="{place}"><v>{number.ToString(CultureInfo.InvariantCulture)}</v></c>""";
            case bool value: return $"""<c r="{place}" t="b"><v>{(value ? 1 : 0)}</v></c>""";
            case ErrorCell { Error: var error }: return $"""<c r="{place}" t="e"><f>A1</f><v>{error}</v></c>""";
            case DateCell { Days: var days }:
                return $"""<c r="{place}" s="1"><v>{days.ToString(CultureInfo.InvariantCulture)}</v></c>""";
            case StruckCell { IsPart: true, Text: var part }:
                return $"""<c r="{place}" t="inlineStr"><is><r><t>{part} </t></r><r><rPr><strike/></rPr><t>{part}</t></r></is></c>""";
            case StruckCell { Text: var text }:
                return $"""<c r="{place}" s="2" t="inlineStr"><is><t>{text}</t></is></c>""";
            case FormulaCell formula:
                return $"""<c r="{place}" t="str"><f>{formula.Formula}</f>{(formula.Value is { } saved ? $"<v>{WebUtility.HtmlEncode(saved)}</v>" : "")}</c>""";
            default:
                shared.Add((string)cell);
                return $"""<c r="{place}" t="s"><v>{shared.Count - 1}</v></c>""";
        }
    }

    private static string Column(int place) =>
        place < 26 ? $"{(char)('A' + place)}" : $"{Column((place / 26) - 1)}{Column(place % 26)}";
}
