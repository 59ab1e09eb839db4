using Distribution.Intake;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>How sending ends without a person: on hold for a fault on the sender's side, or complete.</summary>
internal sealed class Holds(
    DistributionRecords distributions,
    MissionEntries entries,
    EntryStates states,
    FrozenRosters rosters,
    LetterWriter writer,
    SendingProgresses progress,
    TimeProvider clock)
{
    /// <summary>Pauses a distribution for a fault on the sender's side.</summary>
    /// <param name="reason">What is wrong and what to do, for its page.</param>
    /// <param name="passes">True if the fault may go away by itself: the timer then probes and resumes.</param>
    /// <returns>
    /// False where it was not being sent, and not on hold for a reason that passes while this one does not.
    /// </returns>
    public async Task<bool> Pause(string distributionId, string reason, bool passes, CancellationToken cancellation) =>
        await distributions.Change(
            distributionId,
            distribution =>
                distribution.State.IsBeingSent
                || (distribution is { State: DistributionState.Paused, PausePasses: true } && !passes)
                    ? (
                        distribution with
                        {
                            State = DistributionState.Paused,
                            PauseReason = reason,
                            PausePasses = passes,
                            // From here the timer counts its pause before the first probe.
                            RequeuedAt = clock.GetUtcNow(),
                        }).With(new(clock.GetUtcNow(), Act.Paused, null, reason))
                    : null,
            cancellation) is not null;

    /// <summary>
    /// Where every mission is refused in the same way, the distribution is put on hold, and the letters that failed so
    /// are open again. Idempotent: a later call opens again what has failed in the same way meanwhile.
    /// </summary>
    /// <returns>Whether that is so.</returns>
    public async Task<bool> HoldWhereAllAreRefused(string distributionId, CancellationToken cancellation)
    {
        var all = await entries.All(distributionId, cancellation);
        if (SameRefusal.Find([.. all.Select(entry => entry.Value)]) is not { } refusal
            || await distributions.Find(distributionId, cancellation)
                is not { State.IsUnderWay: true } held)
            return false;
        // The hold comes first: what is open again must not be sent again before a person has seen to it.
        await Pause(distributionId, refusal.Sentence, passes: false, cancellation);
        var roster = await rosters.Find(distributionId, cancellation);
        await entries.Change(
            distributionId,
            refusal.Missions,
            dispatch => Decision.Of(
                SameRefusal.HasFailedSo(dispatch, refusal.Key)
                    ? dispatch.OpenAgain(
                        roster.Mission(dispatch.MissionId),
                        writer.MessageIds(held.KeyId, dispatch),
                        clock.GetUtcNow())
                    : null),
            cancellation);
        await entries.LogRecorded(distributionId);
        return true;
    }

    /// <summary>
    /// Marks a distribution complete when every mission of its frozen roster is accountable and no further message was
    /// requested. Complete means that nothing more is being done, not that every mission has the letter: see
    /// <c>Reach</c>.
    /// </summary>
    /// <param name="known">
    /// The record as it was before what the caller has done, with its ETag; null to read it.
    /// </param>
    /// <param name="isLikely">
    /// True where the caller has just seen to every mission, which saves asking whether any is open.
    /// </param>
    public async Task CompleteWhenAccountable(
        string distributionId,
        CancellationToken cancellation,
        Stored<DistributionRecord>? known = null,
        bool isLikely = false)
    {
        if (!isLikely && !await states.AllAccountable(distributionId, cancellation))
            return;
        // The caller's record serves only if the letter was being sent when it was read. Otherwise it is read now.
        var isCallers = known is { Value.State: DistributionState.Sending };
        if (!isCallers)
            known = await distributions.Stored(distributionId, cancellation);
        if (known is not { Value: var before })
            return;
        // The entries are read after the record was read, and it is marked only if no act was added since. Otherwise a
        // resend requested meanwhile would stay unsent in a complete distribution. They are read whole, one after the
        // other: one that cannot be read counts as not accounted for, whatever its columns say.
        var (count, hasFailed) = (0, false);
        await foreach (var entry in entries.EachRow(distributionId, cancellation))
        {
            // What is only noted in a journal is accounted for when its batch has ended.
            if (entry.Value is not { State.IsAccountable: true, FirmState.IsAccountable: true })
                return;
            count++;
            hasFailed |= entry.Value.State == DeliveryState.Failed;
        }

        // Refusals are looked for before it is marked complete: what is complete is not opened again.
        if (count != before.MissionCount
            || (hasFailed && await HoldWhereAllAreRefused(distributionId, cancellation)))
            return;
        var completed = await distributions.Change(
            distributionId,
            distribution => distribution is { State: DistributionState.Sending, Asked: null }
                && distribution.Acts.Count == before.Acts.Count
                ? (distribution with { State = DistributionState.Complete, CompletedAt = clock.GetUtcNow() }).With(
                    new(clock.GetUtcNow(), Act.Completed, null, ""))
                : null,
            cancellation,
            known);
        // Something was done since the caller read its record, so the caller's knowledge is too old: all is read anew,
        // once.
        if (completed is null && isCallers)
            await CompleteWhenAccountable(distributionId, cancellation);
        else
            await progress.Remove(before, cancellation);
    }
}
