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
            foreach (var row in rows.Prepend(head))
                Write(writer, row);
        return file.ToArray();
    }

    /// <summary>Writes each row as it comes, so that very many are never in memory together.</summary>
    /// <inheritdoc cref="Write(IReadOnlyList{string}, IEnumerable{IReadOnlyList{string?}})"/>
    public static async Task Write(
        Stream file,
        IReadOnlyList<string> head,
        IAsyncEnumerable<IReadOnlyList<string?>> rows)
    {
        using var writer = CsvWriter.Create(file, Options, leaveOpen: true);
        Write(writer, head);
        await foreach (var row in rows)
            Write(writer, row);
    }

    private static void Write(CsvWriter writer, IReadOnlyList<string?> row)
    {
        foreach (var cell in row)
            writer.WriteField(cell is null ? null : SpreadsheetCell.Inert(cell));
        writer.EndRecord();
    }

    /// <returns>Such as <c>2018-04-03T22:05:00Z</c>; null for none.</returns>
    public static string? Utc(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <returns>Such as <c>2018-04-03 18:05:00</c>, New York time; null for none.</returns>
    public static string? InNewYork(DateTimeOffset? instant) =>
        instant is { } at ? NewYorkTime.At(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : null;
}
