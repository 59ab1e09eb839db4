using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Hosting;
using Distribution.Tests.Storage;
using Distribution.Tests.Tracking.Log;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>A release pressed on a letter's page can be undone for a minute, until its first letter leaves.</summary>
public sealed class UndoTests(AzuriteFixture azurite)
{
    private const string Send = "Send Draft Rev 1 to 2 missions";
    private const string Undo = "Undo: do not send Draft Rev 1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_leaves_for_a_minute_and_then_everything_does()
    {
        await using var workflow = await Open();
        var page = Addresses.Distribution((await workflow.Accepted("che", "mex")).Id);
        await using var site = await TestSite.Open(workflow);
        Assert.Contains("you have 1 minute to undo it", TestSite.Words(await site.Page(page)), StringComparison.Ordinal);
        var shown = await site.Page(page);
        var released = await site.Press(shown, Send);
        // A double click.
        Assert.StartsWith(
            "This letter had been released already, by ",
            Told(await site.Press(shown, Send)),
            StringComparison.Ordinal);
        Assert.Equal("Leaves at 12.01.00 p.m. New York time", released.GetElementById("leaves-at")!.TextContent);
        Assert.Contains("undone for another 60 seconds", TestSite.Words(released), StringComparison.Ordinal);
        Assert.Equal(
            "Draft Rev 1: released, nothing has left yet",
            TestSite.Words(released.QuerySelector("h1")!.TextContent));

        workflow.Clock.Advance(TimeSpan.FromSeconds(59));
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.Contains("for another 1 second.", TestSite.Words(await site.Page(page)), StringComparison.Ordinal);

        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        var letter = await workflow.TheDistribution();
        Assert.Equal(
            (DistributionState.Complete, workflow.Clock.GetUtcNow(), null),
            (letter.State, letter.ReleasedAt, letter.LeavesAt));
    }

