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
        var entry = Interrupted;
        Assert.Equal((DeliveryState.OutcomeUnknown, Start.AddMinutes(30)), (entry.State, entry.NotBefore));
        entry = entry.SendAgain(Start, "the secretary", "");
        for (var tries = 1; tries < 3; tries++)
            entry = Answered(entry.HandingOver(Start), (To, MailboxResult.TryLater), (Cc, MailboxResult.TryLater));
        var last = entry.HandingOver(Start);
        entry = Answered(last, (To, MailboxResult.TryLater), (Cc, MailboxResult.TryLater));

        Assert.Equal(DeliveryState.OutcomeUnknown, entry.State);
        Assert.True(entry.IsUnsettled);
        Assert.False(entry.IsOpen);
        // The policy settles it after a time, from now on.
        Assert.Equal(Start + SettleAfter, entry.NotBefore);

        // An answer to the first copy that comes at that moment does not make it one that failed.
        var replied = Answered(
            Hear(Hear(last, To, Replied), Cc, Replied), (To, MailboxResult.TryLater), (Cc, MailboxResult.TryLater));
        Assert.Equal((DeliveryState.Accepted, true), (replied.State, replied.IsByMailAlone));
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
        Assert.Null(Hear(Hear(Sent, To, Delayed("6", null)), Cc, Delayed("7", Start.AddDays(2))).TriedUntil);
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
        Assert.False(Answered(Resent(bounced).HandingOver(Start), (To, MailboxResult.Accepted), (Cc, MailboxResult.Accepted)).IsReturnedInPart);
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

    [Fact]
    public void A_handover_stands_in_the_entry_for_each_mailbox_that_is_still_open()
    {
        var again = Answered(Begun.HandingOver(Start), (To, MailboxResult.Accepted), (Cc, MailboxResult.TryLater))
            .HandingOver(Start.AddMinutes(1));
        Assert.Equal(
            [[Start], [Start, Start.AddMinutes(1)]],
            again.Attempts[0].Mailboxes.Select(mailbox =>
                mailbox.Events.Where(happened => happened.Kind == DeliveryEventKind.HandingOver).Select(happened => happened.At)));
        Assert.Equal([Cc], again.BeingHandedOver());
        Assert.Equal(new(Start.AddMinutes(1), DeliveryEventKind.HandingOver, ""), again.Attempts[0].Mailboxes[1].Telling);
    }

    [Fact]
    public void A_letter_is_offered_a_second_time_once_that_was_decided_until_a_server_says_something_final()
    {
        var decided = Interrupted.SendAgain(Start, "the secretary", "");
        Assert.Equal([To, Cc], decided.Open());
        var offered = decided.HandingOver(Start);
        // While it is on its way there is nothing to decide.
        Assert.Equal((false, true, false), (offered.IsOpen, offered.IsHandingOver, offered.IsUnsettled));
        Assert.Equal([To, Cc], offered.BeingHandedOver());
        foreach (var open in (MissionEntry[])
            [
                offered.NotHandedOver(Start, "no connection"),
                Answered(offered, (To, MailboxResult.TryLater), (Cc, MailboxResult.TryLater)),
            ])
            Assert.Equal((DeliveryState.OutcomeUnknown, true, false), (open.State, open.IsOpen, open.IsUnsettled));
    }

    /// <summary>A remark also stands where a log that an entry is rebuilt from lacks something.</summary>
    [Fact]
    public void A_remark_is_no_step_and_a_letter_that_is_being_handed_over_stays_so()
    {
        var remarked = Hear(Begun.HandingOver(Start), To, new DeliveryEvent(Start, DeliveryEventKind.Remark, "What was here is not known."));
        Assert.Equal((DeliveryState.Sending, false), (remarked.State, remarked.IsOpen));
        Assert.Equal([To, Cc], remarked.BeingHandedOver());
    }

    [Fact]
    public void What_shows_that_a_letter_was_sent_ends_a_handover_and_an_unknown_outcome_and_nothing_else()
    {
        foreach (var unsure in (MissionEntry[])[Begun.HandingOver(Start), Interrupted])
        {
            var found = unsure.FoundSent(Start, EvidenceRanks.Pickup, "");
            Assert.Equal((DeliveryState.Accepted, null), (found.State, found.NotBefore));
            Assert.All(found.Attempts[0].Mailboxes, mailbox => Assert.Equal(DeliveryState.Accepted, mailbox.State));
        }

        var put = Answered(Begun.HandingOver(Start), (To, MailboxResult.Refused), (Cc, MailboxResult.TryLater));
        Assert.Equal(put.Attempts[0].Mailboxes, put.FoundSent(Start, EvidenceRanks.Pickup, "").Attempts[0].Mailboxes);
    }

    [Fact]
    public void What_became_of_a_letter_elsewhere_is_taken_down_where_it_is_not_known_for_certain()
    {
        // Nothing of it is offered again before a person or the policy decides that, also where it was put off here before.
        foreach (var unsure in (MissionEntry[])
            [
                Begun, Begun.HandingOver(Start), PutOff, Begun.HandingOver(Start).NotHandedOver(Start, "no connection"),
                Interrupted, Interrupted.SendAgain(Start, null, ""), Begun.Withdrawn(Start, "the secretary"),
            ])
        {
            var sent = unsure.SentElsewhere(DeliveryEventKind.Delivered, Start, "the secretary", "");
            Assert.Equal((DeliveryState.Delivered, true, null), (sent.State, sent.IsAccountable, sent.NotBefore));
            var unknown = unsure.SentElsewhere(DeliveryEventKind.Unknown, Start, "the secretary", "");
            Assert.Equal((DeliveryState.OutcomeUnknown, true, false), (unknown.State, unknown.IsUnsettled, unknown.IsOpen));
        }

        foreach (var certain in (MissionEntry[])[Sent, Answered(Begun.HandingOver(Start), (To, MailboxResult.Refused), (Cc, MailboxResult.Accepted))])
            Assert.Equal(
                certain.Attempts[0].Mailboxes,
                certain.SentElsewhere(DeliveryEventKind.Delivered, Start, "the secretary", "").Attempts[0].Mailboxes);
    }

    [Fact]
    public void A_held_letter_waits_for_a_person_wherever_it_may_still_have_been_sent()
    {
        foreach (var unsure in (MissionEntry[])[Begun, Begun.HandingOver(Start), PutOff])
        {
            var held = unsure.Held(Start, "");
            Assert.Equal((DeliveryState.OutcomeUnknown, true, false, null), (held.State, held.IsUnsettled, held.IsOpen, held.NotBefore));
        }

        var sent = Sent;
        Assert.Equal(sent.Attempts[0].Mailboxes, sent.Held(Start, "").Attempts[0].Mailboxes);
    }

    [Fact]
    public void Evidence_is_taken_down_once_and_only_about_a_message_and_a_mailbox_of_the_entry()
    {
        var bounced = new DeliveryEvent(Start, DeliveryEventKind.Bounced, "", BounceKind.Permanent, EvidenceRanks.Report, "1");
        var known = Hear(Sent, To, bounced);
        Assert.Equal(DeliveryState.Bounced, known.Attempts[0].Mailboxes[0].State);
        Assert.Same(known, Hear(known, "CHE@missions.example", bounced));
        Assert.Same(known, Hear(known, "other@missions.example", bounced));
        Assert.Same(known, known.WithEvent("mark.che.2.token@secretariat.example", Cc, bounced));
    }

    [Fact]
    public void A_letter_left_when_it_was_first_handed_over_for_a_mailbox_that_may_have_it()
    {
        Assert.Null(Begun.LeftAt());
        Assert.Null(Begun.HandingOver(Start).NotHandedOver(Start, "").LeftAt());
        Assert.Equal(Start.AddMinutes(1), Begun.HandingOver(Start.AddMinutes(1)).LeftAt());
        var again = Resent(Answered(Begun.HandingOver(Start.AddMinutes(-1)), (To, MailboxResult.Accepted), (Cc, MailboxResult.Accepted)));
        Assert.Equal(Start.AddMinutes(-1), again.HandingOver(Start.AddDays(1)).LeftAt());
    }

    [Fact]
    public void A_mission_that_has_the_letter_keeps_it_though_a_second_message_fails()
    {
        var delivered = Hear(Sent, To, new DeliveryEvent(Start, DeliveryEventKind.Delivered, "", Source: EvidenceRanks.SendGrid, Id: "1"));
        foreach (var (first, state) in ((MissionEntry, DeliveryState)[])[(delivered, DeliveryState.Delivered), (Sent, DeliveryState.Failed)])
        {
            var again = Resent(first);
            // As long as it is to be sent, that is what there is to say.
            Assert.Equal(DeliveryState.Pending, again.State);
            Assert.Equal(state, Answered(again.HandingOver(Start), (To, MailboxResult.Refused), (Cc, MailboxResult.Refused)).State);
        }

        // One message is begun once.
        Assert.Same(delivered, delivered.Begin(Che, attempt => $"{attempt}", Start));
    }

    [Fact]
    public void A_message_that_was_stopped_before_it_was_sent_changes_nothing_about_the_one_before_it()
    {
        var stopped = Resent(Sent).Withdrawn(Start, "the secretary");
        Assert.Equal((DeliveryState.Accepted, DeliveryState.Accepted, true), (stopped.State, stopped.ToldState, stopped.IsAccountable));

        // Nor does mail alone become more than it was, and a person can still settle it.
        var byMail = Resent(Hear(Hear(Interrupted, To, Replied), Cc, Replied)).Withdrawn(Start, "the secretary");
        Assert.Equal(
            (DeliveryState.OutcomeUnknown, true, false),
            (byMail.ToldState, byMail.IsByMailAlone, byMail.IsAccountable));
        var vouched = byMail.VouchedFor(Start, "the secretary");
        Assert.Equal((DeliveryState.Delivered, true), (vouched.ToldState, vouched.IsAccountable));
    }

    [Fact]
    public void Whoever_does_not_need_a_letter_any_more_is_told_apart_from_those_a_person_stopped_it_for()
    {
        Assert.Equal(
            new("che", DeliveryState.Withdrawn, IsNotNeeded: true, null, IsReturnedInPart: false),
            Begun.NotNeeded(Start, "It has acknowledged.").EntryState);
        Assert.Equal(
            new("che", DeliveryState.Withdrawn, IsNotNeeded: false, null, IsReturnedInPart: false),
            Begun.Withdrawn(Start, "the secretary").EntryState);
        Assert.False(Sent.EntryState.IsNotNeeded);
    }

    private static MissionEntry PutOff => Answered(Begun.HandingOver(Start), (To, MailboxResult.TryLater), (Cc, MailboxResult.TryLater));

    private static MissionEntry Interrupted => Begun.HandingOver(Start).Interrupted(Start, TimeSpan.FromMinutes(30), "");

    private static DeliveryEvent Replied => new(Start, DeliveryEventKind.Accepted, "", Source: EvidenceRanks.Reply, Id: "reply");

    private static MissionEntry Resent(MissionEntry entry) =>
        entry.Resend(Che, attempt => $"mark.che.{attempt}.token@secretariat.example", Start, "the secretary");

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
