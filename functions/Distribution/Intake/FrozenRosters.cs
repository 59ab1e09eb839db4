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
/// The frozen rosters of distributions. They never change, and the front page reads those of all letters, so they are
/// kept in memory. Most letters go to the same missions, which their rosters share.
/// </summary>
internal sealed class FrozenRosters(FrozenContents contents)
{
    /// <summary>
    /// As many missions as all rosters may name together, some fifty bytes each: those of 2,000 letters to all.
    /// </summary>
    private const int NamedAtHand = 500_000;

    private const int MissionsAtHand = 50_000;

    private readonly ConcurrentDictionary<string, FrozenRoster> known = new();

    /// <summary>By a hash of all that is known of each.</summary>
    private readonly ConcurrentDictionary<string, Mission> missions = new();

    /// <exception cref="Azure.RequestFailedException">No such distribution, or storage failed.</exception>
    public async Task<FrozenRoster> Find(string distributionId, CancellationToken cancellation)
    {
        if (known.TryGetValue(distributionId, out var roster))
            return roster;
        var content = await contents.Find(distributionId, cancellation);
        roster = new([.. content.Roster.Select(Shared)], content.Letter.Contact);
        // One after the other, and not all: who reads more than there is room for finds most of them.
        while (!known.IsEmpty && known.Values.Sum(other => other.Missions.Count) + roster.Missions.Count > NamedAtHand)
            known.TryRemove(known.Keys.First(), out _);
        return known[distributionId] = roster;
    }

    public async Task<bool> Has(string distributionId, string missionId, CancellationToken cancellation) =>
        (await Find(distributionId, cancellation)).Find(missionId) is not null;

    private Mission Shared(Mission mission)
    {
        // All at once: rosters keep the missions that they share already, and the dictionary fills again.
        if (missions.Count >= MissionsAtHand)
            missions.Clear();
        return missions.GetOrAdd(Sha256Hex.Of(Json.Write(mission)), mission);
    }
}
