using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking;

/// <summary>
/// How far a distribution has come. The stored state says only whether every letter is accounted for; the phase also
/// distinguishes whether the missions have it.
/// </summary>
internal enum ReachPhase
{
    AwaitingRelease,
    Scheduled,
    Replaced,
    Discarded,

    /// <summary>Released, and nothing has left yet.</summary>
    Leaving,

    /// <summary>Something of it is still to be sent.</summary>
    Sending,

    /// <summary>A fault on the sender's side holds it.</summary>
    OnHold,

    /// <summary>A person stopped it, and the result of some messages in flight is still open.</summary>
    Stopping,

    /// <summary>Some missions were never sent to.</summary>
    Stopped,

    /// <summary>For some missions it is not known whether it was sent.</summary>
    Unknown,

    /// <summary>It has left for all missions, and some mission's server deferred it.</summary>
    Delayed,

    /// <summary>Everything is finished, and some missions do not have it.</summary>
    Ended,

    /// <summary>Every mission of the roster has it.</summary>
    Complete,

    /// <summary>Its frozen content cannot be read, so it is not known which missions it is about.</summary>
    CannotBeRead,
}

/// <summary>
/// How far one distribution has come, counted by mission. Pages, files, the archive and the console all use these
/// words, so that they agree. It is computed from the entries, because the stored state says only that every entry is
/// accounted for.
/// </summary>
/// <param name="State">The stored state.</param>
/// <param name="MissionCount">How many missions are on the frozen roster.</param>
/// <param name="Missions">In protocol order; empty while it is not released.</param>
internal sealed record Reach(DistributionState State, int MissionCount, IReadOnlyList<MissionReach> Missions)
{
    private const int MostNamed = 4;

    /// <summary>Whether its roster cannot be read, so that nothing can be said of any mission.</summary>
    public bool CannotBeRead { get; init; }

    public ReachPhase Phase =>
        State switch
        {
            _ when CannotBeRead => ReachPhase.CannotBeRead,
            DistributionState.AwaitingRelease => ReachPhase.AwaitingRelease,
            DistributionState.Scheduled => ReachPhase.Scheduled,
            DistributionState.Replaced => ReachPhase.Replaced,
            DistributionState.Discarded => ReachPhase.Discarded,
            DistributionState.Paused => ReachPhase.OnHold,
            DistributionState.Released when Missions.All(mission => mission.State == DeliveryState.Pending) =>
                ReachPhase.Leaving,
            _ when Missions.Count < MissionCount
                    || Missions.Any(mission => mission.State is DeliveryState.Pending or DeliveryState.Sending) => State
            == DistributionState.Withdrawn
                ? ReachPhase.Stopping
                : ReachPhase.Sending,
            _ when Count(MissionStanding.NeverSent) > 0 => ReachPhase.Stopped,
            _ when Count(MissionStanding.Unknown) > 0 => ReachPhase.Unknown,
            _ when Count(MissionStanding.Delayed) > 0 => ReachPhase.Delayed,
            _ when Count(MissionStanding.NotReached) > 0 => ReachPhase.Ended,
            _ => ReachPhase.Complete,
        };

    /// <summary>The phase in a word or two, for a heading.</summary>
    public string Word => Phase switch
    {
        ReachPhase.AwaitingRelease => "Waiting for release",
        ReachPhase.Scheduled => "Released, not left yet",
        ReachPhase.Replaced => "Replaced before it was released",
        ReachPhase.Discarded => "Discarded",
        ReachPhase.Leaving => "Released, about to leave",
        ReachPhase.Sending => "Sending",
        ReachPhase.OnHold => "On hold",
        ReachPhase.Stopping => "Being stopped",
        ReachPhase.Stopped => "Stopped",
        ReachPhase.Unknown => "Not known of all",
        ReachPhase.Delayed => "Delayed to some",
        ReachPhase.Ended => "Ended, not complete",
        ReachPhase.Complete => "Complete",
        ReachPhase.CannotBeRead => "Cannot be read",
        _ => throw new InvalidOperationException($"{Phase} has no words."),
    };

