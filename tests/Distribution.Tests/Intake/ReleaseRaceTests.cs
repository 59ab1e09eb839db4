using Azure.Core;
using Azure.Core.Pipeline;
using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tests.Web;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>
/// A corrected letter is uploaded, and while it is being examined, storage held back at one step after the other,
/// people press Send on the page of the version before. What they looked at is not sent any more.
/// </summary>
public sealed class ReleaseRaceTests(AzuriteFixture azurite)
{
    private static readonly Person Boris = new("boris", "Boris");

    private static readonly UploadFolder Folder = new("gcm", "draft-rev-1");

    private static readonly string Letter = $"{Folder}/letter.md";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_far_an_examination_has_come_the_version_before_does_not_leave()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var (id, looked) = await Waiting(workflow);
        var waiting = await Copy(workflow);
        var held = 0;
        for (var step = 1; ; step++)
        {
            await workflow.Upload(Letter, Corrected(step));
            var gate = new Gate(step);
            await using var timer = workflow.OverStorage(gate);
            var examination = timer.Get<DraftUploads>().Examine(Letter, Cancellation);
            if (await Task.WhenAny(gate.IsHolding, examination) == examination)
                break;

            held++;
            var outcome = await workflow.Get<Releases>().Release(id, Boris, looked, Cancellation);
            Assert.True(
                outcome is ReleaseOutcome.BeingExamined or ReleaseOutcome.Overtaken or ReleaseOutcome.TooLate,
                $"At step {step}, {gate.Request}: {outcome}");
            // Nor does a page opened at this very moment let it leave, or the desk's own examination at the same time.
            Assert.NotEqual(ReleaseOutcome.Released, await workflow.Get<Releases>().Release(id, Boris, Cancellation));
            await workflow.Get<DraftUploads>().Examine(Letter, Cancellation);
            Assert.NotEqual(
                ReleaseOutcome.Released,
                await workflow.Get<Releases>().Release(id, Boris, looked, Cancellation));
            gate.Open();
            await examination;
            await workflow.Get<DraftUploads>().ExamineAll(Cancellation);

            var corrected = Assert.Single(
                await workflow.Distributions(),
                distribution => distribution.State == DistributionState.AwaitingRelease);
            Assert.NotEqual(id, corrected.Id);
            Assert.Equal(
                ReleaseObstacle.None,
                (await workflow.Get<Releases>().Review(corrected.Id, Cancellation))!.Obstacle);
            await workflow.CarryOutBatches();
            Assert.Empty(workflow.Sent());
            await waiting.PutBack();
        }

