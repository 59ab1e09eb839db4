using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>Single steps of a mission's entry: when it is tried again, when it is given up, and what people are told.</summary>
public sealed class MissionEntryStepsTests
{
    private const string To = "che@missions.example";
    private const string Cc = "copy@missions.example";

    private static readonly DateTimeOffset Start = new(2018, 3, 26, 22, 0, 0, TimeSpan.Zero);

    private static readonly Mission Che = RegisterCsv.Seed().Missions.Single(mission => mission.Id == "che") with
    {
        Mailboxes = [new(To, MailboxField.To), new(Cc, MailboxField.Cc)],
    };

    private static MissionEntry Begun =>
        new MissionEntry("gcm-draft-rev-1-0123456789ab", "che", 1, [], null, null)
            .Begin(Che, attempt => $"mark.che.{attempt}.token@secretariat.example", Start);

    private static MissionEntry Sent => Answered(Begun.HandingOver(Start), (To, MailboxResult.Accepted), (Cc, MailboxResult.Accepted));

    [Fact]
    public void A_mailbox_that_is_put_off_is_tried_as_often_as_there_are_pauses_and_then_given_up()
    {
        var entry = Begun;
        foreach (var (try_, state, pause) in ((int, DeliveryState, TimeSpan?)[])
            [
                (1, DeliveryState.Pending, TimeSpan.FromMinutes(1)),
                (2, DeliveryState.Pending, TimeSpan.FromMinutes(5)),
                (3, DeliveryState.Failed, null),
            ])
        {
            entry = Answered(entry.HandingOver(Start), (To, MailboxResult.TryLater), (Cc, MailboxResult.TryLater));
            Assert.Equal((try_, state, Start + pause), (try_, entry.State, entry.NotBefore));
        }
    }

    [Fact]
    public void A_mailbox_that_may_have_the_letter_stays_unknown_when_it_is_put_off_for_the_last_time()
    {
        var entry = Begun.HandingOver(Start).Interrupted(Start, TimeSpan.FromMinutes(30), "");
        Assert.Equal((DeliveryState.OutcomeUnknown, Start.AddMinutes(30)), (entry.State, entry.NotBefore));
        entry = entry.SendAgain(Start, "the secretary", "");
        for (var tries = 1; tries <= 3; tries++)
            entry = Answered(entry.HandingOver(Start), (To, MailboxResult.TryLater), (Cc, MailboxResult.TryLater));

        Assert.Equal(DeliveryState.OutcomeUnknown, entry.State);
        Assert.True(entry.IsUnsettled);
        Assert.False(entry.IsOpen);
        // The policy settles it after a time, from now on.
        Assert.Equal(Start + SettleAfter, entry.NotBefore);
    }

    [Fact]
    public void A_pause_is_the_longer_of_ours_and_the_servers_and_of_all_mailboxes()
    {
        var asked = Begun.HandingOver(Start).Answered(
            1,
            [new(To, MailboxResult.TryLater, "", TimeSpan.FromHours(2)), new(Cc, MailboxResult.TryLater, "", TimeSpan.FromSeconds(1))],
            Pauses, 0, SettleAfter, Start);
        Assert.Equal(Start.AddHours(2), asked.NotBefore);

        var withJitter = Begun.HandingOver(Start).Answered(
            1, [new(To, MailboxResult.TryLater, ""), new(Cc, MailboxResult.Accepted, "")], Pauses, 0.5, SettleAfter, Start);
        Assert.Equal(Start.AddSeconds(90), withJitter.NotBefore);
    }