    /// <summary>
    /// What a heading says after the letter's name: <c>4 missions do not have it; to 1 mission it is delayed</c>. It begins
    /// with how far sending is, and never sounds finished while a mission does not have the letter, or may not have it.
    /// </summary>
    public string Headline => Phase switch
    {
        ReachPhase.AwaitingRelease => "waits for release",
        ReachPhase.Scheduled => "released, nothing has left yet",
        ReachPhase.Replaced => "never sent: replaced before it was released",
        ReachPhase.Discarded => "never sent: discarded",
        ReachPhase.CannotBeRead => "cannot be read, so it is not known who has it",
        ReachPhase.Complete when MissionCount == 1 => Have == 1 ? "the one mission has it" : "the one mission had no need of it",
        ReachPhase.Complete when Have == MissionCount =>
            string.Create(CultureInfo.InvariantCulture, $"all {MissionCount} missions have it"),
        ReachPhase.Complete => string.Create(
            CultureInfo.InvariantCulture,
            $"{EnglishText.Counted(Have, "mission")} {(Have == 1 ? "has" : "have")} it, {MissionCount - Have} had no need of it"),
        var phase => string.Join(
            "; ",
            (string[])
                [
                    .. phase switch
                    {
                        ReachPhase.Leaving => ["released, nothing has left yet"],
                        ReachPhase.Sending => Count(MissionStanding.OnItsWay) is > 0 and var left ? [$"being sent, {left} to go"] : ["being sent"],
                        ReachPhase.OnHold => ["sending is on hold"],
                        ReachPhase.Stopping => ["being stopped"],
                        _ => (string[])[],
                    },
                    .. Wanting,
                ]),
    };

    /// <summary>The missions that do not have it, or of which it is not known, each kind counted in its own words.</summary>
    private IEnumerable<string> Wanting
    {
        get
        {
            var without = Count(MissionStanding.NotReached) + Count(MissionStanding.NeverSent);
            if (without > 0)
                yield return $"{EnglishText.Counted(without, "mission")} {(without == 1 ? "does" : "do")} not have it";
            if (Count(MissionStanding.Unknown) is > 0 and var unknown)
                yield return $"of {EnglishText.Counted(unknown, "mission")} it is not known";
            if (Count(MissionStanding.Delayed) is > 0 and var delayed)
                yield return $"to {EnglishText.Counted(delayed, "mission")} it is delayed";
        }
    }

    /// <summary>How many missions have the letter.</summary>
    public int Have => Missions.Count(mission => mission.HasIt);

    public int Acknowledged => Missions.Count(mission => mission.IsAcknowledged);

    public bool IsComplete => Phase == ReachPhase.Complete;

    /// <summary>
    /// Whether a person should look at it: some mission does not have the letter, or may not have it, and nothing is
    /// being sent to it; or its letter is delayed.
    /// </summary>
    public bool IsLacking => Lacking.Count > 0;

    /// <summary>
    /// The missions that do not have it, or may not, and to which nothing is being sent; and those to which it is
    /// delayed.
    /// </summary>
    public IReadOnlyList<MissionReach> Lacking =>
        [
            .. Missions.Where(mission =>
                mission.Standing
                    is MissionStanding.NotReached
                        or MissionStanding.NeverSent
                        or MissionStanding.Unknown
                        or MissionStanding.Delayed),
        ];

    /// <summary>How many missions are in each group, the best group first. Empty groups are left out.</summary>
    public IReadOnlyList<(MissionStanding Standing, int Count)> Parts =>
        [
            .. Missions
                .CountBy(mission => mission.Standing)
                .OrderBy(part => part.Key)
                .Select(part => (part.Key, part.Value)),
        ];

