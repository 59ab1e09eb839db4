using System.Globalization;
using Distribution.Common;
using Distribution.Register;

namespace Distribution.Tracking.Reports;

/// <summary>The reports as lists to be printed.</summary>
internal static class ReportLists
{
    public static ListDocument Of(TickSheet sheet) =>
        List(
            sheet.Reported,
            "Tick sheet",
            $"{EnglishText.Counted(sheet.Lines.Count, "mission")} in English protocol order; {sheet.Lines.Count(line => line.Served.At is not null)} served, {sheet.Lines.Count(line => line.Acknowledgement is not null)} acknowledged{(sheet.Lines.Count(line => line.IsNotKnown) is > 0 and var unread ? string.Create(CultureInfo.InvariantCulture, $", {unread} not known") : "")}.",
            [
                new("No.", 9),
                new("Mission", 50),
                new("Sent", 36),
                new("Accepted or delivered", 36),
                new("Acknowledged", 55),
                new("Remarks", 46),
                new("Confirmed", 18, IsBox: true),
                new("Initials", 17),
            ],
            sheet.Lines.Select(line =>
                (IReadOnlyList<string>)
                    [
                        line.Number.ToString(CultureInfo.InvariantCulture),
                        line.Mission.Name,
                        line.IsNotKnown ? "Not known" : Time(line.SentAt),
                        line.IsNotKnown ? "Not known" : Time(line.Served.At),
                        line.Acknowledgement is { } acknowledgement
                            ? $"{Time(acknowledgement.At)}\n{AcknowledgementWords.Who(acknowledgement, line.Mission)}, {AcknowledgementWords.How(acknowledgement)}"
                            : "–",
                        line.Served.IsPlain
                            ? line.Remarks
                            : $"{ServedReport.Sentence(Phrase.Plain($"{line.Served.How}: {line.Served.Evidence}"))} {line.Remarks}".TrimEnd(),
                        "",
                        "",
                    ]),
            []);

    public static ListDocument Of(UnreachableList list) =>
        List(
            list.Reported,
            "Missions to reach by telephone or pouch",
            list.Lines.Count == 0 ? list.Summary : $"{list.Summary} In English protocol order.",
            [
                new("Mission", 30),
                new("Head of mission, telephone", 18),
                new("Why", 40),
                new("Last attempt", 14),
                new("Other mailboxes", 22),
                new("Reached by, when", 20),
                new("Done", 7, IsBox: true),
            ],
            list.Lines.Select(line =>
                (IReadOnlyList<string>)
                    [
                        line.Mission.Title,
                        line.Telephone is { } telephone ? $"{Head(line.Mission)}\n{telephone}" : Head(line.Mission),
                        line.Of.Acknowledgement is { } acknowledgement
                            ? $"{line.Reason} But {AcknowledgementWords.Of(acknowledgement, line.Mission)}."
                            : line.Reason,
                        line.LastAttempt is { } at ? Time(at) : line.NoAttempt,
                        line.Alternates.Count == 0 ? "None in the register" : string.Join('\n', line.Alternates),
                        "",
                        "",
                    ]),
            [list.WhereElse]);

    /// <returns>
    /// The head of mission, as in <c>H.E. Ms. Amélie Favre, Permanent Representative</c>; only the title where nobody
    /// is named.
    /// </returns>
    public static string Head(Mission mission) =>
        mission.Head is { } head ? $"{head.FormOfAddress} {head.Name}, {mission.HeadTitle}".Trim() : mission.HeadTitle;

    private static ListDocument List(
        ReportedDistribution reported,
        string title,
        string fact,
        IReadOnlyList<ListColumn> columns,
        IEnumerable<IReadOnlyList<string>> rows,
        IReadOnlyList<string> notes)
    {
        var distribution = reported.Distribution;
        return new(
            title,
            NewYorkTime.At(reported.Now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            $"{distribution.Process}, {distribution.DraftLabel}{(distribution.Version > 1 ? string.Create(CultureInfo.InvariantCulture, $", version {distribution.Version}") : "")}",
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Letter of {distribution.Date:d MMMM yyyy}; {distribution.Id}"),
                fact,
                $"As on record on {NewYorkTime.Words(reported.Now)} All times are New York time.",
            ],
            columns,
            [.. rows],
            notes);
    }

    /// <summary>
    /// A short form, with a no-break space so that it stays on one line where possible: <c>3 Apr 2018, 6.05 p.m.</c>
    /// </summary>
    private static string Time(DateTimeOffset? instant)
    {
        if (instant is null)
            return "–";
        var time = NewYorkTime.At(instant.Value);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time:d MMM yyyy}, {time:h.mm}\u00a0{(time.Hour < 12 ? "a.m." : "p.m.")}");
    }
}
