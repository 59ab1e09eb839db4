using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>
/// The visits to missions' links, a row a mission: counts, not a line a visit, so that no scanner makes it grow.
/// </summary>
internal sealed class Visits(StorageAccount account)
{
    private const int MostTries = 5;

    private readonly Records<MissionVisits> records = new(account.Tables.GetTableClient(ResourceNames.VisitsTable));

    /// <returns>False where others were counted at the same moment, time after time: this one is let go.</returns>
    public async Task<bool> Add(
        string distributionId,
        string missionId,
        VisitKind kind,
        string agent,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var stored = await records.Find(distributionId, missionId, cancellation);
            var entity = Records<MissionVisits>.Entity(
                distributionId,
                missionId,
                (stored?.Value ?? MissionVisits.None(distributionId, missionId, at)).With(kind, agent, at),
                []);
            if (stored is null
                ? await records.Add(entity, cancellation) is not null
                : await records.Replace([(entity, stored.ETag)], cancellation) is not null)
                return true;
        }

        return false;
    }

    public async Task<MissionVisits?> Find(string distributionId, string missionId, CancellationToken cancellation) =>
        (await records.Find(distributionId, missionId, cancellation))?.Value;
}
