using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake.Malware;
using Distribution.Tests.Storage;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>The check that an upload, a preview and the desk share.</summary>
public sealed class LetterCheckTests(AzuriteFixture azurite, Clamd clamd) : IClassFixture<Clamd>
{
    private const string Folder = "gcm/draft-rev-1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_it_finds_a_check_writes_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var sent = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        var log = new RequestLog();
        await using var worker = workflow.OverStorage(log);

        Assert.Equal(
            sent.Id,
            Assert.IsType<CheckResult.ReleasedBefore>(await Check(worker, [sent.Id])).Distribution.Id);
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith($"supersedes: {sent.DraftLabel}\ncorrection: re-issue"));
        var correction = Assert.IsType<CheckResult.Sound>(await Check(worker));
        Assert.Equal(sent.Id, correction.Letter.Content.Follows?.Of);
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter(body: "{{ x }}"));
        Assert.IsType<CheckResult.Refused>(await Check(worker));
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith("  - file: annex.pdf\n    title: Annex"));
        Assert.Equal(["annex.pdf"], Assert.IsType<CheckResult.Waits>(await Check(worker)).Missing);

        Assert.Empty(log.Writes);
        // An examination of the same folder writes, and the log sees it.
        await worker.Get<DraftUploads>().Examine($"{Folder}/letter.md", Cancellation);
        Assert.NotEmpty(log.Writes);
    }

    [Fact]
    public async Task Nor_where_it_finds_malware_and_the_examination_tells_the_secretariat()
    {
        Clamd.Needed();
        await using var workflow = await TestWorkflow.Open(azurite, ("Intake:Scanner", clamd.Socket));
        await workflow.UseRegister("che");
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", [.. Samples.Pdf(), .. Clamd.Eicar]);

        var refused = Assert.IsType<CheckResult.Refused>(await Check(workflow));

        Assert.Equal("draft-rev-1.pdf", Assert.Single(refused.Infections).File.Name);
        Assert.Empty(await workflow.Get<Distribution.Storage.Notices>().All(Cancellation));
        await workflow.Reconcile();
        Assert.Single(await workflow.Get<Distribution.Storage.Notices>().All(Cancellation));
    }

    [Fact]
    public async Task What_it_says_would_be_frozen_is_frozen()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith("address: addressed"));
        await workflow.Upload($"{Folder}/letter.fr.md", "---\nsubject: Projet\n---\nLe projet Draft Rev 1 est joint.");
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());

        var sound = Assert.IsType<CheckResult.Sound>(await Check(workflow)).Letter;
        await workflow.Reconcile();

        var distribution = await workflow.TheDistribution();
        Assert.Equal(
            (sound.Id, sound.ContentHash, sound.RegisterHash),
            (distribution.Id, distribution.ContentHash, distribution.RegisterHash));
        Assert.Equal(
            Json.Write(sound.Content),
            Json.Write(await workflow.Get<FrozenContents>().Find(sound.Id, Cancellation)));
        Assert.Equal(sound.Warnings, distribution.Warnings);
    }

    private static async Task<CheckResult> Check(TestWorkflow workflow, IReadOnlyList<string>? versions = null)
    {
        var drafts = workflow.Get<Drafts>();
        return await workflow
            .Get<LetterCheck>()
            .Check(
                new(
                    await FolderListing.Now(drafts, new("gcm", "draft-rev-1"), Cancellation),
                    drafts.Read,
                    await workflow.Get<RegisterInUse>().Current(Cancellation),
                    workflow.Get<EarlierLetters>())
                {
                    Versions = versions ?? [],
                },
                Cancellation);
    }
}
