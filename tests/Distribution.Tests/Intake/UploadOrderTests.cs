using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class UploadOrderTests(AzuriteFixture azurite)
{
    private const string Letter = "gcm/draft-rev-1/letter.md";
    private const string Enclosure = "gcm/draft-rev-1/draft-rev-1.pdf";

    private static readonly byte[] Draft = Samples.Pdf();

    [Fact]
    public async Task A_letter_waits_for_its_enclosure_and_says_for_which()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(Letter, Samples.Letter());
        await workflow.Run();

        var upload = await workflow.TheUpload();
        Assert.Equal(UploadState.Waiting, upload.State);
        Assert.Equal(["draft-rev-1.pdf"], upload.WaitingFor);
        Assert.Empty(await workflow.Distributions());

        await workflow.Upload(Enclosure, Draft);
        await workflow.Run();
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
    }

    [Fact]
    public async Task An_enclosure_waits_for_its_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(Enclosure, Draft);
        await workflow.Run();
        Assert.Equal(["letter.md"], (await workflow.TheUpload()).WaitingFor);

        await workflow.Upload(Letter, Samples.Letter());
        await workflow.Run();
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Both_at_once_and_their_events_in_any_order_and_number_make_one_distribution()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await Task.WhenAll(workflow.Upload(Letter, Samples.Letter()), workflow.Upload(Enclosure, Draft));
        var uploads = workflow.Get<DraftUploads>();
        await Task.WhenAll(
            uploads.Examine(Enclosure, TestContext.Current.CancellationToken),
            uploads.Examine(Letter, TestContext.Current.CancellationToken),
            uploads.Examine(Letter, TestContext.Current.CancellationToken),
            workflow.Reconcile());

        var distribution = await workflow.TheDistribution();
        Assert.Equal(3, distribution.MissionCount);
        Assert.Equal(3, (await workflow.Dispatches(distribution.Id)).Count);
    }

    [Fact]
    public async Task The_same_files_uploaded_again_are_the_same_distribution()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        for (var time = 0; time < 2; time++)
        {
            await workflow.Upload(Letter, Samples.Letter());
            await workflow.Upload(Enclosure, Draft);
            await workflow.Run();
        }

        Assert.Equal(1, (await workflow.TheDistribution()).Version);
    }

    [Fact]
    public async Task The_same_content_under_a_new_revision_is_a_new_distribution()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        foreach (var revision in (string[])["draft-rev-1", "draft-rev-1-again"])
        {
            await workflow.Upload($"gcm/{revision}/letter.md", Samples.Letter());
            await workflow.Upload($"gcm/{revision}/draft-rev-1.pdf", Draft);
        }

        await workflow.Run();
        Assert.Equal(2, (await workflow.Distributions()).Select(distribution => distribution.Id).Distinct().Count());
    }

    [Fact]
    public async Task An_upload_that_waits_too_long_is_rejected_and_accepted_when_its_file_comes_after_all()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(Letter, Samples.Letter());
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromMinutes(14.9));
        await workflow.Run();
        Assert.Equal(UploadState.Waiting, (await workflow.TheUpload()).State);

        workflow.Clock.Advance(TimeSpan.FromMinutes(0.2));
        await workflow.Run();
        Assert.Equal(UploadState.Rejected, (await workflow.TheUpload()).State);
        var report = await workflow.Report("gcm/draft-rev-1");
        Assert.Contains("Nothing was sent.", report);
        Assert.Contains("The file draft-rev-1.pdf did not arrive within 15 minutes.", report);

        await workflow.Upload(Enclosure, Draft);
        await workflow.Run();
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        Assert.Null(await workflow.Report("gcm/draft-rev-1"));
    }

    [Fact]
    public async Task A_folder_emptied_again_is_forgotten()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(Enclosure, Draft);
        await workflow.Run();
        await workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Drafts)
            .DeleteBlobAsync(Enclosure, cancellationToken: TestContext.Current.CancellationToken);
        await workflow.Run();
        Assert.Empty(await workflow.Get<Uploads>().All(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_event_of_the_missing_file_alone_takes_a_waiting_upload_on()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var uploads = workflow.Get<DraftUploads>();
        await workflow.Upload(Letter, Samples.Letter());
        await uploads.Examine(Letter, TestContext.Current.CancellationToken);
        Assert.Equal(UploadState.Waiting, (await workflow.TheUpload()).State);

        await workflow.Upload(Enclosure, Draft);
        await uploads.Examine(Enclosure, TestContext.Current.CancellationToken);
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
    }

    [Fact]
    public async Task How_long_an_upload_waits_is_a_setting()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Intake:WaitFor", "00:01:00"));
        await workflow.Upload(Letter, Samples.Letter());
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromMinutes(1.1));
        await workflow.Run();
        Assert.Contains("did not arrive within 1 minute.", await workflow.Report("gcm/draft-rev-1"));
    }
}
