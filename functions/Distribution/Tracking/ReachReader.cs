using System.Collections.Concurrent;
using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>Computes how far distributions have come, from their entries and acknowledgements.</summary>
internal sealed class ReachReader(
    DistributionRecords distributions,
    MissionEntries dispatches,
    FrozenRosters rosters,
    Acknowledgements acknowledgements,
    TimeProvider clock)
{
    private const int ReadAtOnce = 8;

    /// <summary>
    /// How long after its release what missions acknowledge of a letter, and the entries of one that every mission had,
    /// are read less often.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromDays(7);

    /// <summary>For how long what was read of such a letter is told.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>As many missions as such letters may have together to be kept.</summary>
    private const int MissionsAtHand = 50_000;

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<MissionEntryState> States)> settled = new();

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, int Changes, IReadOnlyDictionary<string, MissionAcknowledgement> By)> acknowledged = new();

    public async Task<Reach> Of(DistributionRecord distribution, CancellationToken cancellation) =>
        await Of(distribution, await distributions.All(cancellation), cancellation);

    /// <param name="all">Every distribution on record: the letter's addenda are found among them.</param>
    public Task<Reach> Of(
        DistributionRecord distribution,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation) =>
        Of(
            distribution,
            all,
            () => dispatches.States(distribution.Id, cancellation),
            () => acknowledgements.Of(distribution.AcknowledgedUnder, cancellation),
            cancellation);

    private async Task<Reach> Of(
        DistributionRecord distribution,
        IReadOnlyList<DistributionRecord> all,
        Func<Task<IReadOnlyList<MissionEntryState>>> states,
        Func<Task<IReadOnlyDictionary<string, MissionAcknowledgement>>> acknowledgements,
        CancellationToken cancellation)
    {
        if (distribution.ReleasedAt is null)
            return new(distribution.State, distribution.MissionCount, []);
        var (sent, acknowledged) = (states(), acknowledgements());
        await Task.WhenAll(sent, acknowledged);
        return await Of(distribution, all, await sent, await acknowledged, cancellation);
    }

    /// <summary>
    /// The hour of a letter's last reminder of today in New York; null for none. One whose hour has come and which is
    /// still to be made counts: the timer makes it. One that was stopped before any of it left has reminded nobody.
    /// </summary>
    public async Task<DateTimeOffset?> RemindedToday(DistributionRecord letter, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var reminder in letter.Reminders
            .Where(reminder =>
                reminder.State is ReminderState.Made or ReminderState.Planned
                && reminder.At <= now
                && NewYorkTime.Day(reminder.At) == NewYorkTime.Day(now))
            .OrderByDescending(reminder => reminder.At))
            if (reminder.State == ReminderState.Planned)
                return reminder.At;
            else if (await distributions.Find(letter.IdOf(reminder), cancellation) is { } made
                && (made.State != DistributionState.Withdrawn
                    || (await dispatches.States(made.Id, cancellation)).Any(entry => entry.State != DeliveryState.Withdrawn)))
                return reminder.At;
        return null;
    }

    /// <returns>Without any mission where the frozen content, and with it the roster, cannot be read.</returns>
    public Task<Reach> OfReadable(
        DistributionRecord distribution,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation) =>
        Readable(distribution, () => Of(distribution, all, cancellation));

    /// <summary>
    /// The same for pages that tell of every letter there is, again and again: of one that has been with every mission
    /// for days, a bounce that comes after all is told within a minute, and so is an acknowledgement of one that left days
    /// ago which another process has recorded.
    /// </summary>
    /// <param name="counted">
    /// Of which, by id, acknowledgements are counted also where every mission has the letter, and they change nothing in that.
    /// </param>
    /// <returns>How far each has come, by its id.</returns>
    public async Task<IReadOnlyDictionary<string, Reach>> OfMany(
        IReadOnlyList<DistributionRecord> some,
        IReadOnlyList<DistributionRecord> all,
        Func<string, bool> counted,
        CancellationToken cancellation)
    {
        var found = new ConcurrentDictionary<string, Reach>();
        await Parallel.ForEachAsync(
            some,
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (distribution, stop) =>
                found[distribution.Id] = await OfOneOfMany(distribution, all, counted(distribution.Id), stop));
        return found;
    }

    private Task<Reach> OfOneOfMany(
        DistributionRecord distribution,
        IReadOnlyList<DistributionRecord> all,
        bool counted,
        CancellationToken cancellation) =>
        Readable(
            distribution,
            async () =>
                !counted
                && distribution.ReleasedAt is not null
                && await States(distribution, cancellation) is var states
                && HasAll(states)
                    ? await Of(
                        distribution,
                        all,
                        states,
                        ImmutableDictionary<string, MissionAcknowledgement>.Empty,
                        cancellation)
                    : await Of(
                        distribution,
                        all,
                        () => States(distribution, cancellation),
                        () => Acknowledged(distribution, cancellation),
                        cancellation));

    private static async Task<Reach> Readable(DistributionRecord distribution, Func<Task<Reach>> reach)
    {
        try
        {
            return await reach();
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return new(distribution.State, distribution.MissionCount, []) { CannotBeRead = true };
        }
    }

    private async Task<IReadOnlyList<MissionEntryState>> States(
        DistributionRecord distribution,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (settled.TryGetValue(distribution.Id, out var known) && (now - known.At).Duration() < Kept)
            return known.States;
        var states = await dispatches.States(distribution.Id, cancellation);
        settled.TryRemove(distribution.Id, out _);
        if (distribution.ReleasedAt < now - Settled
            && HasAll(states)
            && settled.Values.Sum(other => other.States.Count) + states.Count <= MissionsAtHand)
            settled[distribution.Id] = (now, states);
        return states;
    }

    private async Task<IReadOnlyDictionary<string, MissionAcknowledgement>> Acknowledged(
        DistributionRecord distribution,
        CancellationToken cancellation)
    {
        var (now, changes) = (clock.GetUtcNow(), acknowledgements.Changes(distribution.AcknowledgedUnder));
        if (acknowledged.TryGetValue(distribution.Id, out var known)
            && known.Changes == changes
            && (now - known.At).Duration() < Kept)
            return known.By;
        var by = await acknowledgements.Of(distribution.AcknowledgedUnder, cancellation);
        acknowledged.TryRemove(distribution.Id, out _);
        if (distribution.ReleasedAt < now - Settled
            && acknowledged.Values.Sum(other => other.By.Count) + by.Count <= MissionsAtHand)
            acknowledged[distribution.Id] = (now, changes, by);
        return by;
    }

    private static bool HasAll(IReadOnlyList<MissionEntryState> states) =>
        states.All(entry =>
            entry is { State: DeliveryState.Accepted or DeliveryState.Delivered, IsReturnedInPart: false });

    /// <summary>
    /// Computes the same from data that was already read, so that all of a page shows the same snapshot.
    /// </summary>
    public async Task<Reach> Of(
        DistributionRecord distribution,
        IReadOnlyList<DistributionRecord> all,
        IReadOnlyList<MissionEntryState> entries,
        IReadOnlyDictionary<string, MissionAcknowledgement> acknowledged,
        CancellationToken cancellation)
    {
        if (distribution.ReleasedAt is null)
            return new(distribution.State, distribution.MissionCount, []);
        var roster = (await rosters.Find(distribution.Id, cancellation)).Missions;
        var states = entries.ToDictionary(entry => entry.MissionId);
        List<MissionReach> missions =
        [
            .. roster.Select(mission => Reached(mission, states.GetValueOrDefault(mission.Id))),
        ];
        if (missions.Exists(mission => !mission.HasIt))
            foreach (
                var addendum in all.Where(other =>
                    other is { Follows.Kind: FollowUpKind.Addendum, ReleasedAt: not null }
                    && other.Follows.Of == distribution.Id))
                try
                {
                    await AddReached(missions, addendum, cancellation);
                }
                catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
                {
                    // What reached a mission by that addendum alone does not count as reached.
                }

        return new(distribution.State, distribution.MissionCount, missions);

        MissionReach Reached(Mission mission, MissionEntryState? entry) =>
            new(
                mission,
                // Every mission has an entry from the beginning: one that is missing, or cannot be read, is not known.
                entry?.State ?? DeliveryState.OutcomeUnknown,
                acknowledged.GetValueOrDefault(mission.Id)?.Stands is not null,
                entry is { IsNotNeeded: true } && distribution.Follows is not null,
                entry?.TriedUntil,
                entry?.IsReturnedInPart ?? false);
    }

    /// <summary>
    /// Counts a mission as having the letter where an addendum, which is the same letter, reached it or was
    /// acknowledged.
    /// </summary>
    private async Task AddReached(
        List<MissionReach> missions,
        DistributionRecord addendum,
        CancellationToken cancellation)
    {
        var roster = await rosters.Find(addendum.Id, cancellation);
        var acknowledged = await acknowledgements.Of(addendum.Id, cancellation);
        var states = (await dispatches.States(addendum.Id, cancellation)).ToDictionary(
            entry => entry.MissionId,
            entry => entry.State);
        foreach (var (place, mission) in missions.Index().Where(entry => !entry.Item.HasIt).ToList())
            if (roster.Find(mission.Mission.Id) is not null)
                missions[place] = mission with
                {
                    State = states.GetValueOrDefault(mission.Mission.Id) is { IsReached: true } reached ? reached : mission.State,
                    IsAcknowledged = acknowledged.GetValueOrDefault(mission.Mission.Id)?.Stands is not null,
                };
    }
}
