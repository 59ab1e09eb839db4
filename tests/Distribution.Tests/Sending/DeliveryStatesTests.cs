using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>
/// What holds of a letter's state whatever happens to it, in whatever order: each shown for thousands of made-up
/// histories.
/// </summary>
public sealed class DeliveryStatesTests
{
    private const string Address = "che@missions.example";

    private static readonly DateTimeOffset Start = new(2018, 3, 26, 22, 0, 0, TimeSpan.Zero);

    private static readonly Mission Che = RegisterCsv.Seed().Missions.Single(mission => mission.Id == "che") with
    {
        Mailboxes = [new(Address, MailboxField.To), new("copy@missions.example", MailboxField.Cc)],
    };

    /// <summary>
    /// Something that can happen to a dispatch, by its name in messages about a history that breaks a rule.
    /// </summary>
    private sealed record Step(string Name, Func<MissionEntry, DateTimeOffset, MissionEntry> Happen)
    {
        public override string ToString() => Name;
    }

    private static readonly DeliveryEventKind[] Outside =
    [
        DeliveryEventKind.Remark,
        DeliveryEventKind.Accepted,
        DeliveryEventKind.Deferred,
        DeliveryEventKind.Delivered,
        DeliveryEventKind.Bounced,
        DeliveryEventKind.Dropped,
    ];

    private static Gen<DeliveryEvent> Evidence =>
        from kind in Gen.Elements(Outside)
        from minute in Gen.Choose(0, 5)
        from id in Gen.Elements("1", "2", "3", "4", null)
        select new DeliveryEvent(
            Start.AddMinutes(minute),
            kind,
            "",
            Source: "sendgrid",
            Id: id is null ? null : $"{id}-{kind}");

    private static Gen<Step> Steps =>
        Gen.OneOf(
            Gen.Elements(
                new Step("handing over", (entry, now) => entry.IsOpen ? entry.HandingOver(now) : entry),
                new Step("nothing handed over", (entry, now) => entry.NotHandedOver(now, "")),
                new Step(
                    "worker died",
                    (entry, now) => entry.IsHandingOver ? entry.Interrupted(now, TimeSpan.Zero, "") : entry
                ),
                new Step("found sent", (entry, now) => entry.FoundSent(now, "pickup", "")),
                new Step(
                    "send again",
                    (entry, now) => entry.IsUnsettled ? entry.SendAgain(now, null, "") : entry),
                new Step("vouched for", (entry, now) => entry.VouchedFor(now, "the secretary")),
                new Step("withdrawn", (entry, now) => entry.Withdrawn(now, "the secretary")),
                new Step("given up", (entry, now) => entry.GivenUp(now, ""))),
            from result in Gen.Elements(
                MailboxResult.Accepted,
                MailboxResult.TryLater,
                MailboxResult.Refused,
                MailboxResult.Unknown)
            select new Step(
                $"answered {result}",
                (entry, now) =>
                    entry.Answered(
                        entry.Attempts.Count,
                        [.. entry.BeingHandedOver().Select(address => new MailboxOutcome(address, result, ""))],
                        [TimeSpan.Zero, TimeSpan.Zero],
                        0,
                        TimeSpan.Zero,
                        now)),
            from happened in Evidence
            select new Step(
                $"heard {happened.Kind}",
                (entry, _) => entry.WithEvent(entry.Attempts[^1].MessageId, Address, happened)));

    private static Arbitrary<List<Step>> Histories => Steps.ListOf().Select(steps => steps.ToList()).ToArbitrary();

    private static string MessageId(int attempt) => $"mark.che.{attempt}.token@secretariat.example";

    private static MissionEntry Begun =>
        new MissionEntry("gcm-draft-rev-1-0123456789ab", "che", 1, [], null, null).Begin(Che, MessageId, Start);

    [Fact]
    public void A_mailbox_only_moves_forward_by_rank_once_the_letter_may_have_left() =>
        Holds(
            Histories,
            history =>
            {
                var entry = Begun;
                foreach (var (place, step) in history.Index())
                {
                    var after = step.Happen(entry, Start.AddSeconds(place));
                    if (entry
                            .Attempts[0]
                            .Mailboxes.Zip(after.Attempts[0].Mailboxes)
                            .Any(pair =>
                                pair.First.State > DeliveryState.Sending && pair.Second.State < pair.First.State))
                        return false;
                    entry = after;
                }

                return true;
            });

    [Fact]
    public void What_is_known_is_only_ever_added_to_and_the_Message_ID_never_changes() =>
        Holds(
            Histories,
            history =>
            {
                var entry = Begun;
                foreach (var (place, step) in history.Index())
                {
                    var after = step.Happen(entry, Start.AddSeconds(place));
                    if (after.Attempts.Count != 1
                        || after.Attempts[0].MessageId != entry.Attempts[0].MessageId
                        || entry
                            .Attempts[0]
                            .Mailboxes.Zip(after.Attempts[0].Mailboxes)
                            .Any(pair =>
                                !pair.Second.Events.Take(pair.First.Events.Count).SequenceEqual(pair.First.Events)))
                        return false;
                    entry = after;
                }

                return true;
            });

    [Fact]
    public void A_mailbox_that_is_accounted_for_is_never_offered_the_message_again() =>
        Holds(
            Histories,
            history =>
                Lived(history)
                    .Attempts[0]
                    .Mailboxes.TrueForAll(mailbox =>
                        !mailbox.State.IsAccountable || (!mailbox.IsOpen && !mailbox.IsHandingOver)));

