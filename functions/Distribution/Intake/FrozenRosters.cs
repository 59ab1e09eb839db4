using System.Collections.Concurrent;
using Distribution.Common;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>The frozen roster of a distribution, and the contact of its letter.</summary>
/// <param name="Missions">In protocol order.</param>
internal sealed record FrozenRoster(IReadOnlyList<Mission> Missions, Correspondent Contact)
{
    private readonly IReadOnlyDictionary<string, int> orders = Missions
        .Index()
        .ToDictionary(entry => entry.Item.Id, entry => entry.Index + 1);

    /// <returns>The mission's place in protocol order, from 1; null if it is not on the roster.</returns>
    public int? OrderOf(string missionId) => orders.TryGetValue(missionId, out var order) ? order : null;

    public Mission? Find(string missionId) => OrderOf(missionId) is { } order ? Missions[order - 1] : null;

    /// <exception cref="InvalidDataException">It is not on the roster.</exception>
    public Mission Mission(string missionId) =>
        Find(missionId) ?? throw new InvalidDataException($"{missionId} is not on the frozen roster.");
}

/// <summary>
/// The frozen rosters of distributions. They never change, and pages read those of all letters, so more of them are kept
/// in memory than of the whole contents.
/// </summary>
internal sealed class FrozenRosters(FrozenContents contents)
{
    private const int AtHand = 200;

    private const int MissionsAtHand = 50_000;

    private readonly ConcurrentDictionary<string, FrozenRoster> known = new();

    /// <exception cref="Azure.RequestFailedException">No such distribution, or storage failed.</exception>
    public async Task<FrozenRoster> Find(string distributionId, CancellationToken cancellation)
    {
        if (known.TryGetValue(distributionId, out var roster))
            return roster;
        var content = await contents.Find(distributionId, cancellation);
        if (known.Count >= AtHand
            || known.Values.Sum(other => other.Missions.Count) + content.Roster.Count > MissionsAtHand)
            known.Clear();
        return known[distributionId] = new(content.Roster, content.Letter.Contact);
    }

    public async Task<bool> Has(string distributionId, string missionId, CancellationToken cancellation) =>
        (await Find(distributionId, cancellation)).Find(missionId) is not null;
}
