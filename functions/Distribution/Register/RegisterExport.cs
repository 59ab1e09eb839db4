using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Distribution.Register;

/// <summary>
/// Writes the register in use as a file to be edited and uploaded again. No cell of it is run: a workbook holds texts
/// alone, and in CSV what a spreadsheet program would take for a formula begins with an apostrophe, which the reading
/// takes away.
/// </summary>
internal static class RegisterExport
{
    /// <summary>
    /// The number format of Excel by which what is typed stays text: <c>+1 212 555 0123</c>, <c>0123</c>.
    /// </summary>
    private const uint AsText = 49;

    // Their places among the cell formats in Styles.
    private const uint TextStyle = 1, HeadStyle = 2;

    /// <summary>In the widths of a digit.</summary>
    private const double Narrowest = 10, Widest = 50;

    /// <param name="register">The CSV file in use.</param>
    public static byte[] Csv(ReadOnlyMemory<byte> register)
    {
        var rows = RegisterCsv.RowsOf(register);
        // Where no cell could be taken for a formula, the file leaves as it is in use, byte for byte and with the same
        // hash.
        return rows.Any(row => row.Cells.Any(SpreadsheetCell.MayAct))
            ? RegisterCsv.Write(
                [.. rows.Select(row => row with { Cells = [.. row.Cells.Select(SpreadsheetCell.Inert)] })])
            : register.ToArray();
    }

    /// <inheritdoc cref="Csv"/>
    public static byte[] Workbook(ReadOnlyMemory<byte> register)
    {
        var rows = RegisterCsv.RowsOf(register);
        var width = rows.Select(row => row.Cells.Count).DefaultIfEmpty(1).Max();
        using var file = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            workbook.Workbook = new();
            workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = Styles();
            var sheet = workbook.AddNewPart<WorksheetPart>();
            Write(sheet, rows, width);
            workbook.Workbook.AppendChild(new Sheets(
                new Sheet { Id = workbook.GetIdOfPart(sheet), SheetId = 1, Name = "Register" }));
        }

        return file.ToArray();
    }

    /// <summary>Element by element: a whole sheet of 10,000 missions in memory would be large.</summary>
    private static void Write(WorksheetPart sheet, IReadOnlyList<RegisterRow> rows, int width)
    {
        using var writer = OpenXmlWriter.Create(sheet);
        writer.WriteStartElement(new Worksheet());
        writer.WriteElement(new SheetViews(
            new SheetView(
                new Pane
                {
                    VerticalSplit = 1,
                    TopLeftCell = "A2",
                    ActivePane = PaneValues.BottomLeft,
                    State = PaneStateValues.Frozen,
                })
            {
                WorkbookViewId = 0,
            }));
        writer.WriteStartElement(new Columns());
        for (var place = 0; place < width; place++)
            writer.WriteElement(new Column
            {
                Min = (uint)place + 1,
                Max = (uint)place + 1,
                Width = Math.Clamp(
                    rows.Take(200).Max(row => row.Cells.ElementAtOrDefault(place)?.Length ?? 0) + 2,
                    Narrowest,
                    Widest),
                CustomWidth = true,
                Style = TextStyle,
            });
        writer.WriteEndElement();
        writer.WriteStartElement(new SheetData());
        foreach (var (number, row) in rows.Index())
        {
            writer.WriteStartElement(new Row { RowIndex = (uint)number + 1 });
            foreach (var (place, text) in row.Cells.Index())
                if (text.Length > 0)
                    writer.WriteElement(new Cell
                    {
                        CellReference = $"{RegisterColumns.Letters(place)}{number + 1}",
                        DataType = CellValues.InlineString,
                        StyleIndex = number == 0 ? HeadStyle : TextStyle,
                        InlineString = new(new Text(text) { Space = SpaceProcessingModeValues.Preserve }),
                    });
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static Stylesheet Styles() => new(
        new Fonts(new Font(), new Font(new Bold())),
        // Excel keeps the first two fills for itself, none and grey, and takes them to be there.
        new Fills(
            new Fill(new PatternFill { PatternType = PatternValues.None }),
            new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(
            new CellFormat(),
            new CellFormat { NumberFormatId = AsText, ApplyNumberFormat = true },
            new CellFormat { NumberFormatId = AsText, ApplyNumberFormat = true, FontId = 1, ApplyFont = true }));
}
