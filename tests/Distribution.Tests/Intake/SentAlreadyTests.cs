using Azure.Core;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>A letter that leaves by itself does so once, also where the tables that say so were lost meanwhile.</summary>
public sealed class SentAlreadyTests(AzuriteFixture azurite)
{
    private const string Folder = "gcm/draft-rev-1";

    private static readonly (string, string)[] Automatic = [("Release:AllowAutomatic", "true")];

    private static readonly byte[] Draft = Samples.Pdf();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Where_tables_were_lost_it_waits_for_a_person_who_is_told_how_to_bring_the_record_back(
        bool hasOtherRegister,
        bool hasNoLog)
    {
        await using var workflow = await TestWorkflow.Open(azurite, Automatic);
        await Upload(workflow, Folder);
        await workflow.Run();
        await workflow.Run();
        var sent = workflow.Sent().Count;
        Assert.Equal(3, sent);
        var id = (await workflow.TheDistribution()).Id;

        // The app runs on.
        await workflow.Lose(ResourceNames.DistributionsTable, ResourceNames.UploadsTable);
        if (hasOtherRegister)
            await workflow.UseRegister("che", "fra", "mex", "jpn");
        if (hasNoLog)
            await Clear(workflow, ResourceNames.Log);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Run();
        await workflow.Run();

        Assert.Equal(sent, workflow.Sent().Count);
        var waiting = await workflow.TheDistribution();
        Assert.Equal(DistributionState.AwaitingRelease, waiting.State);
        var finding = Assert.Single(waiting.Warnings, warning => warning.Number == IntakeFaults.SentAlreadyNumber);
        Assert.Equal(Severity.Overrule, finding.Severity);
        Assert.Contains($"“rebuild {id}”", finding.Remedy, StringComparison.Ordinal);
        var notice = Assert.Single(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.Contains("waits for a person instead", StringComparison.Ordinal)).Text;
        Assert.Contains(hasNoLog ? "frozen content" : "sealed log", notice, StringComparison.Ordinal);
        Assert.Contains($"“rebuild {id}”", notice, StringComparison.Ordinal);

        // Whoever touches the folder, or corrects it, does not make it forgotten.
        await Upload(workflow, Folder);
        await workflow.Run();
        Assert.Contains(finding, (await workflow.TheDistribution()).Warnings);
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        await workflow.Run();
        Assert.Equal(
            !hasNoLog,
            (await workflow.Distributions())
                .Single(version => version.Version == 2)
                .Warnings.Any(warning => warning.Number == IntakeFaults.SentAlreadyNumber));
        Assert.Equal(sent, workflow.Sent().Count);
        if (hasNoLog)
            return;

        // What the runbook says.
        await workflow.Lose(ResourceNames.DistributionsTable, ResourceNames.DispatchesTable);
        Assert.IsType<RebuildResult.Rebuilt>(
            await workflow.Get<DistributionRebuild>().Rebuild(id, despite: null, Cancellation));
        Assert.Equal(DistributionState.Complete, (await workflow.Get<DistributionRecords>().Find(id, Cancellation))!.State);
        await workflow.Run();
        Assert.Equal(sent, workflow.Sent().Count);
    }

    [Fact]
    public async Task The_usual_letter_leaves_by_itself_and_costs_one_more_question()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Automatic);
        await Upload(workflow, Folder);
        List<string> listed = [];
        await using var worker = workflow.OverStorage(
            new StorageFaultTests.Interference(
                (request, wasDone) =>
                {
                    if (!wasDone && request.Uri.Query.Contains("prefix=gcm-draft-rev-1-", StringComparison.Ordinal))
                        listed.Add($"{request.Method} {request.Uri.Path}");
                    return null;
                }),
            Automatic);

        await worker.Run();

        Assert.Single(listed);
        Assert.Equal("letter.md (release: automatic)", (await workflow.TheDistribution()).ReleasedBy);
        // The ids of its letters begin in the same way.
        await Upload(workflow, "Gcm/draft rev 1");
        await workflow.Run();
        Assert.All(
            await workflow.Distributions(),
            distribution => Assert.Equal("letter.md (release: automatic)", distribution.ReleasedBy));

        // A version after one that was sent is no news; it is told why it does not leave by itself.
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        await workflow.Run();
        var second = (await workflow.Distributions()).Single(distribution => distribution.Version == 2);
        Assert.Equal(DistributionState.AwaitingRelease, second.State);
        Assert.DoesNotContain(second.Warnings, warning => warning.Number == IntakeFaults.SentAlreadyNumber);
        Assert.Contains(second.Warnings, warning => warning.Number == 617);
        Assert.DoesNotContain(
            (await workflow.Distributions()).Where(distribution => distribution.Version == 1).SelectMany(first => first.Warnings),
            warning => warning.Number == 617);
    }

    [Theory]
    [InlineData("/content.json")]
    [InlineData("/Dispatches")]
    public async Task An_examination_that_was_interrupted_goes_on_as_if_it_had_not_been(string at)
    {
        await using var workflow = await TestWorkflow.Open(azurite, Automatic);
        await Upload(workflow, Folder);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var stopped = workflow.OverStorage(
            new StorageFaultTests.Interference(
                (request, wasDone) =>
                {
                    if (wasDone
                        && request.Method != RequestMethod.Get
                        && (request.Uri.Path.EndsWith(at, StringComparison.Ordinal)
                            || (at == "/Dispatches" && request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))))
                    {
                        stop.Cancel();
                        stop.Token.ThrowIfCancellationRequested();
                    }

                    return null;
                }),
            Automatic);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.Get<Reconciler>().Reconcile(stop.Token));
        Assert.Empty(await workflow.Distributions());

        await workflow.Run();

        Assert.Equal("letter.md (release: automatic)", (await workflow.TheDistribution()).ReleasedBy);
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
    }

    private static async Task Upload(TestWorkflow workflow, string folder)
    {
        await workflow.Upload($"{folder}/letter.md", Samples.LetterWith("release: automatic"));
        await workflow.Upload($"{folder}/draft-rev-1.pdf", Draft);
    }
    private static async Task Clear(TestWorkflow workflow, string name)
    {
        var container = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(name);
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions(), Cancellation))
            await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: Cancellation);
    }
}
