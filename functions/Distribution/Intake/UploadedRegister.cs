using Distribution.Common;
using Distribution.Register;
using static Distribution.Common.Phrase;

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
    public IEnumerable<Phrase> Reasons =>
        Edit is { } edit && EditedBy is { } by
            ? Others.Prepend(
                Say($"{by}: {Joined(Changed.Select(what => what.Words))}. Why: {edit.Reason.TrimEnd('.')}."))
            : Others;

    /// <summary>
    /// The same for the record of acts, which is never erased: of a mission that was changed at the desk, which of its
    /// particulars, and not what they are.
    /// </summary>
    public IEnumerable<Phrase> ReasonsForRecord =>
        EditedBy is { } by ? Others.Prepend(Say($"{by}: {Listed([.. Changed.Select(what => what.Called)])}.")) : Others;

    private IEnumerable<ParticularDifference> Changed => Changes.Changed.SelectMany(changed => changed.What);

    /// <summary>Who changed which mission at the desk; null for a whole file.</summary>
    private Phrase? EditedBy =>
        Edit is { MissionId: { } edited } edit
            ? Say($"{edit.By.Name} changed {Reading.Register?.Missions.FirstOrDefault(mission => mission.Id == edited)?.Said ?? Plain(edited)}")
            : null;

    private IEnumerable<Phrase> Others
    {
        get
        {
            if (Changes.Gone is { Count: > 0 } gone)
                yield return Say(
                    gone.Count,
                    $"{gone.Count} mission of the register in use is not in it: {Names(gone)}.",
                    $"{gone.Count} missions of the register in use are not in it: {Names(gone)}.");
            if (Changes.New is { Count: > 0 } added)
                yield return Say(
                    added.Count,
                    $"{added.Count} mission is new in it: {Names(added)}.",
                    $"{added.Count} missions are new in it: {Names(added)}.");
            if (Changes.Renamed is { Count: > 0 } renamed)
            {
                var names = Listed(
                [
                    .. renamed
                        .Take(MostNamed)
                        .Select(mission => Say($"{mission.Before.Name} is now {mission.After.Name}")),
                    .. More(renamed.Count)
                ]);
                yield return Say(
                    renamed.Count,
                    $"{renamed.Count} mission has another name: {names}.",
                    $"{renamed.Count} missions have another name: {names}.");
            }

            if (EditedMission is null && Changes.Changed is { Count: > 0 } changed)
            {
                var names = Names([.. changed.Select(mission => mission.After)]);
                yield return Say(
                    changed.Count,
                    $"{changed.Count} mission has other particulars: {names}.",
                    $"{changed.Count} missions have other particulars: {names}.");
            }

            var found = Reading.ToConfirm.Count();
            if (found > 0)
                yield return Say(
                    found,
                    $"{found} thing in it is to be looked at.",
                    $"{found} things in it are to be looked at.");
        }
    }

    private static Phrase Names(IReadOnlyList<Mission> missions) =>
        Listed([.. missions.Take(MostNamed).Select(mission => mission.Said), .. More(missions.Count)]);

    private static Phrase[] More(int count) => count > MostNamed ? [Amounts.More(count - MostNamed)] : [];
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
