using System.Collections.Immutable;
using Distribution.Register;

namespace Distribution.Sending;

/// <summary>
/// The delivery state of a mailbox, an attempt or a mission's entry, in rising rank. Of several events about one
/// mailbox the highest rank counts. The state of an attempt or an entry can also change to one of lower rank: when
/// another mailbox is reached, or a new attempt begins.
/// </summary>
internal enum DeliveryState
{
    /// <summary>To be sent.</summary>
    Pending,

    /// <summary>Being handed over.</summary>
    Sending,

    /// <summary>
    /// Withdrawn before it was sent. Below all that may have left, so that any answer of a server counts more.
    /// </summary>
    Withdrawn,

    /// <summary>It may have been sent.</summary>
    OutcomeUnknown,

    Accepted,

    Deferred,

    Delivered,

    Bounced,

    Failed,
}

/// <summary>
/// Computes states from events. The state of a mailbox is the highest that any event about it gives, so events may
/// arrive in any order and more than once (idempotent). While no event gives a state, the worker's own last step
/// counts.
/// </summary>
internal static class DeliveryStates
{
    /// <summary>
    /// The most telling first: what is still open, the most urgent first, then what has ended, the best first.
    /// </summary>
    private static readonly DeliveryState[] MostTellingFirst =
    [
        DeliveryState.Sending,
        DeliveryState.OutcomeUnknown,
        DeliveryState.Pending,
        DeliveryState.Delivered,
        DeliveryState.Accepted,
        DeliveryState.Deferred,
        DeliveryState.Bounced,
        DeliveryState.Failed,
        DeliveryState.Withdrawn,
    ];

    extension(DeliveryState state)
    {
        /// <summary>Whether the outcome is known, so that nothing more is to be done.</summary>
        public bool IsAccountable =>
            state is not (DeliveryState.Sending or DeliveryState.OutcomeUnknown or DeliveryState.Pending);

        /// <summary>Whether it can have been sent.</summary>
        public bool MayHaveLeft =>
            state is not (DeliveryState.Pending or DeliveryState.Withdrawn or DeliveryState.Failed);

        /// <summary>
        /// Whether a server took it and has not given it back, as far as is known. It may wait there still, so that its
        /// mission does not have it yet.
        /// </summary>
        public bool IsReached => state is DeliveryState.Accepted or DeliveryState.Deferred or DeliveryState.Delivered;
    }

    extension(MailboxDelivery mailbox)
    {
        /// <summary>
        /// The state by all evidence. Evidence by mail counts only if the letter was sent, or may have been sent: it
        /// never changes a letter that is still to be sent.
        /// </summary>
        public DeliveryState State =>
            mailbox.FirmState is var firm && firm >= DeliveryState.OutcomeUnknown && !mailbox.IsOpen
                ? HighestByMail(firm, mailbox.Events)
                : firm;

        /// <summary>The state without evidence that comes from mail alone.</summary>
        public DeliveryState FirmState
        {
            get
            {
                var known = DeliveryState.Pending;
                // A loop and no query, which would allocate: the state is asked of each row of each list.
                foreach (var happened in mailbox.Events)
                    if (!happened.IsByMail && Given(happened.Kind) is var given && given > known)
                        known = given;
                return known == DeliveryState.Pending && mailbox.Step == DeliveryEventKind.HandingOver
                    ? DeliveryState.Sending
                    : known;
            }
        }

        /// <summary>Whether mail alone says that it was sent.</summary>
        public bool IsReachedByMailAlone => mailbox.State.IsReached && !mailbox.FirmState.IsAccountable;

        /// <summary>
        /// Whether a report by mail can be about it: it was sent, may have been sent, or is being sent at this moment.
        /// </summary>
        public bool MayHaveLeft => mailbox.FirmState is DeliveryState.Sending or >= DeliveryState.OutcomeUnknown;

        /// <summary>
        /// Whether it can have arrived at any time: a server took it, or nobody knows whether one did. A bounced letter
        /// may have been read on its way, and the refusal of a second copy says nothing of the first.
        /// </summary>
        public bool MayHaveArrived =>
            mailbox.FirmState == DeliveryState.Sending
            || mailbox.Events.Exists(happened => !happened.IsByMail
                && Given(happened.Kind)
                    is >= DeliveryState.OutcomeUnknown
                        and not (DeliveryState.Failed or DeliveryState.Withdrawn));

        /// <summary>
        /// The event that explains the present state, the latest of several; else the last event; null if there is
        /// none.
        /// </summary>
        public DeliveryEvent? Telling =>
            mailbox.Events.FindLast(happened => Given(happened) == mailbox.State) ?? mailbox.Events.LastOrDefault();

