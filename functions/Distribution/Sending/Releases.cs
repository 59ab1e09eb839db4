using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>The result of a person's release.</summary>
internal enum ReleaseOutcome
{
    /// <summary>It is sent, at once or at its scheduled time.</summary>
    Released,

    /// <summary>The approval is recorded; a second person must release it.</summary>
    Approved,

    /// <summary>The person uploaded it, so another one must approve.</summary>
    IsAuthor,

    /// <summary>The person has approved it already.</summary>
    HasApproved,

    /// <summary>By now the release would do something else than the pressed button said.</summary>
    OtherStep,

    /// <summary>A finding on its page was not confirmed, or a reason is missing.</summary>
    Unconfirmed,

    /// <summary>It has too many findings to confirm; the letter must be corrected instead.</summary>
    TooMuchToConfirm,

    /// <summary>What the person looked at is not what would be sent (the hashes differ).</summary>
    OtherContent,

    /// <summary>Its folder has changed and has not been examined again yet.</summary>
    BeingExamined,

    /// <summary>
    /// Its folder now holds another version, or something that cannot be sent; or the letter that it is an addendum to
    /// was stopped or superseded.
    /// </summary>
    Overtaken,

    /// <summary>The register has changed since the person saw its differences.</summary>
    RegisterChanged,

    /// <summary>It no longer waits for release, or was prepared again meanwhile.</summary>
    TooLate,
}

/// <summary>A person's request to release a letter, as the form on its page sends it.</summary>
/// <param name="Content">The <see cref="ReleaseHash"/> of what the page showed.</param>
/// <param name="Ticked">The keys of the findings they have confirmed.</param>
/// <param name="Reasons">Why the letter should be sent despite a finding, by the finding's key.</param>
/// <param name="AsFrozen">
/// The hash of the register whose differences they saw, if they send to the roster as frozen; null if no differences
/// were shown.
/// </param>
/// <param name="Step">What their button said it would do; null if any step is accepted.</param>
/// <param name="UndoFor">
/// How long the letter waits for the case that they undo their press: zero for who has no page to undo it on.
/// </param>
internal sealed record ReleaseRequest(
    string Content,
    IReadOnlyCollection<string> Ticked,
    IReadOnlyDictionary<string, string> Reasons,
    string? AsFrozen = null,
    ReleaseStep? Step = null,
    TimeSpan UndoFor = default)
{
    /// <returns>Whether the person confirmed a finding, or gave a reason to overrule it.</returns>
    public bool Confirms(Finding finding) => finding.Severity == Severity.Overrule
        ? !string.IsNullOrWhiteSpace(Reasons.GetValueOrDefault(finding.Key))
        : Ticked.Contains(finding.Key);

    /// <returns>What the person confirmed and overruled, in words for the record.</returns>
    public string Words(IReadOnlyList<Finding> findings) =>
        string.Join(
            " ",
            findings.Select(finding =>
                finding.Severity == Severity.Overrule
                    ? $"overruled: {finding.Words} Reason: {SingleLine.Of(Reasons[finding.Key])}."
                    : $"confirmed: {finding.Words}"));
}

