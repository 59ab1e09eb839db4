using Distribution.Register;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tracking;
using Distribution.Tracking.Reports;
using Xunit;
using static Distribution.Tests.Tracking.Reports.ReportSamples;

namespace Distribution.Tests.Tracking.Reports;

/// <summary>Lists on paper.</summary>
public sealed class ListTypesetterTests
{
    private static readonly IReadOnlyList<Mission> Everyone = RegisterCsv.Seed().Missions;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ListTypesetter Printer => new(TypesetterFixture.Shared);

    [Fact]
    public async Task A_tick_sheet_of_all_missions_has_each_once_and_its_head_on_every_page()
    {
        var reported = Of([
            .. Everyone.Select(
                (mission, place) =>
                    place % 40 == 3
                        ? Dispatch(mission.Id, Accepted(0), CameBack(place))
                        : Dispatch(mission.Id, Accepted(place))),
        ]);
        var pdf = await Printer.ToPdf(ReportLists.Of(TickSheet.Of(reported)), Cancellation);
        // Each row is read out with the mission's name, and each of its cells with that and the name of its column.
        var tags = System.Text.Encoding.Latin1.GetString(pdf.Span);
        Assert.Equal(Everyone.Count, System.Text.RegularExpressions.Regex.Count(tags, @"/S /TH\s[^>]*/Scope /Row"));
        Assert.DoesNotContain("/Headers [(", tags, StringComparison.Ordinal);
        Assert.DoesNotContain("\u200b", Pdf.Text(pdf), StringComparison.Ordinal);
        var pages = Pdf.PageTexts(pdf);
        Assert.InRange(pages.Count, 5, 30);
        for (var page = 0; page < pages.Count; page++)
        {
            Assert.Contains($"Page {page + 1} of {pages.Count}", pages[page], StringComparison.Ordinal);
            Assert.Contains("Accepted or delivered", pages[page], StringComparison.Ordinal);
            Assert.Contains("Global Compact for Migration, Draft Rev 1", pages[page], StringComparison.Ordinal);
        }

        var text = string.Join(' ', pages);
        var from = 0;
        foreach (var mission in Everyone)
        {
            var found = text.IndexOf(mission.Name.Split(' ')[0], from, StringComparison.Ordinal);
            Assert.True(found >= 0, $"{mission.Name} is not where it should be.");
            from = found;
        }

        Assert.Equal((true, "en"), Pdf.Structure(pdf));
        Assert.Contains("Tick sheet", Pdf.Metadata(pdf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_stands_in_a_cell_is_printed_as_text()
    {
        var evil = Mission("mex") with
        {
            Titles = new Dictionary<string, string> { ["en"] = "#read(\"/etc/passwd\") $x$ *bold* @cite" },
        };
        var roster = new ReportedRoster(
            [evil],
            [Dispatch("mex", CameBack(1))],
            new Dictionary<string, MissionAcknowledgement>());
        var list = UnreachableList.Of(
            ReportedDistribution.Of(ReportSamples.Distribution, SampleLetter.Source, roster, [], Sent),
            []);
        var text = Pdf.Text(await Printer.ToPdf(ReportLists.Of(list), Cancellation));
        Assert.Contains("#read(\"/etc/passwd\") $x$ *bold* @cite", Plain(text), StringComparison.Ordinal);
        Assert.Contains("550 No such user", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_character_that_no_font_has_keeps_no_list_from_being_printed()
    {
        var acknowledged = new Acknowledgement("Zoë 🙂 王小明 أحمد", null, AcknowledgementChannel.Page, Sent);
        var sheet = TickSheet.Of(
            Of(
                [Dispatch("mex", Accepted(0))],
                [Acknowledged("mex", new AcknowledgementStep("1", Sent, "Zoë", acknowledged))]));
        var text = Pdf.Text(await Printer.ToPdf(ReportLists.Of(sheet), Cancellation));
        Assert.Contains("Zoë ? 王小明", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_list_is_the_same_file()
    {
        var list = ReportLists.Of(TickSheet.Of(Of(Dispatch("mex", Accepted(0)))));
        Assert.Equal(
            (await Printer.ToPdf(list, Cancellation)).ToArray(),
            (await Printer.ToPdf(list, Cancellation)).ToArray());
    }

    private static string Plain(string text) => text.Replace("\u200b", "", StringComparison.Ordinal);
}
