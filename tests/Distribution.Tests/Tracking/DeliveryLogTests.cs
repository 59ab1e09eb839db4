using System.Text;
using CsvHelper;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tests.Tracking.Reports;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

public sealed class DeliveryLogTests
{
    private static readonly DateTimeOffset Sent = new(2018, 3, 26, 22, 5, 0, TimeSpan.Zero);

    private static readonly IReadOnlyList<Mission> Roster =
        [.. RegisterCsv.Seed().Missions.Where(mission => mission.Id is "che" or "mex")];

    [Fact]
    public void Has_a_line_for_each_try_of_each_mailbox_with_both_clocks()
    {
        var rows = Rows(
            Dispatch(
                "mex",
                Box(
                    "mission@mex.example",
                    MailboxField.To,
                    Try(0, DeliveryEventKind.NotNow, "450 Later"),
                    Try(5, DeliveryEventKind.Accepted, "250 OK")),
                Box("copy@mex.example", MailboxField.Cc, Try(0, DeliveryEventKind.Refused, "550 No such user"))));

        Assert.Equal(
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
            ],
            rows[0]);
        Assert.Equal(
            [
                "2018-03-26T22:05:00Z",
                "2018-03-26 18:05:00",
                "mex",
                "Mexico",
                "mission@mex.example",
                "To",
                "1",
                "gcm.mex.1@secretariat.example",
                "Not accepted for now",
                "450 Later",
                "yes",
            ],
            rows[1]);
        Assert.Equal(["2018-03-26T22:10:00Z", "Accepted by the mail server", "250 OK"], Pick(rows[2], 0, 8, 9));
        Assert.Equal(["copy@mex.example", "Cc", "Refused", "550 No such user"], Pick(rows[3], 4, 5, 8, 9));
    }

    [Fact]
    public void Mentions_missions_in_protocol_order_and_those_not_tried_yet_once()
    {
        var rows = Rows(
            Dispatch("mex") with { Attempts = [] },
            Dispatch("che", Box("mission@che.example", MailboxField.To, Try(0, DeliveryEventKind.Accepted, "250 OK"))));
        Assert.Equal(["mex", "che"], rows.Skip(1).Select(row => row[2]));
        Assert.Equal(["", "", "mex", "Mexico", "", "", "", "", "Not tried yet", "", "not yet"], rows[1]);
    }

    [Fact]
    public void Does_not_say_of_a_mission_whose_record_is_missing_that_nothing_was_tried() =>
        Assert.Equal(
            ["mex", "Not known: its record is missing or cannot be read"],
            Pick(Rows(Dispatch("che", Box("mission@che.example", MailboxField.To)))[1], 2, 8));

    [Fact]
    public void Mentions_a_mailbox_of_an_attempt_that_was_not_tried_yet() =>
        Assert.Equal(
            ["mission@che.example", "Not tried yet"],
            Pick(Rows(Dispatch("che", Box("mission@che.example", MailboxField.To)))[2], 4, 8));

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(1)", "'@SUM(1)")]
    [InlineData("\t=1", "'\t'=1")]
    [InlineData("\r=1", "'\r'=1")]
    // Where Excel separates by semicolons, or the file is read by another program.
    [InlineData("550 no;=cmd|' /C calc'!A0", "550 no;'=cmd|' /C calc'!A0")]
    [InlineData("550 \"no\"; @SUM(1)|+1\n-1", "550 \"no\"; '@SUM(1)|'+1\n'-1")]
    [InlineData("550 5.1.1 no-such = user; a+b@x.example", "550 5.1.1 no-such = user; a+b@x.example")]
    public void Keeps_a_cell_and_each_part_of_it_from_acting_as_a_formula(string answer, string written) =>
        Assert.Equal(
            written,
            Rows(
                Dispatch("che", Box("mission@che.example", MailboxField.To, Try(0, DeliveryEventKind.Refused, answer)))
            )[2][9]);

    // With one, and a letter's reference, whoever is handed the file could write for the mission.
    [Fact]
    public void Holds_no_token_of_a_message_not_even_in_a_servers_answer() =>
        Assert.Equal(
            ["abcdefgh.che.1.…@secretariat.example", "250 2.6.0 <abcdefgh.che.1.…@secretariat.example> Queued"],
            Pick(
                ReportTablesTests.Rows(DeliveryLogFile.Write(
                    [new(null, "che", "Switzerland", null, 1, "abcdefgh.che.1.abcdefghijklmnopqrstuvwx@secretariat.example", "Accepted", "250 2.6.0 <abcdefgh.che.1.abcdefghijklmnopqrstuvwx@secretariat.example> Queued")],
                    new(DistributionState.Sending, 1, [])))[1],
                7,
                9));

    [Fact]
    public void Is_UTF_8_with_a_byte_order_mark_so_that_Excel_shows_every_script()
    {
        var file = DeliveryLogFile.Write(
            [new(null, "civ", "Côte d’Ivoire 科特迪瓦", null, null, null, "Not tried yet", "")],
            new(DistributionState.Sending, 1, []));
        Assert.Equal([0xEF, 0xBB, 0xBF], file[..3]);
        Assert.Contains("Côte d’Ivoire 科特迪瓦", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
    }

    private static Reach Reach(IReadOnlyList<MissionEntry> entries) =>
        new(
            DistributionState.Sending,
            Roster.Count,
            [
                .. entries.Select(entry => new MissionReach(
                    Roster.Single(mission => mission.Id == entry.MissionId),
                    entry.State,
                    IsAcknowledged: false)),
            ]);

    private static List<string[]> Rows(params IReadOnlyList<MissionEntry> entries)
    {
        using var reader = CsvReader.Create(
            DeliveryLogFile.Write(DeliveryLog.Of(entries, Roster), Reach(entries)),
            CsvReaderOptions.Default with
            {
                HasHeader = false,
            });
        List<string[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }

    private static string[] Pick(string[] row, params int[] columns) => [.. columns.Select(column => row[column])];

    private static MissionEntry Dispatch(string mission, params MailboxDelivery[] mailboxes) =>
        new(
            "gcm",
            mission,
            mission == "mex" ? 1 : 2,
            [new(1, $"gcm.{mission}.1@secretariat.example", Sent, [.. mailboxes])],
            null,
            null);

    private static MailboxDelivery Box(string address, MailboxField field, params DeliveryEvent[] events) =>
        new(new(address, field), [.. events]);

    private static DeliveryEvent Try(int minutes, DeliveryEventKind kind, string answer) =>
        new(Sent.AddMinutes(minutes), kind, answer);
}
