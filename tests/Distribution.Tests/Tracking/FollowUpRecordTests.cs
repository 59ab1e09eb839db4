using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Distribution.Tracking;
using Distribution.Tracking.Archive;
using Distribution.Tracking.Reports;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>What follows a letter is on record like the letter itself: logged, proven, reported and archived.</summary>
public sealed class FollowUpRecordTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_with_a_reminder_an_addendum_and_a_correction_is_proven_and_archived_in_each_of_them()
    {
        TestWorkflow? opened = null;
        var letter = "";
        var transport = new TransportStub
        {
            // Mexico acknowledges while France is being reminded, so that one reminder is not needed in the end.
            BeforeAnswer = async () =>
            {
                if (letter.Length > 0)
                    await opened!
                        .Get<Acknowledgements>()
                        .RecordFirst(
                            letter,
                            "mex",
                            new(
                                "1",
                                opened.Clock.GetUtcNow(),
                                "A duty officer",
                                new(
                                    "A duty officer",
                                    null,
                                    AcknowledgementChannel.Telephone,
                                    opened.Clock.GetUtcNow(),
                                    "the secretary")),
                            Cancellation);
            },
        };
        await using var workflow = opened = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        await workflow.Released("fra", "mex");
        await workflow.CarryOutBatches();
        letter = (await workflow.TheDistribution()).Id;
        Assert.True(await workflow.RemindNow(letter));
        await workflow.Run();

        await workflow.UseRegister("fra", "mex", "che");
        Assert.IsType<AddendumResult.Prepared>(
            await workflow
                .Get<Addenda>()
                .Prepare(letter, "che", null, new("the secretary", "the secretary"), Cancellation));
        Assert.True(await workflow.Get<Releases>().Release($"{letter}-a1", "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        var served = ServedReport.Of((await workflow.Get<ReportReader>().Of(letter, Cancellation))!);
        Assert.Equal(3, served.Served);
        Assert.Equal(["France", "Mexico", "Switzerland"], served.Lines.Select(line => line.Mission.Name).Order());

        await workflow.Upload(
            "gcm/correction/letter.md",
            Samples.LetterWith("supersedes: Draft Rev 1\ncorrection: corrigendum"));
        await workflow.Upload("gcm/correction/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, put right"));
        await workflow.Reconcile();
        var correction = (await workflow.Distributions()).Single(distribution =>
            distribution.Folder.Revision == "correction");
        Assert.Equal(3, correction.MissionCount);
        Assert.True(await workflow.Get<Releases>().Release(correction.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        await workflow.Reconcile();

        foreach (var distribution in await workflow.Distributions())
        {
            var audit = await workflow.Audit(distribution.Id);
            Assert.Empty(audit.Breaches);
            Assert.True(audit.IsProven, distribution.Id);
            using var archive = new MemoryStream();
            Assert.True(await workflow.Get<DistributionArchive>().Write(distribution.Id, archive, Cancellation));
        }

        Assert.Equal(4, (await workflow.Distributions()).Count);
    }
}
