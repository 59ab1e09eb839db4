namespace Distribution.Register;

/// <summary>A mission that keeps its short name and has another name than before.</summary>
internal sealed record RenamedMission(Mission Before, Mission After);

/// <summary>
/// How an uploaded register differs from the one in use, as far as a person must look at it: which missions letters
/// would no longer go to, and which they would also go to. A mission whose name became another one is told too: where
/// one column was sorted without the others, every mission is there, and none has its own mailboxes.
/// </summary>
internal sealed record RegisterChanges(
    IReadOnlyList<Mission> Gone,
    IReadOnlyList<Mission> New,
    IReadOnlyList<RenamedMission> Renamed)
{
    public bool Any => Gone.Count + New.Count + Renamed.Count > 0;

    public static RegisterChanges Between(MissionRegister inUse, MissionRegister uploaded)
    {
        var before = inUse.Missions.ToDictionary(mission => mission.Id);
        var after = uploaded.Missions.Select(mission => mission.Id).ToHashSet();
        return new(
            [.. inUse.Missions.Where(mission => !after.Contains(mission.Id))],
            [.. uploaded.Missions.Where(mission => !before.ContainsKey(mission.Id))],
            [
                .. uploaded.Missions
                    .Where(mission =>
                        before.TryGetValue(mission.Id, out var known)
                        && ProtocolOrder.Key(known.Name) != ProtocolOrder.Key(mission.Name))
                    .Select(mission => new RenamedMission(before[mission.Id], mission)),
            ]);
    }
}