        /// <summary>
        /// Whether a handover has begun, its end is not recorded, and no evidence shows how it ended.
        /// </summary>
        public bool IsHandingOver =>
            mailbox.State <= DeliveryState.OutcomeUnknown && mailbox.Step == DeliveryEventKind.HandingOver;

        /// <summary>
        /// Whether the message is still to be sent to this mailbox, or to be sent again. No report by mail ends that.
        /// </summary>
        public bool IsOpen =>
            mailbox.FirmState switch
            {
                DeliveryState.Pending => true,
                // Once it has been decided to send again, that holds until a server has said something final.
                DeliveryState.OutcomeUnknown => mailbox.Step
                    is DeliveryEventKind.SendAgain
                        or DeliveryEventKind.NotNow
                        or DeliveryEventKind.NotHandedOver,
                _ => false,
            };

        /// <summary>Whether it may have been sent, and nothing has been decided yet.</summary>
        public bool IsUnsettled =>
            mailbox.State == DeliveryState.OutcomeUnknown && !mailbox.IsOpen && !mailbox.IsHandingOver;

        /// <summary>
        /// The last step of a worker or a person that leaves something to do; null before the first. An unknown outcome
        /// counts as one, no matter who states it: what was put off before it is not offered again.
        /// </summary>
        private DeliveryEventKind? Step =>
            mailbox
                .Events.FindLast(happened =>
                    happened.Kind
                        is DeliveryEventKind.HandingOver
                            or DeliveryEventKind.NotHandedOver
                            or DeliveryEventKind.NotNow
                            or DeliveryEventKind.SendAgain
                            or DeliveryEventKind.Withdrawn
                            or DeliveryEventKind.Unknown)
                ?.Kind;
    }

    extension(DeliveryAttempt attempt)
    {
        /// <summary>
        /// While the outcome of any mailbox is open, the most urgent open state; then the best state of any mailbox,
        /// since a mission is reached when one of its mailboxes is.
        /// </summary>
        public DeliveryState State => Of(attempt, mailbox => mailbox.State);

        /// <inheritdoc cref="extension(MailboxDelivery).FirmState"/>
        public DeliveryState FirmState => Of(attempt, mailbox => mailbox.FirmState);
    }

    extension(MissionEntry entry)
    {
        /// <summary>
        /// The state of the last attempt that was not withdrawn before it was sent. Exception: if an earlier attempt
        /// was delivered, a resend that bounced or failed does not change that.
        /// </summary>
        public DeliveryState State =>
            entry.Latest is not { State: var state } ? DeliveryState.Pending
            : state is DeliveryState.Bounced or DeliveryState.Failed
            && entry.Attempts.Exists(attempt => attempt.State == DeliveryState.Delivered)
                ? DeliveryState.Delivered
            : state;

        /// <summary>
        /// The same, and whether the letter was skipped because the mission no longer needed it (no person withdrew
        /// it).
        /// </summary>
        public MissionEntryState EntryState =>
            new(
                entry.MissionId,
                entry.ToldState,
                entry.State == DeliveryState.Withdrawn
                    // Where a person stopped it, the event names them.
                    && entry.Attempts[^1].Mailboxes.TrueForAll(mailbox => mailbox.Telling is { Source: null }),
                entry.TriedUntil,
                entry.IsReturnedInPart);

        /// <summary>
        /// Until when the servers that have deferred it will try; null where it is not deferred, or one of them does
        /// not say.
        /// </summary>
        public DateTimeOffset? TriedUntil =>
            entry.ToldState == DeliveryState.Deferred && entry.Latest is { } latest
                ? latest
                    .Mailboxes.Where(mailbox => mailbox.State == DeliveryState.Deferred)
                    .Select(mailbox => mailbox.Events.Max(happened => happened.TriedUntil))
                    .Aggregate((one, other) => one is null || other is null ? null : one > other ? one : other)
                : null;

        /// <summary>Whether a server took it for some of the mission's mailboxes, and another did not get it.</summary>
        public bool IsReturnedInPart =>
            entry.ToldState.IsReached
            && entry.Latest is { } latest
            && latest.Mailboxes.Exists(mailbox => mailbox.State is DeliveryState.Bounced or DeliveryState.Failed);

        /// <summary>
        /// The attempt that counts: the last that was not withdrawn before it was sent, else the last; null before the
        /// first.
        /// </summary>
        public DeliveryAttempt? Latest =>
            entry.Attempts.FindLast(attempt => attempt.State != DeliveryState.Withdrawn)
            ?? entry.Attempts.LastOrDefault();

