using Distribution.Common;
using Distribution.Register;

namespace Distribution.Mail;

/// <summary>One message to one mission, ready to leave by any transport.</summary>
/// <param name="MessageId">Without angle brackets; the same for every try of one attempt.</param>
/// <param name="ReplyTo">Whom replies go to, the letter's contact first.</param>
/// <param name="Mailboxes">Those the message is addressed to, in its To and Cc lines.</param>
/// <param name="Envelope">
/// The addresses it is handed over for now: fewer than <paramref name="Mailboxes"/> when others have taken it already.
/// </param>
/// <param name="InReplyTo">
/// The Message-ID, without angle brackets, of the letter this one stands in a conversation with; null where it begins
/// one.
/// </param>
/// <param name="PassesSuppression">
/// Whether it goes to mailboxes a provider would not write to, for a letter came back from them once: a person asked
/// for it.
/// </param>
internal sealed record OutgoingMessage(
    string MessageId,
    DateTimeOffset Date,
    string DistributionId,
    string MissionId,
    Correspondent From,
    string ReturnPath,
    IReadOnlyList<Correspondent> ReplyTo,
    string MissionTitle,
    IReadOnlyList<Mailbox> Mailboxes,
    IReadOnlyList<string> Envelope,
    string Language,
    string Subject,
    string Html,
    string Text,
    IReadOnlyList<EncodedEnclosure> Enclosures,
    bool PassesSuppression = false,
    string? InReplyTo = null);
