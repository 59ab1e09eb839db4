using Distribution.Tests.Fixtures;
using Distribution.Tests.Mail;
using Distribution.Tests.Sending;
using Distribution.Tracking.Archive;
using Xunit;

namespace Distribution.Tests.Tracking.Archive;

/// <summary>What an archive takes of memory, measured in the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class ArchiveMemoryTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_stays_flat_however_large_an_enclosure_is()
    {
        const int Large = 15_000_000;
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        await workflow.UseRegister("che");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.LetterWith("  - file: annex.pdf\n    title: Annex\n    role: annex"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload("gcm/draft-rev-1/annex.pdf", [.. Samples.Pdf(), .. new byte[Large]]);
        await workflow.Reconcile();
        var distribution = await workflow.TheDistribution();
        var path = Path.GetTempFileName();
        try
        {
            await Write();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Assert.InRange(await Write(), Large, Large + 1_000_000L);
            Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Large / 4);
        }
        finally
        {
            File.Delete(path);
        }

        async Task<long> Write()
        {
            await using var file = File.Create(path);
            Assert.True(await workflow.Get<DistributionArchive>().Write(distribution.Id, file, Cancellation));
            return file.Length;
        }
    }
}