        Assert.InRange(held, 15, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_far_an_examination_of_the_same_files_has_come_what_is_discarded_stays_so(
        bool theExaminationEndsThere)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var (id, _) = await Waiting(workflow);
        var stored = (await workflow.Get<Uploads>().Find(Folder, Cancellation))!;
        await workflow
            .Get<Uploads>()
            .Save(stored.Value with { Surroundings = "an earlier template" }, stored.ETag, Cancellation);
        var waiting = await Copy(workflow);
        var held = 0;
        for (var step = 1; ; step++)
        {
            var gate = new Gate(step);
            await using var timer = workflow.OverStorage(gate);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var examination = timer.Get<DraftUploads>().Examine(Letter, end.Token);
            if (await Task.WhenAny(gate.IsHolding, examination) == examination)
                break;

            held++;
            Assert.True(await workflow.Get<Discards>().DiscardLetter(id, "the secretary", Cancellation));
            if (theExaminationEndsThere)
                await end.CancelAsync();
            gate.Open();
            // Giving back its claim is the last it does, and is not cancelled.
            var isGivenBack =
                gate.Request.StartsWith("DELETE", StringComparison.Ordinal)
                && gate.Request.Contains(ResourceNames.UploadsTable, StringComparison.Ordinal);
            Assert.Equal(
                theExaminationEndsThere && !isGivenBack,
                await Record.ExceptionAsync(() => examination) is OperationCanceledException);
            await workflow.Get<DraftUploads>().ExamineAll(Cancellation);
            await workflow.Get<DraftUploads>().ExamineAll(Cancellation);
            Assert.True(
                (await workflow.Get<DistributionRecords>().Find(id, Cancellation))!.State
                    == DistributionState.Discarded,
                $"At step {step}, {gate.Request}");
            Assert.Equal(
                UploadState.Discarded,
                (await workflow.Get<Uploads>().Find(Folder, Cancellation))!.Value.State);
            await waiting.PutBack();
        }

        Assert.InRange(held, 15, 200);
        // Also where the folder's own record is still to follow when the letter's is read last.
        await workflow.Get<Uploads>().Remove(Folder, Cancellation);
        await using var last = workflow.OverStorage(
            new Meanwhile(
                $"Distributions(PartitionKey='distribution',RowKey='{id}')",
                () => workflow.Get<DistributionRecords>().Change(
                    id,
                    found => (found with { State = DistributionState.Discarded }).With(
                        new(workflow.Clock.GetUtcNow(), Act.Discarded, "the secretary", "")),
                    Cancellation),
                RequestMethod.Get));
        await last.Get<DraftUploads>().Examine(Letter, Cancellation);
        Assert.Equal(
            DistributionState.Discarded,
            (await workflow.Get<DistributionRecords>().Find(id, Cancellation))!.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task However_far_the_timer_has_come_an_upload_at_the_desk_is_answered_by_what_becomes_of_that_very_upload(
        bool isCorrection)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var before = isCorrection ? (await Waiting(workflow)).Id : null;
        if (!isCorrection)
            await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        var earlier = await Copy(workflow);
        var held = 0;
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var token = await site.Token();
        for (var step = 1; ; step += 2)
        {
            var gate = new Gate(step);
            await using var timer = workflow.OverStorage(gate);
            // The timer sees the corrected letter first: the desk stores it, and then lists the folder for itself.
            await workflow.Upload(Letter, Corrected(step));
            var examination = timer.Get<DraftUploads>().ExamineAll(Cancellation);
            if (await Task.WhenAny(gate.IsHolding, examination) == examination)
                break;

            held++;
            using var form = new MultipartFormDataContent();
            foreach (
                var (name, value) in ((string Name, string Value)[])
                    [token, ("process", "gcm"), ("revision", Folder.Revision), ("replace", "yes")])
                form.Add(new StringContent(value), name);
            form.Add(new ByteArrayContent(Samples.Bytes(Corrected(step))), "files", "letter.md");
            var answer = await site.Send(Addresses.UploadForm, form);
            await Shows(site, answer, before);
            gate.Open();
            await examination;
            await Shows(site, answer, before);
            await earlier.PutBack();
        }

        Assert.InRange(held, 8, 100);
    }

    /// <summary>Follows an upload's answer as a browser does.</summary>
    private static async Task Shows(TestSite site, HttpResponseMessage answer, string? before)
    {
        var address = answer.Headers.Location!.ToString();
        for (var tries = 0; address.StartsWith("/uploads", StringComparison.Ordinal) && tries < 3; tries++)
        {
            var next = await site.Get(address);
            if (next.Headers.Location is not { } onward)
            {
                Assert.Equal(System.Net.HttpStatusCode.OK, next.StatusCode);
                var page = await TestSite.Read(next);
                Assert.Contains("This upload is being checked", TestSite.Words(page), StringComparison.Ordinal);
                // Scripts or none: the page looks again, and leads to the letter that these very files become.
                Assert.NotNull(page.QuerySelector("noscript meta[http-equiv=refresh]"));
                Assert.NotNull(page.QuerySelector("#page[data-refresh='2000']"));
                Assert.Equal(address, page.QuerySelector("#checking + p a:last-of-type")!.GetAttribute("href"));
                return;
            }

            address = onward.ToString();
        }

        if (before is not null)
            Assert.NotEqual(Addresses.Distribution(before), address.Split('?')[0]);
        Assert.Contains("with a correction", TestSite.Words(await site.Page(address)), StringComparison.Ordinal);
    }

    /// <summary>Each step has a correction of its own, so that nothing of it is in storage already.</summary>
    private static string Corrected(int step) =>
        Samples.Letter(body: $"Draft Rev 1 is enclosed, with a correction ({step}).");

    /// <returns>A letter that waits for release, and the word of a person who has looked at it.</returns>
    private static async Task<(string Id, ReleaseRequest Looked)> Waiting(TestWorkflow workflow)
    {
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload(Letter, Samples.Letter());
        await workflow.Get<DraftUploads>().Examine(Letter, Cancellation);
        var id = (await workflow.TheDistribution()).Id;
        return (id, ReleaseAsItStands.Looked(await workflow.Get<Releases>().Review(id, Cancellation), confirmed: true));
    }

    /// <summary>What an examination goes by beside the files: each step begins with it as it is now.</summary>
    private static Task<StorageCopy> Copy(TestWorkflow workflow) =>
        StorageCopy.Of(
            workflow,
            [ResourceNames.UploadsTable, ResourceNames.DistributionsTable, ResourceNames.AuthorsTable]);

    /// <summary>Holds one request, counted from 1, before it reaches storage.</summary>
    private sealed class Gate(int place) : HttpPipelinePolicy
    {
        private readonly TaskCompletionSource holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int count;

        public Task IsHolding => holding.Task;

        public string Request { get; private set; } = "";

        public void Open() => open.SetResult();

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (Interlocked.Increment(ref count) == place)
            {
                Request = $"{message.Request.Method} {message.Request.Uri.Path}";
                holding.SetResult();
                await open.Task;
            }

            await ProcessNextAsync(message, pipeline);
        }
    }
}
