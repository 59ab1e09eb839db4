using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Sending;

/// <summary>
/// Where a worker records what it does with one mission's letter: in the entry's row, or in a journal.
/// </summary>
internal abstract class EntryRecord(MissionEntry entry)
{
    /// <summary>The entry as it was recorded last.</summary>
    public MissionEntry Entry { get; protected set; } = entry;

    /// <summary>Records that the letter is about to be handed over. It may be only if this returns true.</summary>
    /// <param name="change">Returns the entry without a claim if nothing is to be handed over.</param>
    public abstract Task<bool> Begin(Func<MissionEntry, MissionEntry> change);

    /// <summary>Records that the letter is not handed over, unless the entry is another worker's by now.</summary>
    public abstract Task Leave(Func<MissionEntry, MissionEntry> change);

    /// <summary>
    /// Records how handing over ended, also where another worker has taken over meanwhile, believing this one dead: the
    /// server cannot be asked again.
    /// </summary>
    public abstract Task End(Func<MissionEntry, MissionEntry> change);

    /// <summary>Waits for the end of a handover, and renews the claim meanwhile.</summary>
    public abstract Task<T> Keeping<T>(Task<T> handOver);
}

/// <summary>In the entry's row.</summary>
internal sealed class RowRecord(
    MissionEntries entries,
    Stored<MissionEntry> claimed,
    TimeSpan claimFor,
    TimeProvider clock,
    ILogger logger) : EntryRecord(claimed.Value)
{
    private Stored<MissionEntry> stored = claimed;

    public override async Task<bool> Begin(Func<MissionEntry, MissionEntry> change) =>
        await Own(change) && Entry.Claim is not null;

    public override Task Leave(Func<MissionEntry, MissionEntry> change) => Own(change);

    public override Task End(Func<MissionEntry, MissionEntry> change) => Record(change);

    public override async Task<T> Keeping<T>(Task<T> handOver)
    {
        // A write that has begun is not cancelled: the row's version after it has to be known.
        await using var renewal = new Renewal(
            // So often that one renewal may fail, and the next still comes in time.
            claimFor / 3,
            clock,
            _ => Renew(),
            failure => logger.LogWarning(
                failure,
                "The claim on {Mission} in {Distribution} could not be renewed; trying again",
                stored.Value.MissionId,
                stored.Value.DistributionId));
        // The renewal has ended when this returns: it and the record of the answer write the same row.
        return await handOver;
    }

    /// <summary>
    /// Records a step on top of what others have recorded meanwhile, if the claim is still this worker's.
    /// </summary>
    private Task<bool> Own(Func<MissionEntry, MissionEntry> change)
    {
        // It may have been renewed meanwhile.
        var worker = stored.Value.Claim?.Worker;
        return Record(entry => entry.Claim?.Worker == worker ? change(entry) : null);
    }

    private async Task<bool> Record(Func<MissionEntry, MissionEntry?> change)
    {
        if (await entries.Change(
            stored.Value.DistributionId,
            stored.Value.MissionId,
            change,
            CancellationToken.None,
            known: stored) is not { } now)
            return false;
        stored = now;
        Entry = now.Value;
        return true;
    }

    private Task<bool> Renew()
    {
        var until = clock.GetUtcNow() + claimFor;
        return Own(entry => entry with { Claim = entry.Claim! with { Until = until } });
    }
}

/// <summary>In a journal, which renews its claim by itself.</summary>
/// <param name="ended">
/// Called when it is about to be written that the letter was accepted: the next may be noted in the same write, or
/// later.
/// </param>
internal sealed class JournalRecord(
    OpenJournal journal,
    MissionEntries entries,
    MissionEntry entry,
    TimeProvider clock,
    Action ended) : EntryRecord(entry)
{
    public override async Task<bool> Begin(Func<MissionEntry, MissionEntry> change)
    {
        var begun = change(Entry);
        if (begun.Claim is null || !await journal.Begin(begun))
            return false;
        Entry = begun;
        return true;
    }

    public override async Task Leave(Func<MissionEntry, MissionEntry> change)
    {
        var left = change(Entry);
        if (await journal.Record(left))
            Entry = left;
    }

    public override async Task End(Func<MissionEntry, MissionEntry> change)
    {
        var end = change(Entry);
        var recording = journal.Record(end);
        // Where it went wrong, others may have to wait for what that means.
        if (end.State.IsReached)
            ended();
        if (await recording)
        {
            Entry = end;
            return;
        }

        // Another worker has taken the journal over: its notes are in the rows now.
        if (await entries.Change(Entry.DistributionId, Entry.MissionId, change, CancellationToken.None) is { } stored)
            Entry = stored.Value;
    }

    public override async Task<T> Keeping<T>(Task<T> handOver)
    {
        var begun = clock.GetTimestamp();
        var result = await handOver;
        journal.HandedOverIn(clock.GetElapsedTime(begun));
        return result;
    }
}
