using System.Collections.Immutable;

namespace Distribution.Sending;

/// <summary>One message to one mission, with what is known of it for each of its mailboxes.</summary>
/// <param name="Number">From 1. A resend that a person asked for has a number, and so a Message-ID, of its own.</param>
/// <param name="MessageId">
/// Made from distribution, mission and number: the same after a crash, and for every try of this attempt.
/// </param>
/// <param name="AskedBy">
/// Who asked for a resend; null for the first attempt, and where a letter was opened again because every mission had
/// been refused in the same way (<see cref="SameRefusal"/>).
/// </param>
internal sealed record DeliveryAttempt(
    int Number,
    string MessageId,
    DateTimeOffset StartedAt,
    ImmutableList<MailboxDelivery> Mailboxes,
    string? AskedBy = null);
