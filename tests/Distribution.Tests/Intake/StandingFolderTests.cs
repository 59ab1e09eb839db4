using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class StandingFolderTests(AzuriteFixture azurite)
{
    private static readonly string FrontMatter = string.Join(
        '\n',
        Samples
            .FrontMatter.Split('\n')
            .TakeWhile(line => !line.StartsWith("enclosures", StringComparison.Ordinal))
            .Where(line =>
                !line.StartsWith("draft:", StringComparison.Ordinal)
                && !line.StartsWith("date:", StringComparison.Ordinal))
            .Select(line =>
                line.StartsWith("subject:", StringComparison.Ordinal)
                    ? "subject: \"{{ letter.draft }} of the Global Compact\""
                    : line));

    internal static readonly string Letter = Samples.Letter(FrontMatter, "{{ letter.draft }} is enclosed.");

    [Fact]
    public async Task Each_file_becomes_a_distribution_of_its_own_that_waits_for_release_under_the_label_of_its_name()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:AllowAutomatic", "true"));
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/standing.md", Letter);
        await workflow.Upload("gcm/standing/gcm-draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"));
        await workflow.Upload("gcm/standing/gcm-draft-rev-3.pdf", Samples.Pdf("Draft Rev 3"));
        await workflow.Run();

        var distributions = await workflow.Distributions();
        Assert.Equal(
            ["Draft Rev 2", "Draft Rev 3"],
            distributions.Select(distribution => distribution.DraftLabel).Order());
        Assert.All(distributions, distribution => Assert.Equal(DistributionState.AwaitingRelease, distribution.State));

        Assert.True(
            await workflow
                .Get<Releases>()
                .Release(
                    distributions.Single(distribution => distribution.DraftLabel == "Draft Rev 2").Id,
                    "the secretary",
                    TestContext.Current.CancellationToken));
        await workflow.CarryOutBatches();
        var sent = Assert.Single(workflow.Sent());
        Assert.Equal("Draft Rev 2 of the Global Compact", sent.Subject);
        Assert.Equal(
            ["2018-03-26 Global Compact for Safe, Orderly - Draft Rev 2 - letter (en).pdf", "gcm-draft-rev-2.pdf"],
            sent.Attachments.Select(attachment => attachment.ContentDisposition?.FileName));
    }

    [Fact]
    public async Task A_file_waits_for_the_standing_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/standing/gcm-draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"));
        await workflow.Run();
        Assert.Equal(["standing.md"], (await workflow.TheUpload()).WaitingFor);

        await workflow.Upload("gcm/standing.md", Letter);
        await workflow.Get<DraftUploads>().Examine("gcm/standing.md", TestContext.Current.CancellationToken);
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_label_the_name_does_not_show_is_there_to_be_checked()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/standing.md", Letter);
        await workflow.Upload("gcm/standing/modalities.pdf", Samples.Pdf("Modalities"));
        await workflow.Run();
        var distribution = await workflow.TheDistribution();
        Assert.Equal("Modalities", distribution.DraftLabel);
        Assert.Contains(301, distribution.Warnings.Select(warning => warning.Number));
    }

    [Fact]
    public async Task The_same_file_again_is_the_same_distribution_and_changed_content_a_new_version()
    {
        var draft = Samples.Pdf("Draft Rev 2");
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/standing.md", Letter);
        await workflow.Upload("gcm/standing/gcm-draft-rev-2.pdf", draft);
        await workflow.Run();
        await workflow.Upload("gcm/standing/gcm-draft-rev-2.pdf", draft);
        await workflow.Run();
        await workflow.TheDistribution();

        await workflow.Upload("gcm/standing/gcm-draft-rev-2.pdf", Samples.Pdf("Draft Rev 2, corrected"));
        await workflow.Run();
        Assert.Equal(
            [(1, DistributionState.Replaced), (2, DistributionState.AwaitingRelease)],
            (await workflow.Distributions()).Select(distribution => (distribution.Version, distribution.State)).Order()
        );
    }

    [Fact]
    public async Task A_new_standing_letter_serves_only_the_files_not_yet_released()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/standing.md", Letter);
        await workflow.Upload("gcm/standing/gcm-draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"));
        await workflow.Run();
        Assert.True(
            await workflow
                .Get<Releases>()
                .Release((await workflow.TheDistribution()).Id, "the secretary", TestContext.Current.CancellationToken)
        );
        await workflow.Run();

        await workflow.Upload(
            "gcm/standing.md",
            Samples.Letter(FrontMatter, "{{ letter.draft }} is enclosed, with thanks."));
        await workflow.Upload("gcm/standing/gcm-draft-rev-3.pdf", Samples.Pdf("Draft Rev 3"));
        await workflow.Run();
        Assert.Equal(
            [("Draft Rev 2", DistributionState.Complete), ("Draft Rev 3", DistributionState.AwaitingRelease)],
            (await workflow.Distributions())
                .Select(distribution => (distribution.DraftLabel, distribution.State))
                .Order());
    }
}
