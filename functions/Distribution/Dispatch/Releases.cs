using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Distribution;

/// <summary>What came of a person's word that a letter shall leave.</summary>
internal enum ReleaseOutcome
{
    /// <summary>It leaves, at once or at its hour.</summary>
    Released,

    /// <summary>It waits for another person.</summary>
    Approved,

    /// <summary>They are its author.</summary>
    IsAuthor,

    /// <summary>They have approved it before.</summary>
    HasApproved,

    /// <summary>What its page asks was not confirmed.</summary>
    Unconfirmed,

    /// <summary>It did not wait for release any more.</summary>
    TooLate,
}

/// <summary>Lets a distribution go, holds it, lets it go on, stops it, and says when it is complete.</summary>
internal sealed class Releases(
    Distributions distributions, Dispatches dispatches, FrozenContents contents, DispatchQueue queue, LetterWriter writer, UnknownOutcomes unknown,
    Notices notices, IOptions<ReleaseSettings> release, IOptions<DispatchSettings> settings, TimeProvider clock)
{
    /// <summary>
    /// Takes a person's word that a distribution shall leave: it leaves, at once or at the hour its letter sets, or waits for another person's. Content and
    /// roster are what its page showed: its id stands for both.
    /// </summary>
    /// <param name="confirmed">Whether that person has confirmed what its page asked.</param>
    public async Task<ReleaseOutcome> Release(string distributionId, Person by, CancellationToken cancellation, bool confirmed = false)
    {
        var now = clock.GetUtcNow();
        var outcome = ReleaseOutcome.TooLate;
        var changed = await distributions.Change(distributionId, distribution =>
        {
            var step = TwoPeople.StepOf(distribution, by, release.Value.People);
            outcome = distribution.State != DistributionState.AwaitingRelease ? ReleaseOutcome.TooLate
                : step == ReleaseStep.IsAuthor ? ReleaseOutcome.IsAuthor
                : step == ReleaseStep.HasApproved ? ReleaseOutcome.HasApproved
                : distribution.Asks is not null && !confirmed ? ReleaseOutcome.Unconfirmed
                : step == ReleaseStep.Approves ? ReleaseOutcome.Approved
                : ReleaseOutcome.Released;
            var words = confirmed && distribution.Asks is { } asked ? $"confirmed: {asked}" : "";
            return outcome switch
            {
                ReleaseOutcome.Approved => (distribution with { Approvals = distribution.Approvals.Add(new(by, now)) }).With(Entry(Act.Approved, by.Name, words)),
                ReleaseOutcome.Released when distribution.SendAt > now =>
                    (distribution with { State = DistributionState.Scheduled, ReleasedBy = by.Name }).With(Entry(Act.Scheduled, by.Name, $"to leave on {NewYork.Words(distribution.SendAt.Value)} New York time")),
                ReleaseOutcome.Released => distribution.LetGo(by.Name, now).With(Entry(Act.Released, by.Name, words)),
                _ => null,
            };
        }, cancellation);
        if (changed is { State: DistributionState.Released })
            await Queue(changed, cancellation);
        return outcome;
    }

    /// <summary>Takes a person's approval back while the other's is still to come.</summary>
    /// <returns>False when there is none of theirs to take back.</returns>
    public async Task<bool> TakeApprovalBack(string distributionId, Person by, CancellationToken cancellation) =>
        await distributions.Change(distributionId, distribution =>
            distribution.State == DistributionState.AwaitingRelease && distribution.Approvals.Exists(approval => approval.By.Is(by))
                ? (distribution with { Approvals = distribution.Approvals.RemoveAll(approval => approval.By.Is(by)) }).With(Entry(Act.ApprovalTakenBack, by.Name))
                : null, cancellation) is not null;

    /// <summary>Takes a release back while its hour has not come.</summary>
    /// <returns>False when it is not waiting for its hour any more.</returns>
    public async Task<bool> HoldBack(string distributionId, string by, CancellationToken cancellation) =>
        await distributions.Change(distributionId, distribution => distribution.State == DistributionState.Scheduled
            ? (distribution with { State = DistributionState.AwaitingRelease, ReleasedBy = null, Approvals = [] }).With(Entry(Act.HeldBack, by))
            : null, cancellation) is not null;

    /// <summary>Lets a distribution go whose hour has come. Where the service was not running then, a person is asked instead.</summary>
    public async Task SendDue(Distribution scheduled, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (scheduled.SendAt is not { } hour || hour > now)
            return;
        var isLate = now > hour + settings.Value.LateBy;
        var missed = $"It was to leave on {NewYork.Words(hour)} New York time, and the service was not running then. Nothing was sent. Confirm that it shall leave now, later than meant.";
        var due = await distributions.Change(scheduled.Id, distribution =>
            distribution.State != DistributionState.Scheduled ? null
            : isLate ? (distribution with { State = DistributionState.AwaitingRelease, ReleasedBy = null, Approvals = [], Asks = missed }).With(Entry(Act.HourMissed, null))
            : distribution.LetGo(distribution.ReleasedBy!, now).With(Entry(Act.Released, distribution.ReleasedBy)), cancellation);
        if (due is null)
            return;
        if (isLate)
            await notices.Add(new($"hour-{scheduled.Id}-{hour.UtcTicks}", now, scheduled.Id, $"{scheduled.DraftLabel} was not sent. {missed}"), cancellation);
        else
            await Queue(due, cancellation);
    }

    /// <summary>Queues every batch of a released distribution. Safe to repeat: a batch queued twice is sent once.</summary>
    public async Task Queue(Distribution distribution, CancellationToken cancellation)
    {
        if (distribution is { State: DistributionState.Released, Follows: { IsCorrection: true } correction })
            await StopSuperseded(correction.Of, distribution, cancellation);
        await QueueOpen(distribution.Id, cancellation);
        await distributions.Change(distribution.Id, now => now.State == DistributionState.Released
            ? now with { State = DistributionState.Sending, RequeuedAt = clock.GetUtcNow() }
            : null, cancellation);
        await CompleteWhenAccountable(distribution.Id, cancellation);
    }

    /// <summary>Holds a distribution for a fault of the sender's own.</summary>
    /// <param name="reason">What is wrong and what to do, for its page.</param>
    /// <param name="passes">Whether it may pass by itself.</param>
    public Task Pause(string distributionId, string reason, bool passes, CancellationToken cancellation) =>
        distributions.Change(distributionId, distribution => distribution.State is DistributionState.Released or DistributionState.Sending
            ? (distribution with { State = DistributionState.Paused, PauseReason = reason, PausePasses = passes, RequeuedAt = clock.GetUtcNow() }).With(Entry(Act.Paused, null, reason))
            : null, cancellation);

    /// <summary>Lets a paused distribution go on with the letters still to be sent.</summary>
    /// <param name="by">The person who says so; null where the reason has passed by itself.</param>
    /// <returns>False when it is not paused.</returns>
    public async Task<bool> Resume(string distributionId, string? by, CancellationToken cancellation)
    {
        var resumed = await distributions.Change(distributionId, distribution => distribution.State == DistributionState.Paused
            ? (distribution with { State = DistributionState.Released, PauseReason = null, PausePasses = false, Probes = 0 }).With(Entry(Act.Resumed, by))
            : null, cancellation);
        if (resumed is not null)
            await Queue(resumed, cancellation);
        return resumed is not null;
    }

    /// <summary>Stops a distribution for good: letters in flight are finished, no other is sent.</summary>
    /// <returns>False when it had not been released, or nothing of it could be stopped any more.</returns>
    public async Task<bool> Withdraw(string distributionId, string by, CancellationToken cancellation)
    {
        var withdrawn = await distributions.Change(distributionId, distribution => distribution.State is DistributionState.Released or DistributionState.Sending or DistributionState.Paused
            ? (distribution with { State = DistributionState.Withdrawn, Reminders = Stopped(distribution.Reminders), PauseReason = null, PausePasses = false, RequeuedAt = clock.GetUtcNow() }).With(Entry(Act.Withdrawn, by))
            : null, cancellation);
        if (withdrawn is not null)
            await TakeBack(withdrawn, cancellation);
        return withdrawn is not null;
    }

    /// <summary>
    /// Before a correction leaves, what is still to be sent of the earlier letter is stopped, with its reminders and addenda: whoever had not got it
    /// gets the good one alone.
    /// </summary>
    private async Task StopSuperseded(string earlier, Distribution correction, CancellationToken cancellation)
    {
        var by = $"{correction.DraftLabel} ({correction.Id}), which supersedes it";
        foreach (var id in (await distributions.Following(earlier, cancellation)).Where(other => other.Follows is { IsCorrection: false }).Select(other => other.Id).Prepend(earlier))
        {
            await Withdraw(id, by, cancellation);
            await distributions.Change(id, old => old switch
            {
                { State: DistributionState.AwaitingRelease or DistributionState.Scheduled } => old with { State = DistributionState.Replaced },
                _ when old.Acts.Exists(act => act.Act == Act.Superseded && act.By == by) => null,
                _ => (old with
                {
                    Reminders = Stopped(old.Reminders),
                    SupersededBy = correction.Follows!.Kind == FollowUpKind.Corrigendum ? old.SupersededBy : correction.Id,
                }).With(Entry(Act.Superseded, by)),
            }, cancellation);
        }
    }

    /// <summary>The reminders without those that were still to come.</summary>
    internal static ImmutableList<PlannedReminder> Stopped(ImmutableList<PlannedReminder> reminders) =>
        [.. reminders.Select(reminder => reminder.State is ReminderState.Planned or ReminderState.Missed ? reminder with { State = ReminderState.Stopped } : reminder)];

    /// <summary>Takes back what a stopped distribution has not sent. Safe to repeat, for what was in flight may come back unsent.</summary>
    public async Task TakeBack(Distribution distribution, CancellationToken cancellation)
    {
        var by = distribution.Acts.FindLast(entry => entry.Act == Act.Withdrawn)?.By ?? "";
        var roster = (await contents.Find(distribution.Id, cancellation)).Roster;
        foreach (var entry in (await dispatches.All(distribution.Id, cancellation)).Where(entry => entry.Value.IsOpen))
            await dispatches.Change(distribution.Id, entry.Value.Order, dispatch => dispatch.IsOpen
                ? dispatch.Begin(roster[dispatch.Order - 1], writer.MessageIds(distribution.KeyId, dispatch), clock.GetUtcNow()).Withdrawn(clock.GetUtcNow(), by)
                : null, cancellation);
        await dispatches.LogRecorded(distribution.Id);
    }

    /// <summary>
    /// Puts letters back into the queue that nobody is at work on: their message was lost, or their worker died.
    /// </summary>
    public async Task Recover(Distribution distribution, CancellationToken cancellation)
    {
        await distributions.Change(distribution.Id, now => now with { RequeuedAt = clock.GetUtcNow() }, cancellation);
        await QueueOpen(distribution.Id, cancellation);
    }

    /// <summary>Marks a distribution complete when every mission of its frozen roster is accountable.</summary>
    public async Task CompleteWhenAccountable(string distributionId, CancellationToken cancellation)
    {
        if (!await dispatches.AllAccountable(distributionId, cancellation))
            return;
        var counted = (await dispatches.Count(distributionId, cancellation)).Values.Sum();
        await distributions.Change(distributionId, distribution =>
            distribution.State == DistributionState.Sending && counted == distribution.MissionCount
                ? (distribution with { State = DistributionState.Complete, CompletedAt = clock.GetUtcNow() }).With(Entry(Act.Completed, null))
                : null, cancellation);
    }

    private AuditEntry Entry(Act act, string? by, string words = "") => new(clock.GetUtcNow(), act, by, words);

    private async Task QueueOpen(string distributionId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var open = (await dispatches.All(distributionId, cancellation))
            .Select(entry => entry.Value)
            .Where(dispatch => (dispatch.Claim is not { } claim || claim.Until <= now)
                && (dispatch.IsHandingOver || unknown.IsDue(dispatch, now) || (dispatch.IsOpen && (dispatch.NotBefore is not { } due || due <= now))));
        foreach (var batch in open.Chunk(settings.Value.BatchSize))
            await queue.Add(new(distributionId, batch[0].Order, batch[^1].Order), TimeSpan.Zero, cancellation);
    }
}
