using System.Collections.Immutable;

namespace Distribution;

/// <summary>One message to one mission, with what is known of it for each of its mailboxes.</summary>
/// <param name="Number">From 1. A resend that a person asked for has a number, and so a Message-ID, of its own.</param>
/// <param name="MessageId">Made from distribution, mission and number: the same after a crash, and for every try of this attempt.</param>
/// <param name="AskedBy">Who asked for a resend; null for the first attempt.</param>
internal sealed record DeliveryAttempt(int Number, string MessageId, DateTimeOffset StartedAt, ImmutableList<MailboxDelivery> Mailboxes, string? AskedBy = null);

/// <summary>What is known of one attempt for one mailbox.</summary>
/// <param name="Events">In the order they were recorded. They are only ever added.</param>
internal sealed record MailboxDelivery(Mailbox Mailbox, ImmutableList<DeliveryEvent> Events);

/// <summary>Who is at work on a dispatch, and until when others leave it alone.</summary>
internal sealed record Claim(string Worker, DateTimeOffset Until);

/// <summary>One mission's entry in a distribution.</summary>
/// <param name="Order">The mission's place in English protocol order, from 1.</param>
/// <param name="NotBefore">Earliest moment of the next try, where a server asked for patience or an unknown outcome waits to be settled.</param>
internal sealed record Dispatch(
    string DistributionId,
    string MissionId,
    int Order,
    ImmutableList<DeliveryAttempt> Attempts,
    Claim? Claim,
    DateTimeOffset? NotBefore);
