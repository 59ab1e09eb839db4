using System.Collections.Concurrent;
using Azure;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>
/// The store of visits to missions' links, one row for each mission and distribution. It keeps counts, not a line for
/// each visit, so that scanners cannot make it grow.
/// </summary>
internal sealed class Visits(StorageAccount account)
{
    private const int AtHand = 1_000;

    /// <summary>
    /// The rows as this process wrote them last. A visitor comes for a page, its form and its confirmation: the second
    /// and third are counted without reading the row, unless another process has counted in between.
    /// </summary>
    private readonly ConcurrentDictionary<(string Distribution, string Mission), Stored<MissionVisits>> latest = new();

    private readonly Records<MissionVisits> records = new(account, ResourceNames.VisitsTable);

    /// <summary>Counts one visit.</summary>
    /// <param name="agent">The User-Agent value of the visiting program; may be empty.</param>
    /// <param name="isFurther">Whether it is counted only where earlier ones are.</param>
    /// <returns>Whether it was counted.</returns>
    public async Task<bool> Add(
        string distributionId,
        string missionId,
        VisitKind kind,
        string agent,
        DateTimeOffset at,
        CancellationToken cancellation,
        bool isFurther = false)
    {
        var last = latest.GetValueOrDefault((distributionId, missionId));
        Stored<MissionVisits>? written;
        try
        {
            written = await Count(last);
        }
        catch (RequestFailedException gone) when (gone.Status == 404 && last is not null)
        {
            // It was erased, here or by another process: what this one remembers is no more.
            latest.TryRemove((distributionId, missionId), out _);
            written = await Count(null);
        }

        if (written is null)
            return false;
        // All of them: to forget a row costs one reading of it, and no order of use is kept.
        if (latest.Count >= AtHand)
            latest.Clear();
        latest[(distributionId, missionId)] = written;
        return true;

        async Task<Stored<MissionVisits>?> Count(Stored<MissionVisits>? known) =>
            (
                await records.Update(
                    distributionId,
                    missionId,
                    visits => Decision.Of(
                        visits is null && isFurther
                            ? null
                            : (visits ?? MissionVisits.None(distributionId, missionId, at)).With(kind, agent, at)),
                    cancellation,
                    known: known,
                    isNew: known is null && !isFurther)).After;
    }

    /// <returns>Null where the link was not visited, or the counts were erased.</returns>
    public async Task<MissionVisits?> Find(string distributionId, string missionId, CancellationToken cancellation) =>
        (await records.Find(distributionId, missionId, cancellation))?.Value;
}
