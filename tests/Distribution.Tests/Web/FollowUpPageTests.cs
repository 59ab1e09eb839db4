using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Web.Desk;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What comes after a letter, as the desk's page shows it and lets a person decide it.</summary>
public sealed class FollowUpPageTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_with_an_hour_says_when_it_leaves_and_can_be_held_back()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await workflow.UseRegister("che", "mex");
        var letter = await workflow.AcceptedWith("send: 2018-03-26 18:00");
        await using var site = await TestSite.Open(workflow);
        var page = Addresses(letter);
        Assert.Contains(
            "the letters leave by themselves on 26 March 2018, 6.00 p.m. New York time",
            TestSite.Words(await site.Page(page)),
            StringComparison.Ordinal);

        var scheduled = await site.Press(
            page,
            "Send Draft Rev 1 to 2 missions on 26 March 2018, 6.00 p.m. New York time");
        Assert.Contains(
            "Leaves on 26 March 2018, 6.00 p.m. New York time",
            TestSite.Words(scheduled),
            StringComparison.Ordinal);
        var held = await site.Press(page, "Hold back Draft Rev 1");
        Assert.Equal("Draft Rev 1: waits for release", TestSite.Words(held.QuerySelector("h1")!.TextContent));
    }

    [Fact]
    public async Task What_must_be_confirmed_stands_above_the_button_and_the_server_insists_on_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var first = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.Upload("gcm/again/letter.md", Samples.Letter());
        await workflow.Upload("gcm/again/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, with other words"));
        await workflow.Reconcile();
        var again = (await workflow.Distributions()).Single(distribution => distribution.Id != first.Id);
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page(Addresses(again));
        Assert.Contains("missions then hold two texts of one name", TestSite.Words(page), StringComparison.Ordinal);
        Assert.True(page.QuerySelector($"input[name^='{ReleaseEndpoints.Reason}']")!.HasAttribute("required"));
        var refused = await site.Press(page, "Send Draft Rev 1 to 1 mission");
        Assert.Contains(
            "Nothing was sent: this letter leaves only when you have confirmed what stands above the button, and given the reasons it asks for.",
            TestSite.Words(refused),
            StringComparison.Ordinal);
        Assert.Equal(
            DistributionState.AwaitingRelease,
            (await workflow.Get<DistributionRecords>().Find(again.Id, Cancellation))!.State);

        // A reason that was typed is not typed twice, though the button means something else by now.
        Reason(refused).Value = "The \"first\" is <void>.";
        refused.QuerySelector<IHtmlInputElement>("#release-part input[name=step]")!.Value = $"{ReleaseStep.Approves}";
        Assert.Equal(
            "The \"first\" is <void>.",
            Reason(await site.Press(refused, "Send Draft Rev 1 to 1 mission")).Value);

        static IHtmlInputElement Reason(IHtmlDocument page) =>
            page.QuerySelector<IHtmlInputElement>($"input[name^='{ReleaseEndpoints.Reason}']")!;
    }

    [Fact]
    public async Task Reminders_are_listed_sent_by_hand_and_stopped()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseRegister("che", "mex");
        var letter = await workflow.AcceptedWith("remind: on 2018-04-03");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var page = Addresses(letter);
        Assert.Contains(
            "3 April 2018, 10.00 a.m. New York time Planned",
            TestSite.Words(await site.Page(page)),
            StringComparison.Ordinal);

        await site.Press(page, "Send a reminder to 2 missions");
        await workflow.Run();
        Assert.Contains(
            "Reminder of Draft Rev 1 sent to 2 missions Complete",
            TestSite.Words(await site.Page(page)),
            StringComparison.Ordinal);
        var reminder = await site.Page($"/distributions/{letter.Id}-r2");
        Assert.Contains(
            "This is a reminder to Draft Rev 1, letter of 26 March 2018.",
            TestSite.Words(reminder),
            StringComparison.Ordinal);

        Assert.Contains(
            "Stopped",
            TestSite.Words(await site.Press(page, "Stop all reminders of this letter")),
            StringComparison.Ordinal);
        Assert.DoesNotContain("-r2", TestSite.Words(await site.Page("/")), StringComparison.Ordinal);
        Assert.Single((await site.Page("/")).QuerySelectorAll("tbody tr"));
    }

    [Fact]
    public async Task A_mission_is_added_on_a_page_of_its_own_and_a_wish_that_cannot_be_met_is_answered_in_words()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.UseRegister("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var form = (await site.Page(Addresses(letter))).GetElementById("add")!.Closest("form")!;
        var token = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

        var answer = await site.Post(
            form.GetAttribute("action")!,
            ("__RequestVerificationToken", token),
            ("mission", "mex"),
            ("language", ""));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith(
            $"/distributions/{letter.Id}-a1?act=",
            answer.Headers.Location!.ToString(),
            StringComparison.Ordinal);
        Assert.Contains(
            "This is an addendum to Draft Rev 1",
            TestSite.Words(await site.Page($"/distributions/{letter.Id}-a1")),
            StringComparison.Ordinal);
        Assert.Contains("Prepared on", TestSite.Words(await site.Page(Addresses(letter))), StringComparison.Ordinal);

        var refused = await site.Post(
            form.GetAttribute("action")!,
            ("__RequestVerificationToken", token),
            ("mission", "che"),
            ("language", ""));
        Assert.StartsWith(
            "Nothing was prepared. Switzerland is on the list already",
            await DeskTests.Said(site, refused),
            StringComparison.Ordinal);
        // The remedy names what stands on the mission's page, and is in the reader's language.
        var remedy = (await site.Page($"/distributions/{letter.Id}/letters/che")).QuerySelectorAll("summary").Select(summary => summary.TextContent);
        Assert.Contains("Send the letter once more", remedy);
        await site.Get("/language?of=fr&back=/");
        Assert.StartsWith("Rien n’a été préparé. Cette mission (Suisse) figure déjà sur la liste", await DeskTests.Said(site, refused), StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await site.Post(form.GetAttribute("action")!, ("mission", "mex"))).StatusCode);
    }

    [Fact]
    public async Task All_missions_the_letter_did_not_reach_get_it_once_more()
    {
        var results = new Queue<MailboxResult>([MailboxResult.Refused, MailboxResult.Refused, MailboxResult.Accepted]);
        var transport = new TransportStub(
            (_, address) => new(address, results.TryDequeue(out var result) ? result : MailboxResult.Accepted, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        var letter = await workflow.Released("che", "mex", "fra");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var shown = await site.Page(Addresses(letter));
        await site.Press(shown, "Send again to 2 missions");
        await workflow.Run();
        Assert.Contains(
            "or its distribution was stopped or superseded.",
            TestSite.Words(await site.Press(shown, "Send again to 2 missions")),
            StringComparison.Ordinal);
        Assert.Equal(5, transport.Offered.Count);
        Assert.All(await workflow.Dispatches(letter.Id), entry => Assert.Equal(DeliveryState.Accepted, entry.State));
        Assert.DoesNotContain(
            "Send again to",
            TestSite.Words(await site.Page(Addresses(letter))),
            StringComparison.Ordinal);
    }

    private static string Addresses(DistributionRecord distribution) => $"/distributions/{distribution.Id}";
}