    [Fact]
    public async Task A_message_in_the_queue_brings_it_to_the_second_and_one_that_comes_too_soon_sends_nothing()
    {
        await using var workflow = await Open();
        var letter = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow);
        await site.Press(Addresses.Distribution(letter.Id), Send);
        var message = Json.Write(new Batch(letter.Id, null, IsRelease: true));
        Assert.Equal(1, (await workflow.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        Assert.Null((await workflow.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value);

        await workflow.Get<BatchHandler>().Dispatch(message, Cancellation);
        Assert.Equal(DistributionState.Scheduled, (await workflow.TheDistribution()).State);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        // A letter of one batch goes on with it. Where a worker has died between the two, it comes again.
        await using (var dying = workflow.OverStorage(
            new Meanwhile(ResourceNames.JournalsTable, () => throw new InvalidOperationException("It died."))))
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                dying.Get<BatchHandler>().Dispatch(message, Cancellation));
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        Assert.Empty(workflow.Sent());
        await workflow.Get<BatchHandler>().Dispatch(message, Cancellation);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        await workflow.Get<BatchHandler>().Dispatch(message, Cancellation);
        Assert.Equal(1, (await workflow.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task Undone_it_waits_for_release_and_nothing_leaves_until_both_have_looked_again()
    {
        await using var workflow = await Open(("Release:People", "2"));
        var letter = await workflow.Accepted("che", "mex");
        var page = Addresses.Distribution(letter.Id);
        await using var first = await TestSite.Open(workflow, [Roles.Releaser], "amélie@secretariat.example");
        await using var second = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        await using var drafter = await TestSite.Open(workflow, [Roles.Drafter], "zoë@secretariat.example");
        await using var reader = await TestSite.Open(workflow, [Roles.Reader], "rita@secretariat.example");
        await first.Press(page, "Approve Draft Rev 1 for 2 missions");
        await second.Press(page, Send);
        Assert.Null((await reader.Page(page)).GetElementById("undo"));

        // Whoever may stop a letter may undo its release, whoever released it; a double click says that it is undone.
        var shown = await drafter.Page(page);
        var undone = await drafter.Press(shown, Undo);
        Assert.Contains("Undone: nothing has been sent.", TestSite.Words(undone), StringComparison.Ordinal);
        Assert.Contains(
            "It had been held back already when you pressed",
            TestSite.Words(await drafter.Press(shown, Undo)),
            StringComparison.Ordinal);

        workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        await workflow.Get<BatchHandler>()
            .Dispatch(Json.Write(new Batch(letter.Id, null, IsRelease: true)), Cancellation);
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.Equal("Waits for two people", (await first.Page(page)).GetElementById("release")!.TextContent);
        Assert.Equal(
            [("Hold a letter back, or undo its release", DeskOutcome.Done)],
            (await workflow.Get<DeskActs>().Latest(letter.Id, 10, Cancellation))
                .Where(act => act is { Who: "zoë@secretariat.example", Outcome: DeskOutcome.Done })
                .Select(act => (act.What, act.Outcome!.Value)));
        Assert.Equal(
            (Act.HeldBack, "zoë@secretariat.example"),
            ((await workflow.TheDistribution()).Acts[^1].Act, (await workflow.TheDistribution()).Acts[^1].By));
        await workflow.Seal(letter.Id);
        await workflow.AssertLogHasEveryFactOnce(letter.Id);

        await first.Press(page, "Approve Draft Rev 1 for 2 missions");
        await second.Press(page, Send);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task A_page_from_before_an_undo_releases_nothing()
    {
        await using var workflow = await Open();
        var page = Addresses.Distribution((await workflow.Accepted("che", "mex")).Id);
        await using var site = await TestSite.Open(workflow);
        var before = await site.Page(page);
        await site.Press(await site.Press(before, Send), Undo);

        Assert.Equal(
            "Nothing was sent: what you looked at is not what waits here now. Look at it again.",
            Told(await site.Press(before, Send)));
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        await site.Press(page, Send);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task An_undo_that_comes_too_late_says_so_and_what_helps_then()
    {
        await using var workflow = await Open();
        var page = Addresses.Distribution((await workflow.Accepted("che", "mex")).Id);
        await using var site = await TestSite.Open(workflow);
        var shown = await site.Press(page, Send);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
        Assert.Equal(
            "Too late: it began to leave at 12.01.00 p.m. New York time. “Stop sending” on this page keeps back what has not left; a correction puts right what has.",
            Told(await site.Press(shown, Undo)));
        await workflow.CarryOutBatches();
        Assert.Equal(
            "Too late: it left at 12.01.00 p.m. New York time, and cannot be called back. A correction puts right what is wrong in it.",
            Told(await site.Press(shown, Undo)));
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task Undone_at_the_very_moment_it_leaves_it_either_leaves_or_is_undone()
    {
        await using var workflow = await Open();
        var letter = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow);
        await site.Press(Addresses.Distribution(letter.Id), Send);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));

        var undo = workflow.Get<Releases>().HoldBack(letter.Id, "the secretary", Cancellation);
        await Task.WhenAll(
            undo,
            workflow.Get<Releases>().SendDue(await workflow.TheDistribution(), Cancellation),
            workflow.Get<Releases>().SendDue(await workflow.TheDistribution(), Cancellation));
        await workflow.Run();
        Assert.Equal(await undo ? 0 : 2, workflow.Sent().Count);
        Assert.Equal(
            await undo ? DistributionState.AwaitingRelease : DistributionState.Complete,
            (await workflow.TheDistribution()).State);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(17, false)]
    public async Task A_service_that_was_down_when_the_minute_ended_sends_soon_after_it_and_asks_later(
        int minutes,
        bool leaves)
    {
        await using var workflow = await Open();
        var page = Addresses.Distribution((await workflow.Accepted("che", "mex")).Id);
        await using (var site = await TestSite.Open(workflow))
            await site.Press(page, Send);
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        workflow.Clock.Advance(TimeSpan.FromMinutes(minutes));

        await using var restarted = workflow.Another();
        await restarted.Run();
        Assert.Equal(leaves ? 2 : 0, restarted.Sent().Count);
        if (!leaves)
            Assert.Contains(
                "the service could not send it then. Open its page, and release it again if it shall leave now.",
                Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("11:59:30", "12.00.30 p.m.")]
    [InlineData("11:55", null)]
    [InlineData("12:05", "12.06.00 p.m.")]
    public async Task Shortly_before_the_hour_or_after_it_there_is_the_same_minute_and_before_that_until_the_hour(
        string now,
        string? leaves)
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 11:30", azurite);
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith("send: 2018-03-26 12:00");
        workflow.WaitUntil($"2018-03-26 {now}");
        var releases = workflow.Get<Releases>();
        var review = (await releases.Review(letter.Id, Cancellation))!;
        Assert.Equal(
            ReleaseOutcome.Released,
            await releases.Release(
                letter.Id,
                new("Amélie", "Amélie"),
                new(
                    review.Content,
                    [.. review.ToConfirm.Select(finding => finding.Key)],
                    new Dictionary<string, string>(),
                    UndoFor: TimeSpan.FromMinutes(1)),
                Cancellation));
        Assert.Equal(leaves, (await workflow.TheDistribution()).LeavesAt is { } until ? DeskLanguage.English.Clock(until) : null);

        var hour = (await workflow.TheDistribution()).LeavesAt ?? NewYorkTime.Instant(new(2018, 3, 26, 12, 0, 0));
        workflow.Clock.SetUtcNow(hour.AddSeconds(-1));
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        workflow.Clock.SetUtcNow(hour);
        await workflow.Run();
        Assert.Single(workflow.Sent());
    }

    [Fact]
    public async Task A_letter_that_leaves_by_itself_waits_for_nobody_to_undo_it()
    {
        await using var workflow = await Open(("Release:AllowAutomatic", "true"));
        await workflow.UseRegister("che");
        await workflow.AcceptedWith("release: automatic");
        await workflow.Run();
        Assert.Single(workflow.Sent());
    }

    [Fact]
    public async Task Files_that_come_within_the_minute_keep_it_from_leaving_and_a_notice_says_so()
    {
        await using var workflow = await Open();
        var page = Addresses.Distribution((await workflow.Accepted("che", "mex")).Id);
        await using var site = await TestSite.Open(workflow);
        await site.Press(page, Send);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter(body: "Draft Rev 1 is enclosed, corrected."));
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Run();
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.Contains(
            "so it will not leave",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:10:01")]
    [InlineData("-00:00:01")]
    public void The_time_to_undo_has_its_limits(string undoFor) =>
        Assert.Equal(
            ["The setting Release:UndoFor must be from 00:00:00, for no time to undo a release, to 00:10:00."],
            SettingRemedyTests.Faults(("Release:UndoFor", undoFor)));

    private Task<TestWorkflow> Open(params (string Name, string Value)[] settings) =>
        TestWorkflow.OpenAt("2018-03-26 12:00", azurite, null, [("Release:UndoFor", "00:01:00"), .. settings]);

    private static string Told(IHtmlDocument page) =>
        TestSite.Words(page.QuerySelector("#told [role=alert], [role=alert]")!.TextContent);
}