    /// <summary>
    /// What a person must deal with, such as <c>4 missions do not have it: France, Germany, Kenya and African Union; 23
    /// were never sent to</c>; null where there is nothing.
    /// </summary>
    /// <param name="andNeverSent">
    /// Whether missions that were never sent to count. They do not where a correction goes to them instead.
    /// </param>
    public string? Trouble(bool andNeverSent = true)
    {
        if (CannotBeRead)
            return "its content cannot be read; a notice names the file";
        var troubles = string.Join(
            "; ",
            (string[])
                [
                    .. In(MissionStanding.NotReached) is { Count: > 0 } not
                        ?
                        [
                            $"{EnglishText.Counted(not.Count, "mission")} {(not.Count == 1 ? "does" : "do")} not have it: {Named(not)}",
                        ]
                        : (string[])[],
                    .. andNeverSent && Count(MissionStanding.NeverSent) is > 0 and var never
                        ? [$"{EnglishText.Counted(never, "mission")} {Were(never)} never sent to"]
                        : (string[])[],
                    .. In(MissionStanding.Unknown) is { Count: > 0 } unknown
                        ?
                        [
                            $"of {EnglishText.Counted(unknown.Count, "mission")} it is not known whether it was sent: {Named(unknown)}",
                        ]
                        : (string[])[],
                    .. In(MissionStanding.Delayed) is { Count: > 0 } delayed
                        ?
                        [
                            $"to {EnglishText.Counted(delayed.Count, "mission")} it is delayed on its way: {Named(delayed)}",
                        ]
                        : (string[])[],
                    .. ReturnedInPart is { Count: > 0 } part
                        ?
                        [
                            $"{EnglishText.Counted(part.Count, "mission")} {(part.Count == 1 ? "has" : "have")} it in one mailbox, and it came back from another: {Named(part)}",
                        ]
                        : (string[])[],
                ]);
        return troubles is "" ? null : troubles;
    }

    /// <summary>
    /// How many missions have it, and which do not: <c>219 of 223 have it; 4 do not: France, Germany, Kenya and African
    /// Union.</c>
    /// </summary>
    public string Sentence => CannotBeRead
        ? "Its content cannot be read, so it is not known which missions have it."
        : $"{string.Join("; ", (string[])[Holders, .. Others])}.";

    /// <summary>
    /// The missions that have it in one mailbox, have not acknowledged it, and from another of whose mailboxes it came
    /// back.
    /// </summary>
    public IReadOnlyList<Mission> ReturnedInPart =>
        [
            .. Missions
                .Where(mission => mission is { Standing: MissionStanding.Reached, IsReturnedInPart: true })
                .Select(mission => mission.Mission),
        ];

    public int Count(MissionStanding standing) => Missions.Count(mission => mission.Standing == standing);

    public IReadOnlyList<Mission> In(MissionStanding standing) =>
        [.. Missions.Where(mission => mission.Standing == standing).Select(mission => mission.Mission)];

    /// <summary>The names of the first few missions, and how many more there are.</summary>
    public static string Named(IReadOnlyList<Mission> missions) =>
        missions.Count <= MostNamed + 1
            ? EnglishText.Listed(missions.Select(mission => mission.Name))
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(", ", missions.Take(MostNamed).Select(mission => mission.Name))} and {missions.Count - MostNamed} more"
            );

    private string Holders =>
        (
            Have == MissionCount
                ? MissionCount == 1
                    ? "The one mission has it"
                    : string.Create(CultureInfo.InvariantCulture, $"All {MissionCount} missions have it")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(Have == 0 ? "None" : Have)} of {MissionCount} {(Have == 1 || Have == 0 ? "has" : "have")} it"))
        + (
            Count(MissionStanding.AcknowledgedOtherwise) is > 0 and var otherwise
                ? otherwise == Have
                    ? ", by another way than this mail"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $", {otherwise} of them by another way than this mail")
                : "");

    private IEnumerable<string> Others
    {
        get
        {
            if (Missions.Count == 0 && MissionCount > 0)
                yield return "nothing has been sent";
            if (In(MissionStanding.NotReached) is { Count: > 0 } not)
                yield return $"{not.Count} {(not.Count == 1 ? "does" : "do")} not: {Named(not)}";
            if (Count(MissionStanding.NeverSent) is > 0 and var never)
                yield return $"{never} {Were(never)} never sent to";
            if (In(MissionStanding.Unknown) is { Count: > 0 } unknown)
                yield return $"of {unknown.Count} it is not known: {Named(unknown)}";
            if (In(MissionStanding.Delayed) is { Count: > 0 } delayed)
                yield return $"to {delayed.Count} it is delayed on its way: {Named(delayed)}";
            if (Count(MissionStanding.OnItsWay) is > 0 and var leaving)
                yield return $"{leaving} {(leaving == 1 ? "is" : "are")} still to be sent to";
            if (Count(MissionStanding.NotNeeded) is > 0 and var spared)
                yield return $"{spared} had no need of it";
        }
    }

    private static string Were(int count) => count == 1 ? "was" : "were";
}
