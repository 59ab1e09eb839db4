namespace Distribution;

/// <summary>The steps a dispatch can take, as plain facts: what is recorded, never how.</summary>
internal static class Deliveries
{
    /// <summary>The mailboxes of the present attempt that are still to be offered the message.</summary>
    public static IReadOnlyList<string> Open(this Dispatch dispatch) =>
        [.. dispatch.Attempts[^1].Mailboxes.Where(mailbox => mailbox.State == DeliveryState.Pending).Select(mailbox => mailbox.Mailbox.Address)];

    /// <summary>The dispatch with an attempt to work on: the one it has, or its first.</summary>
    public static Dispatch Begin(this Dispatch dispatch, Mission mission, string messageIdDomain, DateTimeOffset now) =>
        dispatch.Attempts.IsEmpty
            ? dispatch with
            {
                Attempts =
                [
                    new(1, $"{dispatch.DistributionId}.{dispatch.MissionId}.1@{messageIdDomain}", now,
                        [.. mission.Mailboxes.Select(mailbox => new MailboxDelivery(mailbox, DeliveryState.Pending, []))]),
                ],
            }
            : dispatch;

    /// <summary>Noted before the message is handed over, so that a crash from here on is known for what it is.</summary>
    public static Dispatch HandingOver(this Dispatch dispatch) =>
        dispatch.Mailboxes(mailbox => mailbox.State == DeliveryState.Pending ? mailbox with { State = DeliveryState.Sending } : mailbox);

    /// <summary>Nothing was handed over after all.</summary>
    public static Dispatch NotHandedOver(this Dispatch dispatch) =>
        dispatch.Settle(mailbox => mailbox.State == DeliveryState.Sending ? mailbox with { State = DeliveryState.Pending } : mailbox);

    /// <summary>A worker stopped between handing the message over and noting the answer.</summary>
    public static Dispatch Interrupted(this Dispatch dispatch, DateTimeOffset now, string words) =>
        dispatch.Settle(mailbox => mailbox.State == DeliveryState.Sending
            ? mailbox with { State = DeliveryState.OutcomeUnknown, Tries = mailbox.Tries.Add(new(now, MailboxResult.Unknown, words)) }
            : mailbox);

    /// <summary>The letter will not be offered again: each mailbox that was still open has failed.</summary>
    public static Dispatch GivenUp(this Dispatch dispatch, DateTimeOffset now, string words) =>
        (dispatch with { NotBefore = null }).Settle(mailbox => mailbox.State == DeliveryState.Pending
            ? mailbox with { State = DeliveryState.Failed, Tries = mailbox.Tries.Add(new(now, MailboxResult.Refused, words)) }
            : mailbox);

    /// <summary>The server's answers, one a mailbox: they settle an outcome that was thought unknown.</summary>
    public static Dispatch Answered(
        this Dispatch dispatch, IReadOnlyList<MailboxOutcome> outcomes, IReadOnlyList<TimeSpan> retryDelays, double jitter, DateTimeOffset now)
    {
        TimeSpan? pause = null;
        var answered = dispatch.Settle(mailbox =>
        {
            var outcome = outcomes.FirstOrDefault(outcome => outcome.Address == mailbox.Mailbox.Address);
            if (mailbox.State is not (DeliveryState.Sending or DeliveryState.OutcomeUnknown) || outcome is null)
                return mailbox;
            var tries = mailbox.Tries.Add(new(now, outcome.Result, outcome.Answer));
            var refusals = tries.Count(attempt => attempt.Result == MailboxResult.TryLater);
            if (outcome.Result != MailboxResult.TryLater || refusals > retryDelays.Count)
                return mailbox with { State = StateAfter(outcome.Result), Tries = tries };
            var wait = retryDelays[refusals - 1] * (1 + jitter);
            wait = outcome.RetryAfter > wait ? outcome.RetryAfter.Value : wait;
            pause = pause > wait ? pause : wait;
            return mailbox with { State = DeliveryState.Pending, Tries = tries };
        });
        return answered with { NotBefore = pause is { } delay ? now + delay : null };
    }

    private static DeliveryState StateAfter(MailboxResult result) => result switch
    {
        MailboxResult.Accepted => DeliveryState.Accepted,
        MailboxResult.Unknown => DeliveryState.OutcomeUnknown,
        _ => DeliveryState.Failed,
    };

    /// <summary>The worker is done with it, for now or for good.</summary>
    private static Dispatch Settle(this Dispatch dispatch, Func<MailboxDelivery, MailboxDelivery> change) =>
        dispatch.Mailboxes(change) with { Claim = null };

    private static Dispatch Mailboxes(this Dispatch dispatch, Func<MailboxDelivery, MailboxDelivery> change) =>
        dispatch.Attempts is [.., var last]
            ? dispatch with { Attempts = dispatch.Attempts.SetItem(dispatch.Attempts.Count - 1, last with { Mailboxes = [.. last.Mailboxes.Select(change)] }) }
            : dispatch;
}
