using Distribution.Intake;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>Queues the letters of a distribution that are to be sent, and those that were left.</summary>
internal sealed class LetterQueue(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenRosters rosters,
    BatchQueue queue,
    LetterWriter writer,
    UnknownOutcomePolicy unknown,
    Stops stops,
    Holds holds,
    IOptions<DispatchSettings> settings,
    TimeProvider clock)
{
    /// <summary>
    /// Queues the batches of a small distribution. Those of a large one are queued by a worker, so that no person waits
    /// for it. If the message to that worker is lost, the timer queues them.
    /// </summary>
    /// <inheritdoc cref="Queue"/>
    public Task QueueSoon(
        DistributionRecord distribution,
        CancellationToken cancellation,
        Stored<DistributionRecord>? known = null) =>
        SendingProgresses.IsLarge(distribution)
            ? queue.Add(new(distribution.Id, null, IsRelease: true), TimeSpan.Zero, cancellation)
            : Queue(distribution, cancellation, known);

    /// <summary>
    /// Queues every open batch of a released distribution. Idempotent: a batch queued twice is sent once. The state
    /// becomes Sending only after queuing, so that after a crash in between the timer queues again.
    /// </summary>
    /// <param name="known">The record with its ETag, where the caller has just written it.</param>
    public async Task Queue(
        DistributionRecord distribution,
        CancellationToken cancellation,
        Stored<DistributionRecord>? known = null)
    {
        await StopSuperseded(distribution, cancellation);
        await CreateRequested(distribution, cancellation);
        var isAccountable = await QueueOpen(distribution, heardUntil: null, cancellation);
        await MarkSending(distribution.Id, known, cancellation);
        // A letter that goes on after a hold may have nothing left to send: then no batch ends that would complete it.
        if (isAccountable)
            await holds.CompleteWhenAccountable(distribution.Id, cancellation);
    }

    /// <summary>
    /// The same, for a caller that handles the message of the release. Where the distribution is one batch that was not
    /// begun before, no further message is queued: the caller sends it at once. The message is deleted only after that,
    /// so it comes again after a crash.
    /// </summary>
    /// <returns>
    /// The distribution that the caller sends as one batch; null where its batches were queued, or it was stopped.
    /// </returns>
    public async Task<Stored<DistributionRecord>?> QueueOrBegin(
        Stored<DistributionRecord> released,
        CancellationToken cancellation)
    {
        if (!IsOneBatch(released.Value) || released.Value is not { RequeuedAt: null, Asked: null })
        {
            await Queue(released.Value, cancellation, released);
            return null;
        }

        await StopSuperseded(released.Value, cancellation);
        return await MarkSending(released.Value.Id, released, cancellation);
    }

    public static bool IsOneBatch(DistributionRecord distribution) =>
        distribution.MissionCount <= distribution.SlotSize;

    private async Task StopSuperseded(DistributionRecord distribution, CancellationToken cancellation)
    {
        if (distribution is { State: DistributionState.Released, Follows: { IsCorrection: true } correction })
            await stops.StopSuperseded(correction.Of, distribution, cancellation);
    }

    private async Task<Stored<DistributionRecord>?> MarkSending(
        string distributionId,
        Stored<DistributionRecord>? known,
        CancellationToken cancellation) =>
        (await distributions.Change(
            distributionId,
            now => Decision.Of(
                now.State == DistributionState.Released
                    ? now with
                    {
                        State = DistributionState.Sending,
                        RequeuedAt = clock.GetUtcNow(),
                    }
                    : null),
            cancellation,
            known)).After;

    /// <summary>Creates the messages a person asked for, and queues them.</summary>
    /// <inheritdoc cref="CreateRequested"/>
    public async Task<int> CarryOutRequested(DistributionRecord distribution, CancellationToken cancellation)
    {
        var made = await CreateRequested(distribution, cancellation);
        await Recover(distribution with { Asked = null }, heardUntil: null, cancellation);
        await holds.CompleteWhenAccountable(distribution.Id, cancellation);
        return made;
    }

    /// <summary>
    /// Creates the attempts a person asked for. Idempotent, also after a crash: each request names the attempt's
    /// number, and the attempt is created only if the entry has all attempts before it and not this one.
    /// </summary>
    /// <returns>How many were created.</returns>
    private async Task<int> CreateRequested(DistributionRecord distribution, CancellationToken cancellation)
    {
        if (distribution.Asked is not { } asked)
            return 0;
        var roster = await rosters.Find(distribution.Id, cancellation);
        var numbers = asked.Messages.ToDictionary(
            message => message.MissionOf(roster.Missions),
            message => message.Attempt);
        var made = await entries.Change(
            distribution.Id,
            numbers.Keys,
            dispatch => Decision.Of(
                dispatch.Attempts.Count == numbers[dispatch.MissionId] - 1
                    ? dispatch.Resend(
                        roster.Mission(dispatch.MissionId),
                        writer.MessageIds(distribution.KeyId, dispatch),
                        clock.GetUtcNow(),
                        asked.By)
                    : null),
            cancellation,
            // A stop takes the request off the record. From then on no attempt is added.
            holds: async () => (await distributions.Find(distribution.Id, cancellation))?.Asked?.Id == asked.Id);
        await entries.LogRecorded(distribution.Id);
        // Last: after a crash before this the request is still on record, and is carried out to its end.
        await distributions.Change(
            distribution.Id,
            now => now.Asked?.Id == asked.Id ? now with { Asked = null } : null,
            cancellation);
        return made.Count(entry => entry.After is not null);
    }

    /// <summary>
    /// Queues what workers have left that died: its missions at once, whatever others do, and journals that may be left
    /// before the timer comes again for the moment at which their claims lapse. Idempotent.
    /// </summary>
    /// <param name="missions">Those whose claims have lapsed.</param>
    /// <param name="slots">Those whose journals have lapsed.</param>
    /// <param name="watched">Those whose journals are held, each for how long.</param>
    public async Task QueueLeft(
        DistributionRecord distribution,
        IReadOnlyList<string> missions,
        IReadOnlyList<int> slots,
        IReadOnlyList<(int Slot, TimeSpan For)> watched,
        CancellationToken cancellation)
    {
        if (missions is [] && slots is [] && watched is [])
            return;
        var roster = (await rosters.Find(distribution.Id, cancellation)).Missions;
        await queue.Add(
            missions
                .Chunk(settings.Value.BatchSizeOf(distribution.MissionCount))
                .Concat(slots.Select(Slot))
                .Select(together => new Batch(distribution.Id, together)),
            cancellation);
        foreach (var (slot, time) in watched)
            await queue.Add(new(distribution.Id, Slot(slot), IfLeft: true), time, cancellation);

        string[] Slot(int slot) =>
            [.. roster.Skip(slot * distribution.SlotSize).Take(distribution.SlotSize).Select(mission => mission.Id)];
    }

    /// <summary>
    /// Queues every letter again that no worker has claimed: their queue messages were lost.
    /// </summary>
    /// <param name="heardUntil">
    /// Mail that had come by this moment was read. Unknown outcomes that are to be settled later than that are left
    /// alone: there may be evidence. Null where none is to be settled.
    /// </param>
    public async Task Recover(
        DistributionRecord distribution,
        DateTimeOffset? heardUntil,
        CancellationToken cancellation)
    {
        // First, so that the next run of the timer does not queue all of it once more meanwhile.
        await distributions.Change(distribution.Id, now => now with { RequeuedAt = clock.GetUtcNow() }, cancellation);
        await CreateRequested(distribution, cancellation);
        // Before it is asked what is open: what dead workers have noted counts.
        await entries.TakeOverJournals(distribution.Id, clock.GetUtcNow(), cancellation);
        await QueueOpen(distribution, heardUntil, cancellation);
    }

    /// <returns>Whether every entry is accountable already.</returns>
    private async Task<bool> QueueOpen(
        DistributionRecord distribution,
        DateTimeOffset? heardUntil,
        CancellationToken cancellation)
    {
        if (distribution is { RequeuedAt: null, SlotSize: > 0 and var slotSize })
        {
            // Queued for the first time, so that all are open. Of a batch that finds nothing to send nothing comes.
            await queue.Add(
                (await rosters.Find(distribution.Id, cancellation)).Missions.Chunk(slotSize).Select(slot =>
                    new Batch(distribution.Id, [.. slot.Select(mission => mission.Id)]) { HeardUntil = heardUntil }),
                cancellation);
            return false;
        }

        var now = clock.GetUtcNow();
        var all = await entries.All(distribution.Id, cancellation);
        var open = all.Select(entry => entry.Value)
            .Where(dispatch =>
                (dispatch.Claim is not { } claim || claim.Until <= now)
                && (
                    dispatch.IsHandingOver
                    || (heardUntil is { } heard && unknown.IsDue(dispatch, now, heard))
                    || (dispatch.IsOpen && (dispatch.NotBefore is not { } due || due <= now))));
        // One batch is one slot at the most: two of one slot would wait for each other.
        var batches = distribution.SlotSize is > 0 and var size
            ? open.GroupBy(entry => SendingJournal.SlotOf(entry.Order, size)).Select(slot => slot.ToArray())
            : open.Chunk(settings.Value.BatchSizeOf(distribution.MissionCount));
        await queue.Add(
            batches.Select(batch =>
                new Batch(distribution.Id, [.. batch.Select(entry => entry.MissionId)]) { HeardUntil = heardUntil }),
            cancellation);
        return all.All(entry => entry.Value.IsAccountable);
    }
}
