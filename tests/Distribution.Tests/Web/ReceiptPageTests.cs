using System.Net;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What a mission prints or keeps once it has acknowledged.</summary>
public sealed class ReceiptPageTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_who_acknowledged_what_and_when_and_by_which_signs_the_letter_is_known()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var distribution = await workflow.AcceptedWith("reference: GCM/2018/7");
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution.Id);
        await MissionVisitor.Acknowledges(workflow, site, link, "Amélie <b>Favre</b>", "Second Secretary");

        var address = (await site.Page(link)).QuerySelector(".choose a")!.GetAttribute("href")!;
        Assert.Equal($"{link}/receipt", address);
        var page = await site.Page(address);

        var content = await workflow.Get<FrozenContents>().Find(distribution.Id, Cancellation);
        var words = TestSite.Words(page);
        foreach (
            var said in (string[])
                [
                    "Permanent Mission of Switzerland to the United Nations",
                    "Amélie <b>Favre</b>",
                    "Second Secretary",
                    "12 noon (New York time) on 26 March 2018",
                    "on the mission’s page",
                    "Draft Rev 1",
                    "GCM/2018/7",
                    VerificationReference.Shown(content.Reference),
                    content.Pdfs[0].File,
                    content.Pdfs[0].Hash[..16],
                    "Draft Rev 1 of the Global Compact",
                    content.Enclosures[0].Hash[..16],
                    "write to \u2066compact@secretariat.example\u2069",
                ])
            Assert.Contains(said, words, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("form, script"));
        var check = page.QuerySelector("a[href^='/verify']")!.GetAttribute("href")!;
        Assert.Contains("A letter with this reference was sent.", TestSite.Words(await site.Page(check)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ar", "إيصال استلام Draft Rev 1", "سويسرا")]
    [InlineData("fr", "Récépissé : Draft Rev 1", "Suisse")]
    [InlineData("zh", "收件凭据：Draft Rev 1", "瑞士")]
    public async Task It_is_in_the_language_that_was_chosen_and_leads_back_in_it_and_calls_the_mission_by_its_name(string language, string heading, string mission)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution.Id);
        // As a call is recorded where nobody gave a name.
        await MissionVisitor.Acknowledges(workflow, site, link, "Switzerland");

        var page = await site.Page($"{link}/receipt?lang={language}");

        Assert.Contains(mission, TestSite.Words(page), StringComparison.Ordinal);
        Assert.Equal((language, heading), (page.DocumentElement.GetAttribute("lang"), page.QuerySelector("h1")!.TextContent.Plain()));
        Assert.NotNull(page.QuerySelector($"a[href='{link}?lang={language}']"));
        Assert.Equal(6, page.QuerySelectorAll(".languages a").Length);
    }

    [Fact]
    public async Task It_says_how_the_secretariat_heard_of_it_where_the_mission_did_not_use_its_page()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        var now = workflow.Clock.GetUtcNow();
        foreach (
            var (channel, how) in ((AcknowledgementChannel, string)[])
                [
                    (AcknowledgementChannel.Reply, "by a reply to the letter"),
                    (AcknowledgementChannel.Telephone, "by telephone, written down by the secretariat"),
                    (AcknowledgementChannel.NoteVerbale, "by note verbale, written down by the secretariat"),
                    (AcknowledgementChannel.InPerson, "in person, written down by the secretariat"),
                ])
        {
            var before = (await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))?.LastId;
            await workflow
                .Get<Acknowledgements>()
                .Record(
                    distribution.Id,
                    "che",
                    before,
                    new($"{channel}", now, "amélie", new("Ambassador", null, channel, now, "amélie")) { IsSecretariats = true },
                    Cancellation);
            var words = TestSite.Words(await site.Page($"{Link(workflow, distribution.Id)}/receipt"));
            Assert.Contains(how, words, StringComparison.Ordinal);
            Assert.DoesNotContain("amélie", words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_nothing_is_on_record_there_is_none_and_no_link_but_the_missions_own_leads_to_one()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution.Id);
        Assert.Equal(link, (await site.Get($"{link}/receipt")).Headers.Location?.ToString());

        await MissionVisitor.Acknowledges(workflow, site, link, "Amélie Favre");
        await site.Page($"{link[..^3]}/receipt", HttpStatusCode.NotFound);
        await site.Page($"{link[..^1]}{(link[^1] == 'A' ? 'B' : 'A')}/receipt", HttpStatusCode.NotFound);

        await MissionVisitor.Acknowledges(workflow, site, link, "Amélie Favre", act: "?act=withdraw");
        var gone = await site.Get($"{link}/receipt?lang=ru");
        Assert.Equal((HttpStatusCode.SeeOther, $"{link}?lang=ru"), (gone.StatusCode, gone.Headers.Location?.ToString()));
    }

    private static string Link(TestWorkflow workflow, string distribution) =>
        new Uri(workflow.Get<MissionLinks>().For(distribution, "che")).AbsolutePath;
}
