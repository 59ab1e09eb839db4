using Azure.Core;
using Azure.Core.Pipeline;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>
/// How many requests to storage the usual ways make, at most. A number that grows is often a mechanism written a second
/// time. Each test prints its requests.
/// </summary>
public sealed class StorageRequestTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="undoFor">In seconds, how long the press can be undone, as it can at the desk.</param>
    /// <param name="asked">How many requests from the moment the letter leaves.</param>
    [Theory]
    [InlineData(0, 16)]
    [InlineData(60, 23)]
    public async Task One_mission_s_letter_from_upload_to_hand_over(int undoFor, int asked)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        var requests = new Requests();
        await using var worker = workflow.OverStorage(requests);

        await worker.Get<IWorkflow>().ExamineDraft("gcm/draft-rev-1/draft-rev-1.pdf", Cancellation);
        await worker.Get<IWorkflow>().ExamineDraft("gcm/draft-rev-1/letter.md", Cancellation);
        var examined = requests.Take();
        var id = (await workflow.TheDistribution()).Id;
        var content = (await workflow.Get<Releases>().Review(id, Cancellation))!.Content;
        var request = new ReleaseRequest(
            content,
            [],
            new Dictionary<string, string>(),
            UndoFor: TimeSpan.FromSeconds(undoFor));
        Assert.Equal(
            ReleaseOutcome.Released,
            await worker.Get<Releases>().Release(id, new("the secretary", "the secretary"), request, Cancellation));
        var released = requests.Take();
        if (undoFor > 0)
        {
            // Its message comes when that time is over.
            workflow.Clock.Advance(TimeSpan.FromSeconds(undoFor));
            await worker.Get<IWorkflow>().SendBatch(Json.Write(new Batch(id, null, IsRelease: true)), Cancellation);
        }

        await worker.CarryOutBatches();
        var sent = requests.Take();

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        // Two of them for what the desk has entered: holidays, and the fixed words that native readers have confirmed.
        Assert.InRange(examined, 1, 24);
        // One of them for what was let go since it was examined.
        Assert.InRange(released, 1, 11);
        // A journal for one letter: opened, written twice, removed. For many it saves two requests of three. The last request
        // is this test's own, which asks whether there are more batches.
        Assert.InRange(sent, 1, asked);
    }

    [Fact]
    public async Task One_acknowledgement_on_a_mission_s_page()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che", "fra");
        await workflow.CarryOutBatches();
        var requests = new Requests();
        await using var site = await TestSite.Open(workflow, requests);
        string Link(string mission) =>
            new Uri(site.Get<MissionLinks>().For(distribution.Id, mission)).PathAndQuery;
        await MissionVisitor.Acknowledges(workflow, site, Link("fra"), "Amina Diallo");
        requests.Take();

        await MissionVisitor.Acknowledges(workflow, site, Link("che"), "Urs Keller");

        // The page: letter, acknowledgement, visit. The form: acknowledgement, visit. Its step: none. Confirming:
        // letter, acknowledgement, log.
        Assert.InRange(requests.Take(), 1, 8);
    }

    [Fact]
    public async Task The_front_page_of_a_letter_that_left_days_ago_within_the_same_minute()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "fra");
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromDays(8));
        var requests = new Requests();
        await using var site = await TestSite.Open(workflow, requests);
        Assert.Contains("2 reached, not acknowledged", await WhoHasIt(), StringComparison.Ordinal);
        requests.Take();

        Assert.Contains("2 reached, not acknowledged", await WhoHasIt(), StringComparison.Ordinal);
        // None of them about the letter itself.
        Assert.InRange(requests.Take(), 1, 8);

        // What this process records shows at once, what another one does within the minute.
        await site.Get<Acknowledgements>().RecordFirst(letter.Id, "che", Step("Urs Keller"), Cancellation);
        Assert.Contains("1 acknowledged", await WhoHasIt(), StringComparison.Ordinal);
        await workflow.Get<Acknowledgements>().RecordFirst(letter.Id, "fra", Step("Amina Diallo"), Cancellation);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("2 acknowledged", await WhoHasIt(), StringComparison.Ordinal);

        async Task<string> WhoHasIt() =>
            TestSite.Words((await site.Page("/")).QuerySelector(".who-has-it")!.TextContent);

        AcknowledgementStep Step(string name) =>
            new(
                name,
                workflow.Clock.GetUtcNow(),
                name,
                new(name, null, AcknowledgementChannel.Page, workflow.Clock.GetUtcNow()));
    }

    // With more than 200 letters each look at the front page once read the contents of all anew.
    [Fact]
    public async Task The_rosters_of_several_hundred_letters_are_read_once()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che", "fra");
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        string[] letters = [.. Enumerable.Range(1, 210).Select(number => $"{letter.Id}-{number}")];
        await Parallel.ForEachAsync(
            letters,
            Cancellation,
            async (id, stop) => await workflow.Get<FrozenContents>().Freeze(id, content, new([], [], []), stop));
        var requests = new RequestLog();
        await using var reader = workflow.OverStorage(requests);
        for (var look = 0; look < 2; look++)
            foreach (var id in letters)
                Assert.Equal("fra", (await reader.Get<FrozenRosters>().Find(id, Cancellation)).Missions[0].Id);

        Assert.All(letters, id => Assert.Equal(1, requests.Reads($"{id}/content.json")));
    }

    [Fact]
    public async Task A_run_of_the_timer_that_finds_nothing_to_do()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che", "fra");
        await workflow.Run();
        // What was discarded stays in its folder for years, and costs nothing more.
        foreach (var folder in (string[])["draft-rev-2", "draft-rev-3"])
        {
            var other = await workflow.AcceptedWith("reference: Another", folder);
            Assert.True(await workflow.Get<Discards>().DiscardLetter(other.Id, "the secretary", Cancellation));
        }

        await workflow.Reconcile();
        var requests = new Requests();
        await using var worker = workflow.OverStorage(requests);
        await worker.Reconcile();
        requests.Take();
        await worker.Reconcile();
        requests.Take();

        await worker.Reconcile();

        // One for each thing that may have changed, and none twice.
        Assert.Distinct(requests.Made);
        Assert.Equal(3, requests.Take());
    }

    private sealed class Requests : HttpPipelinePolicy
    {
        private readonly List<string> made = [];

        public IReadOnlyList<string> Made
        {
            get
            {
                lock (made)
                    return [.. made];
            }
        }

        public int Take()
        {
            lock (made)
            {
                var count = made.Count;
                TestContext.Current.TestOutputHelper!.WriteLine($"{count} requests\n{string.Join('\n', made)}");
                made.Clear();
                return count;
            }
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            Add(message.Request);
            ProcessNext(message, pipeline);
        }

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            Add(message.Request);
            return ProcessNextAsync(message, pipeline);
        }

        private void Add(Request request)
        {
            lock (made)
                made.Add($"{request.Method} {Uri.UnescapeDataString(request.Uri.ToUri().PathAndQuery)}");
        }
    }
}
