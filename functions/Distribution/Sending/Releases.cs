using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>What came of a person's word that a letter shall leave.</summary>
internal enum ReleaseOutcome
{
    /// <summary>It leaves, at once or at its hour.</summary>
    Released,

    /// <summary>It waits for another person.</summary>
    Approved,

    /// <summary>The person uploaded it, so another one must approve.</summary>
    IsAuthor,

    /// <summary>The person has approved it already.</summary>
    HasApproved,

    /// <summary>Their word would do something else by now than the button they pressed said.</summary>
    OtherStep,

    /// <summary>Something its page asks was not confirmed, or no reason was given.</summary>
    Unconfirmed,

    /// <summary>It has more to confirm than anyone reads; it is to be mended instead.</summary>
    TooMuchToConfirm,

    /// <summary>What they looked at is not what would leave.</summary>
    OtherContent,

    /// <summary>Its folder has not been examined yet as it is now.</summary>
    BeingExamined,

    /// <summary>Its folder has become another version, or something that cannot be sent.</summary>
    Overtaken,

    /// <summary>The register is another one than the one whose differences they saw.</summary>
    RegisterChanged,

    /// <summary>It did not wait for release any more.</summary>
    TooLate,
}

/// <summary>A person's word that a letter shall leave, as the form on its page brings it.</summary>
/// <param name="Content">The <see cref="ReleaseHash"/> of what the page showed.</param>
/// <param name="Ticked">The keys of the findings they have confirmed.</param>
/// <param name="Reasons">Why what is to be overruled should leave nevertheless, by the finding's key.</param>
/// <param name="AsFrozen">
/// The hash of the register whose differences they saw, where they send the roster as it was frozen; null where none
/// was shown.
/// </param>
/// <param name="Step">What their button said it would do; null where they mean whatever their word does.</param>
internal sealed record ReleaseRequest(
    string Content,
    IReadOnlyCollection<string> Ticked,
    IReadOnlyDictionary<string, string> Reasons,
    string? AsFrozen = null,
    ReleaseStep? Step = null)
{
    /// <returns>Whether they have answered for a finding.</returns>
    public bool Confirms(Fault finding) => finding.Severity == Severity.Overrule
        ? !string.IsNullOrWhiteSpace(Reasons.GetValueOrDefault(finding.Key))
        : Ticked.Contains(finding.Key);

    /// <returns>What they have answered for, in words for the record.</returns>
    public string Words(IReadOnlyList<Fault> findings) =>
        string.Join(
            " ",
            findings.Select(finding =>
                finding.Severity == Severity.Overrule
                    ? $"overruled: {finding.Problem} Reason: {SingleLine.Of(Reasons[finding.Key])}."
                    : $"confirmed: {finding.Problem}"));
}

