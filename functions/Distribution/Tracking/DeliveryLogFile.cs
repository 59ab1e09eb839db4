using System.Globalization;
using Distribution.Mail;
using Distribution.Tracking.Reports;

namespace Distribution.Tracking;

/// <summary>
/// Writes the delivery log as a CSV file for Excel. It has no tokens of Message-IDs: a token proves that a report is
/// about that very message, and the file may be passed on.
/// </summary>
internal static class DeliveryLogFile
{
    private static readonly string[] Head =
    [
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
        "The mission has the letter",
    ];

    /// <param name="reach">
    /// Whether each mission has the letter now. A single line of the log does not show that.
    /// </param>
    public static byte[] Write(IReadOnlyList<LogLine> lines, Reach reach)
    {
        var missions = reach.Missions.ToDictionary(mission => mission.Mission.Id, mission => mission.InFile);
        return CsvTable.Write(
            Head,
            lines.Select(line => (IReadOnlyList<string?>)
            [
                CsvTable.Utc(line.At),
                CsvTable.InNewYork(line.At),
                line.MissionId,
                line.Mission,
                line.Mailbox?.Address,
                line.Mailbox?.Field.ToString(),
                line.Attempt?.ToString(CultureInfo.InvariantCulture),
                line.MessageId is { } id ? SentMessageId.WithoutTokens(id) : null,
                line.Result,
                SentMessageId.WithoutTokens(line.Answer),
                missions.GetValueOrDefault(line.MissionId, "not yet"),
            ]));
    }
}