    [Fact]
    public void Until_when_a_delayed_letter_is_tried_is_the_last_of_its_mailboxes_and_not_known_where_one_does_not_say()
    {
        var one = Hear(Sent, To, Delayed("1", Start.AddDays(1)), Delayed("2", Start.AddDays(3)), Delayed("3", Start.AddDays(2)));
        Assert.Null(one.TriedUntil);
        Assert.Equal(DeliveryState.Accepted, one.State);

        var both = Hear(one, Cc, Delayed("4", Start.AddDays(2)));
        Assert.Equal((DeliveryState.Deferred, Start.AddDays(3)), (both.State, both.TriedUntil));
        Assert.Equal(Start.AddDays(4), Hear(both, Cc, Delayed("5", Start.AddDays(4))).TriedUntil);

        Assert.Null(Hear(one, Cc, Delayed("6", null)).TriedUntil);
        // What was delivered in the end is not tried any more.
        Assert.Null(Hear(both, To, new DeliveryEvent(Start, DeliveryEventKind.Delivered, "", Source: EvidenceRanks.SendGrid, Id: "7")).TriedUntil);
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void It_came_back_in_part_where_one_mailbox_has_it_and_another_does_not(bool to, bool cc, bool inPart) =>
        Assert.Equal(inPart, Answered(Begun.HandingOver(Start), (To, Result(to)), (Cc, Result(cc))).IsReturnedInPart);

    [Fact]
    public void A_copy_that_came_back_later_counts_in_part_too()
    {
        var bounced = Hear(Sent, Cc, new DeliveryEvent(Start, DeliveryEventKind.Bounced, "", BounceKind.Permanent, EvidenceRanks.Report, "1"));
        Assert.Equal((DeliveryState.Accepted, true), (bounced.State, bounced.IsReturnedInPart));

        // A new message to both is another attempt, and the last one counts.
        var again = bounced.Resend(Che, attempt => $"mark.che.{attempt}.token@secretariat.example", Start, "the secretary");
        Assert.False(Answered(again.HandingOver(Start), (To, MailboxResult.Accepted), (Cc, MailboxResult.Accepted)).IsReturnedInPart);
    }

    [Fact]
    public void What_explains_a_mailbox_is_the_latest_event_that_gives_its_state_else_the_last_one()
    {
        var mailbox = Begun.Attempts[0].Mailboxes[0];
        Assert.Null(mailbox.Telling);

        DeliveryEvent Said(DeliveryEventKind kind, string words) => new(Start, kind, words, Source: EvidenceRanks.SendGrid, Id: words);
        var heard = Hear(
            Sent, To,
            Said(DeliveryEventKind.Deferred, "busy"), Said(DeliveryEventKind.Delivered, "first"),
            Said(DeliveryEventKind.Delivered, "second"), Said(DeliveryEventKind.Remark, "opened"));
        Assert.Equal("second", heard.Attempts[0].Mailboxes[0].Telling!.Words);

        // Nothing gives a state yet: what happened last is what there is to say.
        var waiting = Begun.HandingOver(Start).NotHandedOver(Start, "no connection");
        Assert.Equal((DeliveryState.Pending, "no connection"), (waiting.State, waiting.Attempts[0].Mailboxes[0].Telling!.Words));
    }

    private static MailboxResult Result(bool isTaken) => isTaken ? MailboxResult.Accepted : MailboxResult.Refused;

    private static readonly TimeSpan SettleAfter = TimeSpan.FromMinutes(10);

    private static readonly IReadOnlyList<TimeSpan> Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    private static DeliveryEvent Delayed(string id, DateTimeOffset? until) =>
        new(Start, DeliveryEventKind.Deferred, "", Source: EvidenceRanks.SendGrid, Id: id, TriedUntil: until);

    private static MissionEntry Answered(MissionEntry entry, params (string Address, MailboxResult Result)[] answers) =>
        entry.Answered(
            entry.Attempts.Count,
            [.. answers.Select(answer => new MailboxOutcome(answer.Address, answer.Result, ""))],
            Pauses, 0, SettleAfter, Start);

    private static MissionEntry Hear(MissionEntry entry, string address, params DeliveryEvent[] events) =>
        events.Aggregate(entry, (heard, happened) => heard.WithEvent(heard.Attempts[^1].MessageId, address, happened));
}
