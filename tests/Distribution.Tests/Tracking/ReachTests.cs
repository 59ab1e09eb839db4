using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>The words for how far a letter has come: which of them may be said, and when.</summary>
public sealed class ReachTests
{
    private static readonly IReadOnlyList<Mission> Roster = RegisterCsv.Seed().Missions;

    [Fact]
    public void Complete_is_said_only_where_every_mission_has_it()
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
            foreach (
            var stored in (DistributionState[])
                [
                    DistributionState.Released,
                    DistributionState.Sending,
                    DistributionState.Complete,
                    DistributionState.Withdrawn,
                    DistributionState.Paused,
                ])
            {
                var reach = Of(stored, DeliveryState.Accepted, DeliveryState.Delivered, state);
                Assert.Equal(
                    state is DeliveryState.Accepted or DeliveryState.Delivered && stored != DistributionState.Paused,
                    reach.IsComplete || reach.Word.ToString().StartsWith("Complete", StringComparison.Ordinal));
                Assert.Equal(
                state is DeliveryState.Accepted or DeliveryState.Delivered,
                reach.Sentence.ToString().StartsWith("All 3", StringComparison.Ordinal));
                Assert.False(
                reach.Word.ToString().Contains("omplete", StringComparison.Ordinal)
                    && reach.Sentence.ToString().Contains("still to be sent", StringComparison.Ordinal));
            }
    }

    [Theory]
    [InlineData(
        nameof(DistributionState.Complete),
        "Ended, not complete",
        "219 of 223 have it; 4 do not: Afghanistan, Albania, Algeria and Andorra.",
        219,
        4)]
    [InlineData(
        nameof(DistributionState.Complete),
        "Ended, not complete",
        "213 of 223 have it; 10 do not: Afghanistan, Albania, Algeria, Andorra and 6 more.",
        213,
        10)]
    [InlineData(
        nameof(DistributionState.Complete),
        "Ended, not complete",
        "222 of 223 have it; 1 does not: Afghanistan.",
        222,
        1)]
    [InlineData(
        nameof(DistributionState.Withdrawn),
        "Stopped",
        "200 of 223 have it; 23 were never sent to.",
        200,
        0,
        23)]
    [InlineData(
        nameof(DistributionState.Complete),
        "Stopped",
        "200 of 223 have it; 3 do not: Afghanistan, Albania and Algeria; 20 were never sent to.",
        200,
        3,
        20)]
    [InlineData(
        nameof(DistributionState.Withdrawn),
        "Ended, not complete",
        "222 of 223 have it; 1 does not: Afghanistan.",
        222,
        1)]
    [InlineData(nameof(DistributionState.Withdrawn), "Complete", "All 223 missions have it.", 223, 0)]
    public void How_many_have_it_and_who_does_not_is_said_in_one_sentence(
        string stored,
        string word,
        string sentence,
        int accepted,
        int failed,
        int neverSent = 0)
    {
        var reach = Of(
            Enum.Parse<DistributionState>(stored),
            [
                .. Enumerable.Repeat(DeliveryState.Failed, failed),
                .. Enumerable.Repeat(DeliveryState.Withdrawn, neverSent),
                .. Enumerable.Repeat(DeliveryState.Accepted, accepted),
            ]);
        Assert.Equal((word, sentence), (reach.Word, reach.Sentence));
    }

    [Theory]
    [InlineData(
        nameof(DeliveryState.Deferred),
        "Delayed to some",
        "1 of 2 has it; to 1 it is delayed on its way: Albania.")]
    [InlineData(
        nameof(DeliveryState.OutcomeUnknown),
        "Not known of all",
        "1 of 2 has it; of 1 it is not known: Albania.")]
    [InlineData(nameof(DeliveryState.Pending), "Sending", "1 of 2 has it; 1 is still to be sent to.")]
    [InlineData(nameof(DeliveryState.Sending), "Sending", "1 of 2 has it; 1 is still to be sent to.")]
    public void What_is_delayed_unknown_or_on_its_way_is_neither_had_nor_lost(
        string state,
        string word,
        string sentence)
    {
        // Whatever the record says: it counts entries, and a letter sent again opens one.
        var reach = Of(DistributionState.Complete, DeliveryState.Accepted, Enum.Parse<DeliveryState>(state));
        Assert.Equal((word, sentence), (reach.Word, reach.Sentence));
    }

    [Fact]
    public void A_mission_that_acknowledged_by_telephone_has_it_and_it_is_said_that_its_mail_did_not_arrive()
    {
        var reach = new Reach(
            DistributionState.Complete,
            2,
            [
                new(Roster[0], DeliveryState.Accepted, IsAcknowledged: false),
                new(Roster[1], DeliveryState.Bounced, IsAcknowledged: true),
            ]);
        Assert.Equal(
            ("Complete", "All 2 missions have it, 1 of them by another way than this mail."),
            (reach.Word, reach.Sentence));
        Assert.Equal([(MissionStanding.AcknowledgedOtherwise, 1), (MissionStanding.Reached, 1)], reach.Parts);
        Assert.Null(reach.Trouble());
    }

    [Theory]
    [InlineData(nameof(DeliveryState.OutcomeUnknown))]
    [InlineData(nameof(DeliveryState.Sending))]
    public void Of_a_mission_that_acknowledged_what_may_have_arrived_it_is_not_said_that_its_mail_did_not(string state)
    {
        var reach = new Reach(
            DistributionState.Sending,
            1,
            [new(Roster[0], Enum.Parse<DeliveryState>(state), IsAcknowledged: true)]);
        Assert.Equal("the mission has the letter", $"{reach.Missions[0].Words}");
        Assert.DoesNotContain("another way", reach.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_had_no_need_of_a_reminder_is_not_left_out_by_it()
    {
        var reach = new Reach(
            DistributionState.Complete,
            2,
            [
                new(Roster[0], DeliveryState.Accepted, IsAcknowledged: false),
                new(Roster[1], DeliveryState.Withdrawn, IsAcknowledged: true, IsNotNeeded: true),
            ]);
        Assert.Equal(("Complete", "1 of 2 has it; 1 had no need of it."), (reach.Word, reach.Sentence));
        Assert.False(reach.IsLacking);
    }

    [Fact]
    public void An_entry_that_is_missing_keeps_it_from_being_complete() =>
        Assert.Equal(
            ReachPhase.Sending,
            new Reach(DistributionState.Complete, 2, [new(Roster[0], DeliveryState.Accepted, false)]).Phase);

    [Fact]
    public void Every_mission_stands_in_exactly_one_part_of_the_bar() =>
        Assert.All(
            Enum.GetValues<DeliveryState>(),
            state =>
                Assert.All(
                    (bool[])[true, false],
                    acknowledged =>
                        Assert.Equal(
                            1,
                            new Reach(DistributionState.Complete, 1, [new(Roster[0], state, acknowledged)]).Parts.Sum(
                                part => part.Count))));

    private static Reach Of(DistributionState stored, params IReadOnlyList<DeliveryState> states) =>
        new(
            stored,
            states.Count,
            [.. states.Select((state, place) => new MissionReach(Roster[place], state, IsAcknowledged: false))]);
}
