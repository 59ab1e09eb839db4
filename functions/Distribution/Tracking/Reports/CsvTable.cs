using System.Globalization;
using CsvHelper;
using Distribution.Common;
using Distribution.Register;

namespace Distribution.Tracking.Reports;

/// <summary>
/// Writes a table as a file for Excel: CSV in UTF-8 with a byte order mark. What Excel would run as a formula has an
/// apostrophe before it.
/// </summary>
internal static class CsvTable
{
    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with
    {
        WriteByteOrderMark = true,
    };

    /// <param name="head">The names of the columns.</param>
    public static byte[] Write(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string?>> rows)
    {
        using var file = new MemoryStream();
        using (var writer = CsvWriter.Create(file, Options, leaveOpen: true))
        {
            foreach (var row in rows.Prepend(head))
            {
                foreach (var cell in row)
                    writer.WriteField(cell is null ? null : SpreadsheetCell.Inert(cell));
                writer.EndRecord();
            }
        }

        return file.ToArray();
    }

    public static string? Utc(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string? InNewYork(DateTimeOffset? instant) =>
        instant is { } at ? NewYorkTime.At(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : null;
}
