using Distribution.Common;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>What the register has changed of those a letter goes to, since it was frozen.</summary>
/// <param name="Added">Missions that would get it now.</param>
/// <param name="Gone">Missions that would not get it any more.</param>
/// <param name="Changed">Missions whose mailboxes, languages, name or head are others now, as they are now.</param>
internal sealed record RosterDifference(
    IReadOnlyList<Mission> Added,
    IReadOnlyList<Mission> Gone,
    IReadOnlyList<Mission> Changed)
{
    /// <returns>Null where nothing is different.</returns>
    public static RosterDifference? Between(IReadOnlyList<Mission> frozen, IReadOnlyList<Mission> now)
    {
        var before = frozen.ToDictionary(mission => mission.Id);
        var after = now.Select(mission => mission.Id).ToHashSet();
        var difference = new RosterDifference(
            [.. now.Where(mission => !before.ContainsKey(mission.Id))],
            [.. frozen.Where(mission => !after.Contains(mission.Id))],
            [
                .. now.Where(mission =>
                    before.TryGetValue(mission.Id, out var known) && Json.Write(known) != Json.Write(mission)),
            ]);
        return difference is { Added: [], Gone: [], Changed: [] } ? null : difference;
    }
}
