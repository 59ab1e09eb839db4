using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>
/// The store of visits to missions' links, one row for each mission and distribution. It keeps counts, not a line for
/// each visit, so that scanners cannot make it grow.
/// </summary>
internal sealed class Visits(StorageAccount account)
{
    private const int MostTries = 5;

    private readonly Records<MissionVisits> records = new(account, ResourceNames.VisitsTable);

    /// <returns>
    /// False where other visits were counted at the same moment in every try. Then this one is not counted.
    /// </returns>
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
