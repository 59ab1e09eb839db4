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
        await using var house = await Uploaded();
        var first = await house.TheDistribution();
        await house.Upload(Letter, Samples.Letter(body: "Corrected: Draft Rev 1 is enclosed."));
        await house.Run();

        var distributions = await house.Distributions();
        Assert.Equal(
            [(1, DistributionState.Replaced), (2, DistributionState.AwaitingRelease)],
            distributions
                .OrderBy(distribution => distribution.Version)
                .Select(distribution => (distribution.Version, distribution.State)));
        Assert.False(
            await house.Get<Releases>().Release(first.Id, "the secretary", TestContext.Current.CancellationToken));
        await house.Run();
        Assert.Empty(house.Sent());
    }

    [Fact]
    public async Task Content_put_back_as_it_was_waits_for_release_again()
    {
        await using var house = await Uploaded();
        var first = await house.TheDistribution();
        await house.Upload(Letter, Samples.Letter(body: "Corrected: Draft Rev 1 is enclosed."));
        await house.Run();
        await house.Upload(Letter, Samples.Letter());
        await house.Run();

        Assert.Equal(
            [(1, DistributionState.AwaitingRelease), (2, DistributionState.Replaced)],
            (await house.Distributions())
                .OrderBy(distribution => distribution.Version)
                .Select(distribution => (distribution.Version, distribution.State)));
        Assert.True(
            await house.Get<Releases>().Release(first.Id, "the secretary", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Changed_content_under_a_released_revision_waits_to_be_released_on_purpose_even_where_release_is_automatic()
    {
        await using var house = await TestWorkflow.Open(azurite, ("Release:AllowAutomatic", "true"));
        await house.UseRegister("che", "mex");
        await house.Upload(Letter, Samples.LetterWith("release: automatic"));
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await house.Run();
        Assert.Equal(DistributionState.Complete, (await house.TheDistribution()).State);
        Assert.Equal(2, house.Sent().Count);

        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        await house.Run();
        Assert.Equal(
            [(1, DistributionState.Complete), (2, DistributionState.AwaitingRelease)],
            (await house.Distributions())
                .OrderBy(distribution => distribution.Version)
                .Select(distribution => (distribution.Version, distribution.State)));
        Assert.Equal(2, house.Sent().Count);
    }

    [Fact]
    public async Task What_was_frozen_is_sent_whatever_becomes_of_the_upload_the_register_and_the_templates()
    {
        await using var house = await Uploaded("che");
        var distribution = await house.TheDistribution();
        Assert.True(
            await house.Get<Releases>().Release(distribution.Id, "the secretary", TestContext.Current.CancellationToken)
        );
        await house.UseRegister("mex", "fra");
        await house.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Drafts)
            .DeleteBlobAsync(Letter, cancellationToken: TestContext.Current.CancellationToken);

        await house.Run();
        Assert.Equal(
            ["che@missions.example"],
            house.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address));
    }

    [Fact]
    public async Task What_its_folder_no_longer_holds_can_not_be_released()
    {
        await using var house = await Uploaded();
        var first = await house.TheDistribution();
        await house.Upload(Letter, Samples.LetterWith("signatorys: none"));
        await house.Run();
        Assert.Equal(DistributionState.Replaced, (await house.TheDistribution()).State);
        Assert.False(
            await house.Get<Releases>().Release(first.Id, "the secretary", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_mailbox_corrected_in_the_register_before_release_is_the_one_written_to()
    {
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseMailboxes("wrong@mission.example");
        await house.Accepted();
        await house.UseMailboxes("right@mission.example");
        await house.Run();

        // What people have looked at stays as it is; whether it leaves so is theirs to say.
        var waiting = await house.TheDistribution();
        var review = (await house.Get<Releases>().Review(waiting.Id, TestContext.Current.CancellationToken))!;
        Assert.Equal(
            ["right@mission.example"],
            Assert.Single(review.Register!.Changed).Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Equal(
            ReleaseOutcome.RegisterChanged,
            await house
                .Get<Releases>()
                .Release(
                    waiting.Id,
                    new("a", "the secretary"),
                    new(review.Content, [], new Dictionary<string, string>()),
                    TestContext.Current.CancellationToken));

        await house.Get<DraftUploads>().Renew(waiting.Folder, TestContext.Current.CancellationToken);
        var now = (await house.Distributions()).Single(distribution =>
            distribution.State == DistributionState.AwaitingRelease);
        Assert.Equal(2, now.Version);
        Assert.True(
            await house.Get<Releases>().Release(now.Id, "the secretary", TestContext.Current.CancellationToken));
        await house.Run();
        Assert.Equal(
            ["right@mission.example"],
            house.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address));
    }

    [Fact]
    public async Task A_letter_may_be_sent_as_it_was_checked_though_the_register_has_changed_since()
    {
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseRegister("che", "mex");
        var waiting = await house.Accepted();
        await house.UseRegister("che", "fra");
        var review = (await house.Get<Releases>().Review(waiting.Id, TestContext.Current.CancellationToken))!;
        Assert.Equal(
            ("fra", "mex"),
            (Assert.Single(review.Register!.Added).Id, Assert.Single(review.Register.Gone).Id));
        Assert.Empty(review.Register.Changed);

        // Whoever saw the differences of one register has not seen those of the next.
        await house.UseRegister("che", "fra", "egy");
        var word = new ReleaseRequest(
            review.Content,
            [],
            new Dictionary<string, string>(),
            AsFrozen: review.RegisterHash);
        Assert.Equal(
            ReleaseOutcome.RegisterChanged,
            await house
                .Get<Releases>()
                .Release(waiting.Id, new("a", "the secretary"), word, TestContext.Current.CancellationToken));
        Assert.True(
            await house.Get<Releases>().Release(waiting.Id, "the secretary", TestContext.Current.CancellationToken));
        await house.Run();
        Assert.Equal(
            ["che@missions.example", "mex@missions.example"],
            house.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address).Order());
    }

    [Fact]
    public async Task A_register_that_changes_nobody_this_letter_goes_to_is_not_asked_about()
    {
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseRegister("che", "mex");
        var waiting = await house.AcceptedWith("audience: [che]");
        await house.UseRegister("che", "fra");
        Assert.Null((await house.Get<Releases>().Review(waiting.Id, TestContext.Current.CancellationToken))!.Register);
    }

    [Fact]
    public async Task A_released_letter_is_not_judged_again_by_a_later_register_or_by_the_same_files_uploaded_again()
    {
        var draft = Samples.Pdf();
        await using var house = await TestWorkflow.Open(azurite);
        await house.UseRegister("che", "mex");
        await house.Upload(Letter, Samples.LetterWith("audience: [che]"));
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", draft);
        await house.Run();
        Assert.True(
            await house
                .Get<Releases>()
                .Release((await house.TheDistribution()).Id, "the secretary", TestContext.Current.CancellationToken));
        await house.Run();

        await house.UseRegister("mex");
        await house.Run();
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", draft);
        await house.Run();
        Assert.Equal(DistributionState.Complete, (await house.TheDistribution()).State);
        Assert.Equal(UploadState.Accepted, (await house.TheUpload()).State);
        Assert.Null(await house.Report("gcm/draft-rev-1"));
        Assert.Single(house.Sent());
    }

    [Fact]
    public async Task Two_workers_that_began_from_the_same_state_of_a_folder_and_see_different_content_release_one_of_them()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var house = await TestWorkflow.Open(azurite, ("Release:AllowAutomatic", "true"));
        await house.UseRegister("che", "mex");
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        var register = await house.Get<RegisterInUse>().Current(cancellation);
        async Task<DistributionRecord?> ExaminedFromNothing(string letter)
        {
            await house.Upload(Letter, letter);
            var files = await house.Get<Drafts>().List("gcm/draft-rev-1/", cancellation);
            return await house
                .Get<Examination>()
                .Examine(new("gcm", "draft-rev-1"), files, standing: null, previous: null, register, cancellation);
        }

        Assert.Equal(
            DistributionState.Released,
            (await ExaminedFromNothing(Samples.LetterWith("release: automatic")))?.State);
        Assert.Null(
            await ExaminedFromNothing(
                Samples.Letter($"{Samples.FrontMatter}\nrelease: automatic", "Draft Rev 1, corrected.")));
        await house.Run();
        await house.Run();
        Assert.Equal(
            [(1, DistributionState.Complete), (2, DistributionState.AwaitingRelease)],
            (await house.Distributions()).Select(distribution => (distribution.Version, distribution.State)).Order());
        Assert.Equal(2, house.Sent().Count);
    }

    private async Task<TestWorkflow> Uploaded(params string[] missions)
    {
        var house = await TestWorkflow.Open(azurite);
        await house.Accepted(missions);
        return house;
    }
}
