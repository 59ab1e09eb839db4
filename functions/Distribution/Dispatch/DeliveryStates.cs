namespace Distribution;

/// <summary>How a mission's state follows from its attempts.</summary>
internal static class DeliveryStates
{
    private static readonly DeliveryState[] OpenFirst = [DeliveryState.Sending, DeliveryState.OutcomeUnknown, DeliveryState.Pending];

    private static readonly DeliveryState[] BestFirst =
        [DeliveryState.Delivered, DeliveryState.Accepted, DeliveryState.Deferred, DeliveryState.Bounced, DeliveryState.Failed, DeliveryState.Withdrawn];

    extension(DeliveryState state)
    {
        /// <summary>Whether the secretariat can say what became of the letter.</summary>
        public bool IsAccountable => !OpenFirst.Contains(state);
    }

    extension(Dispatch dispatch)
    {
        /// <summary>
        /// The state of the last attempt: while any of its mailboxes is open, the most pressing open state;
        /// then the best any mailbox reached, since a mission is reached when one of its mailboxes is.
        /// </summary>
        public DeliveryState State => dispatch.Attempts is [.., var last]
            ? OpenFirst.Concat(BestFirst).First(state => last.Mailboxes.Exists(mailbox => mailbox.State == state))
            : DeliveryState.Pending;
    }
}
