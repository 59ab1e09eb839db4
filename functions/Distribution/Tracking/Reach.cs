using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

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
            // A stop comes first, then what is still open, and at last what has ended without reaching all.
            _ when Count(MissionStanding.NeverSent) > 0 => ReachPhase.Stopped,
            _ when Count(MissionStanding.Unknown) > 0 => ReachPhase.Unknown,
            _ when Count(MissionStanding.Delayed) > 0 => ReachPhase.Delayed,
            _ when Count(MissionStanding.NotReached) > 0 => ReachPhase.Ended,
            _ => ReachPhase.Complete,
        };

    /// <summary>The phase in a word or two, for a heading.</summary>
    public Phrase Word => Phase switch
    {
        ReachPhase.AwaitingRelease => Say($"Waiting for release"),
        ReachPhase.Scheduled => Say($"Released, not left yet"),
        ReachPhase.Replaced => Say($"Replaced before it was released"),
        ReachPhase.Discarded => Say($"Discarded"),
        ReachPhase.Leaving => Say($"Released, about to leave"),
        ReachPhase.Sending => Say($"Sending"),
        ReachPhase.OnHold => Say($"On hold"),
        ReachPhase.Stopping => Say($"Being stopped"),
        ReachPhase.Stopped => Say($"Stopped"),
        ReachPhase.Unknown => Say($"Not known of all"),
        ReachPhase.Delayed => Say($"Delayed to some"),
        ReachPhase.Ended => Say($"Ended, not complete"),
        ReachPhase.Complete => Say($"Complete"),
        ReachPhase.CannotBeRead => Say($"Cannot be read"),
        _ => throw new InvalidOperationException($"{Phase} has no words."),
    };

    /// <summary>
    /// What a heading says after the letter's name: <c>4 missions do not have it; to 1 mission it is delayed</c>. It
    /// begins with how far sending is, and never sounds finished while a mission does not have the letter, or may not
    /// have it.
    /// </summary>
    public Phrase Headline => Phase switch
    {
        ReachPhase.AwaitingRelease => Say($"waits for release"),
        ReachPhase.Scheduled => Say($"released, nothing has left yet"),
        ReachPhase.Replaced => Say($"never sent: replaced before it was released"),
        ReachPhase.Discarded => Say($"never sent: discarded"),
        ReachPhase.CannotBeRead => Say($"cannot be read, so it is not known who has it"),
        ReachPhase.Complete when MissionCount == 1 =>
            Have == 1 ? Say($"the one mission has it") : Say($"the one mission had no need of it"),
        ReachPhase.Complete when Have == MissionCount => Say($"all {MissionCount} missions have it"),
        ReachPhase.Complete => Say(
            Have,
            $"{Have} mission has it, {MissionCount - Have} had no need of it",
            $"{Have} missions have it, {MissionCount - Have} had no need of it"),
        var phase => Joined(
            [
                .. phase switch
                {
                    ReachPhase.Leaving => [Say($"released, nothing has left yet")],
                    ReachPhase.Sending => Count(MissionStanding.OnItsWay) is > 0 and var left
                        ? [Say($"being sent, {left} to go")]
                        : [Say($"being sent")],
                    ReachPhase.OnHold => [Say($"sending is on hold")],
                    ReachPhase.Stopping => [Say($"being stopped")],
                    _ => (Phrase[])[],
                },
                .. Wanting,
            ]),
    };

    /// <summary>
    /// The missions that do not have it, or of which it is not known, each kind counted in its own words.
    /// </summary>
    private IEnumerable<Phrase> Wanting
    {
        get
        {
            var without = Count(MissionStanding.NotReached) + Count(MissionStanding.NeverSent);
            if (without > 0)
                yield return Say(without, $"{without} mission does not have it", $"{without} missions do not have it");
            if (Count(MissionStanding.Unknown) is > 0 and var unknown)
                yield return Say(
                    unknown,
                    $"of {unknown} mission it is not known",
                    $"of {unknown} missions it is not known");
            if (Count(MissionStanding.Delayed) is > 0 and var delayed)
                yield return Say(
                    delayed,
                    $"to {delayed} mission it is delayed",
                    $"to {delayed} missions it is delayed");
        }
    }

    /// <summary>How many missions have the letter.</summary>
    public int Have => Missions.Count(mission => mission.HasIt);

    public int Acknowledged => Missions.Count(mission => mission.IsAcknowledged);

    public bool IsComplete => Phase == ReachPhase.Complete;

    /// <summary>
    /// Whether some mission was not sent to because it had no need of it: then not every mission has it.
    /// </summary>
    public bool SparesSome => Count(MissionStanding.NotNeeded) > 0;

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
    public Phrase? Trouble(bool andNeverSent = true)
    {
        if (CannotBeRead)
            return Say($"its content cannot be read; a notice names the file");
        List<Phrase> troubles = [];
        if (In(MissionStanding.NotReached) is { Count: > 0 and var lacking } not)
            troubles.Add(
                Say(
                    lacking,
                    $"{lacking} mission does not have it: {Named(not)}",
                    $"{lacking} missions do not have it: {Named(not)}"));
        if (andNeverSent && Count(MissionStanding.NeverSent) is > 0 and var never)
            troubles.Add(Say(never, $"{never} mission was never sent to", $"{never} missions were never sent to"));
        if (In(MissionStanding.Unknown) is { Count: > 0 and var open } unknown)
            troubles.Add(
                Say(
                    open,
                    $"of {open} mission it is not known whether it was sent: {Named(unknown)}",
                    $"of {open} missions it is not known whether it was sent: {Named(unknown)}"));
        if (In(MissionStanding.Delayed) is { Count: > 0 and var late } delayed)
            troubles.Add(
                Say(
                    late,
                    $"to {late} mission it is delayed on its way: {Named(delayed)}",
                    $"to {late} missions it is delayed on its way: {Named(delayed)}"));
        if (ReturnedInPart is { Count: > 0 and var partly } part)
            troubles.Add(
                Say(
                    partly,
                    $"{partly} mission has it in one mailbox, and it came back from another: {Named(part)}",
                    $"{partly} missions have it in one mailbox, and it came back from another: {Named(part)}"));
        return troubles is [] ? null : Joined(troubles);
    }

    /// <summary>
    /// How many missions have it, and which do not: <c>219 of 223 have it; 4 do not: France, Germany, Kenya and African
    /// Union.</c>
    /// </summary>
    public Phrase Sentence => CannotBeRead
        ? Say($"Its content cannot be read, so it is not known which missions have it.")
        : Say($"{Joined([Holders, .. Others])}.");

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
    public static Phrase Named(IReadOnlyList<Mission> missions) =>
        missions.Count <= MostNamed + 1
            ? Listed(missions.Select(mission => mission.Said))
            : Listed([
                .. missions.Take(MostNamed).Select(mission => mission.Said),
                Amounts.More(missions.Count - MostNamed)
            ]);

    private Phrase Holders
    {
        get
        {
            var holders =
                Have == MissionCount
                    ? MissionCount == 1
                        ? Say($"The one mission has it")
                        : Say($"All {MissionCount} missions have it")
                : Have == 0
                    ? Say($"None of {MissionCount} has it")
                    : Say(Have, $"{Have} of {MissionCount} has it", $"{Have} of {MissionCount} have it");
            return Count(MissionStanding.AcknowledgedOtherwise) is > 0 and var otherwise
                ? otherwise == Have
                    ? Say($"{holders}, by another way than this mail")
                    : Say($"{holders}, {otherwise} of them by another way than this mail")
                : holders;
        }
    }

    private IEnumerable<Phrase> Others
    {
        get
        {
            if (Missions.Count == 0 && MissionCount > 0)
                yield return Say($"nothing has been sent");
            if (In(MissionStanding.NotReached) is { Count: > 0 and var lacking } not)
                yield return Say(lacking, $"{lacking} does not: {Named(not)}", $"{lacking} do not: {Named(not)}");
            if (Count(MissionStanding.NeverSent) is > 0 and var never)
                yield return Say(never, $"{never} was never sent to", $"{never} were never sent to");
            if (In(MissionStanding.Unknown) is { Count: > 0 } unknown)
                yield return Say($"of {unknown.Count} it is not known: {Named(unknown)}");
            if (In(MissionStanding.Delayed) is { Count: > 0 } delayed)
                yield return Say($"to {delayed.Count} it is delayed on its way: {Named(delayed)}");
            if (Count(MissionStanding.OnItsWay) is > 0 and var leaving)
                yield return Say(leaving, $"{leaving} is still to be sent to", $"{leaving} are still to be sent to");
            if (Count(MissionStanding.NotNeeded) is > 0 and var spared)
                yield return Say(spared, $"{spared} had no need of it", $"{spared} had no need of it");
        }
    }
}
