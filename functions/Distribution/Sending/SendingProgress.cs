using System.Collections.Concurrent;
using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>
/// Which slots of a large distribution have ended. So a worker that ends a batch knows, without reading thousands of
/// entries, whether others are not sent yet. It decides nothing: whether a distribution is complete is always read from
/// the entries. What a worker that died did not note here, the timer finds.
/// </summary>
/// <param name="Open">
/// The missions that were not accounted for yet, by slot; empty for one that has ended. Slots without a batch that has
/// ended are missing.
/// </param>
internal sealed record SendingProgress(
    string DistributionId,
    ImmutableSortedDictionary<int, ImmutableList<string>> Open)
{
    /// <param name="done">What became of some entries.</param>
    public SendingProgress With(IEnumerable<MissionEntry> done, FrozenRoster roster, int slotSize)
    {
        var open = Open;
        foreach (var slot in done.GroupBy(entry => SendingJournal.SlotOf(entry.Order, slotSize)))
        {
            var ended = slot.Where(entry => entry.IsAccountable).Select(entry => entry.MissionId).ToHashSet();
            var before = open.TryGetValue(slot.Key, out var known)
                ? known
                : roster.Missions.Skip(slot.Key * slotSize).Take(slotSize).Select(mission => mission.Id);
            open = open.SetItem(slot.Key, [.. before.Where(mission => !ended.Contains(mission))]);
        }

        return this with { Open = open };
    }

    /// <param name="slots">How many there are.</param>
    public bool HasEnded(int slots) => Open.Count == slots && Open.Values.All(missions => missions.IsEmpty);
}

/// <summary>The progress of large distributions, in the table of the journals.</summary>
internal sealed class SendingProgresses(StorageAccount account, FrozenRosters rosters)
{
    /// <summary>
    /// With fewer slots, and no more entries than storage reads in one request, all are read after each.
    /// </summary>
    private const int FewSlots = 10;

    /// <inheritdoc cref="FewSlots"/>
    private const int FewEntries = 1000;

    private const string Row = "progress";

    private readonly Records<SendingProgress> records = new(account, ResourceNames.JournalsTable);

    /// <summary>As this worker wrote it last, which saves reading it again. No more than are being sent.</summary>
    private readonly ConcurrentDictionary<string, Stored<SendingProgress>> written = new();

    /// <summary>
    /// Whether work that grows with its missions is too much for each batch, and for a person who waits.
    /// </summary>
    public static bool IsLarge(DistributionRecord distribution) => IsLarge(distribution, distribution.MissionCount);

    /// <param name="missions">Those of the distribution that it is about.</param>
    public static bool IsLarge(DistributionRecord distribution, int missions) =>
        distribution.SlotSize > 0 && (missions > FewEntries || Slots(missions, distribution.SlotSize) > FewSlots);

    private static int Slots(int missions, int slotSize) => (missions + slotSize - 1) / slotSize;

    /// <summary>Notes what became of a batch's entries.</summary>
    /// <returns>False if some letters of the distribution are known to be open still.</returns>
    public async Task<bool> Note(
        DistributionRecord distribution,
        IReadOnlyCollection<MissionEntry> done,
        CancellationToken cancellation)
    {
        if (!IsLarge(distribution))
            return true;
        var slots = Slots(distribution.MissionCount, distribution.SlotSize);
        var roster = await rosters.Find(distribution.Id, cancellation);
        try
        {
            var noted = await records.Update(
                distribution.Id,
                Row,
                before => (before ?? new(distribution.Id, ImmutableSortedDictionary<int, ImmutableList<string>>.Empty))
                    .With(done, roster, distribution.SlotSize) is var after
                    ? new Decision<SendingProgress, bool>(after, after.HasEnded(slots))
                    : default,
                cancellation,
                written.GetValueOrDefault(distribution.Id));
            // The record of one that has ended is removed soon, so it is not kept here.
            if (noted.After is { } stored && !noted.Result)
                written[distribution.Id] = stored;
            else
                written.TryRemove(distribution.Id, out _);
            return noted.Result;
        }
        catch (Exception unreadable) when (StorageFailures.IsLeftOut(unreadable))
        {
            // From here on it is not known how far it has come, so the entries are asked after each batch.
            return true;
        }
    }

    /// <summary>Once a distribution is complete it is not needed any more.</summary>
    public async Task Remove(DistributionRecord distribution, CancellationToken cancellation)
    {
        written.TryRemove(distribution.Id, out _);
        if (IsLarge(distribution))
            await records.Table.DeleteEntityAsync(distribution.Id, Row, cancellationToken: cancellation);
    }
}
