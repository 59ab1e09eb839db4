namespace Distribution;

/// <summary>
/// Where a mission's letter stands, in rising rank: what is known of an attempt can move it up and never down.
/// </summary>
internal enum DeliveryState
{
    /// <summary>To be sent.</summary>
    Pending,

    /// <summary>Being handed over.</summary>
    Sending,

    /// <summary>Taken back before it was sent.</summary>
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
/// How states follow from what is known. The state of a mailbox is the highest that any event about it gives, so it does not matter
/// in which order events arrive, or how often. Only before the first of them does the worker's own last step count.
/// </summary>
internal static class DeliveryStates
{
    private static readonly DeliveryState[] OpenFirst = [DeliveryState.Sending, DeliveryState.OutcomeUnknown, DeliveryState.Pending];

    private static readonly DeliveryState[] BestFirst =
        [DeliveryState.Delivered, DeliveryState.Accepted, DeliveryState.Deferred, DeliveryState.Bounced, DeliveryState.Failed, DeliveryState.Withdrawn];

    extension(DeliveryState state)
    {
        /// <summary>Whether the secretariat can say what became of the letter.</summary>
        public bool IsAccountable => !OpenFirst.Contains(state);

        /// <summary>Whether it left and did not come back, as far as is known.</summary>
        public bool IsReached => state is DeliveryState.Accepted or DeliveryState.Deferred or DeliveryState.Delivered;
    }

    extension(MailboxDelivery mailbox)
    {
        public DeliveryState State
        {
            get
            {
                var known = mailbox.Events.Select(happened => Given(happened.Kind)).DefaultIfEmpty(DeliveryState.Pending).Max();
                return known == DeliveryState.Pending && mailbox.Step == DeliveryEventKind.HandingOver ? DeliveryState.Sending : known;
            }
        }

        /// <summary>What says why it is in the state it is in, the latest where several do; null where nothing is known.</summary>
        public DeliveryEvent? Telling => mailbox.Events.FindLast(happened => Given(happened.Kind) == mailbox.State && Given(happened.Kind) > DeliveryState.Pending)
            ?? mailbox.Events.LastOrDefault();

        /// <summary>Whether a hand-over was begun whose end is not recorded, and nothing else shows how it ended.</summary>
        public bool IsHandingOver => mailbox.State <= DeliveryState.OutcomeUnknown && mailbox.Step == DeliveryEventKind.HandingOver;

        /// <summary>Whether the message is to be offered to this mailbox, for the first time or again.</summary>
        public bool IsOpen => mailbox.State switch
        {
            DeliveryState.Pending => true,
            // Once it has been decided to send again, that holds until a server has said something final.
            DeliveryState.OutcomeUnknown => mailbox.Step is DeliveryEventKind.SendAgain or DeliveryEventKind.NotNow or DeliveryEventKind.NotHandedOver,
            _ => false,
        };

        /// <summary>Whether it may have been sent, and nothing has been decided yet.</summary>
        public bool IsUnsettled => mailbox.State == DeliveryState.OutcomeUnknown && !mailbox.IsOpen && !mailbox.IsHandingOver;

        /// <summary>The last step a worker took; null before the first.</summary>
        private DeliveryEventKind? Step => mailbox.Events.FindLast(happened => happened.Kind
            is DeliveryEventKind.HandingOver or DeliveryEventKind.NotHandedOver or DeliveryEventKind.NotNow or DeliveryEventKind.SendAgain or DeliveryEventKind.Withdrawn
            || (happened.Source is null && Given(happened.Kind) > DeliveryState.Pending))?.Kind;
    }

    extension(DeliveryAttempt attempt)
    {
        /// <summary>
        /// While any of its mailboxes is open, the most pressing open state; then the best any mailbox reached, since a mission is
        /// reached when one of its mailboxes is.
        /// </summary>
        public DeliveryState State => OpenFirst.Concat(BestFirst).First(state => attempt.Mailboxes.Exists(mailbox => mailbox.State == state));
    }

    extension(Dispatch dispatch)
    {
        /// <summary>
        /// The state of the last attempt that was not taken back before it was sent; but a mission that once had the letter delivered has it, however
        /// a resend ended.
        /// </summary>
        public DeliveryState State => dispatch.Attempts.IsEmpty ? DeliveryState.Pending
            : (dispatch.Attempts.FindLast(attempt => attempt.State != DeliveryState.Withdrawn) ?? dispatch.Attempts[^1]).State is var state
                && state is DeliveryState.Bounced or DeliveryState.Failed && dispatch.Attempts.Exists(attempt => attempt.State == DeliveryState.Delivered)
                ? DeliveryState.Delivered
                : state;

        /// <summary>The same, and whether it was not sent because the mission had no need of it: then no person took it back.</summary>
        public EntryState EntryState => new(dispatch.Order, dispatch.State, dispatch.State == DeliveryState.Withdrawn
            && dispatch.Attempts[^1].Mailboxes.TrueForAll(mailbox => mailbox.Telling is { Source: null }));

        /// <summary>Whether a worker has something to send for it.</summary>
        public bool IsOpen => dispatch.Attempts is not [.., var last] || last.Mailboxes.Exists(mailbox => mailbox.IsOpen);

        /// <summary>Whether it may have been sent to a mailbox, and nothing has been decided yet.</summary>
        public bool IsUnsettled => dispatch.Attempts is [.., var last] && last.Mailboxes.Exists(mailbox => mailbox.IsUnsettled);

        /// <summary>Whether a hand-over was begun whose end is not recorded.</summary>
        public bool IsHandingOver => dispatch.Attempts is [.., var last] && last.Mailboxes.Exists(mailbox => mailbox.IsHandingOver);
    }

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
