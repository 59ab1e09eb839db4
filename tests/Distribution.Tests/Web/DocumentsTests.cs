using System.Net;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Web;
using Distribution.Web.Missions;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A letter that says “page: documents” is handed out on its missions' pages, by a person's press.</summary>
public sealed class DocumentsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_press_hands_out_the_very_files_that_were_frozen_and_acknowledges_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        var letter = await MissionVisitor.LetterThatLeft(workflow, "page: documents");
        await using var site = await TestSite.Open(workflow);
        var mission = await site.Page(MissionVisitor.Path(workflow, letter));
        Assert.Equal(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page, new Uri(mission.QuerySelectorAll("a").Single(link => link.TextContent == "The letter and its enclosures").GetAttribute("href")!).AbsolutePath);

        var page = await site.Page(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page);
        Assert.Equal([Samples.LetterPdf, "draft-rev-1.pdf"], page.QuerySelectorAll("dd bdi:first-child").Select(file => file.TextContent));
        // In a page of another language, what the letter calls its enclosures stays in the letter's.
        var french = await site.Page(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page + "?lang=fr");
        Assert.Equal(["fr", "en"], french.QuerySelectorAll("dt").Select(title => title.GetAttribute("lang")));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        foreach (var (place, hash) in (await Hashes(workflow, letter)).Index())
        {
            var answer = await Press(site, workflow, letter, page, place);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(hash, Distribution.Common.Sha256Hex.Of(await answer.Content.ReadAsByteArrayAsync(Cancellation)));
            Assert.Equal(("attachment", "application/pdf"), (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal(("nosniff", true), (answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Headers.CacheControl!.NoStore));
        }

        Assert.Null((await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation))?.Stands);
        Assert.Contains("A document was fetched from its page by a press, 2 times.", await AtTheDesk(workflow, letter), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_scanner_presses_or_makes_up_hands_out_nothing_and_is_counted_apart()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        var letter = await MissionVisitor.LetterThatLeft(workflow, "page: documents");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page);

        var soon = await Press(site, workflow, letter, page, 0);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, soon.StatusCode);
        var again = await TestSite.Read(soon);
        Assert.Contains("press the file’s button once more", TestSite.Words(again), StringComparison.Ordinal);
        // Nor with no seal, another mission's, or one that is a day old.
        var other = await site.Page(MissionVisitor.Path(workflow, letter, "mex") + MissionDocuments.Page);
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Press(site, workflow, letter, other, 0)).StatusCode);
        var hash = again.QuerySelector("[name=document]")!.GetAttribute("value")!;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Post(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page, ("document", hash), ("seal", "x"))).StatusCode);
        // The page that was answered with kept its time.
        Assert.Equal(HttpStatusCode.OK, (await Press(site, workflow, letter, again, 0)).StatusCode);
        workflow.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Press(site, workflow, letter, again, 0)).StatusCode);

        var desk = await AtTheDesk(workflow, letter);
        Assert.Contains("A document was fetched from its page by a press, once.", desk, StringComparison.Ordinal);
        Assert.Contains("A document was asked for sooner than a person reads the page, 4 times: it was not handed out.", desk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_embargo_nothing_is_handed_out_however_it_is_asked_for()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var letter = await MissionVisitor.LetterThatLeft(workflow, "page: documents\nembargoed_until: 2018-03-27 18:00");
        await using var site = await TestSite.Open(workflow);
        var early = await site.Page(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page);
        Assert.Contains("can be fetched here from 6 p.m. (New York time) on 27 March 2018 on.", TestSite.Words(early), StringComparison.Ordinal);
        Assert.Empty(early.QuerySelectorAll("form"));
        foreach (var hash in await Hashes(workflow, letter))
        {
            var refused = await site.Post(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page, ("document", hash), ("seal", "x"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("can be fetched here from", TestSite.Words(await TestSite.Read(refused)), StringComparison.Ordinal);
        }

        workflow.WaitUntil("2018-03-27 18:00");
        var page = await site.Page(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page);
        workflow.Clock.Advance(PersonsTime.ToConfirm);

        Assert.Equal(HttpStatusCode.OK, (await Press(site, workflow, letter, page, 0)).StatusCode);
    }

    [Theory]
    [InlineData("withdrawal", "This letter has been withdrawn.")]
    [InlineData("re-issue", "A later letter has taken the place of this one.")]
    public async Task A_letter_that_was_withdrawn_or_replaced_is_handed_out_no_more_and_its_pages_say_so_first(string correction, string words)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var letter = await MissionVisitor.LetterThatLeft(workflow, "page: documents\ndeadlines:\n  comments: 2018-04-03 18:00");
        await using var site = await TestSite.Open(workflow);
        // One that was only stopped stands for the missions that have it.
        await workflow.Get<DistributionRecords>().Change(
            letter.Id,
            found => found with { State = DistributionState.Withdrawn },
            TestContext.Current.CancellationToken);
        var page = await site.Page(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page);
        Assert.NotEmpty(page.QuerySelectorAll("form"));
        var own = MissionVisitor.Path(workflow, letter);
        var check = $"/verify?reference={(await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation)).Reference}&lang=en";
        Assert.Null((await site.Page(own)).QuerySelector("#standing"));
        Assert.Contains("Comments: 6 p.m.", TestSite.Words(await site.Page(own)), StringComparison.Ordinal);
        Assert.Null((await site.Page(check)).QuerySelector(".note"));
        var form = MissionVisitor.FormOf(await site.Page(own), ("name", "Amélie Favre"));
        var later = await MissionVisitor.LetterThatLeft(workflow, $"supersedes: Draft Rev 1\ncorrection: {correction}\npage: documents", "later");
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));

        var refused = await Press(site, workflow, letter, page, 0);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var left = await TestSite.Read(refused);
        Assert.Contains(words, TestSite.Words(left), StringComparison.Ordinal);
        Assert.Empty(left.QuerySelectorAll("form"));
        Assert.NotEmpty((await site.Page(MissionVisitor.Path(workflow, later) + MissionDocuments.Page)).QuerySelectorAll("form"));

        // Whoever had begun to fill in its form confirms the receipt all the same, and no day that may be due no more.
        var confirm = await TestSite.Read(await MissionVisitor.Sent(site, own, form, HttpStatusCode.OK));
        Assert.DoesNotContain("Comments: 6 p.m.", TestSite.Words(confirm), StringComparison.Ordinal);
        // A form that was served since has the warning on both of its pages.
        form = MissionVisitor.FormOf(await site.Page(own), ("name", "Amélie Favre"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        confirm = await TestSite.Read(await MissionVisitor.Sent(site, own, form, HttpStatusCode.OK));
        Assert.StartsWith(words, confirm.GetElementById("standing")!.TextContent, StringComparison.Ordinal);

        // Also where the rest of the later letter was stopped: some mission has it.
        await workflow.Get<DistributionRecords>().Change(later.Id, found => found with { State = DistributionState.Withdrawn }, Cancellation);
        foreach (var language in Languages.Official)
            Assert.Equal(
                PageWords.Of(language).Fill(correction == "withdrawal" ? "letter_withdrawn" : "letter_replaced", ("contact", "\u2066compact@secretariat.example\u2069")),
                (await site.Page($"{own}?lang={language}")).QuerySelector("main > :first-child")!.TextContent);
        Assert.DoesNotContain("6 p.m.", TestSite.Words(await site.Page(own)), StringComparison.Ordinal);
        // That a mission had it can still be said.
        await MissionVisitor.Acknowledges(workflow, site, own, "Amélie Favre");
        Assert.StartsWith(words, (await site.Page(own + ReceiptView.Page)).QuerySelector("main > :first-child")!.TextContent, StringComparison.Ordinal);
        var verified = correction == "withdrawal" ? "But this letter has been withdrawn since." : "But a later letter has taken its place since.";
        Assert.Equal(verified, (await site.Page(check)).QuerySelector(".panel .note")!.TextContent);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await workflow.Get<Eraser>().Erase(letter.Id, "the secretary", Cancellation));
        Assert.Equal(verified, (await site.Page(check)).QuerySelector(".panel .note")!.TextContent);
    }

    [Fact]
    public async Task A_letter_that_does_not_say_so_and_a_link_that_is_not_the_missions_own_lead_nowhere()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var silent = await MissionVisitor.LetterThatLeft(workflow, "");
        await using var site = await TestSite.Open(workflow);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get(MissionVisitor.Path(workflow, silent) + MissionDocuments.Page)).StatusCode);
        Assert.DoesNotContain("The letter and its enclosures", TestSite.Words(await site.Page(MissionVisitor.Path(workflow, silent))), StringComparison.Ordinal);
        var letter = await MissionVisitor.LetterThatLeft(workflow, "page: documents", "rev-2");
        var forged = MissionVisitor.Path(workflow, letter)[..^3] + "abc" + MissionDocuments.Page;
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get(forged)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Post(forged, ("document", "x"))).StatusCode);
    }

    [Fact]
    public async Task The_link_of_a_proof_says_that_it_hands_out_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(new Uri(workflow.Get<MissionLinks>().Proof).AbsolutePath + MissionDocuments.Page);
        Assert.Contains("This is a proof", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains("it hands out nothing", TestSite.Words(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_mail_cannot_carry_is_linked_in_it_and_handed_out_on_the_page()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Mail:MaxMessageBytes", "1500000"));
        await workflow.UseRegister("che");
        var annex = SampleUpload.Pdf([.. Enumerable.Repeat((byte)' ', 1_600_000)]);
        await workflow.Upload("gcm/rev-1/annex.pdf", annex);
        var letter = await MissionVisitor.LetterThatLeft(workflow, "  - file: annex.pdf\n    title: Annex\npage: documents", "rev-1");

        Assert.Contains("annex.pdf is linked in it", letter.Warnings.Single(finding => finding.Number == 518).Words, StringComparison.Ordinal);
        var message = Assert.Single(workflow.Sent(letter.Id));
        Assert.DoesNotContain("annex.pdf", message.Attachments.OfType<MimeKit.MimePart>().Select(part => part.FileName));
        Assert.Contains("Too large for mail, to be fetched from your mission’s page: annex.pdf", TestSite.Words(message.TextBody!), StringComparison.Ordinal);
        Assert.Contains($"{workflow.Get<MissionLinks>().For(letter.Id, "che")}/documents", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("/documents\"", message.HtmlBody, StringComparison.Ordinal);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(MissionVisitor.Path(workflow, letter) + MissionDocuments.Page);
        Assert.Contains("annex.pdf", TestSite.Words(page), StringComparison.Ordinal);
    }

    /// <summary>Presses a button of a page that was served, on the link of the mission che.</summary>
    private static Task<HttpResponseMessage> Press(
        TestSite site,
        TestWorkflow workflow,
        DistributionRecord letter,
        AngleSharp.Html.Dom.IHtmlDocument page,
        int place) =>
        site.Send(
            HttpMethod.Post,
            MissionVisitor.Path(workflow, letter) + MissionDocuments.Page,
            MissionVisitor.FormOf(page, place));

    private static async Task<IReadOnlyList<string>> Hashes(TestWorkflow workflow, DistributionRecord letter)
    {
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        return [content.Pdfs[0].Hash, content.Enclosures[0].Hash];
    }

    private static async Task<string> AtTheDesk(TestWorkflow workflow, DistributionRecord letter)
    {
        await using var site = await TestSite.Open(workflow);
        return TestSite.Words(await site.Page(Addresses.Letter(letter.Id, "che")));
    }
}
