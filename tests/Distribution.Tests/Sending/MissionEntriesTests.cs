using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Sending;

public sealed class MissionEntriesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_change_repeated_because_its_answer_was_lost_is_known_for_ones_own_and_another_workers_is_not(
        int rows)
    {
        await using var house = await TestWorkflow.Open(azurite);
        var distribution = await house.Released("che", "mex", "fra");
        var dispatches = house.Get<MissionEntries>();
        var before = await dispatches.Range(distribution.Id, 1, rows, Cancellation);
        IReadOnlyList<Stored<MissionEntry>> Claimed(string worker) =>
            [
                .. before.Select(entry =>
                    entry with
                    {
                        Value = entry.Value with { Claim = new(worker, house.Clock.GetUtcNow()) },
                    }),
            ];

        var first = await dispatches.Replace(Claimed("one"), Cancellation);
        var repeated = await dispatches.Replace(Claimed("one"), Cancellation);
        Assert.Equal(first!.Select(entry => entry.ETag), repeated!.Select(entry => entry.ETag));
        Assert.Null(await dispatches.Replace(Claimed("two"), Cancellation));
    }
}
