using Distribution.Common;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>How the register differs from a letter's frozen roster.</summary>
/// <param name="Added">Missions that would get it now.</param>
/// <param name="Gone">Missions that would no longer get it.</param>
/// <param name="Changed">
/// Missions with changed data (mailboxes, languages, name, head ...), with their new data.
/// </param>
internal sealed record RosterDifference(
    IReadOnlyList<Mission> Added,
    IReadOnlyList<Mission> Gone,
    IReadOnlyList<Mission> Changed)
{
    /// <returns>Null if there is no difference.</returns>
    public static RosterDifference? Between(IReadOnlyList<Mission> frozen, IReadOnlyList<Mission> now)
    {
        var before = frozen.ToDictionary(mission => mission.Id);
        var after = now.Select(mission => mission.Id).ToHashSet();
        var difference = new RosterDifference(
            [.. now.Where(mission => !before.ContainsKey(mission.Id))],
            [.. frozen.Where(mission => !after.Contains(mission.Id))],
            [
                .. now.Where(mission =>
                    // As records hold them: every particular counts.
                    before.TryGetValue(mission.Id, out var known) && Json.Write(known) != Json.Write(mission)),
            ]);
        return difference is { Added: [], Gone: [], Changed: [] } ? null : difference;
    }
}
