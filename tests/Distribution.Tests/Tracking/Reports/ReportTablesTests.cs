using System.Text;
using CsvHelper;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Reports;
using Xunit;
using static Distribution.Tests.Tracking.Reports.ReportSamples;

namespace Distribution.Tests.Tracking.Reports;

/// <summary>The reports as tables.</summary>
public sealed class ReportTablesTests
{
    private static readonly Acknowledgement ByTelephone = new(
        "Amélie Favre",
        "Second Secretary",
        AcknowledgementChannel.Telephone,
        Sent.AddHours(2),
        "Zoë");

    [Fact]
    public void The_served_report_has_both_clocks_and_says_whether_it_was_in_time()
    {
        var rows = Rows(
            ReportTables.Served(
                ServedReport.Of(Of(Dispatch("che", Accepted(0)), Dispatch("mex", Accepted(60))), Sent.AddMinutes(30))));
        Assert.Equal(
            [
                "che",
                "Switzerland",
                "2018-04-03T18:00:00Z",
                "2018-04-03 14:00:00",
                "yes",
                "che@missions.example",
                "Accepted by the mail server",
                "The server's own answer",
                "",
            ],
            rows[1]);
        Assert.Equal("no", rows[2][4]);
    }

    [Fact]
    public void The_tick_sheet_has_every_mission_in_order_with_its_acknowledgement()
    {
        var reported = Of(
            [
                Dispatch("afg", Event(-1, DeliveryEventKind.HandingOver), Accepted(0)),
                Dispatch("mex", CameBack(1)),
                Untried("che"),
            ],
            [Acknowledged("mex", new AcknowledgementStep("1", Sent, "Zoë", ByTelephone))]);
        var rows = Rows(ReportTables.TickSheet(TickSheet.Of(reported)));
        Assert.Equal(["1", "afg", "2", "mex", "3", "che"], rows.Skip(1).SelectMany(row => row.Take(2)));
        Assert.Equal(
            [
                "2018-04-03T17:59:00Z",
                "2018-04-03 13:59:00",
                "2018-04-03T18:00:00Z",
                "2018-04-03 14:00:00",
                "Accepted by the mail server",
            ],
            rows[1][3..8]);
        Assert.Equal(
            [
                "",
                "",
                "",
                "2018-04-03T20:00:00Z",
                "2018-04-03 16:00:00",
                "Amélie Favre",
                "Second Secretary",
                "by telephone",
                "Zoë",
            ],
            rows[2][5..14]);
        Assert.Equal("Not sent yet.", rows[3][14]);
    }

    [Fact]
    public void Acknowledgements_are_told_step_by_step()
    {
        var rows = Rows(
            ReportTables.Acknowledgements([
                (
                    Mission("mex"),
                    Acknowledged(
                        "mex",
                        new(
                            "1",
                            Sent,
                            "Amélie Favre",
                            ByTelephone with
                            {
                                Channel = AcknowledgementChannel.Page,
                                Recorder = null,
                            }),
                        new("2", Sent.AddHours(1), "Zoë", ByTelephone, "They called."),
                        new("3", Sent.AddHours(2), "Zoë", null, "A mistake."))),
                (
                    Mission("che"),
                    Acknowledged("che", new AcknowledgementStep("4", Sent, "Jean", ByTelephone with { By = "Jean" }))),
            ])
        );
        Assert.Equal(["Acknowledged", "Corrected", "Withdrawn", "Acknowledged"], rows.Skip(1).Select(row => row[5]));
        Assert.Equal(["no", "no", "no", "yes"], rows.Skip(1).Select(row => row[6]));
        Assert.Equal(
            [
                "Amélie Favre",
                "Second Secretary",
                "by telephone",
                "2018-04-03T20:00:00Z",
                "2018-04-03 16:00:00",
                "Zoë",
                "Zoë",
                "They called.",
            ],
            rows[2][7..]);
        Assert.Equal(["", "", "", "", "", "", "Zoë", "A mistake."], rows[3][7..]);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("\t=1", "'\t'=1")]
    [InlineData("Ana; =1+1", "Ana; '=1+1")]
    public void No_cell_and_no_part_of_one_acts_as_a_formula_and_Excel_sees_every_script(string typed, string written)
    {
        var file = ReportTables.Acknowledgements([
            (
                Mission("mex"),
                Acknowledged("mex", new AcknowledgementStep("1", Sent, "美", ByTelephone with { By = typed }))),
        ]);
        Assert.Equal(written, Rows(file)[1][7]);
        Assert.Equal([0xEF, 0xBB, 0xBF], file[..3]);
        Assert.Contains("美", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
    }

    internal static List<string[]> Rows(byte[] file)
    {
        using var reader = CsvReader.Create(file, CsvReaderOptions.Default with { HasHeader = false });
        List<string[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }
}