    [Fact]
    public void A_mailbox_that_is_not_accounted_for_waits_for_exactly_one_thing() =>
        Holds(
            Histories,
            history =>
                Lived(history)
                    .Attempts[0]
                    .Mailboxes.TrueForAll(mailbox =>
                        mailbox.State.IsAccountable
                        || new[] { mailbox.IsOpen, mailbox.IsHandingOver, mailbox.IsUnsettled }.Count(waits => waits)
                            == 1));

    [Fact]
    public void After_an_unknown_outcome_nothing_is_offered_unless_that_was_decided() =>
        Holds(
            Histories,
            history =>
                Lived(history)
                    .Attempts[0]
                    .Mailboxes.TrueForAll(mailbox =>
                    {
                        var unsettled = false;
                        foreach (var happened in mailbox.Events)
                        {
                            if (unsettled && happened.Kind == DeliveryEventKind.HandingOver)
                                return false;
                            unsettled =
                                happened.Kind == DeliveryEventKind.Unknown
                                || (unsettled && happened.Kind != DeliveryEventKind.SendAgain);
                        }

                        return true;
                    })
        );

    [Fact]
    public void Evidence_ends_in_the_same_state_in_any_order_and_any_number_of_times_before_or_after_the_workers_own_record() =>
        Holds(
            (
                from own in Gen.Elements(
                    MailboxResult.Accepted,
                    MailboxResult.TryLater,
                    MailboxResult.Unknown,
                    MailboxResult.Refused)
                from heard in Evidence.ListOf()
                from again in Gen.SubListOf(heard.ToArray())
                from shuffled in Gen.Shuffle(heard.Concat(again).ToArray())
                from place in Gen.Choose(0, shuffled.Length)
                select (own, heard, shuffled, place)).ToArbitrary(),
            history =>
            {
                var (own, heard, shuffled, place) = history;
                var inOrder = Hear(Answer(Begun.HandingOver(Start), own), heard);
                var inAnyOrder = Hear(
                    Answer(Hear(Begun.HandingOver(Start), shuffled.Take(place)), own),
                    shuffled.Skip(place));
                return inOrder.Attempts[0].Mailboxes[0].State == inAnyOrder.Attempts[0].Mailboxes[0].State;
            });

    [Fact]
    public void A_resend_has_a_Message_ID_of_its_own_and_a_late_bounce_of_the_first_does_not_touch_it()
    {
        var first = Answer(Begun.HandingOver(Start), MailboxResult.Refused);
        var again = first.Resend(Che, MessageId, Start, "the secretary");
        Assert.Equal(DeliveryState.Pending, again.State);
        var sent = Answer(again.HandingOver(Start), MailboxResult.Accepted);
        var bounced = sent.WithEvent(
            first.Attempts[0].MessageId,
            Address,
            new(Start, DeliveryEventKind.Bounced, "", Source: "bounce", Id: "1"));
        Assert.Equal(2, bounced.Attempts.Select(attempt => attempt.MessageId).Distinct().Count());
        Assert.Equal(DeliveryState.Accepted, bounced.State);
    }

    [Fact]
    public void A_late_bounce_outranks_a_delivery()
    {
        var delivered = Hear(
            Answer(Begun.HandingOver(Start), MailboxResult.Accepted),
            [new(Start, DeliveryEventKind.Delivered, "", Source: "sendgrid", Id: "1")]);
        var bounced = Hear(
            delivered,
            [new(Start.AddDays(1), DeliveryEventKind.Bounced, "", BounceKind.Permanent, "bounce", "2")]);
        Assert.Equal(
            [DeliveryState.Delivered, DeliveryState.Bounced],
            ((MissionEntry[])[delivered, bounced]).Select(entry => entry.Attempts[0].Mailboxes[0].State));
    }

    [Theory]
    [InlineData("<gcm-draft-rev-1-0123456789ab.che.12@secretariat.example>", "gcm-draft-rev-1-0123456789ab", "che", 12)]
    [InlineData("a.b.1@c", "a", "b", 1)]
    public void A_Message_ID_of_ours_says_what_it_is_about(
        string messageId,
        string distribution,
        string mission,
        int attempt) => Assert.Equal(new SentMessageId(distribution, mission, attempt), SentMessageId.Read(messageId));

    [Theory]
    [InlineData("")]
    [InlineData("gcm.che.0@secretariat.example")]
    [InlineData("gcm.che.99999999999@secretariat.example")]
    [InlineData("gcm.che@secretariat.example")]
    [InlineData("g/cm.che.1@secretariat.example")]
    [InlineData("gcm.proof.17@a@b")]
    public void Another_Message_ID_says_nothing(string messageId) => Assert.Null(SentMessageId.Read(messageId));

    private static void Holds<T>(Arbitrary<T> histories, Func<T, bool> rule) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(60), Prop.ForAll(histories, rule));

    private static MissionEntry Lived(IEnumerable<Step> history) =>
        history.Index().Aggregate(Begun, (entry, step) => step.Item.Happen(entry, Start.AddSeconds(step.Index)));

    private static MissionEntry Answer(MissionEntry entry, MailboxResult result) =>
        entry.Answered(
            entry.Attempts.Count,
            [.. Che.Mailboxes.Select(mailbox => new MailboxOutcome(mailbox.Address, result, ""))],
            [TimeSpan.Zero],
            0,
            TimeSpan.Zero,
            Start);

    private static MissionEntry Hear(MissionEntry entry, IEnumerable<DeliveryEvent> heard) =>
        heard.Aggregate(
            entry,
            (known, happened) => known.WithEvent(known.Attempts[^1].MessageId, Address, happened));
}
