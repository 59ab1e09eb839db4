using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>
/// What pages and files say of a letter that did not reach everyone, and what a person can do about it there.
/// </summary>
public sealed class ReachPagesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_that_did_not_reach_one_mission_reads_complete_nowhere_and_the_front_page_names_it_first()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (message, address) =>
                    new(
                        address,
                        message.MissionId == "fra" ? MailboxResult.Refused : MailboxResult.Accepted,
                        "550 No such mailbox")));
        var letter = await workflow.Released("che", "mex", "fra");
        await workflow.CarryOutBatches();
        await workflow.Seal(letter.Id);
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{letter.Id}";

        var front = await site.Page("/");
        // Every process has a Draft Rev 1: each line says of which it is.
        Assert.Equal(
            $"Draft Rev 1: 1 mission does not have it: France. See to it, Draft Rev 1 {letter.Process}",
            TestSite.Words(front.QuerySelector("h2 ~ .trouble")!.TextContent));
        Assert.Contains(
            "2 reached, not acknowledged × 1 not reached",
            TestSite.Words(Spaced(front, ".legend")),
            StringComparison.Ordinal);
        var listed = await site.Page(front.QuerySelector(".trouble a")!.GetAttribute("href")!);
        Assert.Equal(["France"], listed.QuerySelectorAll("table.missions tbody th").Select(cell => cell.TextContent));

        var page = await site.Page(address);
        Assert.Equal("2 of 3 have it; 1 does not: France.", page.QuerySelector("#progress-words")!.TextContent);
        Assert.Equal("Draft Rev 1: Ended, not complete", page.Title);
        Assert.Equal("2 reached, not acknowledged, 1 not reached", page.QuerySelector("svg.bar")!.GetAttribute("aria-label"));
        Assert.Equal(
            ["Not reached (1)", "Never sent (0)", "Open (0)", "Silent (2)"],
            page.QuerySelectorAll("nav.filters a[id^=show-]").Skip(1).Select(link => link.TextContent));
        Assert.Contains(
            "No mission was left out",
            TestSite.Words(await site.Page($"{address}?show=neversent")),
            StringComparison.Ordinal);

        var audit = await site.Page($"{address}/audit");
        Assert.Equal(
            "Every mission is accounted for, and proven; 1 does not have the letter",
            audit.QuerySelector(".state .tag")!.TextContent);
        Assert.Equal("2 of 3 have it; 1 does not: France.", audit.QuerySelector("#reached")!.TextContent);
        foreach (var found in (IHtmlDocument[])[front, page, audit])
        {
            Assert.Null(found.QuerySelector("main .tag.good:not(dd .tag):not(table .tag):not(dl .tag)"));
            Assert.DoesNotMatch(@"\bComplete\b", TestSite.Words(found));
        }

        var csv = await Text(site, $"{address}/audit.csv");
        Assert.Contains(
            "The whole distribution,proven,2 of 3 have it; 1 does not: France.,\"Ended, not complete\"",
            csv,
            StringComparison.Ordinal);
        Assert.Contains("fra,France,yes,no,Failed", csv, StringComparison.Ordinal);
        Assert.Matches(
            "France,fra@missions.example,.*550 No such mailbox,no\r?\n",
            await Text(site, $"{address}/log.csv"));
    }

    [Fact]
    public async Task After_a_stop_those_never_sent_to_are_listed_everywhere_and_sent_to_on_purpose()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await workflow.Released("che", "mex", "fra");
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(letter.Id, 1, 1), Cancellation);
        await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation);
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{letter.Id}";

        Assert.StartsWith(
            "Draft Rev 1: 2 missions were never sent to. See to it",
            TestSite.Words((await site.Page("/")).QuerySelector(".trouble")!.TextContent),
            StringComparison.Ordinal);
        var page = await site.Page($"{address}?show=neversent");
        Assert.Equal("Draft Rev 1: Stopped", page.Title);
        Assert.Equal("1 of 3 has it; 2 were never sent to.", page.QuerySelector("#progress-words")!.TextContent);
        Assert.Equal(
            ["Mexico", "Switzerland"],
            page.QuerySelectorAll("table.missions tbody th").Select(cell => cell.TextContent));
        var unreachable = TestSite.Words(await site.Page($"{address}/unreachable"));
        Assert.Contains("2 of 3 missions; 2 were never sent to.", unreachable, StringComparison.Ordinal);
        Assert.Contains("che@missions.example: stopped before it was sent", unreachable, StringComparison.Ordinal);

        var asked = await site.Press(page, "Send to the 2 that were not sent to");
        Assert.Equal(
            "Nothing was sent: tick first that it is right that they get it after all.",
            asked.QuerySelector("[role=alert]")!.TextContent);
        ((IHtmlInputElement)asked.QuerySelector("#confirmed-never-sent")!).IsChecked = true;
        var sending = await site.Press(asked, "Send to the 2 that were not sent to");
        Assert.Equal(
            "1 of 3 has it; 2 are still to be sent to.",
            sending.QuerySelector("#progress-words")!.TextContent);
        Assert.Contains("Stopped by the secretary on", TestSite.Words(sending), StringComparison.Ordinal);
        Assert.Contains("sent after all, as", TestSite.Words(sending), StringComparison.Ordinal);
        Assert.Contains(
            "or it is on its way to them already",
            (await site.Press(asked, "Send to the 2 that were not sent to")).QuerySelector("[role=alert]")!.TextContent,
            StringComparison.Ordinal);
        await workflow.Run();
        Assert.Equal(3, transport.Offered.Count);
        Assert.Equal(
            "All 3 missions have it.",
            (await site.Page(address)).QuerySelector("#progress-words")!.TextContent);
        Assert.Contains(
            "Send to the missions a stop left out",
            TestSite.Words(await site.Page("/acts")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_sent_again_does_not_read_complete_while_it_is_sending()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.Resend(letter.Id, "che");
        await using var site = await TestSite.Open(workflow);
        Assert.DoesNotContain(
            "omplete",
            TestSite.Words((await site.Page($"/distributions/{letter.Id}")).QuerySelector("#summary")!.TextContent),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drafter_sees_who_was_left_out_and_cannot_send_to_them()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che");
        await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await site.Page($"/distributions/{letter.Id}");
        Assert.Null(page.GetElementById("send-never-sent"));
        var token = await site.Token();
        Assert.Equal(
            System.Net.HttpStatusCode.Forbidden,
            (await site.Post($"/distributions/{letter.Id}/send-never-sent", token, ("confirmed", "yes"))).StatusCode);
        Assert.Equal(DistributionState.Withdrawn, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_letter_stopped_for_its_correction_says_that_those_left_out_get_the_correction()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che");
        await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation);
        await workflow
            .Get<DistributionRecords>()
            .Change(
                letter.Id,
                found => found.With(new(workflow.Clock.GetUtcNow(), Act.Superseded, "its corrigendum", "")),
                Cancellation);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page($"/distributions/{letter.Id}");
        Assert.Null(page.GetElementById("send-never-sent"));
        Assert.Contains(
            "whoever had not got it gets the correction alone",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.Null((await site.Page("/")).QuerySelector(".trouble"));
    }

    private static string Spaced(IHtmlDocument page, string list) =>
        string.Join(' ', page.QuerySelectorAll($"{list} li").Select(item => item.TextContent));

    private static async Task<string> Text(TestSite site, string path) =>
        await (await site.Get(path)).Content.ReadAsStringAsync(Cancellation);
}
