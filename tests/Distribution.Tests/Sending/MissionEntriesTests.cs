using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Sending;

public sealed class MissionEntriesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("che")]
    [InlineData("che", "mex", "fra")]
    public async Task A_change_repeated_because_its_answer_was_lost_is_known_for_ones_own_and_another_workers_is_not(
        params string[] missions)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che", "mex", "fra");
        var entries = workflow.Get<MissionEntries>();
        var before = await entries.Find(distribution.Id, missions, Cancellation);
        IReadOnlyList<Stored<MissionEntry>> Claimed(string worker) =>
            [
                .. before.Select(entry =>
                    entry with
                    {
                        Value = entry.Value with { Claim = new(worker, workflow.Clock.GetUtcNow()) },
                    }),
            ];

        var first = await entries.Replace(Claimed("one"), Cancellation);
        var repeated = await entries.Replace(Claimed("one"), Cancellation);
        Assert.Equal(first!.Select(entry => entry.ETag), repeated!.Select(entry => entry.ETag));
        Assert.Null(await entries.Replace(Claimed("two"), Cancellation));
    }
}
