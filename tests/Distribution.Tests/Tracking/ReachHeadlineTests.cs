using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>What a heading says of a letter: it never sounds finished while somebody does not have it.</summary>
public sealed class ReachHeadlineTests
{
    [Theory]
    [InlineData("AwaitingRelease", "", "waits for release")]
    [InlineData("Scheduled", "", "released, nothing has left yet")]
    [InlineData("Discarded", "", "never sent: discarded")]
    [InlineData("Released", "Pending Pending", "released, nothing has left yet")]
    [InlineData("Sending", "Accepted Pending", "being sent, 1 to go")]
    [InlineData("Sending", "Accepted Pending Failed", "being sent, 1 to go; 1 mission does not have it")]
    [InlineData("Paused", "Accepted Pending", "sending is on hold")]
    [InlineData("Withdrawn", "Accepted Sending", "being stopped")]
    [InlineData("Withdrawn", "Accepted Withdrawn Bounced", "2 missions do not have it")]
    [InlineData("Complete", "Accepted OutcomeUnknown", "of 1 mission it is not known")]
    [InlineData("Complete", "Accepted Deferred Bounced", "1 mission does not have it; to 1 mission it is delayed")]
    [InlineData("Complete", "Delivered Bounced Failed", "2 missions do not have it")]
    [InlineData("Complete", "Delivered Accepted", "all 2 missions have it")]
    [InlineData("Complete", "Delivered", "the one mission has it")]
    public void Says_how_far_a_letter_is(string state, string missions, string words) =>
        Assert.Equal(words, Of(state, missions).Headline);

    [Fact]
    public void Says_who_was_spared_and_counts_a_lost_record_as_not_finished()
    {
        var reach = Of("Complete", "Accepted Withdrawn");
        Assert.Equal(
            "1 mission has it, 1 had no need of it",
            (reach with { Missions = [reach.Missions[0], reach.Missions[1] with { IsNotNeeded = true }] }).Headline);
        Assert.Equal("being sent", (reach with { Missions = [reach.Missions[0]] }).Headline);
        Assert.Equal(
            "cannot be read, so it is not known who has it",
            (reach with { CannotBeRead = true }).Headline);
        Assert.Equal(
            "all 2 missions have it",
            (reach with { Missions = [reach.Missions[0], reach.Missions[1] with { IsAcknowledged = true }] }).Headline);
    }

    private static Reach Of(string state, string missions)
    {
        var words = missions.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(
            Enum.Parse<DistributionState>(state),
            Math.Max(words.Length, 1),
            [
                .. words.Select((word, place) =>
                    new MissionReach(Mission($"m{place}"), Enum.Parse<DeliveryState>(word), IsAcknowledged: false)),
            ]);
    }

    private static Mission Mission(string id) =>
        new(
            id,
            MissionKind.MemberState,
            new Dictionary<string, string> { [Languages.English] = id },
            new Dictionary<string, string> { [Languages.English] = id },
            "Permanent Representative",
            null,
            Languages.English,
            null,
            [],
            []);
}
