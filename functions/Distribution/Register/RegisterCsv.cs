using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Distribution.Common;

namespace Distribution.Register;

/// <summary>
/// Parses and checks the register as a file that people edit in Excel: CSV in UTF-8, separated by comma, semicolon or
/// tab. README.md in this folder explains the columns.
/// </summary>
internal static class RegisterCsv
{
    /// <summary>In bytes.</summary>
    public const int LargestFile = 5_000_000;

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

    /// <summary>Parses and checks a whole file.</summary>
    /// <param name="fileName">The file's name, as the faults show it.</param>
    public static RegisterReading Read(string fileName, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > LargestFile)
            return Refused([RegisterFaults.RegisterTooLarge(fileName, bytes.Length, LargestFile)]);
        if (IsWorkbook(bytes.Span))
            return Refused([RegisterFaults.RegisterIsAWorkbook(fileName)]);
        if (!Utf8.IsValid(bytes.Span) || bytes.Span.Contains((byte)0))
            return Refused([RegisterFaults.RegisterNotUtf8(FirstUnreadable(fileName, bytes))]);

        var astray = new List<Fault>();
        var rows = Rows(bytes, row => astray.Add(RegisterFaults.QuotationMarksAstray(Location.In(fileName, row))))
            .Where(row => !row.IsBlank)
            .ToList();
        if (astray.Count > 0)
            return Refused(astray);
        if (rows is not [var header, .. var rest])
            return Refused([RegisterFaults.RegisterEmpty(fileName)]);

        var columns = RegisterColumns.Read(fileName, header, out var misnamed);
        if (misnamed.Count > 0)
            return Refused(misnamed);
        if (rest is [])
            return Refused([RegisterFaults.RegisterWithoutMissions(fileName)]);

        var reader = new MissionReader(fileName, columns);
        var missions = rest.Select(reader.Read).ToList();
        return reader.Found.All(fault => fault.IsWarning)
            ? new(new(Convert.ToHexStringLower(SHA256.HashData(bytes.Span)), InOrder(missions)), reader.Found)
            : Refused(reader.Found);
    }

    private static RegisterReading Refused(IReadOnlyList<Fault> faults) => new(null, faults);

    private static IReadOnlyList<Mission> InOrder(IEnumerable<(int Group, Mission? Mission)> missions) =>
        [.. missions
            .Select(entry => (entry.Group, Mission: entry.Mission!))
            .OrderBy(entry => entry.Group)
            .ThenBy(entry => ProtocolOrder.Key(entry.Mission.Name), StringComparer.Ordinal)
            .ThenBy(entry => entry.Mission.Id, StringComparer.Ordinal)
            .Select(entry => entry.Mission)];

    // The first bytes of .xlsx (a ZIP archive) and of .xls (an OLE compound file).
    private static bool IsWorkbook(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\u0003\u0004"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]);

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
