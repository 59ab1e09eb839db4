using Azure.Core;
using Azure.Core.Pipeline;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>
/// However many files a folder has, and however many workers hear of them: each of its states is examined once, and
/// the last one always.
/// </summary>
public sealed class ExaminationOnceTests(AzuriteFixture azurite)
{
    private const string Folder = "gcm/draft-rev-1";

    private static readonly string[] Files = ["letter.md", "draft-rev-1.pdf", "annex-1.pdf", "annex-2.pdf"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_events_of_all_files_and_the_timer_together_on_two_workers_are_one_examination()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await UploadAll(workflow);
        var log = new RequestLog();
        await using var one = workflow.OverStorage(log);
        await using var other = workflow.OverStorage(log);

        await Task.WhenAll([
            .. Files.Select(file => one.Get<DraftUploads>().Examine($"{Folder}/{file}", Cancellation)),
            one.Get<DraftUploads>().ExamineAll(Cancellation),
            .. Files.Select(file => other.Get<DraftUploads>().Examine($"{Folder}/{file}", Cancellation)),
            other.Get<DraftUploads>().ExamineAll(Cancellation),
        ]);

        Assert.Equal(1, log.Reads("drafts/gcm/draft-rev-1/letter.md"));
        // What was frozen is known to the worker that wrote it.
        Assert.Equal(0, log.Reads("content.json"));
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Files_that_come_while_an_examination_runs_lead_to_one_more_of_the_last_state()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await UploadAll(workflow);
        var hold = new Hold();
        await using var worker = workflow.OverStorage(hold);
        var first = worker.Get<DraftUploads>().Examine($"{Folder}/letter.md", Cancellation);
        await hold.IsHolding;
        List<Task> later = [];
        for (var change = 1; change <= 3; change++)
        {
            await workflow.Upload($"{Folder}/letter.md", Letter($"Draft Rev 1, corrected {change} times."));
            later.Add(worker.Get<DraftUploads>().Examine($"{Folder}/letter.md", Cancellation));
        }

        // The timer does not wait for the examination, and leaves the folder to it.
        await worker.Get<DraftUploads>().ExamineAll(Cancellation);
        hold.Open();
        await Task.WhenAll([first, .. later]);

        var distributions = await workflow.Distributions();
        var waiting = Assert.Single(
            distributions,
            distribution => distribution.State == DistributionState.AwaitingRelease);
        Assert.Equal(
            "Draft Rev 1, corrected 3 times.",
            (await workflow.Get<FrozenContents>().Find(waiting.Id, Cancellation)).Letter.Body.Trim());
        Assert.InRange(distributions.Count, 1, 2);
    }

    [Fact]
    public async Task A_folder_whose_worker_stopped_in_the_middle_is_examined_by_the_timer_after_its_claim()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await UploadAll(workflow);
        await using (var stopping = workflow.OverStorage(new StopsAfter("letter.md")))
            await Assert.ThrowsAnyAsync<Exception>(() =>
                stopping.Get<DraftUploads>().Examine($"{Folder}/letter.md", Cancellation));

        await workflow.Reconcile();
        Assert.Empty(await workflow.Distributions());
        workflow.Clock.Advance(ExaminationClaims.Lasts);
        await workflow.Reconcile();
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_claim_holds_for_its_state_and_its_time_and_not_by_a_wrong_clock()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var begun = workflow.Clock.GetUtcNow();
        Upload one = new(new("gcm", "draft-rev-1"), UploadState.Accepted, "files", "", begun, begun, [], [], null, []);
        var another = one with { Files = "other files" };
        var claims = workflow.Get<ExaminationClaims>();
        var ahead = new ExaminationClaims(
            workflow.Get<StorageAccount>(),
            new FakeTimeProvider(workflow.Clock.GetUtcNow().AddDays(1)));

        var first = await claims.Take(one, Cancellation);
        Assert.NotNull(first);
        Assert.Null(await claims.Take(one, Cancellation));
        Assert.NotNull(await claims.Take(another, Cancellation));
        // It is another's claim by now, and stays.
        await claims.Release(one.Folder, first);
        Assert.Null(await claims.Take(another, Cancellation));
        workflow.Clock.Advance(ExaminationClaims.Lasts);
        Assert.NotNull(await claims.Take(another, Cancellation));
        Assert.NotNull(await ahead.Take(another, Cancellation));
        Assert.NotNull(await claims.Take(another, Cancellation));
    }

    [Fact]
    public async Task What_another_worker_froze_first_is_what_counts()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await UploadAll(workflow);
        var drafts = workflow.Get<Drafts>();
        var sound = Assert.IsType<CheckResult.Sound>(
            await workflow
                .Get<LetterCheck>()
                .Check(
                    new(
                        await FolderListing.Now(drafts, new("gcm", "draft-rev-1"), Cancellation),
                        drafts.Read,
                        await workflow.Get<RegisterInUse>().Current(Cancellation),
                        workflow.Get<EarlierLetters>()),
                    Cancellation));
        var first = sound.Letter.Content with { Letter = sound.Letter.Content.Letter with { Subject = "As frozen first" } };
        await workflow
            .Get<FrozenContents>()
            .Freeze(sound.Letter.Id, first, sound.Files, Cancellation);

        await workflow.Reconcile();

        Assert.Equal("As frozen first", (await workflow.TheDistribution()).Subject);
    }

    private static string Letter(string? body = null) =>
        Samples.Letter(
            $"{Samples.FrontMatter}\n{string.Join('\n', Files[2..].Select(file => $"  - file: {file}\n    title: Annex"))}",
            body);

    private static async Task UploadAll(TestWorkflow workflow)
    {
        await workflow.Upload($"{Folder}/letter.md", Letter());
        foreach (var file in Files[1..])
            await workflow.Upload($"{Folder}/{file}", Samples.Pdf());
    }

    /// <summary>Holds the first reading of the letter until it is told to go on.</summary>
    private sealed class Hold : HttpPipelinePolicy
    {
        private readonly TaskCompletionSource holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsHolding => holding.Task;

        public void Open() => open.SetResult();

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await ProcessNextAsync(message, pipeline);
            if (IsReadingOf(message.Request, "letter.md") && holding.TrySetResult())
                await open.Task;
        }
    }

    /// <summary>A worker that is gone once it has read a blob: nothing it does reaches storage any more.</summary>
    private sealed class StopsAfter(string blob) : HttpPipelinePolicy
    {
        private bool isGone;

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (isGone)
                throw new InvalidOperationException("This worker is gone.");
            isGone = IsReadingOf(message.Request, blob);
            return ProcessNextAsync(message, pipeline);
        }
    }

    private static bool IsReadingOf(Request request, string blob) =>
        request.Method == RequestMethod.Get && request.Uri.Path.EndsWith(blob, StringComparison.Ordinal);
}
