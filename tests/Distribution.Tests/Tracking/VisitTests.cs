using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

public sealed class VisitTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void However_many_programs_come_the_last_five_are_kept_each_once_and_none_at_length()
    {
        var at = DateTimeOffset.UnixEpoch;
        var visits = MissionVisits.None("d", "che", at);
        foreach (
            var agent in (string[])["a", "b", "c", "d", "e", "f", "b", "", $"line\nbreak {new string('x', 5_000)}"])
            visits = visits.With(VisitKind.Opened, agent, at = at.AddMinutes(1));

        Assert.Equal((9, DateTimeOffset.UnixEpoch, at), (visits.Count(VisitKind.Opened), visits.First, visits.Last));
        Assert.Equal(["b", "f", "e", "d"], visits.Agents.Skip(1));
        Assert.StartsWith("line break xxx", visits.Agents[0], StringComparison.Ordinal);
        Assert.InRange(visits.Agents[0].Length, 1, 161);
    }

    [Fact]
    public async Task Visits_that_come_at_once_hold_nobody_up_and_are_counted_as_far_as_they_can_be()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var desk = workflow.Get<VisitCounter>();
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(visit => desk.Count("d", "che", VisitKind.Opened, $"scanner {visit}")));
        await desk.Count("d", "che", VisitKind.Replayed, "scanner");

        var visits = (await workflow.Get<Visits>().Find("d", "che", Cancellation))!;
        Assert.InRange(visits.Count(VisitKind.Opened), 1, 200);
        Assert.Equal(1, visits.Count(VisitKind.Replayed));
    }
}
