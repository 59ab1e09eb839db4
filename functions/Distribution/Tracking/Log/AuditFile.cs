using Distribution.Tracking.Reports;

namespace Distribution.Tracking.Log;

/// <summary>
/// Writes an audit as a CSV file for Excel: first a row for the whole distribution, then one for every mission of the
/// frozen roster.
/// </summary>
internal static class AuditFile
{
    private static readonly string[] Head =
    [
        "Mission id",
        "Mission",
        "Accounted for",
        "Has the letter",
        "State on record",
        "State by the log",
        "Facts in the log",
        "Known by",
        "What breaks the proof",
    ];

    public static byte[] Write(AuditReport report)
    {
        var reach = report.Reach.Missions.ToDictionary(mission => mission.Mission.Id);
        return CsvTable.Write(
            Head,
            report.Missions
                .Select(line => (IReadOnlyList<string?>)
                [
                    line.Mission.Id,
                    line.Mission.Name,
                    line.IsAccountable ? "yes" : "no",
                    reach.GetValueOrDefault(line.Mission.Id)?.InFile ?? "not yet",
                    line.Entry?.ToString() ?? "none",
                    line.Log.ToString(),
                    $"{line.Facts}",
                    line.Evidence,
                    string.Join(" ", line.Breaches.Select(breach => breach.Words)),
                ])
                .Prepend(
                [
                    "",
                    "The whole distribution",
                    report.IsProven ? "proven"
                        : report.IsAccounted ? "all, not all sealed"
                        : "no",
                    report.Reach.Sentence,
                    report.Reach.Word,
                    report.Head,
                    $"{report.Facts} sealed, {report.Waiting} waiting",
                    "",
                    string.Join(" ", report.General.Select(breach => breach.Words)),
                ]));
    }
}
