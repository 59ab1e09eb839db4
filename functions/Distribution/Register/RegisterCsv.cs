using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>
/// Parses and checks the register as a file that people edit in Excel: a workbook (see <see cref="RegisterWorkbook"/>),
/// or CSV in UTF-8, separated by comma, semicolon or tab. README.md in this folder explains the columns.
/// </summary>
internal static class RegisterCsv
{
    /// <summary>In bytes.</summary>
    public const int LargestFile = 1_000 * MissionRegister.MostMissions;

    /// <summary>Among how many rows with text the column names are looked for, to tell of rows above them.</summary>
    public const int HeaderWithin = 20;

    /// <summary>The longest name or title, in characters.</summary>
    public const int LongestText = 300;

    private static readonly Lazy<byte[]> Embedded = new(ReadEmbedded);

    private static readonly Lazy<MissionRegister> FromSeed = new(() => Read("missions.csv", SeedContent) switch
    {
        { Succeeded: true } reading => reading.Register,
        var reading => throw new InvalidDataException(string.Join(Environment.NewLine, reading.Faults)),
    });

    /// <summary>The register file that is embedded in the program, to be copied, edited and uploaded.</summary>
    public static ReadOnlyMemory<byte> SeedContent => Embedded.Value;

    /// <summary>The 223 missions of the embedded file. All their mailboxes are placeholders.</summary>
    public static MissionRegister Seed() => FromSeed.Value;

    /// <summary>
    /// Parses and checks a whole file: CSV or an Excel workbook, as its content and not its name says.
    /// </summary>
    /// <param name="fileName">The file's name, as the faults show it.</param>
    public static RegisterReading Read(string fileName, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > LargestFile)
            return Refused([RegisterFaults.RegisterTooLarge(fileName, LargestFile)]);
        if (!RegisterWorkbook.IsWorkbook(bytes.Span))
            return ReadText(fileName, bytes, asItIs: false) with { Content = bytes };

