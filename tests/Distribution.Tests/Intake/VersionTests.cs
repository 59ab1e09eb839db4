using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class VersionTests(AzuriteFixture azurite)
{
    private const string Letter = "gcm/draft-rev-1/letter.md";

    [Fact]
    public async Task Changed_content_before_release_replaces_what_waited()
    {
        await using var workflow = await Uploaded();
        var first = await workflow.TheDistribution();
        await workflow.Upload(Letter, Samples.Letter(body: "Corrected: Draft Rev 1 is enclosed."));
        await workflow.Run();

        var distributions = await workflow.Distributions();
        Assert.Equal(
            [(1, DistributionState.Replaced), (2, DistributionState.AwaitingRelease)],
            distributions
                .OrderBy(distribution => distribution.Version)
                .Select(distribution => (distribution.Version, distribution.State)));
        Assert.False(
            await workflow.Get<Releases>().Release(first.Id, "the secretary", TestContext.Current.CancellationToken));
        await workflow.CarryOutBatches();
        Assert.Empty(workflow.Sent());
    }

    [Fact]
    public async Task Content_put_back_as_it_was_waits_for_release_again()
    {
        await using var workflow = await Uploaded();
        var first = await workflow.TheDistribution();
        await workflow.Upload(Letter, Samples.Letter(body: "Corrected: Draft Rev 1 is enclosed."));
        await workflow.Run();
        await workflow.Upload(Letter, Samples.Letter());
        await workflow.Run();

        Assert.Equal(
            [(1, DistributionState.AwaitingRelease), (2, DistributionState.Replaced)],
            (await workflow.Distributions())
                .OrderBy(distribution => distribution.Version)
                .Select(distribution => (distribution.Version, distribution.State)));
        Assert.True(
            await workflow.Get<Releases>().Release(first.Id, "the secretary", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Changed_content_under_a_released_revision_waits_to_be_released_on_purpose_even_where_release_is_automatic()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:AllowAutomatic", "true"));
        await workflow.UseRegister("che", "mex");
        await workflow.Upload(Letter, Samples.LetterWith("release: automatic"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.Equal(2, workflow.Sent().Count);

        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        await workflow.Run();
        Assert.Equal(
            [(1, DistributionState.Complete), (2, DistributionState.AwaitingRelease)],
            (await workflow.Distributions())
                .OrderBy(distribution => distribution.Version)
                .Select(distribution => (distribution.Version, distribution.State)));
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task What_was_frozen_is_sent_whatever_becomes_of_the_upload_the_register_and_the_templates()
    {
        await using var workflow = await Uploaded("che");
        var distribution = await workflow.TheDistribution();
        Assert.True(
            await workflow
                .Get<Releases>()
                .Release(distribution.Id, "the secretary", TestContext.Current.CancellationToken));
        await workflow.UseRegister("mex", "fra");
        await workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Drafts)
            .DeleteBlobAsync(Letter, cancellationToken: TestContext.Current.CancellationToken);

        await workflow.Run();
        Assert.Equal(
            ["che@missions.example"],
            workflow.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address));
    }

    [Fact]
    public async Task What_its_folder_no_longer_holds_can_not_be_released()
    {
        await using var workflow = await Uploaded();
        var first = await workflow.TheDistribution();
        await workflow.Upload(Letter, Samples.LetterWith("signatorys: none"));
        await workflow.Run();
        Assert.Equal(DistributionState.Replaced, (await workflow.TheDistribution()).State);
        Assert.False(
            await workflow.Get<Releases>().Release(first.Id, "the secretary", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_mailbox_corrected_in_the_register_before_release_is_the_one_written_to()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseMailboxes("wrong@mission.example");
        await workflow.Accepted();
        await workflow.UseMailboxes("right@mission.example");
        await workflow.Run();

        // What people have looked at stays as it is; whether it leaves so is theirs to say.
        var waiting = await workflow.TheDistribution();
        var review = (await workflow.Get<Releases>().Review(waiting.Id, TestContext.Current.CancellationToken))!;
        Assert.Equal(
            ["right@mission.example"],
            Assert.Single(review.Register!.Changed).Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Equal(
            ReleaseOutcome.RegisterChanged,
            await workflow
                .Get<Releases>()
                .Release(
                    waiting.Id,
                    new("a", "the secretary"),
                    new(review.Content, [], new Dictionary<string, string>()),
                    TestContext.Current.CancellationToken));

        await workflow.Get<DraftUploads>().Renew(waiting.Folder, TestContext.Current.CancellationToken);
        var now = (await workflow.Distributions()).Single(distribution =>
            distribution.State == DistributionState.AwaitingRelease);
        Assert.Equal(2, now.Version);
        Assert.True(
            await workflow.Get<Releases>().Release(now.Id, "the secretary", TestContext.Current.CancellationToken));
        await workflow.CarryOutBatches();
        Assert.Equal(
            ["right@mission.example"],
            workflow.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address));
    }

    [Fact]
    public async Task A_letter_may_be_sent_as_it_was_checked_though_the_register_has_changed_since()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        var waiting = await workflow.Accepted();
        await workflow.UseRegister("che", "fra");
        var review = (await workflow.Get<Releases>().Review(waiting.Id, TestContext.Current.CancellationToken))!;
        Assert.Equal(
            ("fra", "mex"),
            (Assert.Single(review.Register!.Added).Id, Assert.Single(review.Register.Gone).Id));
        Assert.Empty(review.Register.Changed);

        // Whoever saw the differences of one register has not seen those of the next.
        await workflow.UseRegister("che", "fra", "egy");
        var word = new ReleaseRequest(
            review.Content,
            [],
            new Dictionary<string, string>(),
            AsFrozen: review.RegisterHash);
        Assert.Equal(
            ReleaseOutcome.RegisterChanged,
            await workflow
                .Get<Releases>()
                .Release(waiting.Id, new("a", "the secretary"), word, TestContext.Current.CancellationToken));
        Assert.True(
            await workflow.Get<Releases>().Release(waiting.Id, "the secretary", TestContext.Current.CancellationToken));
        await workflow.CarryOutBatches();
        Assert.Equal(
            ["che@missions.example", "mex@missions.example"],
            workflow.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address).Order());
    }

    [Fact]
    public async Task A_register_that_changes_nobody_this_letter_goes_to_is_not_asked_about()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        var waiting = await workflow.AcceptedWith("audience: [che]");
        await workflow.UseRegister("che", "fra");
        Assert.Null(
            (await workflow.Get<Releases>().Review(waiting.Id, TestContext.Current.CancellationToken))!.Register);
    }

    [Fact]
    public async Task A_released_letter_is_not_judged_again_by_a_later_register_or_by_the_same_files_uploaded_again()
    {
        var draft = Samples.Pdf();
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await workflow.Upload(Letter, Samples.LetterWith("audience: [che]"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", draft);
        await workflow.Run();
        Assert.True(
            await workflow
                .Get<Releases>()
                .Release((await workflow.TheDistribution()).Id, "the secretary", TestContext.Current.CancellationToken)
        );
        await workflow.Run();

        await workflow.UseRegister("mex");
        await workflow.Run();
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", draft);
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
        Assert.Null(await workflow.Report("gcm/draft-rev-1"));
        Assert.Single(workflow.Sent());
    }

    [Fact]
    public async Task Two_workers_that_began_from_the_same_state_of_a_folder_and_see_different_content_release_one_of_them()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:AllowAutomatic", "true"));
        await workflow.UseRegister("che", "mex");
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        var register = await workflow.Get<RegisterInUse>().Current(cancellation);
        async Task<DistributionRecord?> ExaminedFromNothing(string letter)
        {
            await workflow.Upload(Letter, letter);
            var files = await workflow.Get<Drafts>().List("gcm/draft-rev-1/", cancellation);
            return await workflow
                .Get<Examination>()
                .Examine(
                    new(new("gcm", "draft-rev-1"), files, Standing: null),
                    previous: null,
                    register,
                    ExaminationReason.Event,
                    cancellation);
        }

        Assert.Equal(
            DistributionState.Released,
            (await ExaminedFromNothing(Samples.LetterWith("release: automatic")))?.State);
        Assert.Null(
            await ExaminedFromNothing(
                Samples.Letter($"{Samples.FrontMatter}\nrelease: automatic", "Draft Rev 1, corrected.")));
        await workflow.Run();
        await workflow.Run();
        Assert.Equal(
            [(1, DistributionState.Complete), (2, DistributionState.AwaitingRelease)],
            (await workflow.Distributions()).Select(distribution => (distribution.Version, distribution.State)).Order()
        );
        Assert.Equal(2, workflow.Sent().Count);
    }

    private async Task<TestWorkflow> Uploaded(params string[] missions)
    {
        var workflow = await TestWorkflow.Open(azurite);
        await workflow.Accepted(missions);
        return workflow;
    }
}
