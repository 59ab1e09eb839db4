namespace Distribution.Register;

/// <summary>A mission that keeps its short name and has another name than before.</summary>
internal sealed record RenamedMission(Mission Before, Mission After);

/// <summary>A mission that has other particulars than before.</summary>
internal sealed record ChangedMission(Mission After, IReadOnlyList<ParticularDifference> What);

/// <summary>
/// How an uploaded register differs from the one in use, as far as a person must look at it: which missions letters
/// would no longer go to, and which they would also go to. A mission with another name is among them too: where one
/// column was sorted without the others, every mission is there, and none has its own mailboxes.
/// </summary>
internal sealed record RegisterChanges(
    IReadOnlyList<Mission> Gone,
    IReadOnlyList<Mission> New,
    IReadOnlyList<RenamedMission> Renamed)
{
    /// <summary>Whether a person must look at it, whoever brought it.</summary>
    public bool Any => Gone.Count + New.Count + Renamed.Count > 0;

    /// <summary>The missions whose particulars differ, those with another name included.</summary>
    public IReadOnlyList<ChangedMission> Changed { get; init; } = [];

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
                        // A corrected accent or capital makes no other mission: it is among what changed.
                        && ProtocolOrder.Key(known.Name) != ProtocolOrder.Key(mission.Name))
                    .Select(mission => new RenamedMission(before[mission.Id], mission)),
            ])
        {
            Changed =
            [
                .. uploaded.Missions
                    .Where(mission => before.ContainsKey(mission.Id))
                    .Select(mission =>
                        new ChangedMission(mission, MissionDifference.Particulars(before[mission.Id], mission)))
                    .Where(changed => changed.What is not []),
            ],
        };
    }
}
