using Distribution.Common;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>What became of an uploaded register.</summary>
internal enum UploadedRegisterState
{
    /// <summary>It has faults, and the register in use stays.</summary>
    Refused,

    /// <summary>A person must confirm it, and the register in use stays until then.</summary>
    Waits,

    /// <summary>It is sound and will be in use at the next run of the timer.</summary>
    Due,

    /// <summary>It is the register in use.</summary>
    InUse,
}

/// <summary>The register that was uploaded last, held against the one in use.</summary>
/// <param name="Changes">Against the register in use; none where it has faults.</param>
/// <param name="InUse">The hash of the register in use that it was compared with.</param>
internal sealed record UploadedRegister(
    RegisterFile File,
    RegisterReading Reading,
    RegisterChanges Changes,
    string InUse,
    UploadedRegisterState State)
{
    private const int MostNamed = 8;

    /// <summary>Who made it at the desk; null for a file that was put into storage.</summary>
    public RegisterEdit? Edit { get; init; }

    /// <summary>The mission that alone was changed at the desk; null for a whole file.</summary>
    public string? EditedMission => Edit?.MissionId;

    /// <summary>The hash by which a person confirms it; empty where it has faults.</summary>
    public string Hash => Reading.Register?.Hash ?? "";

    /// <summary>What prevents its use.</summary>
    public IReadOnlyList<Finding> Faults => [.. Reading.Faults.Where(fault => !fault.IsWarning)];

    /// <summary>
    /// Why a person must confirm it, one sentence for each reason: who is gone, who is new, who is called otherwise,
    /// and what was found.
    /// </summary>
    public IEnumerable<string> Reasons
    {
        get
        {
            if (Edit is { MissionId: { } edited } edit)
                yield return $"{edit.By.Name} changed {Reading.Register?.Missions.FirstOrDefault(mission => mission.Id == edited)?.Name ?? edited}: {string.Join("; ", Changes.Changed.SelectMany(changed => changed.What).Select(what => what.Words))}. Why: {edit.Reason.TrimEnd('.')}.";
            if (Changes.Gone is { Count: > 0 } gone)
                yield return $"{Missions(gone.Count)} of the register in use {Are(gone.Count)} not in it: {Names(gone)}.";
            if (Changes.New is { Count: > 0 } added)
                yield return $"{Missions(added.Count)} {Are(added.Count)} new in it: {Names(added)}.";
            if (Changes.Renamed is { Count: > 0 } renamed)
                yield return $"{Missions(renamed.Count)} {(renamed.Count == 1 ? "has" : "have")} another name: {EnglishText.Listed([.. renamed.Take(MostNamed).Select(mission => $"{mission.Before.Name} is now {mission.After.Name}"), .. More(renamed.Count)])}.";
            if (EditedMission is null && Changes.Changed is { Count: > 0 } changed)
                yield return $"{Missions(changed.Count)} {(changed.Count == 1 ? "has" : "have")} other particulars: {Names([.. changed.Select(mission => mission.After)])}.";
            var found = Reading.ToConfirm.Count();
            if (found > 0)
                yield return $"{EnglishText.Counted(found, "thing")} in it {Are(found)} to be looked at.";
        }
    }

    private static string Missions(int count) => EnglishText.Counted(count, "mission");

    private static string Are(int count) => count == 1 ? "is" : "are";

    private static string Names(IReadOnlyList<Mission> missions) =>
        EnglishText.Listed([.. missions.Take(MostNamed).Select(mission => mission.Name), .. More(missions.Count)]);

    private static string[] More(int count) => count > MostNamed ? [$"{count - MostNamed} more"] : [];
}

/// <summary>What came of a person's confirmation of an uploaded register.</summary>
internal enum RegisterConfirmation
{
    /// <summary>It is in use now.</summary>
    Done,

    /// <summary>It was in use already: another person had confirmed it.</summary>
    InUseAlready,

    /// <summary>Another register was uploaded, or put into use, since the person looked at it.</summary>
    Changed,

    /// <summary>There is none, or it cannot be put into use.</summary>
    NotThere,

    /// <summary>The person changed it themselves, and it takes another one.</summary>
    IsOwn,
}
