using System.Collections.Immutable;
using Distribution.Register;

namespace Distribution.Sending;

/// <summary>What is known of one attempt for one mailbox.</summary>
/// <param name="Events">In the order they were recorded. They are only ever added.</param>
internal sealed record MailboxDelivery(Mailbox Mailbox, ImmutableList<DeliveryEvent> Events);

/// <summary>One mission's entry in a distribution.</summary>
/// <param name="Order">The mission's place in English protocol order, from 1.</param>
/// <param name="Attempts">In the order of their numbers. They are only ever added.</param>
/// <param name="Claim">The worker that is sending its letter; null where none is.</param>
/// <param name="NotBefore">
/// Earliest moment of the next try: a server asked for a retry later, the rate limit was reached, or an unknown outcome
/// waits to be settled. Null if there is nothing to wait for.
/// </param>
internal sealed record MissionEntry(
    string DistributionId,
    string MissionId,
    int Order,
    ImmutableList<DeliveryAttempt> Attempts,
    Claim? Claim,
    DateTimeOffset? NotBefore);
