using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;
using Distribution.Common;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Distribution.Register;

/// <summary>
/// Reads the rows of a register from an Excel workbook (<c>.xlsx</c>): of each cell the text that Excel shows, of a
/// formula the value that Excel saved with it. Other kinds of workbook are named in a fault. Nothing is unpacked
/// beyond <see cref="MostUnpacked"/>.
/// </summary>
internal static partial class RegisterWorkbook
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>All parts of a workbook together, unpacked, in bytes.</summary>
    private const long MostUnpacked = 50_000_000;

    private const int MostParts = 2_000;

    /// <summary>How far down and to the right a sheet is read.</summary>
    // A sheet of Excel has 1,048,576 rows of 16,384 columns: one cell far away would make a row as long as that.
    private const int LastRow = 50_000, LastColumn = 255;

    private static readonly byte[] Archive = "PK\u0003\u0004"u8.ToArray();

    /// <summary>The first bytes of an OLE compound file: <c>.xls</c>, or a workbook locked with a password.</summary>
    private static readonly byte[] CompoundFile = [0xD0, 0xCF, 0x11, 0xE0];

    public static bool IsWorkbook(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Archive) || bytes.StartsWith(CompoundFile);

    /// <summary>Whether it may be a workbook that can be read: an archive.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Archive);

    /// <returns>
    /// The rows of the sheet that holds the register, numbered as in Excel, and what was found; no rows with a fault.
    /// </returns>
    public static (IReadOnlyList<RegisterRow> Rows, IReadOnlyList<Finding> Findings) Read(
        string fileName,
        ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith(CompoundFile))
            return ([], [
                // The stream, named in UTF-16, in which Office keeps a file under its password ([MS-OFFCRYPTO]
                // 2.3.4.4).
                bytes.Span.IndexOf("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"u8) >= 0
                    ? RegisterFaults.WorkbookLocked(fileName)
                    : RegisterFaults.OtherWorkbook(fileName, "an Excel workbook of the old kind (.xls)"),
            ]);
        try
        {
            var content = new MemoryStream(bytes.ToArray(), writable: false);
            return OtherThanWorkbook(fileName, content) is { } fault ? ([], [fault]) : Open(fileName, content);
        }
        // What the libraries throw at a file that is cut off, or whose parts are not what they say.
        catch (Exception damage) when (damage
            is InvalidDataException
                or OpenXmlPackageException
                or XmlException
                or FormatException
                or OverflowException
                or IOException
                or ArgumentOutOfRangeException
                or InvalidOperationException)
        {
            return ([], [RegisterFaults.WorkbookDamaged(fileName)]);
        }
    }

    private static Finding? OtherThanWorkbook(string fileName, Stream content)
    {
        using var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
        // Sizes are as the directory says: a part that says too little is read no farther than that.
        if (archive.Entries.Count > MostParts || archive.Entries.Sum(part => part.Length) > MostUnpacked)
            return RegisterFaults.WorkbookTooLarge(fileName);
        bool Has(string part) => archive.GetEntry(part) is not null;
        return Has("xl/workbook.xml") ? null
            : Has("xl/workbook.bin") ? RegisterFaults.OtherWorkbook(fileName, "a binary Excel workbook (.xlsb)")
            : Has("content.xml") ? RegisterFaults.OtherWorkbook(fileName, "a file of LibreOffice or OpenOffice (.ods)")
            : archive.Entries.Any(part => part.FullName.EndsWith(".iwa", StringComparison.Ordinal))
                ? RegisterFaults.OtherWorkbook(fileName, "a file of Apple Numbers")
            : Has("word/document.xml") ? RegisterFaults.OtherWorkbook(fileName, "a Word document")
            : RegisterFaults.OtherWorkbook(fileName, "an archive that holds no Excel workbook");
    }

    private static (IReadOnlyList<RegisterRow> Rows, IReadOnlyList<Finding> Findings) Open(
        string fileName,
        Stream content)
    {
        using var document = SpreadsheetDocument.Open(
            content,
            isEditable: false,
            new OpenSettings { MaxCharactersInPart = MostUnpacked });
        var workbook = document.WorkbookPart ?? throw new InvalidDataException("It has no workbook.");
        var texts = new CellTexts(workbook);
        var sheets = (workbook.Workbook?.Sheets?.Elements<Sheet>() ?? [])
            .Where(sheet => sheet.Id?.Value is { } id && workbook.GetPartById(id) is WorksheetPart)
            .Select(sheet => SheetRows.Of(sheet, (WorksheetPart)workbook.GetPartById(sheet.Id!.Value!), texts))
            .Where(sheet => sheet.Rows is not [])
            .ToList();
        List<SheetRows> registers =
            [.. sheets.Where(sheet => sheet.Rows.Take(RegisterCsv.HeaderWithin).Any(RegisterColumns.IsHeader))];
        if (registers.Exists(sheet => !sheet.IsHidden))
            registers.RemoveAll(sheet => sheet.IsHidden);
        if (registers.Count > 1)
            return ([], [RegisterFaults.SeveralSheets(fileName, [.. registers.Select(sheet => sheet.Name)])]);
        if ((registers.FirstOrDefault() ?? sheets.Find(sheet => !sheet.IsHidden) ?? sheets.FirstOrDefault())
            is not { } read)
            return ([], []);
        if (read.Beyond is { } beyond)
            return ([], [RegisterFaults.SheetGoesOn(fileName, beyond)]);

        List<Finding> findings = [];
        if (read.Merged is not [])
            findings.Add(RegisterFaults.MergedCells(fileName, read.Merged));
        if (read.Struck is not [])
            findings.Add(RegisterFaults.StruckCells(fileName, read.Struck));
        if (read.IsHidden || read.HiddenRows is not [] || read.HiddenColumns is not [])
            findings.Add(
                RegisterFaults.Hidden(fileName, read.IsHidden ? read.Name : null, read.HiddenRows, read.HiddenColumns));
        if (sheets.Where(sheet => sheet != read).Select(sheet => sheet.Name).ToList() is { Count: > 0 } others)
            findings.Add(RegisterFaults.OtherSheets(fileName, read.Name, others));
        return (read.Rows, findings);
    }

    /// <summary>What stands in one sheet.</summary>
    /// <param name="Rows">Those with text, numbered as in Excel.</param>
    /// <param name="Merged">The ranges of merged cells: <c>B2:B5</c>.</param>
    /// <param name="Struck">The cells whose text, or a part of it, is struck through: <c>C7</c>.</param>
    /// <param name="HiddenRows">Hidden rows with text.</param>
    /// <param name="HiddenColumns">The letters of hidden columns with text.</param>
    /// <param name="Beyond">A cell farther down or to the right than is read; null if there is none.</param>
    private sealed record SheetRows(
        string Name,
        bool IsHidden,
        IReadOnlyList<RegisterRow> Rows,
        IReadOnlyList<string> Merged,
        IReadOnlyList<string> Struck,
        IReadOnlyList<int> HiddenRows,
        IReadOnlyList<string> HiddenColumns,
        string? Beyond)
    {
        public static SheetRows Of(Sheet sheet, WorksheetPart part, CellTexts texts)
        {
            List<RegisterRow> rows = [];
            List<string> merged = [];
            List<string> struck = [];
            List<int> hiddenRows = [];
            HashSet<int> hiddenColumns = [];
            string? beyond = null;
            using var reader = OpenXmlReader.Create(part);
            var number = 0;
            while (reader.Read())
            {
                if (!reader.IsStartElement)
                    continue;
                if (reader.ElementType == typeof(Column)
                    && reader.LoadCurrentElement()
                        is Column { Hidden.Value: true, Min.Value: var min, Max.Value: var max })
                    // Excel may format columns to the end of the sheet.
                    hiddenColumns.UnionWith(Enumerable.Range((int)min, (int)Math.Min(max - min + 1, LastColumn)));
                else if (reader.ElementType == typeof(MergeCell)
                    && reader.LoadCurrentElement() is MergeCell { Reference.Value: { } range })
                    merged.Add(range);
                else if (reader.ElementType == typeof(Row) && reader.LoadCurrentElement() is Row row)
                {
                    // Programs may leave out the numbers of rows and cells, which then follow each other.
                    number = (int)(row.RowIndex?.Value ?? (uint)number + 1);
                    List<string> cells = [];
                    var place = -1;
                    foreach (var cell in row.Elements<Cell>())
                    {
                        place = cell.CellReference?.Value is { } reference ? PlaceOf(reference) : place + 1;
                        if (texts.Of(cell) is not { Length: > 0 } text || string.IsNullOrWhiteSpace(text))
                            continue;
                        if (place > LastColumn || number > LastRow)
                        {
                            beyond ??= $"{RegisterColumns.Letters(place)}{number}";
                            continue;
                        }

                        cells.AddRange(Enumerable.Repeat("", Math.Max(0, place + 1 - cells.Count)));
                        cells[place] = text;
                        if (texts.IsStruck(cell))
                            struck.Add($"{RegisterColumns.Letters(place)}{number}");
                    }

                    if (cells is [])
                        continue;
                    rows.Add(new(number, cells));
                    if (row.Hidden?.Value is true)
                        hiddenRows.Add(number);
                }
            }

            return new(
                sheet.Name?.Value ?? "",
                sheet.State?.Value is { } state && state != SheetStateValues.Visible,
                rows,
                merged,
                struck,
                hiddenRows,
                [
                    .. hiddenColumns.Order()
                        .Where(column =>
                            rows.Exists(row => row.Cells.ElementAtOrDefault(column - 1) is { Length: > 0 }))
                        .Select(column => RegisterColumns.Letters(column - 1)),
                ],
                beyond);
        }

        /// <summary>The place of a cell in its row, from 0: of <c>C7</c> it is 2.</summary>
        private static int PlaceOf(string reference) =>
            reference
                .TakeWhile(char.IsAsciiLetterUpper)
                .Take(4)
                .Aggregate(0, (place, letter) => place * 26 + letter - 'A' + 1) - 1;
    }

    /// <summary>
    /// The texts of cells, with what the workbook keeps apart from them: shared texts and formats of numbers.
    /// </summary>
    private sealed partial class CellTexts
    {
        private readonly List<(string Text, bool IsStruck)> shared;
        private readonly List<bool> dates;
        private readonly List<bool> struck;

        public CellTexts(WorkbookPart workbook)
        {
            shared =
            [
                .. (workbook.SharedStringTablePart?.SharedStringTable?.Elements<SharedStringItem>() ?? [])
                    .Select(item => (Text(item), HasStruckRun(item))),
            ];
            var styles = workbook.WorkbookStylesPart?.Stylesheet;
            var own = (styles?.NumberingFormats?.Elements<NumberingFormat>() ?? [])
                .Where(format => format is { NumberFormatId: not null, FormatCode: not null })
                .DistinctBy(format => format.NumberFormatId!.Value)
                .ToDictionary(format => format.NumberFormatId!.Value, format => IsDate(format.FormatCode!.Value!));
            dates =
            [
                .. (styles?.CellFormats?.Elements<CellFormat>() ?? [])
                    .Select(format => format.NumberFormatId?.Value ?? 0)
                    .Select(id =>
                        own.TryGetValue(id, out var isDate)
                            ? isDate
                            // The built-in formats of dates and hours (ECMA-376 Part 1, 18.8.30); from 27 and from 50
                            // on those of Chinese, Japanese and Korean.
                            : id is >= 14 and <= 22 or >= 27 and <= 36 or >= 45 and <= 47 or >= 50 and <= 58),
            ];
            var fonts = (styles?.Fonts?.Elements<Font>() ?? []).Select(font => IsSet(font.Strike)).ToList();
            struck =
            [
                .. (styles?.CellFormats?.Elements<CellFormat>() ?? [])
                    .Select(format => fonts.ElementAtOrDefault((int)(format.FontId?.Value ?? 0))),
            ];
        }

        /// <returns>A formula with "=" before it where no value was saved with it.</returns>
        public string Of(Cell cell)
        {
            var value = cell.CellValue?.Text ?? "";
            // The empty text is a result, too: =IF(B2="","",B2).
            if (cell.CellValue is null && cell.CellFormula is { } formula)
                return $"={formula.Text}";
            var type = cell.DataType?.Value ?? CellValues.Number;
            if (type == CellValues.SharedString)
                return value.Length == 0 ? "" : shared[int.Parse(value, CultureInfo.InvariantCulture)].Text;
            if (type == CellValues.InlineString)
                return cell.InlineString is { } inline ? Text(inline) : "";
            if (type == CellValues.Boolean)
                return value switch { "1" => "TRUE", "0" => "FALSE", _ => value };
            return type == CellValues.Number ? Number(value, cell.StyleIndex?.Value ?? 0) : Unescaped(value);
        }

        /// <summary>Whether its text, or a part of it, is struck through.</summary>
        public bool IsStruck(Cell cell) =>
            struck.ElementAtOrDefault((int)(cell.StyleIndex?.Value ?? 0))
            || (cell.DataType?.Value == CellValues.SharedString
                && shared[int.Parse(cell.CellValue!.Text, CultureInfo.InvariantCulture)].IsStruck)
            || (cell.InlineString is { } inline && HasStruckRun(inline));

        private static bool HasStruckRun(OpenXmlCompositeElement item) =>
            item
                .Elements<Run>()
                .Any(run =>
                    IsSet(run.RunProperties?.GetFirstChild<Strike>()) && !string.IsNullOrWhiteSpace(run.Text?.Text));

        // The element without a value says yes.
        private static bool IsSet(Strike? strike) => strike is not null && strike.Val?.Value is not false;

        private string Number(string value, uint style)
        {
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return value;
            // Days are counted to 31 December 9999, which is 2,958,465.
            return dates.ElementAtOrDefault((int)style) && number is > 0 and < 2_958_466
                ? DateTime.FromOADate(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                // As Excel shows it: a telephone number without a power of ten. Excel keeps fifteen digits.
                : Math.Abs(number) < 1e15 ? number.ToString("0.##########", CultureInfo.InvariantCulture) : value;
        }

        /// <summary>The text of all runs, without hints for pronouncing it.</summary>
        private static string Text(OpenXmlCompositeElement item) =>
            Unescaped(
                string.Concat(
                    item
                        .Descendants<Text>()
                        .Where(text => text.Parent is not PhoneticRun)
                        .Select(text => text.Text)));

        /// <summary>Excel writes what XML cannot hold, such as a carriage return, as <c>_x000D_</c>.</summary>
        private static string Unescaped(string text) =>
            Escaped().Replace(text, match =>
                // What no text can hold is left out: half a character, or a sign that moves a printer.
                (char)Convert.ToInt32(match.Groups[1].Value, 16) is var sign
                && (char.IsSurrogate(sign) || (char.IsControl(sign) && sign is not ('\t' or '\r' or '\n')))
                    ? ""
                    : $"{sign}");

        private static bool IsDate(string format) => DateSigns().IsMatch(Quoted().Replace(format, ""));

        [GeneratedRegex("_x([0-9A-Fa-f]{4})_")]
        private static partial Regex Escaped();

        // What stands in a format as it is, and colours, conditions and currencies in brackets.
        [GeneratedRegex("\"[^\"]*\"|\\\\.|\\[(?!h|m|s)[^\\]]*\\]")]
        private static partial Regex Quoted();

        [GeneratedRegex("[dmyhs]", RegexOptions.IgnoreCase)]
        private static partial Regex DateSigns();
    }
}
