using CsvHelper;
using Distribution.Common;

namespace Distribution.Tracking;

/// <summary>
/// Writes the delivery log as a file for Excel: CSV in UTF-8 with a byte order mark. Cells that Excel would run as
/// formulas are escaped.
/// </summary>
internal static class DeliveryLogFile
{
    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with
    {
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
    };

    /// <param name="reach">
    /// Whether each mission has the letter now. A single line of the log does not show that.
    /// </param>
    public static byte[] Write(IReadOnlyList<LogLine> lines, Reach reach)
    {
        var missions = reach.Missions.ToDictionary(mission => mission.Mission.Id, mission => mission.InFile);
        using var file = new MemoryStream();
        using (var writer = CsvWriter.Create(file, Options, leaveOpen: true))
        {
            writer.WriteRecord(
                "Time (UTC)",
                "Time in New York",
                "Mission id",
                "Mission",
                "Mailbox",
                "To or Cc",
                "Attempt",
                "Message-ID",
                "Result",
                "Server's answer",
                "The mission has the letter");
            foreach (var line in lines)
                Write(writer, line, missions.GetValueOrDefault(line.MissionId, "not yet"));
        }

        return file.ToArray();
    }

    private static void Write(CsvWriter writer, LogLine line, string hasIt)
    {
        writer.WriteField(line.At?.UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss'Z'");
        writer.WriteField(line.At is { } at ? NewYorkTime.At(at).DateTime : (DateTime?)null, "yyyy-MM-dd HH:mm:ss");
        writer.WriteField(line.MissionId);
        writer.WriteField(line.Mission);
        writer.WriteField(line.Mailbox?.Address);
        writer.WriteField(line.Mailbox?.Field.ToString());
        writer.WriteField(line.Attempt, default);
        writer.WriteField(line.MessageId);
        writer.WriteField(line.Result);
        writer.WriteField(line.Answer);
        writer.WriteField(hasIt);
        writer.EndRecord();
    }
}