        /// <summary>
        /// The last message that a mailbox took, and the mailboxes that did; null where none is known to have.
        /// </summary>
        public (string MessageId, IReadOnlyList<Mailbox> By)? Taken =>
            entry.Attempts.FindLast(attempt => attempt.Mailboxes.Exists(mailbox => mailbox.State.IsReached))
                is { } attempt
                ? (
                    attempt.MessageId,
                    [
                        .. attempt.Mailboxes
                            .Where(mailbox => mailbox.State.IsReached)
                            .Select(mailbox => mailbox.Mailbox)
                    ])
                : null;

        /// <inheritdoc cref="extension(MailboxDelivery).FirmState"/>
        public DeliveryState FirmState => entry.Latest?.FirmState ?? DeliveryState.Pending;

        /// <summary>
        /// Whether only mail says what became of it. Such an entry is settled, so that no second copy is sent, but it
        /// does not complete the distribution.
        /// </summary>
        public bool IsByMailAlone => entry.State.IsAccountable && !entry.FirmState.IsAccountable;

        /// <summary>
        /// The state shown to people: if only mail says what became of the letter, its outcome is shown as not known.
        /// </summary>
        public DeliveryState ToldState => entry.IsByMailAlone ? entry.FirmState : entry.State;

        /// <summary>Whether the secretariat can say what became of the letter, by more than mail.</summary>
        public bool IsAccountable => entry.State.IsAccountable && entry.FirmState.IsAccountable;

        /// <summary>Whether a worker has something to send for it.</summary>
        public bool IsOpen =>
            entry.Attempts is not [.., var last] || last.Mailboxes.Exists(mailbox => mailbox.IsOpen);

        /// <summary>Whether it may have been sent to a mailbox, and nothing has been decided yet.</summary>
        public bool IsUnsettled =>
            entry.Attempts is [.., var last] && last.Mailboxes.Exists(mailbox => mailbox.IsUnsettled);

        /// <summary>Whether a handover has begun and its end is not recorded.</summary>
        public bool IsHandingOver =>
            entry.Attempts is [.., var last] && last.Mailboxes.Exists(mailbox => mailbox.IsHandingOver);
    }

    /// <returns>
    /// The one state that stands for several: what is still open, or else the best of how they ended.
    /// </returns>
    public static DeliveryState MostTelling(IEnumerable<DeliveryState> states) =>
        states.MinBy(state => Array.IndexOf(MostTellingFirst, state));

    private static DeliveryState Of(DeliveryAttempt attempt, Func<MailboxDelivery, DeliveryState> of) =>
        MostTelling(attempt.Mailboxes.Select(of));

    private static DeliveryState Given(DeliveryEvent happened) =>
        happened.IsByMail ? GivenByMail(happened.Kind) : Given(happened.Kind);

    /// <summary>
    /// The states that mail gives. A report that the letter was delivered ends a delay that mail alone reported,
    /// whichever came first: both are worth the same.
    /// </summary>
    private static DeliveryState HighestByMail(DeliveryState highest, ImmutableList<DeliveryEvent> events)
    {
        var isEnded = events.Exists(happened => happened is { IsByMail: true, Kind: DeliveryEventKind.Delivered });
        foreach (var happened in events)
            if (happened.IsByMail
                && !(isEnded && happened.Kind == DeliveryEventKind.Deferred)
                && GivenByMail(happened.Kind) is var given
                && given > highest)
                highest = given;
        return highest;
    }

    /// <summary>What mail says counts no more than that a server took the letter, came back or is delayed.</summary>
    private static DeliveryState GivenByMail(DeliveryEventKind kind) => Given(kind) switch
    {
        DeliveryState.Delivered => DeliveryState.Accepted,
        var state and (DeliveryState.Accepted or DeliveryState.Deferred or DeliveryState.Bounced) => state,
        _ => DeliveryState.Pending,
    };

    private static DeliveryState Given(DeliveryEventKind kind) => kind switch
    {
        DeliveryEventKind.Withdrawn => DeliveryState.Withdrawn,
        DeliveryEventKind.Unknown => DeliveryState.OutcomeUnknown,
        DeliveryEventKind.Accepted => DeliveryState.Accepted,
        DeliveryEventKind.Deferred => DeliveryState.Deferred,
        DeliveryEventKind.Delivered => DeliveryState.Delivered,
        DeliveryEventKind.Bounced or DeliveryEventKind.Dropped => DeliveryState.Bounced,
        DeliveryEventKind.Refused or DeliveryEventKind.GivenUp => DeliveryState.Failed,
        _ => DeliveryState.Pending,
    };
}