        var (rows, findings) = RegisterWorkbook.Read(fileName, bytes);
        return findings.All(finding => finding.IsWarning)
            ? ReadRows(fileName, rows, Write(rows), findings, asItIs: false)
            : Refused(findings);
    }

    /// <summary>
    /// Parses a file that was put into use, perhaps by a version with fewer rules than this one: what it took over
    /// stays in use.
    /// </summary>
    /// <returns>Null if a rule was broken that every version has: the file is not what was put into use.</returns>
    public static MissionRegister? ReadInUse(string fileName, ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= LargestFile ? ReadText(fileName, bytes, asItIs: true).Register : null;

    /// <param name="asItIs">Whether only the rules of every version count.</param>
    private static RegisterReading ReadText(string fileName, ReadOnlyMemory<byte> bytes, bool asItIs)
    {
        if (OtherFile(bytes.Span) is { } kind)
            return Refused([RegisterFaults.OtherWorkbook(fileName, kind)]);
        // UTF-16 without a byte order mark is valid UTF-8 where all letters are ASCII, with a zero beside each. With
        // the mark, as Excel writes “Unicode Text”, it is no valid UTF-8.
        if (!Utf8.IsValid(bytes.Span) || bytes.Span.Contains((byte)0))
            return Refused([RegisterFaults.RegisterNotUtf8(FirstUnreadable(fileName, bytes))]);

        var astray = new List<Finding>();
        var rows = Rows(
                WithoutSeparatorLine(bytes),
                row => astray.Add(RegisterFaults.QuotationMarksAstray(Location.In(fileName, row))))
            .Where(row => !row.IsBlank)
            .ToList();
        // Such a row may have taken in the rows below it, so nothing else in the file is reported.
        if (astray.Count > 0)
            return Refused(astray);
        if (asItIs || !IsCutOff(bytes.Span, rows))
            return ReadRows(fileName, rows, bytes, [], asItIs);
        // Read without it: its missing cells would only add faults that say nothing new.
        var last = rows[^1];
        return ReadRows(
            fileName,
            rows[..^1],
            bytes,
            [RegisterFaults.CutOff(Location.In(fileName, last.Number), last.Cells[^1])],
            asItIs);
    }

    /// <returns>The rows of a CSV file that is in use, its header first, and no blank ones.</returns>
    internal static IReadOnlyList<RegisterRow> RowsOf(ReadOnlyMemory<byte> content) =>
        [.. Rows(WithoutSeparatorLine(content), _ => { }).Where(row => !row.IsBlank)];

    /// <param name="content">The rows as CSV, to be put into use.</param>
    /// <param name="findings">What was found before.</param>
    private static RegisterReading ReadRows(
        string fileName,
        IReadOnlyList<RegisterRow> rows,
        ReadOnlyMemory<byte> content,
        IReadOnlyList<Finding> findings,
        bool asItIs)
    {
        if (rows is not [var header, ..])
            return Refused([RegisterFaults.RegisterEmpty(fileName)]);
        if (!RegisterColumns.IsHeader(header) && HeaderFault(fileName, rows) is { } misplaced)
            return Refused([misplaced]);
        var columns = RegisterColumns.Read(fileName, header, out var misnamed);
        if (misnamed.Count > 0)
            return Refused(misnamed);
        if (rows.Count == 1 && findings.All(finding => finding.IsWarning))
            return Refused([RegisterFaults.RegisterWithoutMissions(fileName)]);
        if (!asItIs && rows.Count - 1 > MissionRegister.MostMissions)
            return Refused([RegisterFaults.TooManyMissions(fileName, rows.Count - 1, MissionRegister.MostMissions)]);

        var reader = new MissionReader(fileName, columns);
        var missions = rows.Skip(1).Select(reader.Read).ToList();
        IReadOnlyList<Finding> found = [.. findings, .. reader.Found];
        // Of a register in use only what every mission needs counts: see ReadInUse.
        return (asItIs ? missions.TrueForAll(entry => entry.Mission is not null) : found.All(fault => fault.IsWarning))
            ? new(new(Sha256Hex.Of(content.Span), InOrder(missions)), found) { Content = content }
            : Refused(found);
    }

    /// <summary>Why the first row does not hold the column names; null if it is their row, with wrong names.</summary>
    private static Finding? HeaderFault(string fileName, IReadOnlyList<RegisterRow> rows)
    {
        var first = rows[0];
        var typed = string.Join(
            ", ",
            first.Cells.Where(cell => !string.IsNullOrWhiteSpace(cell)).Select(cell => cell.Trim()));
        return rows.Take(HeaderWithin).FirstOrDefault(RegisterColumns.IsHeader) is { } header
            ? RegisterFaults.RowsAboveHeader(Location.In(fileName, first.Number), typed, header.Number)
            : RegisterFaults.NoHeader(
                Location.In(fileName, first.Number),
                typed,
                first.Cells.Any(cell => ProtocolOrder.Groups.Contains(cell.Trim(), StringComparer.OrdinalIgnoreCase)),
                RegisterColumns.Required);
    }

    /// <summary>
    /// Whether the last row is shorter than all others and has no line end: writing or sending the file stopped in the
    /// middle. A file that stops between two rows looks whole; its missing missions show when it is compared with the
    /// register in use.
    /// </summary>
    private static bool IsCutOff(ReadOnlySpan<byte> bytes, List<RegisterRow> rows) =>
        rows.Count > 1
        && bytes[^1] is not ((byte)'\n' or (byte)'\r')
        && rows[^1].Cells.Count < rows.SkipLast(1).Min(row => row.Cells.Count)
        && rows[0].Cells.Skip(rows[^1].Cells.Count).Any(name => !string.IsNullOrWhiteSpace(name));

    /// <summary>The rows as a CSV file: UTF-8 with a byte order mark.</summary>
    internal static byte[] Write(IReadOnlyList<RegisterRow> rows)
    {
        // Without the mark Excel reads a CSV file in the code page of its system, and garbles accents.
        var options = CsvWriterOptions.Default with { WriteByteOrderMark = true };
        using var file = new MemoryStream();
        using (var writer = CsvWriter.Create(file, options, leaveOpen: true))
        {
            var width = rows.Select(row => row.Cells.Count).DefaultIfEmpty().Max();
            foreach (var row in rows)
            {
                for (var place = 0; place < width; place++)
                    writer.WriteField(row.Cells.ElementAtOrDefault(place) ?? "");
                writer.EndRecord();
            }
        }

        return file.ToArray();
    }

    private static RegisterReading Refused(IReadOnlyList<Finding> faults) => new(null, faults);

    private static IReadOnlyList<Mission> InOrder(IEnumerable<(int Group, Mission? Mission)> missions) =>
        [.. missions
            .Select(entry => (entry.Group, Mission: entry.Mission!))
            .OrderBy(entry => entry.Group)
            .ThenBy(entry => ProtocolOrder.Key(entry.Mission.Name), StringComparer.Ordinal)
            .ThenBy(entry => entry.Mission.Id, StringComparer.Ordinal)
            .Select(entry => entry.Mission)];

    /// <summary>What a file is that is no table, as its first bytes say; null if it may be one.</summary>
    private static string? OtherFile(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        start = start.TrimStart(" \t\r\n"u8);
        return start.StartsWith("%PDF"u8) ? "a PDF"
            : start.StartsWith("<"u8) ? "a web page or an XML file, as some programs save it under a name of Excel"
            : start.StartsWith("{\\rtf"u8) ? "a text with formatting (RTF)"
            : null;
    }

    /// <summary>
    /// Without the line <c>sep=;</c> by which some programs tell Excel the separator. Excel shows no row for it, and
    /// the separator is seen from the rows themselves.
    /// </summary>
    private static ReadOnlyMemory<byte> WithoutSeparatorLine(ReadOnlyMemory<byte> bytes)
    {
        var mark = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var start = bytes.Span[mark..];
        if (start.Length < 6
            || !Ascii.EqualsIgnoreCase(start[..4], "sep="u8)
            || start[5] is not ((byte)'\r' or (byte)'\n'))
            return bytes;
        return bytes[(mark + (start[5] == '\r' && start.Length > 6 && start[6] == '\n' ? 7 : 6))..];
    }

    /// <summary>
    /// The rows, numbered as in Excel: the first is 1, a cell with line breaks does not start a new row, empty lines
    /// count.
    /// </summary>
    /// <param name="astray">Called with the number of each row whose quotation marks do not come in pairs.</param>
    private static IEnumerable<RegisterRow> Rows(ReadOnlyMemory<byte> bytes, Action<int> astray)
    {
        var options = CsvReaderOptions.Default with
        {
            HasHeader = false,
            SkipEmptyLines = false,
            OnMalformedRecord = record => astray((int)record.RecordNumber),
        };
        using var reader = CsvReader.Create(bytes, options);
        while (reader.Read())
            yield return new(
                (int)reader.RowNumber,
                [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
    }

    /// <summary>The row and, if it has a header, the column of the first byte that is not UTF-8 or is zero.</summary>
    private static Location FirstUnreadable(string fileName, ReadOnlyMemory<byte> bytes)
    {
        Utf8.ToUtf16(bytes.Span, new char[bytes.Length], out var readable, out _, replaceInvalidSequences: false);
        if (bytes.Span.IndexOf((byte)0) is >= 0 and var zero && zero < readable)
            readable = zero;

        // Replace the unreadable character by a readable one and cut the file after it: its cell is then the last one.
        var upTo = new byte[readable + 1];
        bytes.Span[..readable].CopyTo(upTo);
        upTo[readable] = (byte)'?';
        var rows = Rows(upTo, _ => { }).ToList();
        var (header, last) = (rows.FirstOrDefault(row => !row.IsBlank), rows[^1]);
        return Location.In(
            fileName,
            last.Number,
            header is not null && header != last ? header.Cells.ElementAtOrDefault(last.Cells.Count - 1) : null);
    }

    private static byte[] ReadEmbedded()
    {
        using var stream = typeof(RegisterCsv).Assembly.GetManifestResourceStream("missions.csv")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
