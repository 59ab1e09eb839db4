using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>
/// What mail can do to a letter's state, and what it never can, whatever it says, in whatever order and however often:
/// shown for hundreds of made-up histories.
/// </summary>
public sealed class MailEvidenceTests
{
    private const string Address = "che@missions.example";

    private static readonly DateTimeOffset Start = new(2018, 3, 26, 22, 0, 0, TimeSpan.Zero);

    private static readonly Mission Che = RegisterCsv.Seed().Missions.Single(mission => mission.Id == "che") with
    {
        Mailboxes = [new(Address, MailboxField.To)],
    };

    private static MissionEntry Begun =>
        new MissionEntry("gcm-draft-rev-1-0123456789ab", "che", 1, [], null, null).Begin(
            Che,
            attempt => $"mark.che.{attempt}.token@secretariat.example",
            Start);

    private sealed record Step(string Name, bool IsMail, Func<MissionEntry, MissionEntry> Happen)
    {
        public override string ToString() => Name;
    }

    private static Gen<DeliveryEvent> Mail =>
        from kind in Gen.Elements(
            DeliveryEventKind.Accepted,
            DeliveryEventKind.Deferred,
            DeliveryEventKind.Delivered,
            DeliveryEventKind.Bounced)
        from source in Gen.Elements(EvidenceRanks.Report, EvidenceRanks.Reply, EvidenceRanks.AutomaticReply)
        from number in Gen.Choose(1, 60)
        select new DeliveryEvent(Start, kind, "", Source: source, Id: $"{number}-{kind}-{source}");

    private static Gen<Step> Steps =>
        Gen.OneOf(
            Gen.Elements(
                Own("handing over", entry => entry.IsOpen ? entry.HandingOver(Start) : entry),
                Own(
                    "worker died",
                    entry => entry.IsHandingOver ? entry.Interrupted(Start, TimeSpan.Zero, "") : entry),
                Own("send again", entry => entry.IsUnsettled ? entry.SendAgain(Start, null, "") : entry),
                Own("withdrawn", entry => entry.Withdrawn(Start, "the secretary"))),
            from result in Gen.Elements(
                MailboxResult.Accepted,
                MailboxResult.TryLater,
                MailboxResult.TryLater,
                MailboxResult.Unknown,
                MailboxResult.Refused)
            select Own($"answered {result}", entry => Answer(entry, result)),
            from happened in Mail
            select new Step(
                $"mail says {happened.Kind} ({happened.Id})",
                true,
                entry => entry.WithEvent(entry.Attempts[^1].MessageId, Address, happened)));

    private static Arbitrary<List<Step>> Histories => Steps.ListOf().Select(steps => steps.ToList()).ToArbitrary();

    [Fact]
    public void Mail_never_ends_what_is_still_to_be_offered_and_never_makes_delivered_and_never_completes() =>
        Holds(
            Histories,
            history =>
            {
                var entry = Begun;
                foreach (var step in history)
                {
                    var before = entry;
                    entry = step.Happen(entry);
                    if (!step.IsMail)
                        continue;
                    if (entry.FirmState != before.FirmState
                        || entry.State == DeliveryState.Delivered
                        || (entry.IsAccountable && !before.IsAccountable))
                        return false;
                    // Where nothing but mail can have changed it, what has not left, or is to be offered once more, is
                    // offered as before.
                    if ((before.FirmState < DeliveryState.OutcomeUnknown || before.IsOpen)
                        && (
                            entry.State != before.State
                            || entry.IsOpen != before.IsOpen
                            || entry.IsHandingOver != before.IsHandingOver))
                        return false;
                }

                return true;
            });

    [Fact]
    public void A_letter_that_has_not_left_is_offered_and_taken_whatever_mail_said_before() =>
        Holds(
            Mail.ListOf().Select(heard => heard.ToList()).ToArbitrary(),
            heard =>
            {
                var greylisted = Answer(Begun.HandingOver(Start), MailboxResult.TryLater);
                var told = heard.Aggregate(
                    greylisted,
                    (entry, happened) => entry.WithEvent(entry.Attempts[0].MessageId, Address, happened));
                return told.IsOpen
                    && Answer(told.HandingOver(Start), MailboxResult.Accepted).State == DeliveryState.Accepted;
            });

