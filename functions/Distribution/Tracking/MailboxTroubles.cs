using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>A mailbox from which the last letter came back, of those whose outcome is known.</summary>
/// <param name="Address">As the letter's roster has it.</param>
/// <param name="Words">What happened, such as <c>Came back: no such mailbox</c>.</param>
/// <param name="Answer">The server's own words; may be empty.</param>
internal sealed record MailboxTrouble(
    string Address,
    string MissionId,
    DistributionRecord Letter,
    DateTimeOffset At,
    Phrase Words,
    string Answer);

/// <summary>
/// Finds the mailboxes that refused or returned a letter lately. What counts is the last letter whose end is known: a
/// mailbox that took a later one is sound again.
/// </summary>
internal sealed class MailboxTroubles(
    DistributionRecords distributions,
    FrozenRosters rosters,
    MissionEntries entries,
    EntryStates states,
    TimeProvider clock)
{
    /// <summary>
    /// Older troubles are not shown: by then people have dealt with them, or have gone on without that mailbox.
    /// </summary>
    private static readonly TimeSpan Lately = TimeSpan.FromDays(60);

    /// <summary>How many letters are looked at, the latest first; each costs a query of storage.</summary>
    private const int MostLetters = 6;

    /// <summary>Pages that ask every few seconds get what was found before.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(20);

    private (DateTimeOffset At, IReadOnlyDictionary<string, MailboxTrouble> Found)? known;

    /// <returns>By address, case ignored. A letter that cannot be read is left out; a notice names it.</returns>
    public async Task<IReadOnlyDictionary<string, MailboxTrouble>> Recent(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // Not where the clock was set back: then what is known could be kept for long.
        if (known is { } before && now - before.At < Kept && now >= before.At)
            return before.Found;
        // Null: the mailbox took that letter, so that earlier troubles with it are over.
        var last = new Dictionary<string, MailboxTrouble?>(StringComparer.OrdinalIgnoreCase);
        foreach (
            var letter in (await distributions.All(cancellation))
                .Where(letter => letter.ReleasedAt > now - Lately)
                .OrderByDescending(letter => letter.ReleasedAt)
                .Take(MostLetters))
            try
            {
                await Add(letter, last, cancellation);
            }
            catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
            {
                // Swallowed: the secretariat is told of it, and other letters say something of the same mailboxes.
            }

        var found = last.Values.OfType<MailboxTrouble>()
            .ToDictionary(trouble => trouble.Address, StringComparer.OrdinalIgnoreCase);
        known = (now, found);
        return found;
    }

    private async Task Add(
        DistributionRecord letter,
        Dictionary<string, MailboxTrouble?> last,
        CancellationToken cancellation)
    {
        var roster = await rosters.Find(letter.Id, cancellation);
        List<string> looked = [];
        foreach (var entry in await states.Of(letter.Id, cancellation))
            if (entry.State is DeliveryState.Bounced or DeliveryState.Failed || entry.IsReturnedInPart)
                looked.Add(entry.MissionId);
            else if (entry.State is DeliveryState.Accepted or DeliveryState.Delivered
                && roster.Find(entry.MissionId) is { } mission)
                foreach (var mailbox in mission.Mailboxes)
                    // From the columns alone: the entries themselves are read only where something came back.
                    last.TryAdd(mailbox.Address, null);
        if (looked.Count == 0)
            return;
        foreach (var entry in await entries.Find(letter.Id, looked, cancellation))
            foreach (
                // The latest attempt first: a letter that was sent again counts by what became of the second message.
                var delivery in entry.Value.Attempts.Reverse().SelectMany(attempt => attempt.Mailboxes)
                    .DistinctBy(delivery => delivery.Mailbox.Address.ToUpperInvariant()))
                if (delivery.State is DeliveryState.Bounced or DeliveryState.Failed && delivery.Telling is { } telling)
                    last.TryAdd(
                        delivery.Mailbox.Address,
                        new(
                            delivery.Mailbox.Address,
                            entry.Value.MissionId,
                            letter,
                            telling.At,
                            DeliveryLog.Words(telling),
                            telling.Words));
                else if (delivery.State is DeliveryState.Accepted or DeliveryState.Delivered)
                    last.TryAdd(delivery.Mailbox.Address, null);
    }
}