/// <summary>Releases, pauses, resumes and stops a distribution, and marks it complete.</summary>
internal sealed class Releases(
    DistributionRecords distributions,
    MissionEntries entries,
    EntryStates states,
    FrozenRosters rosters,
    BatchQueue queue,
    LetterWriter writer,
    UnknownOutcomePolicy unknown,
    SendingProgresses progress,
    ReleaseReviews reviews,
    Notices notices,
    IOptions<ReleaseSettings> release,
    IOptions<DispatchSettings> settings,
    ISendingPlan plan,
    TimeProvider clock)
{
    /// <returns>
    /// What a person must know to release it, as of now; null if it does not wait for release.
    /// </returns>
    public async Task<ReleaseReview?> Review(string distributionId, CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { State: DistributionState.AwaitingRelease } waiting
            ? await reviews.Of(waiting, cancellation)
            : null;

    /// <summary>
    /// Releases a distribution for a person: it is sent at once or at the time its letter sets, or waits for a second
    /// person. Only what the person's page showed is sent: the hash of the page is compared with storage as it is now.
    /// </summary>
    public async Task<ReleaseOutcome> Release(
        string distributionId,
        Person by,
        ReleaseRequest request,
        CancellationToken cancellation)
    {
        if (await distributions.Stored(distributionId, cancellation)
            is not { Value: { State: DistributionState.AwaitingRelease } waiting } known)
            return ReleaseOutcome.TooLate;
        var review = await reviews.Of(waiting, cancellation);
        if (ReasonAgainst(review, request) is { } refusal)
            return refusal;

        var now = clock.GetUtcNow();
        var decided = await distributions.Change(
            distributionId,
            distribution =>
            {
                // The same content was prepared again while the review was made, so its approvals no longer count.
                var outcome =
                    distribution.State != DistributionState.AwaitingRelease
                    || distribution.Acts.Count(Begins) != waiting.Acts.Count(Begins)
                        ? ReleaseOutcome.TooLate
                        : TwoPersonRule.StepOf(distribution, review, by, release.Value.People) switch
                        {
                            ReleaseStep.IsAuthor => ReleaseOutcome.IsAuthor,
                            ReleaseStep.HasApproved => ReleaseOutcome.HasApproved,
                            var step when request.Step is { } shown && shown != step => ReleaseOutcome.OtherStep,
                            ReleaseStep.Approves => ReleaseOutcome.Approved,
                            _ => ReleaseOutcome.Released,
                        };
                var words = request.Words(review.ToConfirm);
                var changed = outcome switch
                {
                    ReleaseOutcome.Approved => (
                        distribution with
                        {
                            Approvals =
                            [
                                .. TwoPersonRule.ThatCount(distribution, review),
                                new(by, now, review.Content),
                            ],
                        }).With(Entry(Act.Approved, by.Name, words)),
                    ReleaseOutcome.Released when distribution.SendAt > now || request.UndoFor > TimeSpan.Zero =>
                        Scheduled(Behind(distribution, review), by, now, request.UndoFor, review, words),
                    ReleaseOutcome.Released => Behind(distribution, review)
                        .LetGo(by.Name, now, plan.SlotSize(distribution.MissionCount))
                        .With(Entry(Act.Released, by.Name, words)),
                    _ => null,
                };
                return new Decision<DistributionRecord, ReleaseOutcome>(changed, outcome);
            },
            cancellation,
            known);
        if (decided.After is { Value.State: DistributionState.Released } released)
            await QueueSoon(released.Value, cancellation, released);
        // Where this message is lost, or comes before its time, the timer sends it.
        if (decided.After is { Value: { State: DistributionState.Scheduled, LeavesAt: not null } soon })
            await queue.Add(new(soon.Id, null, IsRelease: true), request.UndoFor, cancellation);
        return decided.Result;
    }

    /// <summary>
    /// Released for the hour it sets, or else for when the press can no longer be undone. Whoever presses shortly before
    /// the hour has the same time to undo it: the letter leaves that much later.
    /// </summary>
    private DistributionRecord Scheduled(
        DistributionRecord distribution,
        Person by,
        DateTimeOffset now,
        TimeSpan undoFor,
        ReleaseReview review,
        string words)
    {
        var scheduled = distribution with
        {
            State = DistributionState.Scheduled,
            LeavesAt = distribution.SendAt > now + undoFor ? null : now + undoFor,
            ReleasedBy = by.Name,
            Confirmed = [.. review.ToConfirm.Select(finding => finding.Key)],
        };
        var when = scheduled.LeavesAt is null
            ? $"to leave on {NewYorkTime.Words(scheduled.Hour!.Value)} New York time"
            : $"to leave after {EnglishText.Span(undoFor)}, until when it can be undone";
        return scheduled.With(Entry(Act.Scheduled, by.Name, words.Length > 0 ? $"{when}; {words}" : when));
    }

    private static bool Begins(AuditEntry entry) => entry.Act is Act.Prepared;

    private static ReleaseOutcome? ReasonAgainst(ReleaseReview review, ReleaseRequest request) =>
        (review, request) switch
        {
            ({ Obstacle: ReleaseObstacle.BeingExamined }, _) => ReleaseOutcome.BeingExamined,
            ({ Obstacle: ReleaseObstacle.Overtaken }, _) => ReleaseOutcome.Overtaken,
            _ when request.Content != review.Content => ReleaseOutcome.OtherContent,
            _ when review.Register is not null && request.AsFrozen != review.RegisterHash =>
                ReleaseOutcome.RegisterChanged,
            ({ HasTooMuchToConfirm: true }, _) => ReleaseOutcome.TooMuchToConfirm,
            _ when !review.ToConfirm.All(request.Confirms) => ReleaseOutcome.Unconfirmed,
            _ => null,
        };

    private static DistributionRecord Behind(DistributionRecord distribution, ReleaseReview review) =>
        distribution with { Authors = review.Authors?.ToImmutableList(), ReleasedContent = review.Content };

    /// <summary>Withdraws a person's approval while the second person has not released the letter.</summary>
    /// <returns>False if that person has no approval to withdraw.</returns>
    public async Task<bool> WithdrawApproval(string distributionId, Person by, CancellationToken cancellation) =>
        await distributions.Change(
            distributionId,
            distribution =>
                distribution.State == DistributionState.AwaitingRelease
                && distribution.Approvals.Exists(approval => approval.By.Is(by))
                    ? (
                        distribution with
                        {
                            Approvals = distribution.Approvals.RemoveAll(approval => approval.By.Is(by)),
                        }).With(Entry(Act.ApprovalTakenBack, by.Name))
                    : null,
            cancellation)
            is not null;

    /// <summary>
    /// Cancels a release before the letter's hour, or undoes it while it can be undone: the letter waits for release
    /// again. No approval counts any more: whoever stopped it has seen something that the others have not.
    /// </summary>
    /// <returns>False if it is not scheduled any more.</returns>
    public async Task<bool> HoldBack(string distributionId, string by, CancellationToken cancellation) =>
        await distributions.Change(distributionId, distribution => distribution.State == DistributionState.Scheduled
            ? distribution.WaitAgain().With(Entry(Act.HeldBack, by))
            : null, cancellation) is not null;

    /// <summary>
    /// Sends a scheduled distribution when its time has come, or its release can no longer be undone. If anything is not as it was released, it waits for a
    /// person again, with a notice. If its folder holds files that are still to be examined, it waits for the
    /// examination, but not longer than <c>Dispatch:LateBy</c>.
    /// </summary>
    public async Task SendDue(DistributionRecord scheduled, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (scheduled.Hour is not { } hour || hour > now)
            return;
        var isLate = now > hour + settings.Value.LateBy;
        var review = await reviews.Of(scheduled, cancellation);
        if (review.Obstacle == ReleaseObstacle.BeingExamined && !isLate)
            return;
        var held = Held(scheduled, hour, isLate, review);
        var due = await distributions.Change(
            scheduled.Id,
            distribution =>
                // Race: it was held back or released again during the review. The next timer run decides.
                distribution.State != DistributionState.Scheduled
                || distribution.Acts.Count != scheduled.Acts.Count
                    ? null
                : held is not null ? distribution.WaitAgain().With(Entry(held.Act, null, held.Why))
                : distribution.LetGo(distribution.ReleasedBy!, now, plan.SlotSize(distribution.MissionCount)).With(Entry(Act.Released, distribution.ReleasedBy)),
            cancellation);
        if (due is null)
            return;
        if (held is null)
            await Queue(due, cancellation);
        else
            await notices.Add(
                new(
                    $"hour-{scheduled.Id}-{hour.UtcTicks}",
                    now,
                    scheduled.Id,
                    $"{scheduled.DraftLabel} was not sent. {held.Why} {held.Remedy}"),
                cancellation);
    }

    /// <returns>Why a letter is not sent at its scheduled time; null if it can be sent.</returns>
    private static HeldAtHour? Held(
        DistributionRecord scheduled,
        DateTimeOffset hour,
        bool isLate,
        ReleaseReview review)
    {
        const string Again = "Open its page, and release it again if it shall leave now.";
        var meant = $"It was to leave on {NewYorkTime.Words(hour)} New York time";
        if (review.Obstacle == ReleaseObstacle.Overtaken && !scheduled.IsLetter)
            return new(
                Act.HeldBack,
                $"{meant}, and the letter that it is an addendum to was stopped or superseded meanwhile.",
                "Open its page and discard it. If the letter is sent on after all, it can be released again.");
        if (review.Obstacle == ReleaseObstacle.Overtaken)
            return new(
                Act.HeldBack,
                $"{meant}, and its folder does not hold this letter any more.",
                "Look at what the folder holds now, and release that if it shall leave.");
        if (review.Obstacle == ReleaseObstacle.BeingExamined)
            return new(
                Act.HourMissed,
                $"{meant}, and files that have come into its folder since are still being checked.",
                "Open its page once they are, and release what shall leave.");
        // Versions before format 3 did not store the hash of what was looked at, so there is nothing to compare.
        if (scheduled.ReleasedContent is { } looked && looked != review.Content)
            return new(
                Act.HeldBack,
                $"{meant}, but it is not what was looked at when it was released: its content{(scheduled.Follows is null ? "" : ", who has got the letter that it corrects")}, or the address its links lead to (PublicUrl), has changed since.",
                "Open its page, look at it again, and release it if it shall leave so.");
        if (isLate)
            return new(Act.HourMissed, $"{meant}, and the service could not send it then.", Again);
        // A passed hour is no obstacle here: the letter was waiting for it.
        return
            review.ToConfirm.FirstOrDefault(finding =>
                finding.Number != IntakeFaults.HourPassedNumber && !finding.IsAmong(scheduled.Confirmed))
                is { } odd
            ? new(Act.HeldBack, odd.Words, Again)
            : null;
    }

    /// <param name="Why">A sentence, for the record and the notice.</param>
    /// <param name="Remedy">A sentence.</param>
    private sealed record HeldAtHour(Act Act, string Why, string Remedy);

    /// <summary>
    /// Queues the batches of a small distribution; of a large one a worker does, so that nobody waits for it. Where that
    /// message is lost, the timer does.
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
        if (distribution is { State: DistributionState.Released, Follows: { IsCorrection: true } correction })
            await StopSuperseded(correction.Of, distribution, cancellation);
        await CreateRequested(distribution, cancellation);
        var isAccountable = await QueueOpen(distribution, heardUntil: null, cancellation);
        await distributions.Change(
            distribution.Id,
            now => now.State == DistributionState.Released
                ? now with
                {
                    State = DistributionState.Sending,
                    RequeuedAt = clock.GetUtcNow(),
                }
                : null,
            cancellation,
            known);
        if (isAccountable)
            await CompleteWhenAccountable(distribution.Id, cancellation);
    }

    /// <summary>Pauses a distribution for a fault on the sender's side.</summary>
    /// <param name="reason">What is wrong and what to do, for its page.</param>
    /// <param name="passes">True if the fault may go away by itself: the timer then probes and resumes.</param>
    /// <returns>False where it was not being sent, and not on hold for a reason that passes while this one does not.</returns>
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
                            RequeuedAt = clock.GetUtcNow(),
                        }).With(Entry(Act.Paused, null, reason))
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

    /// <summary>Resumes a paused distribution with the letters still to be sent.</summary>
    /// <param name="by">The person who resumes it; null if the reason has passed by itself.</param>
    /// <returns>False if it is not paused.</returns>
    public async Task<bool> Resume(string distributionId, string? by, CancellationToken cancellation)
    {
        var resumed = await distributions.Change(
            distributionId,
            distribution =>
                distribution.State == DistributionState.Paused
                    ? (
                        distribution with
                        {
                            State = DistributionState.Released,
                            PauseReason = null,
                            PausePasses = false,
                            Probes = 0,
                        }).With(Entry(Act.Resumed, by))
                    : null,
            cancellation);
        if (resumed is not null)
            await QueueSoon(resumed, cancellation);
        return resumed is not null;
    }

    /// <summary>
    /// Stops a distribution: letters in flight are finished, no others are sent. Its planned reminders, and those
    /// already being sent, are stopped too. After that, the rest is sent only if a person asks for exactly that.
    /// </summary>
    /// <returns>
    /// False if it is not released, sending or paused. What an earlier stop that was interrupted left is stopped then too.
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
                        }).With(Entry(Act.Withdrawn, by))
                    : null,
            cancellation);
        if ((withdrawn ?? await distributions.Find(distributionId, cancellation))
            is not { State: DistributionState.Withdrawn } stopped)
            return false;
        // Once it is on record that it is stopped, the batches in hand hear of it, whether whoever asked still waits or not.
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
    private async Task StopSuperseded(string earlier, DistributionRecord correction, CancellationToken cancellation)
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
                        _ when old.Acts.Exists(act => act.Act == Act.Superseded && act.By == by) => null,
                        _ => (
                            old with
                            {
                                Reminders = Stopped(old.Reminders),
                                SupersededBy =
                                    correction.Follows!.Kind == FollowUpKind.Corrigendum
                                        ? old.SupersededBy
                                        : correction.Id,
                            }).With(Entry(Act.Superseded, by)),
                    },
                cancellation);
        }
    }

    /// <summary>The reminders, with planned and missed ones marked as stopped.</summary>
    internal static ImmutableList<PlannedReminder> Stopped(ImmutableList<PlannedReminder> reminders) =>
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
    /// known whether they were sent. Idempotent, and repeated by the timer, because letters that were in flight may turn
    /// out to be unsent. Against a race with a person who has the rest sent: that changes
    /// the distribution's state before its entries, and this checks the state after reading an entry and before writing
    /// it. So letters that the person asked for are never withdrawn.
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
                IsLeft(dispatch) ? Stopped(dispatch.Interrupted(clock.GetUtcNow(), settings.Value.SettleAfter, UnknownOutcomePolicy.Interruption))
                : dispatch.IsOpen ? Stopped(dispatch)
                : null),
            cancellation,
            holds: async () =>
                await distributions.Find(distribution.Id, cancellation) is { State: DistributionState.Withdrawn });
        await entries.LogRecorded(distribution.Id);

        // Whoever hands a letter over has claimed it, by its row or by a journal.
        bool IsLeft(MissionEntry entry) => entry.IsHandingOver && (entry.Claim is not { } claim || claim.Until <= clock.GetUtcNow());

        MissionEntry Stopped(MissionEntry entry) => !entry.IsOpen ? entry : entry
            .Begin(
                roster.Mission(entry.MissionId),
                writer.MessageIds(distribution.KeyId, entry),
                clock.GetUtcNow())
            .Withdrawn(clock.GetUtcNow(), by);
    }

    /// <summary>Creates the messages a person asked for, and queues them.</summary>
    /// <inheritdoc cref="CreateRequested"/>
    public async Task<int> CarryOutRequested(DistributionRecord distribution, CancellationToken cancellation)
    {
        var made = await CreateRequested(distribution, cancellation);
        await Recover(distribution with { Asked = null }, heardUntil: null, cancellation);
        await CompleteWhenAccountable(distribution.Id, cancellation);
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
            holds: async () => (await distributions.Find(distribution.Id, cancellation))?.Asked?.Id == asked.Id);
        await entries.LogRecorded(distribution.Id);
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
            missions.Chunk(settings.Value.BatchSizeOf(distribution.MissionCount)).Concat(slots.Select(Slot)).Select(together => new Batch(distribution.Id, together)),
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
        await distributions.Change(distribution.Id, now => now with { RequeuedAt = clock.GetUtcNow() }, cancellation);
        await CreateRequested(distribution, cancellation);
        await entries.TakeOverJournals(distribution.Id, clock.GetUtcNow(), cancellation);
        await QueueOpen(distribution, heardUntil, cancellation);
    }

    /// <summary>
    /// Marks a distribution complete when every mission of its frozen roster is accountable and no further message was
    /// requested. Complete means that nothing more is being done, not that every mission has the letter: see
    /// <c>Reach</c>.
    /// </summary>
    public async Task CompleteWhenAccountable(string distributionId, CancellationToken cancellation)
    {
        if (!await states.AllAccountable(distributionId, cancellation)
            || await distributions.Stored(distributionId, cancellation) is not { Value: var before } known)
            return;
        // The entries are read after the record was read, and it is marked only if no act was added since. Otherwise
        // a resend requested meanwhile would stay unsent in a complete distribution. They are read whole, one after the
        // other: one that cannot be read is accounted for by nothing, whatever its columns say.
        var (count, hasFailed) = (0, false);
        await foreach (var entry in entries.EachRow(distributionId, cancellation))
        {
            // What is only noted in a journal is accounted for when its batch has ended.
            if (entry.Value is not { State.IsAccountable: true, FirmState.IsAccountable: true })
                return;
            count++;
            hasFailed |= entry.Value.State == DeliveryState.Failed;
        }

        if (count != before.MissionCount
            || (hasFailed && await HoldWhereAllAreRefused(distributionId, cancellation)))
            return;
        await distributions.Change(
            distributionId,
            distribution => distribution is { State: DistributionState.Sending, Asked: null }
                && distribution.Acts.Count == before.Acts.Count
                ? (distribution with { State = DistributionState.Complete, CompletedAt = clock.GetUtcNow() }).With(
                    Entry(Act.Completed, null))
                : null,
            cancellation,
            known);
        await progress.Remove(before, cancellation);
    }

    private AuditEntry Entry(Act act, string? by, string words = "") => new(clock.GetUtcNow(), act, by, words);

    /// <returns>Whether every entry is accountable already.</returns>
    private async Task<bool> QueueOpen(
        DistributionRecord distribution,
        DateTimeOffset? heardUntil,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // Before its letters were queued for the first time, no worker can have noted anything.
        var all = distribution.RequeuedAt is null
            ? await entries.AllRows(distribution.Id, cancellation)
            : await entries.All(distribution.Id, cancellation);
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
            batches.Select(batch => new Batch(distribution.Id, [.. batch.Select(entry => entry.MissionId)]) { HeardUntil = heardUntil }),
            cancellation);
        return all.All(entry => entry.Value.IsAccountable);
    }
}