    [Fact]
    public void A_bounce_is_never_dropped_however_much_mail_came_before_it() =>
        Holds(
            (
                from heard in Mail.Where(happened => happened.Kind != DeliveryEventKind.Bounced).ListOf()
                from own in Gen.Elements(MailboxResult.Accepted, MailboxResult.Unknown)
                select (heard.Concat(heard).Concat(heard).ToList(), own)).ToArbitrary(),
            history =>
            {
                var (heard, own) = history;
                var flooded = Hear(Answer(Begun.HandingOver(Start), own), heard);
                return Hear(
                        flooded,
                        [new(Start, DeliveryEventKind.Bounced, "", BounceKind.Permanent, EvidenceRanks.Report, "real")]
                    ).State == DeliveryState.Bounced;
            });

    [Fact]
    public void The_reason_that_counts_is_heard_after_twenty_reports_of_another()
    {
        var full = Enumerable
            .Range(1, 25)
            .Select(number => new DeliveryEvent(
                Start,
                DeliveryEventKind.Bounced,
                "4.2.2",
                BounceKind.MailboxFull,
                EvidenceRanks.Report,
                $"{number}"));
        var heard = Hear(
            Answer(Begun.HandingOver(Start), MailboxResult.Accepted),
            [
                .. full,
                new(Start, DeliveryEventKind.Bounced, "5.1.1", BounceKind.Permanent, EvidenceRanks.Report, "real"),
            ]);
        Assert.Equal(BounceKind.Permanent, heard.Attempts[0].Mailboxes[0].Telling!.Bounce);
    }

    [Fact]
    public void What_is_shown_of_a_mailbox_is_the_event_that_gave_its_state_and_else_the_last()
    {
        var bounced = Hear(
            Answer(Begun.HandingOver(Start), MailboxResult.Accepted),
            [
                new(Start, DeliveryEventKind.Bounced, "", BounceKind.Permanent, EvidenceRanks.Report, "bounce"),
                new(Start, DeliveryEventKind.Deferred, "", Source: EvidenceRanks.Report, Id: "delay"),
            ]);
        Assert.Equal(DeliveryEventKind.Bounced, bounced.Attempts[0].Mailboxes[0].Telling!.Kind);

        // What mail calls delivered explains that it was sent.
        var settled = Hear(
            Answer(Begun.HandingOver(Start), MailboxResult.Unknown),
            [
                new(Start, DeliveryEventKind.Delivered, "", Source: EvidenceRanks.Report, Id: "delivery"),
                new(Start, DeliveryEventKind.Remark, "", Source: EvidenceRanks.Report, Id: "remark"),
            ]);
        Assert.Equal(DeliveryEventKind.Delivered, settled.Attempts[0].Mailboxes[0].Telling!.Kind);

        var waiting = Answer(Begun.HandingOver(Start), MailboxResult.TryLater);
        var mailbox = waiting.Attempts[0].Mailboxes[0];
        Assert.Equal((DeliveryState.Pending, mailbox.Events[^1]), (mailbox.State, mailbox.Telling));
        Assert.Null(Begun.Attempts[0].Mailboxes[0].Telling);
    }

    [Fact]
    public void Mail_about_a_letter_that_left_says_the_same_in_any_order_and_any_number_of_times() =>
        Holds(
            (
                from own in Gen.Elements(MailboxResult.Accepted, MailboxResult.Unknown, MailboxResult.Refused)
                from heard in Mail.ListOf()
                from again in Gen.SubListOf(heard.ToArray())
                from shuffled in Gen.Shuffle(heard.Concat(again).ToArray())
                from place in Gen.Choose(0, shuffled.Length)
                select (own, heard.ToList(), shuffled, place)).ToArbitrary(),
            history =>
            {
                var (own, heard, shuffled, place) = history;
                var inOrder = Hear(Answer(Begun.HandingOver(Start), own), heard);
                var inAnyOrder = Hear(
                    Answer(Hear(Begun.HandingOver(Start), shuffled.Take(place)), own),
                    shuffled.Skip(place));
                return (inOrder.State, inOrder.FirmState, inOrder.IsOpen)
                    == (inAnyOrder.State, inAnyOrder.FirmState, inAnyOrder.IsOpen);
            });

    [Fact]
    public void Mail_does_not_fill_an_entry() =>
        Holds(
            Mail.ListOf().Select(heard => heard.ToList()).ToArbitrary(),
            heard =>
                Hear(
                    Answer(Begun.HandingOver(Start), MailboxResult.Accepted),
                    [
                        .. heard,
                        .. Enumerable
                            .Range(100, 40)
                            .Select(number => new DeliveryEvent(
                                Start,
                                DeliveryEventKind.Deferred,
                                "",
                                Source: EvidenceRanks.Report,
                                Id: $"{number}")),
                    ])
                    .Attempts[0]
                    .Mailboxes[0]
                    .Events.Count
                <= 2 + (4 * 20));

