using Distribution.Common;
using Distribution.Register;

namespace Distribution.Mail;

/// <summary>One message to one mission, ready to be sent by any transport.</summary>
/// <param name="MessageId">Without angle brackets; the same for every try of one attempt.</param>
/// <param name="Date">When its attempt began: the same for every try, so that each has the same bytes.</param>
/// <param name="ReturnPath">The address that bounces go to (MAIL FROM), one of the sender's own.</param>
/// <param name="ReplyTo">Whom replies go to, the letter's contact first.</param>
/// <param name="MissionTitle">The name beside each mailbox; empty where mailboxes have none.</param>
/// <param name="Mailboxes">Those the message is addressed to, in its To and Cc lines.</param>
/// <param name="Envelope">
/// The addresses it is handed over for in this try: fewer than <paramref name="Mailboxes"/> if some already have it.
/// </param>
/// <param name="InReplyTo">
/// The Message-ID, without angle brackets, of the earlier letter in the same conversation (thread); null for the first
/// one.
/// </param>
/// <param name="Language">Of the email itself, as Content-Language has it.</param>
/// <param name="PassesSuppression">
/// Whether it is sent even to mailboxes on the provider's suppression list (they bounced before): true if a person
/// asked for the resend.
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
    string? InReplyTo = null)
{
    /// <summary>Whether the service writes it by itself: then mail programs send no notes of absence.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>
    /// The headers that say so: Auto-Submitted (RFC 3834), and for Exchange its own (MS-OXCMAIL), which keeps away
    /// notes of absence and other answers of programs, and never a report that the message came back.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> AutomaticHeaders =>
        IsAutomatic ? [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "OOF, AutoReply")] : [];
}
