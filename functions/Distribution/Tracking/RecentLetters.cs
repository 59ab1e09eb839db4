using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>A letter that left for a mailbox not long ago.</summary>
internal sealed record RecentLetter(
    DistributionRecord Distribution,
    Mission Mission,
    MissionEntry Entry,
    DeliveryAttempt Attempt,
    MailboxDelivery Mailbox,
    DateTimeOffset LeftAt);

/// <summary>Finds the letters that a report may be about, where it names a mailbox and no letter.</summary>
internal sealed class RecentLetters(
    DistributionRecords distributions,
    FrozenRosters rosters,
    MissionEntries entries,
    TimeProvider clock)
{
    /// <summary>
    /// How long after a letter left a report about it may come. Servers try for up to five days before they send a
    /// letter back, and the report may be on its way for some time.
    /// </summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(8);

    /// <summary>A letter that is sent again keeps the day of its release.</summary>
    private static readonly TimeSpan LongestRunning = TimeSpan.FromDays(60);

    /// <param name="mailboxes">The mailboxes to look for; case is ignored.</param>
    /// <returns>For each mailbox that a letter left for, those letters, the latest first.</returns>
    public async Task<ILookup<string, RecentLetter>> To(
        IEnumerable<string> mailboxes,
        CancellationToken cancellation)
    {
        var (wanted, now) = (mailboxes.ToHashSet(StringComparer.OrdinalIgnoreCase), clock.GetUtcNow());
        List<RecentLetter> found = [];
        foreach (
            var distribution in (await distributions.All(cancellation)).Where(distribution =>
                distribution.ReleasedAt > now - LongestRunning))
            try
            {
                var missions = (await rosters.Find(distribution.Id, cancellation))
                    .Missions.Where(mission => mission.Mailboxes.Any(mailbox => wanted.Contains(mailbox.Address)))
                    .ToDictionary(mission => mission.Id);
                if (missions.Count > 0)
                    foreach (var entry in await entries.Find(distribution.Id, missions.Keys, cancellation))
                        found.AddRange(Of(distribution, missions[entry.Value.MissionId], entry.Value));
            }
            catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
            {
                // Swallowed: the secretariat is told of it, and the report may be about another letter.
            }

        return found
            .Where(letter => wanted.Contains(letter.Mailbox.Mailbox.Address) && letter.LeftAt >= now - Recent)
            .OrderByDescending(letter => letter.LeftAt)
            .ToLookup(letter => letter.Mailbox.Mailbox.Address, StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<RecentLetter> Of(DistributionRecord distribution, Mission mission, MissionEntry entry) =>
        // A letter of which nobody knows whether it left can come back as well.
        from attempt in entry.Attempts
        from box in attempt.Mailboxes
        where box.MayHaveLeft
        let left = box.Events.FindLast(happened => happened.Kind == DeliveryEventKind.HandingOver)
        where left is not null
        select new RecentLetter(distribution, mission, entry, attempt, box, left.At);
}
