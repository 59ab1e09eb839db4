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
    EntryStates entryStates,
    FrozenRosters rosters,
    Acknowledgements acknowledgements,
    TimeProvider clock)
{
    private const int ReadAtOnce = 8;

    /// <summary>
    /// From how long after its release on a letter's acknowledgements are read less often, and so are its entries where
    /// none is still to be sent.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromDays(7);

    /// <summary>How long what was read of such a letter is kept.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many missions' states are kept at most, and as many acknowledgements besides, of all such letters together.
    /// </summary>
    private const int MissionsAtHand = 500_000;

    /// <summary>
    /// How many different states are kept at most. Most letters reach the same missions, so letters share most of their
    /// states.
    /// </summary>
    private const int StatesAtHand = 50_000;

    private readonly ConcurrentDictionary<string, Settlement> settled = new();

    private readonly ConcurrentDictionary<MissionEntryState, MissionEntryState> shared = new();

    private readonly ConcurrentDictionary<
        string,
        (DateTimeOffset At, int Changes, IReadOnlyDictionary<string, MissionAcknowledgement> By)> acknowledged = new();

    /// <exception cref="UnreadableRecordException">
    /// The frozen content, and with it the roster, cannot be read.
    /// </exception>
    public async Task<Reach> Of(DistributionRecord distribution, CancellationToken cancellation) =>
        await Of(distribution, await distributions.All(cancellation), cancellation);

    /// <param name="all">Every distribution on record: the letter's addenda are found among them.</param>
    public async Task<Reach> Of(
        DistributionRecord distribution,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        if (distribution.ReleasedAt is null)
            return new(distribution.State, distribution.MissionCount, []);
        var sent = entryStates.Of(distribution.Id, cancellation);
        var acknowledged = acknowledgements.Of(distribution.AcknowledgedUnder, cancellation);
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
                    || (await entryStates.Of(made.Id, cancellation)).Any(entry =>
                        entry.State != DeliveryState.Withdrawn)))
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
    /// The same for pages that list all letters again and again. For a letter that left days ago and is not being sent
    /// any more, a bounce or an acknowledgement that another process recorded shows within a minute. What people at the
    /// desk decide about it shows at once.
    /// </summary>
    /// <param name="counted">
    /// By id: for which letters acknowledgements are counted even if every mission has the letter, where they change
    /// nothing.
    /// </param>
    /// <returns>How far each has come, by its id.</returns>
    public async Task<IReadOnlyDictionary<string, Reach>> OfMany(
        IReadOnlyList<DistributionRecord> some,
        IReadOnlyList<DistributionRecord> all,
        Func<string, bool> counted,
        CancellationToken cancellation)
    {
        DropAllBut([.. all.Select(distribution => distribution.Id)]);
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
            {
                if (distribution.ReleasedAt is null)
                    return new(distribution.State, distribution.MissionCount, []);
                var sent = States(distribution, cancellation);
                var acknowledged =
                    counted || !HasAll(await sent)
                        ? Acknowledged(distribution, cancellation)
                        : Task.FromResult<IReadOnlyDictionary<string, MissionAcknowledgement>>(
                            ImmutableDictionary<string, MissionAcknowledgement>.Empty);
                await Task.WhenAll(sent, acknowledged);
                return await Of(distribution, all, await sent, await acknowledged, cancellation);
            });

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
        // The number is taken before the rows are read: a change in between makes it differ, and the rows are read
        // anew.
        var (now, changes) = (clock.GetUtcNow(), dispatches.Changes(distribution.Id));
        if (settled.TryGetValue(distribution.Id, out var known)
            // The record is another one as soon as anybody asks for more of the letter.
            && ReferenceEquals(known.Distribution, distribution)
            && known.Changes == changes
            && (now - known.At).Duration() < Kept)
            return known.States;
        var states = await entryStates.Of(distribution.Id, cancellation);
        // Before the sum below, so that a letter does not count its own old states against the limit.
        settled.TryRemove(distribution.Id, out _);
        if (distribution.State is DistributionState.Complete or DistributionState.Withdrawn
            && distribution.ReleasedAt < now - Settled
            && settled.Values.Sum(other => other.States.Count) + states.Count <= MissionsAtHand)
            settled[distribution.Id] = new(now, distribution, changes, [.. states.Select(Shared)]);
        return states;
    }

    private MissionEntryState Shared(MissionEntryState state)
    {
        if (shared.Count >= StatesAtHand)
            // Rarely: as many states as that are hardly ever different. What letters hold already stays as it is.
            shared.Clear();
        return shared.GetOrAdd(state, state);
    }

    /// <summary>Letters that were erased do not take the room of others.</summary>
    private void DropAllBut(HashSet<string> ids)
    {
        foreach (var gone in settled.Keys.Where(id => !ids.Contains(id)))
            settled.TryRemove(gone, out _);
        foreach (var gone in acknowledged.Keys.Where(id => !ids.Contains(id)))
            acknowledged.TryRemove(gone, out _);
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
        // Only then can an addendum change anything; its reading costs as much as a letter's.
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
        var entries = (await entryStates.Of(addendum.Id, cancellation)).ToDictionary(entry => entry.MissionId);
        // A list of its own, since the loop changes the missions that it is made of.
        foreach (var (place, mission) in missions.Index().Where(entry => !entry.Item.HasIt).ToList())
            if (roster.Find(mission.Mission.Id) is not null)
                missions[place] = (entries.GetValueOrDefault(mission.Mission.Id) is { State.IsReached: true } entry
                    ? mission with
                    {
                        State = entry.State,
                        TriedUntil = entry.TriedUntil,
                        IsReturnedInPart = entry.IsReturnedInPart,
                    }
                    : mission) with
                {
                    IsAcknowledged = acknowledged.GetValueOrDefault(mission.Mission.Id)?.Stands is not null,
                };
    }

    /// <summary>The states of a letter's entries as they were read.</summary>
    /// <param name="Changes">How often this process had changed them then.</param>
    private sealed record Settlement(
        DateTimeOffset At,
        DistributionRecord Distribution,
        int Changes,
        IReadOnlyList<MissionEntryState> States);
}
