using Distribution.Common;
using Distribution.Mail;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Sending;

/// <summary>
/// Decides about letters whose outcome is unknown: evidence first, then the policy in the settings. Nothing is sent
/// again by the policy before <c>Dispatch:SettleAfter</c> has passed, and every decision is logged.
/// </summary>
internal sealed class UnknownOutcomePolicy(IMailTransport transport, IOptions<DispatchSettings> options)
{
    public static readonly string Interruption =
        Say($"The worker stopped while this letter was being handed over. Whether it was sent is not known.").ForRecord;

    /// <summary>How often the policy sends the same message again; after that a person decides.</summary>
    private const int MostCopies = 3;

    private readonly DispatchSettings settings = options.Value;

    /// <summary>Settles the entry if that is possible now; else returns it unchanged.</summary>
    /// <param name="entry">An entry that no worker has claimed.</param>
    /// <param name="heardUntil">
    /// Mail that had come by this moment was read: what was to be settled later may have evidence that lies unread.
    /// </param>
    public async Task<MissionEntry> Settle(
        MissionEntry entry,
        DateTimeOffset now,
        DateTimeOffset heardUntil,
        CancellationToken cancellation)
    {
        if (!entry.IsHandingOver && !IsDue(entry, now, heardUntil))
            return entry;
        if (await transport.FindSent(entry.Attempts[^1].MessageId, cancellation) is { } found)
            return entry.FoundSent(now, found.Source, found.Words);
        if (entry.IsHandingOver)
            return entry.Interrupted(now, settings.SettleAfter, Interruption);
        return entry.SendAgain(
            now,
            by: null,
            Say($"Nothing was heard of it for {Amounts.Span(settings.SettleAfter)}. As the settings say, the same message is offered again, with the same Message-ID.").ForRecord
        );
    }

    /// <summary>Whether the policy will settle it, now or later.</summary>
    public bool WillSettle(MissionEntry entry) =>
        settings.ResendsUnknown
        && entry.IsUnsettled
        // Null after MissionEntrySteps.Held: only a person or evidence settles such a letter.
        && entry.NotBefore is not null
        && entry
            .Attempts[^1]
            .Mailboxes.TrueForAll(mailbox =>
                mailbox.Events.Count(happened => happened is { Kind: DeliveryEventKind.SendAgain, Source: null })
                < MostCopies);

    /// <summary>Whether the policy settles it now.</summary>
    /// <inheritdoc cref="Settle"/>
    public bool IsDue(MissionEntry entry, DateTimeOffset now, DateTimeOffset heardUntil) =>
        WillSettle(entry) && entry.NotBefore <= now && entry.NotBefore <= heardUntil;
}