    [Fact]
    public void What_mail_settles_is_not_offered_a_second_time_and_waits_for_a_person()
    {
        var unknown = Answer(Begun.HandingOver(Start), MailboxResult.Unknown);
        var settled = Hear(
            unknown,
            [new(Start, DeliveryEventKind.Delivered, "", Source: EvidenceRanks.Report, Id: "1")]);
        Assert.Equal(
            (DeliveryState.Accepted, false, true, false),
            (settled.State, settled.IsOpen, settled.IsByMailAlone, settled.IsAccountable));
        // People are told that it is not known, and in the lists who it is that mail alone speaks for.
        Assert.Equal(DeliveryState.OutcomeUnknown, settled.ToldState);
        Assert.True(settled.Attempts[0].Mailboxes[0].IsReachedByMailAlone);
        var vouched = settled.VouchedFor(Start, "the secretary");
        Assert.Equal(
            (DeliveryState.Delivered, false, true),
            (vouched.State, vouched.IsByMailAlone, vouched.IsAccountable));
        Assert.False(vouched.Attempts[0].Mailboxes[0].IsReachedByMailAlone);
    }

    [Fact]
    public void A_letter_that_left_has_come_back_though_mail_alone_says_so() =>
        Assert.Equal(
            DeliveryState.Bounced,
            Hear(
                Answer(Begun.HandingOver(Start), MailboxResult.Accepted),
                [new(Start, DeliveryEventKind.Bounced, "", BounceKind.Permanent, EvidenceRanks.Report, "1")]).ToldState);

    [Theory]
    [InlineData(EvidenceRanks.Report, DeliveryState.Accepted)]
    // What a provider signed is worth more.
    [InlineData(EvidenceRanks.SendGrid, DeliveryState.Deferred)]
    internal void Mail_that_says_delivered_ends_a_delay_that_mail_alone_reported_whichever_came_first(
        string delayedBy,
        DeliveryState state)
    {
        var sent = Answer(Begun.HandingOver(Start), MailboxResult.Accepted);
        DeliveryEvent delayed = new(Start, DeliveryEventKind.Deferred, "", Source: delayedBy, Id: "1");
        DeliveryEvent delivered = new(Start, DeliveryEventKind.Delivered, "", Source: EvidenceRanks.Report, Id: "2");
        Assert.Equal(DeliveryState.Deferred, Hear(sent, [delayed]).State);
        Assert.Equal(state, Hear(sent, [delayed, delivered]).State);
        Assert.Equal(state, Hear(sent, [delivered, delayed]).State);
    }

    [Theory]
    [InlineData(DeliveryEventKind.Delivered, "It says that it was delivered, and mail alone does not show that. the server's words")]
    [InlineData(DeliveryEventKind.Deferred, "the server's words")]
    [InlineData(DeliveryEventKind.Bounced, "the server's words")]
    internal void What_mail_says_is_kept_with_what_it_is_worth(DeliveryEventKind kind, string words)
    {
        DeliveryEvent said = new(Start, kind, "the server's words", Source: EvidenceRanks.Report, Id: "1");
        var heard = Hear(Answer(Begun.HandingOver(Start), MailboxResult.Accepted), [said]);
        Assert.Equal(said with { Words = words }, heard.Attempts[0].Mailboxes[0].Events[^1]);

        var early = Hear(Begun, [said with { Bounce = BounceKind.Permanent }]);
        Assert.Equal(DeliveryState.Pending, early.State);
        Assert.Equal(
            said with
            {
                Kind = DeliveryEventKind.Remark,
                Words = "This came before the letter had left, and changes nothing. the server's words",
            },
            Assert.Single(early.Attempts[0].Mailboxes[0].Events));
    }

    private static Step Own(string name, Func<MissionEntry, MissionEntry> happen) => new(name, false, happen);

    private static MissionEntry Hear(MissionEntry entry, IEnumerable<DeliveryEvent> heard) =>
        heard.Aggregate(
            entry,
            (known, happened) => known.WithEvent(known.Attempts[^1].MessageId, Address, happened));

    private static MissionEntry Answer(MissionEntry entry, MailboxResult result) =>
        entry.Answered(
            entry.Attempts.Count,
            [.. entry.BeingHandedOver().Select(address => new MailboxOutcome(address, result, ""))],
            [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero],
            0,
            TimeSpan.Zero,
            Start);

    private static void Holds<T>(Arbitrary<T> histories, Func<T, bool> rule) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(histories, rule));
}
