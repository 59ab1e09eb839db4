using System.Collections.Immutable;

namespace Distribution;

/// <summary>
/// Where a mission's letter stands, in rising rank: an attempt only moves forward.
/// </summary>
internal enum DeliveryState
{
    Pending,
    Sending,
    OutcomeUnknown,
    Accepted,
    Deferred,
    Delivered,
    Bounced,
    Failed,
    Withdrawn,
}

/// <summary>One exchange with the server about one mailbox.</summary>
internal sealed record MailboxTry(DateTimeOffset At, MailboxResult Result, string Answer);

/// <summary>What one attempt has come to for one mailbox.</summary>
internal sealed record MailboxDelivery(Mailbox Mailbox, DeliveryState State, ImmutableList<MailboxTry> Tries);

/// <summary>One message to one mission, with a result for each of its mailboxes.</summary>
/// <param name="Number">From 1.</param>
/// <param name="MessageId">Made from distribution, mission and number: the same after a crash.</param>
internal sealed record DeliveryAttempt(int Number, string MessageId, DateTimeOffset StartedAt, ImmutableList<MailboxDelivery> Mailboxes);

/// <summary>Who is at work on a dispatch, and until when others leave it alone.</summary>
internal sealed record Claim(string Worker, DateTimeOffset Until);

/// <summary>One mission's entry in a distribution.</summary>
/// <param name="Order">The mission's place in English protocol order, from 1.</param>
/// <param name="NotBefore">Earliest moment of the next try, where a server asked for patience.</param>
internal sealed record Dispatch(
    string DistributionId,
    string MissionId,
    int Order,
    ImmutableList<DeliveryAttempt> Attempts,
    Claim? Claim,
    DateTimeOffset? NotBefore);
