using System.Globalization;
using Distribution.Intake;
using Distribution.Register;

namespace Distribution.Tracking.Reports;

/// <summary>The reports as CSV files.</summary>
internal static class ReportTables
{
    public static byte[] Served(ServedReport report) =>
        CsvTable.Write(
            [
                "Mission id",
                "Mission",
                "Served (UTC)",
                "Served in New York",
                "Before the time asked for",
                "Mailbox",
                "How",
                "Evidence",
                "Remarks",
            ],
            report.Lines.Select(line =>
                (string?[])
                    [
                        line.Mission.Id,
                        line.Mission.Name,
                        CsvTable.Utc(line.At),
                        CsvTable.InNewYork(line.At),
                        report.Before is { } before
                            ? line.IsServedBefore(before)
                                ? "yes"
                                : line.Of.CannotBeRead ? "not known"
                                : "no"
                            : "",
                        line.Mailbox,
                        line.How,
                        line.Evidence,
                        line.Remark,
                    ])
        );

    public static byte[] TickSheet(TickSheet sheet) =>
        CsvTable.Write(
            [
                "Number",
                "Mission id",
                "Mission",
                "First sent (UTC)",
                "First sent in New York",
                "Accepted or delivered (UTC)",
                "Accepted or delivered in New York",
                "How",
                "Acknowledged (UTC)",
                "Acknowledged in New York",
                "Acknowledged by",
                "Function",
                "How it acknowledged",
                "Recorded by",
                "Remarks",
            ],
            sheet.Lines.Select(line =>
                (string?[])
                    [
                        line.Number.ToString(CultureInfo.InvariantCulture),
                        line.Mission.Id,
                        line.Mission.Name,
                        CsvTable.Utc(line.SentAt),
                        CsvTable.InNewYork(line.SentAt),
                        CsvTable.Utc(line.Served.At),
                        CsvTable.InNewYork(line.Served.At),
                        line.Served.How,
                        CsvTable.Utc(line.Acknowledgement?.At),
                        CsvTable.InNewYork(line.Acknowledgement?.At),
                        line.Acknowledgement?.By,
                        line.Acknowledgement?.Function,
                        line.Acknowledgement is { } acknowledgement
                            ? AcknowledgementWords.Of(acknowledgement.Channel)
                            : "",
                        line.Acknowledgement?.Recorder,
                        line.Remarks,
                    ])
        );

    /// <summary>Every step of every mission's acknowledgement, missions in protocol order.</summary>
    public static byte[] Acknowledgements(IReadOnlyList<(Mission Mission, MissionAcknowledgement Record)> records) =>
        CsvTable.Write(
            [
                "Recorded (UTC)",
                "Recorded in New York",
                "Mission id",
                "Mission",
                "Step",
                "What",
                "Stands now",
                "Acknowledged by",
                "Function",
                "How",
                "Acknowledged (UTC)",
                "Acknowledged in New York",
                "Recorded by",
                "Step by",
                "Words",
            ],
            records.SelectMany(entry =>
                entry.Record.Steps.Select(
                    (step, place) =>
                        (string?[])
                            [
                                CsvTable.Utc(step.At),
                                CsvTable.InNewYork(step.At),
                                entry.Mission.Id,
                                entry.Mission.Name,
                                (place + 1).ToString(CultureInfo.InvariantCulture),
                                step.Stands is null ? "Withdrawn"
                                : place > 0 && entry.Record.Steps[place - 1].Stands is not null ? "Corrected"
                                : "Acknowledged",
                                place == entry.Record.Steps.Count - 1 && step.Stands is not null ? "yes" : "no",
                                step.Stands?.By,
                                step.Stands?.Function,
                                step.Stands is { } stands ? AcknowledgementWords.Of(stands.Channel) : "",
                                CsvTable.Utc(step.Stands?.At),
                                CsvTable.InNewYork(step.Stands?.At),
                                step.Stands?.Recorder,
                                step.By,
                                step.Words,
                            ])
            ));

    /// <summary>What was done with a distribution as a whole, the earliest first.</summary>
    public static byte[] Acts(DistributionRecord distribution) =>
        CsvTable.Write(
            ["Time (UTC)", "Time in New York", "Act", "By", "Words"],
            distribution.Acts.Select(entry =>
                (string?[])
                    [CsvTable.Utc(entry.At), CsvTable.InNewYork(entry.At), entry.Act.ToString(), entry.By, entry.Words])
        );

    /// <param name="missions">In protocol order.</param>
    public static byte[] Roster(IReadOnlyList<Mission> missions) =>
        CsvTable.Write(
            [
                "Number",
                "Mission id",
                "Kind",
                "Mission",
                "Title",
                "Head of mission",
                "Title of the head",
                "Language",
                "To",
                "Cc",
            ],
            missions.Select(
                (mission, place) =>
                    (string?[])
                        [
                            (place + 1).ToString(CultureInfo.InvariantCulture),
                            mission.Id,
                            mission.Kind.ToString(),
                            mission.Name,
                            mission.Title,
                            mission.Head is { } head ? $"{head.FormOfAddress} {head.Name}".Trim() : "",
                            mission.HeadTitle,
                            mission.Language,
                            Addresses(mission, MailboxField.To),
                            Addresses(mission, MailboxField.Cc),
                        ])
        );

    private static string Addresses(Mission mission, MailboxField field) =>
        string.Join(
            "; ",
            mission.Mailboxes.Where(mailbox => mailbox.Field == field).Select(mailbox => mailbox.Address));
}
