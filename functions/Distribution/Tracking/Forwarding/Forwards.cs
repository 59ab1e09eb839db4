using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;

namespace Distribution.Tracking.Forwarding;

/// <summary>What came of asking for a letter to be forwarded.</summary>
internal enum ForwardResult
{
    Recorded,

    /// <summary>The same form was recorded before.</summary>
    Before,

    /// <summary>The mission has asked for as many as it may.</summary>
    TooMany,
}

/// <summary>
/// The store of what missions forwarded: one row for each mission and distribution. What is asked for, and what became
/// of it, is also written to the distribution's log.
/// </summary>
internal sealed class Forwards(StorageAccount account, LogSegments log, TimeProvider clock)
{
    private readonly Records<MissionForwards> records = new(
        account,
        ResourceNames.ForwardsTable,
        record => [(nameof(MissionForwards.IsDue), record.IsDue)]);

    /// <summary>When to look for something to hand over: mostly there is nothing.</summary>
    public SeldomLook Look { get; } = new(clock);

    /// <summary>
    /// Records what somebody asked for, unless the mission has asked for too many. The limit is of all its letters
    /// together; two letters at one moment can each take the last place.
    /// </summary>
    public async Task<ForwardResult> Add(
        string distributionId,
        string missionId,
        Forward asked,
        CancellationToken cancellation)
    {
        var since = asked.At - MissionForwards.Day;
        // Read apart from the row that is changed: what another letter takes in between is not seen, which the limit
        // allows for.
        var elsewhere = (await Where(TableClient.CreateQueryFilter($"RowKey eq {missionId}"), cancellation))
            .Where(other => other.DistributionId != distributionId)
            .Sum(other => other.CountSince(since));
        return await Change<ForwardResult>(
            distributionId,
            missionId,
            record =>
                record.Find(asked.Id) is not null ? new(null, ForwardResult.Before)
                : record.IsFull || elsewhere + record.CountSince(since) >= MissionForwards.MostADay
                    ? new(null, ForwardResult.TooMany)
                : new(record.With(asked), ForwardResult.Recorded),
            cancellation);
    }

    /// <param name="change">
    /// Gets the current record, empty where there is none. It may be called several times.
    /// </param>
    public async Task<TResult> Change<TResult>(
        string distributionId,
        string missionId,
        Func<MissionForwards, Decision<MissionForwards, TResult>> change,
        CancellationToken cancellation)
    {
        var updated = await records.Update(
            distributionId,
            missionId,
            record => change(record ?? new(distributionId, missionId, [])),
            cancellation);
        if (updated.After is { Value: { } after })
        {
            // By their ids: one forward has up to three facts, which come at different times.
            var known = updated.Before is { } before ? ForwardFacts.Of(before).Select(fact => fact.Id) : [];
            log.Buffer(distributionId, ForwardFacts.Of(after).ExceptBy(known, fact => fact.Id));
            await log.Flush(distributionId);
            if (after.IsDue)
                Look.Expect();
        }

        return updated.Result;
    }

    /// <summary>Adds a lost record as the log has it, without logging it anew.</summary>
    /// <returns>False where there is a record; that is not changed.</returns>
    public async Task<bool> Restore(MissionForwards record, CancellationToken cancellation) =>
        await records.Find(record.DistributionId, record.MissionId, cancellation) is null
        && await records.Add(record.DistributionId, record.MissionId, record, cancellation) is not null;

    /// <returns>Null where nothing was forwarded.</returns>
    public async Task<MissionForwards?> Find(
        string distributionId,
        string missionId,
        CancellationToken cancellation) => (await records.Find(distributionId, missionId, cancellation))?.Value;

    /// <returns>Those of one letter that can be read.</returns>
    public Task<IReadOnlyList<MissionForwards>> Of(string distributionId, CancellationToken cancellation) =>
        Where(TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"), cancellation);

    /// <returns>Those with something to hand over that can be read.</returns>
    public Task<IReadOnlyList<MissionForwards>> Due(CancellationToken cancellation) =>
        Where(TableClient.CreateQueryFilter($"IsDue eq {true}"), cancellation);

    private async Task<IReadOnlyList<MissionForwards>> Where(string filter, CancellationToken cancellation) =>
        [.. (await records.Where(filter, cancellation)).Select(stored => stored.Value)];
}
