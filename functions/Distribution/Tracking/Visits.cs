using System.Collections.Concurrent;
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

    public async Task Add(
        string distributionId,
        string missionId,
        VisitKind kind,
        string agent,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        var last = latest.GetValueOrDefault((distributionId, missionId));
        var updated = await records.Update(
            distributionId,
            missionId,
            visits => new Decision<MissionVisits, bool>(
                (visits ?? MissionVisits.None(distributionId, missionId, at)).With(kind, agent, at),
                true),
            cancellation,
            known: last,
            isNew: last is null);
        if (latest.Count >= AtHand)
            latest.Clear();
        latest[(distributionId, missionId)] = updated.After!;
    }

    public async Task<MissionVisits?> Find(string distributionId, string missionId, CancellationToken cancellation) =>
        (await records.Find(distributionId, missionId, cancellation))?.Value;
}
