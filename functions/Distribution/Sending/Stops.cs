using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>
/// Stops a distribution whose letters are being sent: by a person, or because a correction takes its place.
/// </summary>
internal sealed class Stops(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenRosters rosters,
    LetterWriter writer,
    IOptions<DispatchSettings> settings,
    TimeProvider clock)
{
    /// <summary>
    /// Stops a distribution: letters in flight are finished, no others are sent. Its planned reminders, and those
    /// already being sent, are stopped too. After that, the rest is sent only if a person asks for exactly that.
    /// </summary>
    /// <returns>
    /// False if it is not released, sending or paused. What an earlier stop that was interrupted left is stopped then
    /// too.
    /// </returns>
    public async Task<bool> Withdraw(string distributionId, string by, CancellationToken cancellation)
    {
        var withdrawn = await distributions.Change(
            distributionId,
            distribution =>
                distribution.State.IsUnderWay
                    ? (
                        distribution with
                        {
                            State = DistributionState.Withdrawn,
                            Reminders = Stopped(distribution.Reminders),
                            Asked = null,
                            PauseReason = null,
                            PausePasses = false,
                            RequeuedAt = clock.GetUtcNow(),
                        }).With(new(clock.GetUtcNow(), Act.Withdrawn, by, ""))
                    : null,
            cancellation);
        if ((withdrawn ?? await distributions.Find(distributionId, cancellation))
            is not { State: DistributionState.Withdrawn } stopped)
            return false;
        // Not cancelled with the request: once the stop is on record it is carried out, also where the browser of the
        // person who asked has gone.
        await WithdrawUnsent(stopped, CancellationToken.None);
        foreach (
            var reminder in (await distributions.Following(distributionId, CancellationToken.None)).Where(other =>
                other.IsReminder))
            await Withdraw(reminder.Id, by, CancellationToken.None);
        return withdrawn is not null;
    }

    /// <summary>
    /// Before a correction is sent, the unsent rest of the earlier letter is stopped, with its reminders and addenda:
    /// missions that did not get the earlier letter get only the correction.
    /// </summary>
    public async Task StopSuperseded(string earlier, DistributionRecord correction, CancellationToken cancellation)
    {
        var by = Phrase.Say($"{correction.DraftLabel} ({correction.Id}), which supersedes it").ForRecord;
        foreach (
            var id in (await distributions.Following(earlier, cancellation))
                .Where(other => other.Follows is { IsCorrection: false })
                .Select(other => other.Id)
                .Prepend(earlier))
        {
            await Withdraw(id, by, cancellation);
            await distributions.Change(
                id,
                old =>
                    old switch
                    {
                        { State: DistributionState.AwaitingRelease or DistributionState.Scheduled } => old with
                        {
                            State = DistributionState.Replaced,
                        },
                        // Done already: after a crash this runs again.
                        _ when old.Acts.Exists(act => act.Act == Act.Superseded && act.By == by) => null,
                        _ => (
                            old with
                            {
                                Reminders = Stopped(old.Reminders),
                                SupersededBy =
                                    // A corrigendum mends a letter and does not take its place.
                                    correction.Follows!.Kind == FollowUpKind.Corrigendum
                                        ? old.SupersededBy
                                        : correction.Id,
                            }).With(new(clock.GetUtcNow(), Act.Superseded, by, "")),
                    },
                cancellation);
        }
    }

    /// <summary>The reminders, with planned and missed ones marked as stopped.</summary>
    public static ImmutableList<PlannedReminder> Stopped(ImmutableList<PlannedReminder> reminders) =>
        [
            .. reminders.Select(reminder =>
                reminder.State is ReminderState.Planned or ReminderState.Missed
                    ? reminder with
                    {
                        State = ReminderState.Stopped,
                    }
                    : reminder),
        ];

    /// <summary>
    /// Withdraws the unsent letters of a stopped distribution; of those that a dead worker was handing over, it is not
    /// known whether they were sent. Idempotent, and repeated by the timer, because letters that were in flight may
    /// turn out to be unsent. Against a race with a person who has the rest sent: that changes the distribution's state
    /// before its entries, and this checks the state after reading an entry and before writing it. So letters that the
    /// person asked for are never withdrawn.
    /// </summary>
    public async Task WithdrawUnsent(DistributionRecord distribution, CancellationToken cancellation)
    {
        var by = distribution.Acts.FindLast(entry => entry.Act == Act.Withdrawn)?.By ?? "";
        // From here on no worker begins a letter: it would find its journal closed, or the distribution stopped.
        await entries.CloseJournals(distribution.Id, clock.GetUtcNow(), cancellation);
        var open = (await entries.All(distribution.Id, cancellation))
            .Where(entry => entry.Value.IsOpen || IsLeft(entry.Value))
            .Select(entry => entry.Value.MissionId)
            .ToList();
        if (open is [])
            return;
        var roster = await rosters.Find(distribution.Id, cancellation);
        await entries.Change(
            distribution.Id,
            open,
            dispatch => Decision.Of(
                IsLeft(dispatch)
                    ? Stopped(
                        dispatch.Interrupted(
                            clock.GetUtcNow(),
                            settings.Value.SettleAfter,
                            UnknownOutcomePolicy.Interruption))
                : dispatch.IsOpen ? Stopped(dispatch)
                : null),
            cancellation,
            holds: async () =>
                await distributions.Find(distribution.Id, cancellation) is { State: DistributionState.Withdrawn });
        await entries.LogRecorded(distribution.Id);

        // A worker that hands a letter over has claimed it, by its row or by a journal.
        bool IsLeft(MissionEntry entry) =>
            entry.IsHandingOver && (entry.Claim is not { } claim || claim.Until <= clock.GetUtcNow());

        MissionEntry Stopped(MissionEntry entry) => !entry.IsOpen ? entry : entry
            .Begin(
                roster.Mission(entry.MissionId),
                writer.MessageIds(distribution.KeyId, entry),
                clock.GetUtcNow())
            .Withdrawn(clock.GetUtcNow(), by);
    }
}