/// <summary>Lets a distribution go, holds it, lets it go on, stops it, and says when it is complete.</summary>
internal sealed class Releases(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    BatchQueue queue,
    LetterWriter writer,
    UnknownOutcomePolicy unknown,
    ReleaseReviews reviews,
    Notices notices,
    IOptions<ReleaseSettings> release,
    IOptions<DispatchSettings> settings,
    TimeProvider clock)
{
    /// <returns>
    /// What whoever releases it must know, as things stand now; null where it does not wait for release.
    /// </returns>
    public async Task<ReleaseReview?> Review(string distributionId, CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { State: DistributionState.AwaitingRelease } waiting
            ? await reviews.Of(waiting, cancellation)
            : null;

    /// <summary>
    /// Takes a person's word that a distribution shall leave: it leaves, at once or at the hour its letter sets, or
    /// waits for another person's. Nothing leaves but what their page showed: it is held against storage as it is
    /// listed at this moment.
    /// </summary>
    public async Task<ReleaseOutcome> Release(
        string distributionId,
        Person by,
        ReleaseRequest request,
        CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation)
            is not { State: DistributionState.AwaitingRelease } waiting)
            return ReleaseOutcome.TooLate;
        var review = await reviews.Of(waiting, cancellation);
        if (ReasonAgainst(review, request) is { } refusal)
            return refusal;

        var now = clock.GetUtcNow();
        var outcome = ReleaseOutcome.TooLate;
        var changed = await distributions.Change(
            distributionId,
            distribution =>
            {
                // The same content was prepared again while the review was made, so its approvals no longer count.
                outcome =
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
                return outcome switch
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
                    ReleaseOutcome.Released when distribution.SendAt > now => (
                        Behind(distribution, review) with
                        {
                            State = DistributionState.Scheduled,
                            ReleasedBy = by.Name,
                            Confirmed = [.. review.ToConfirm.Select(finding => finding.Key)],
                        }).With(
                        Entry(
                            Act.Scheduled,
                            by.Name,
                            $"to leave on {NewYorkTime.Words(distribution.SendAt.Value)} New York time{(words.Length > 0 ? $"; {words}" : "")}"
                        )),
                    ReleaseOutcome.Released => Behind(distribution, review)
                        .LetGo(by.Name, now)
                        .With(Entry(Act.Released, by.Name, words)),
                    _ => null,
                };
            },
            cancellation);
        if (changed is { State: DistributionState.Released })
            await Queue(changed, cancellation);
        return outcome;
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

    /// <summary>Takes a person's approval back while the other's is still to come.</summary>
    /// <returns>False when there is none of theirs to take back.</returns>
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

    /// <summary>Takes a release back while its hour has not come.</summary>
    /// <returns>False when it is not waiting for its hour any more.</returns>
    public async Task<bool> HoldBack(string distributionId, string by, CancellationToken cancellation) =>
        await distributions.Change(distributionId, distribution => distribution.State == DistributionState.Scheduled
            ? distribution.WaitAgain().With(Entry(Act.HeldBack, by))
            : null, cancellation) is not null;

    /// <summary>
    /// Lets a distribution go whose hour has come. Where anything keeps it from leaving as it was released, a person is
    /// asked instead; where its folder holds files that are still to be examined, nothing leaves before they are.
    /// </summary>
    public async Task SendDue(DistributionRecord scheduled, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (scheduled.SendAt is not { } hour || hour > now)
            return;
        var isLate = now > hour + settings.Value.LateBy;
        var review = await reviews.Of(scheduled, cancellation);
        if (review.Obstacle == ReleaseObstacle.BeingExamined && !isLate)
            return;
        var held = Held(scheduled, hour, isLate, review);
        var due = await distributions.Change(
            scheduled.Id,
            distribution =>
                // Held back, or released anew, while it was looked at: the next run looks at that.
                distribution.State != DistributionState.Scheduled
                || distribution.Acts.Count != scheduled.Acts.Count
                    ? null
                : held is not null ? distribution.WaitAgain().With(Entry(held.Act, null, held.Why))
                : distribution.LetGo(distribution.ReleasedBy!, now).With(Entry(Act.Released, distribution.ReleasedBy)),
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

    /// <returns>What keeps a letter from leaving at its hour; null where nothing does.</returns>
    private static HeldAtHour? Held(
        DistributionRecord scheduled,
        DateTimeOffset hour,
        bool isLate,
        ReleaseReview review)
    {
        const string Again = "Open its page, and release it again if it shall leave now.";
        var meant = $"It was to leave on {NewYorkTime.Words(hour)} New York time";
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
        // A version before format 3 did not keep what was looked at.
        if (scheduled.ReleasedContent is { } looked && looked != review.Content)
            return new(
                Act.HeldBack,
                $"{meant}, but it is not what was looked at when it was released: its content, or the address its links lead to (PublicUrl), has changed since.",
                "Open its page, look at it again, and release it if it shall leave so.");
        if (isLate)
            return new(Act.HourMissed, $"{meant}, and the service could not send it then.", Again);
        // A passed hour is no obstacle here: the letter was waiting for it.
        return
            review.ToConfirm.FirstOrDefault(finding =>
                finding.Number != IntakeFaults.HourPassedNumber && !scheduled.Confirmed.Contains(finding.Key))
                is { } odd
            ? new(Act.HeldBack, odd.Problem, Again)
            : null;
    }

    /// <param name="Why">A sentence, for the record and the notice.</param>
    /// <param name="Remedy">A sentence.</param>
    private sealed record HeldAtHour(Act Act, string Why, string Remedy);

    /// <summary>
    /// Queues every batch of a released distribution. Safe to repeat: a batch queued twice is sent once.
    /// </summary>
    public async Task Queue(DistributionRecord distribution, CancellationToken cancellation)
    {
        if (distribution is { State: DistributionState.Released, Follows: { IsCorrection: true } correction })
            await StopSuperseded(correction.Of, distribution, cancellation);
        await QueueRequested(distribution, cancellation);
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
        distributions.Change(
            distributionId,
            distribution =>
                distribution.State is DistributionState.Released or DistributionState.Sending
                    ? (
                        distribution with
                        {
                            State = DistributionState.Paused,
                            PauseReason = reason,
                            PausePasses = passes,
                            RequeuedAt = clock.GetUtcNow(),
                        }).With(Entry(Act.Paused, null, reason))
                    : null,
            cancellation);

    /// <summary>Lets a paused distribution go on with the letters still to be sent.</summary>
    /// <param name="by">The person who says so; null where the reason has passed by itself.</param>
    /// <returns>False when it is not paused.</returns>
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
            await Queue(resumed, cancellation);
        return resumed is not null;
    }

    /// <summary>
    /// Stops a distribution: letters in flight are finished, no other is sent, its reminders on their way included.
    /// Only a person who asks for it by itself has the rest sent after that.
    /// </summary>
    /// <returns>False when it had not been released, or nothing of it could be stopped any more.</returns>
    public async Task<bool> Withdraw(string distributionId, string by, CancellationToken cancellation)
    {
        var withdrawn = await distributions.Change(
            distributionId,
            distribution =>
                distribution.State
                    is DistributionState.Released
                        or DistributionState.Sending
                        or DistributionState.Paused
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
        if (withdrawn is null)
            return false;
        await TakeBack(withdrawn, cancellation);
        foreach (
            var reminder in (await distributions.Following(distributionId, cancellation)).Where(other =>
                other.Follows!.Kind == FollowUpKind.Reminder))
            await Withdraw(reminder.Id, by, cancellation);
        return true;
    }

    /// <summary>
    /// Before a correction leaves, what is still to be sent of the earlier letter is stopped, with its reminders and
    /// addenda: whoever had not got it gets the good one alone.
    /// </summary>
    private async Task StopSuperseded(string earlier, DistributionRecord correction, CancellationToken cancellation)
    {
        var by = $"{correction.DraftLabel} ({correction.Id}), which supersedes it";
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

    /// <summary>The reminders without those that were still to come.</summary>
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
    /// Takes back what a stopped distribution has not sent. Safe to repeat, for what was in flight may come back
    /// unsent. Whether it is still stopped is asked after an entry was read and before it is written: who has the rest
    /// sent after all lets the distribution go before changing its entries, so that what leaves then is never taken
    /// back.
    /// </summary>
    public async Task TakeBack(DistributionRecord distribution, CancellationToken cancellation)
    {
        var by = distribution.Acts.FindLast(entry => entry.Act == Act.Withdrawn)?.By ?? "";
        var open = (await entries.All(distribution.Id, cancellation))
            .Where(entry => entry.Value.IsOpen)
            .Select(entry => entry.Value.Order)
            .ToList();
        if (open is [])
            return;
        var roster = (await contents.Find(distribution.Id, cancellation)).Roster;
        await entries.Change(
            distribution.Id,
            open,
            dispatch =>
                dispatch.IsOpen
                    ? dispatch
                        .Begin(
                            roster[dispatch.Order - 1],
                            writer.MessageIds(distribution.KeyId, dispatch),
                            clock.GetUtcNow())
                        .Withdrawn(clock.GetUtcNow(), by)
                    : null,
            cancellation,
            holds: async () =>
                await distributions.Find(distribution.Id, cancellation) is { State: DistributionState.Withdrawn });
        await entries.LogRecorded(distribution.Id);
    }

    /// <summary>
    /// Makes the attempts a person has asked for. Safe to repeat, after a crash too: each has its number, and is made
    /// where an entry has all before it.
    /// </summary>
    /// <returns>How many were made.</returns>
    public async Task<int> QueueRequested(DistributionRecord distribution, CancellationToken cancellation)
    {
        if (distribution.Asked is not { } asked)
            return 0;
        var roster = (await contents.Find(distribution.Id, cancellation)).Roster;
        var numbers = asked.Messages.ToDictionary(message => message.Order, message => message.Attempt);
        var made = await entries.Change(
            distribution.Id,
            numbers.Keys,
            dispatch =>
                dispatch.Attempts.Count == numbers[dispatch.Order] - 1
                    ? dispatch.Resend(
                        roster[dispatch.Order - 1],
                        writer.MessageIds(distribution.KeyId, dispatch),
                        clock.GetUtcNow(),
                        asked.By)
                    : null,
            cancellation,
            holds: async () => (await distributions.Find(distribution.Id, cancellation))?.Asked?.Id == asked.Id);
        await entries.LogRecorded(distribution.Id);
        await distributions.Change(
            distribution.Id,
            now => now.Asked?.Id == asked.Id ? now with { Asked = null } : null,
            cancellation);
        return made;
    }

    /// <summary>
    /// Puts letters back into the queue that nobody is at work on: their message was lost, or their worker died.
    /// </summary>
    public async Task Recover(DistributionRecord distribution, CancellationToken cancellation)
    {
        await distributions.Change(distribution.Id, now => now with { RequeuedAt = clock.GetUtcNow() }, cancellation);
        await QueueRequested(distribution, cancellation);
        await QueueOpen(distribution.Id, cancellation);
    }

    /// <summary>
    /// Marks a distribution complete when every mission of its frozen roster is accountable and nothing else was asked
    /// for. That nothing more is done, not that every mission has the letter: <c>Reach</c> tells that.
    /// </summary>
    public async Task CompleteWhenAccountable(string distributionId, CancellationToken cancellation)
    {
        if (!await entries.AllAccountable(distributionId, cancellation)
            || await distributions.Find(distributionId, cancellation) is not { } before)
            return;
        // Counted after it was read, and marked only if nothing was asked for since: what a person has sent again must
        // not be left lying in one that reads complete.
        var counts = await entries.Count(distributionId, cancellation);
        if (counts.Keys.Any(state => !state.IsAccountable) || counts.Values.Sum() != before.MissionCount)
            return;
        await distributions.Change(
            distributionId,
            distribution =>
                distribution is { State: DistributionState.Sending, Asked: null }
                && distribution.Acts.Count == before.Acts.Count
                    ? (distribution with { State = DistributionState.Complete, CompletedAt = clock.GetUtcNow() }).With(
                        Entry(Act.Completed, null))
                    : null,
            cancellation);
    }

    private AuditEntry Entry(Act act, string? by, string words = "") => new(clock.GetUtcNow(), act, by, words);

    private async Task QueueOpen(string distributionId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var open = (await entries.All(distributionId, cancellation))
            .Select(entry => entry.Value)
            .Where(dispatch =>
                (dispatch.Claim is not { } claim || claim.Until <= now)
                && (
                    dispatch.IsHandingOver
                    || unknown.IsDue(dispatch, now)
                    || (dispatch.IsOpen && (dispatch.NotBefore is not { } due || due <= now))));
        foreach (var batch in open.Chunk(settings.Value.BatchSize))
            await queue.Add(new(distributionId, batch[0].Order, batch[^1].Order), TimeSpan.Zero, cancellation);
    }
}
