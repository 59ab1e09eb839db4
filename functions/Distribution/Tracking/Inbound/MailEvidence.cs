using Distribution.Sending;

namespace Distribution.Tracking.Inbound;

/// <summary>What a message shows of an attempt: by what it says, or by having come at all.</summary>
internal static class MailEvidence
{
    /// <summary>
    /// Evidence from an answer. All mailboxes get the message in one exchange with the server, so an answer shows that
    /// the server accepted it for every mailbox whose outcome is unknown. Exception: if the message had already reached
    /// some mailbox, an answer from there shows nothing about the others.
    /// </summary>
    public static IReadOnlyList<Evidence> Shown(
        DeliveryAttempt attempt,
        string? from,
        ReceivedReply reply,
        string source,
        string words)
    {
        var unknown = attempt.Mailboxes.Where(IsUnknown).Select(box => box.Mailbox.Address).ToList();
        return
            attempt.Mailboxes.Exists(box => box.State.IsReached)
            && !unknown.Contains(from ?? "", StringComparer.OrdinalIgnoreCase)
            ? []
            : [.. unknown.Select(mailbox => Left(attempt, mailbox, reply, source, words))];
    }

    /// <summary>Evidence from an automatic reply: a machine that answers a letter has got it.</summary>
    public static IReadOnlyList<Evidence> ShownByMachine(DeliveryAttempt attempt, string? from, ReceivedReply reply) =>
        Shown(
            attempt,
            from,
            reply,
            EvidenceRanks.AutomaticReply,
            "An automatic reply to this letter came, so it was sent.");

    /// <summary>
    /// A report about a mailbox whose outcome is unknown shows that the server accepted the message for the others too.
    /// </summary>
    public static IEnumerable<Evidence> Shown(
        DeliveryAttempt attempt,
        IReadOnlyList<Evidence> spokenOf,
        ReceivedReply reply) =>
        spokenOf.Any(item => attempt.Mailboxes.Exists(box => box.Mailbox.Address == item.Mailbox && IsUnknown(box)))
            ? attempt
                .Mailboxes.Where(IsUnknown)
                .Select(box => box.Mailbox.Address)
                .Except(spokenOf.Select(item => item.Mailbox))
                .Select(mailbox =>
                    Left(
                        attempt,
                        mailbox,
                        reply,
                        EvidenceRanks.Report,
                        "A mail server reports on this letter, so it was sent."))
            : [];

    private static Evidence Left(
        DeliveryAttempt attempt,
        string mailbox,
        ReceivedReply reply,
        string source,
        string words) =>
        new(
            attempt.MessageId,
            mailbox,
            new(
                reply.At,
                DeliveryEventKind.Accepted,
                words,
                Source: source,
                Id: $"{reply.Id}/{mailbox.ToLowerInvariant()}/shown"));

    private static bool IsUnknown(MailboxDelivery box) =>
        box.State is DeliveryState.Sending or DeliveryState.OutcomeUnknown;

    /// <returns>
    /// The mailboxes of this attempt that the report is about. Where a server wrote free text and named no address,
    /// those mailboxes that the text contains.
    /// </returns>
    public static IReadOnlyList<string> MailboxesOf(
        DeliveryAttempt attempt,
        ReportedRecipient recipient,
        InboundMail.Bounce bounce)
    {
        var boxes = attempt.Mailboxes.Select(box => box.Mailbox.Address).ToList();
        return ReportedRecipient
                .Readings(recipient.Original)
                .Concat(ReportedRecipient.Readings(recipient.Final))
                .Select(address => boxes.Find(box => Is(box, address)))
                .OfType<string>()
                .FirstOrDefault()
                is { } named
                ? [named]
            // A report that names an address is about that one, also where it is none of ours, such as one that a
            // mailbox forwards to.
            : bounce.IsReport || (recipient.Original ?? recipient.Final) is not null ? []
            : [.. boxes.Where(box => BounceText.Names(bounce.Text, box))];
    }

    /// <summary>Whether the attempt went to this address; case is ignored.</summary>
    public static bool Has(DeliveryAttempt attempt, string? address) =>
        attempt.Mailboxes.Exists(box => Is(box.Mailbox.Address, address));

    private static bool Is(string one, string? other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
