using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>Releases a distribution, takes that back while it can be, and lets one go on that was on hold.</summary>
internal sealed class Releases(
    DistributionRecords distributions,
    BatchQueue queue,
    LetterQueue letters,
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
            await letters.QueueSoon(released.Value, cancellation, released);
        // Where this message is lost, or comes before its time, the timer sends it.
        if (decided.After is { Value: { State: DistributionState.Scheduled, LeavesAt: not null } soon })
            await queue.Add(new(soon.Id, null, IsRelease: true), request.UndoFor, cancellation);
        return decided.Result;
    }

    /// <summary>
    /// Released for the hour it sets, or else for when the press can no longer be undone. A person who presses shortly
    /// before the hour has the same time to undo it: the letter leaves that much later.
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
    /// again. No approval counts any more: the person who stopped it has seen something that the others have not.
    /// </summary>
    /// <returns>False if it is not scheduled any more.</returns>
    public async Task<bool> HoldBack(string distributionId, string by, CancellationToken cancellation) =>
        await distributions.Change(distributionId, distribution => distribution.State == DistributionState.Scheduled
            ? distribution.WaitAgain().With(Entry(Act.HeldBack, by))
            : null, cancellation) is not null;

    /// <summary>
    /// Sends a scheduled distribution when its time has come, or its release can no longer be undone. If anything is
    /// not as it was released, it waits for a person again, with a notice. If its folder holds files that are still to
    /// be examined, it waits for the examination, but not longer than <c>Dispatch:LateBy</c>.
    /// </summary>
    public async Task SendDue(DistributionRecord scheduled, CancellationToken cancellation)
    {
        if (await LetGoDue(scheduled, cancellation) is { } released)
            await letters.Queue(released.Value, cancellation, released);
    }

    /// <summary>The same, for a caller that queues or sends it itself: nothing is queued here.</summary>
    /// <param name="known">The record with its ETag, where the caller has just read it.</param>
    /// <returns>The released distribution; null where it is not sent now.</returns>
    public async Task<Stored<DistributionRecord>?> LetGoDue(
        DistributionRecord scheduled,
        CancellationToken cancellation,
        Stored<DistributionRecord>? known = null)
    {
        var now = clock.GetUtcNow();
        if (scheduled.Hour is not { } hour || hour > now)
            return null;
        var isLate = now > hour + settings.Value.LateBy;
        var review = await reviews.Of(scheduled, cancellation);
        if (review.Obstacle == ReleaseObstacle.BeingExamined && !isLate)
            return null;
        var held = Held(scheduled, hour, isLate, review);
        var notice = held is null
            ? null
            : new Notice(
                // The same for each worker, so that it is said once.
                $"hour-{scheduled.Id}-{hour.UtcTicks}",
                now,
                scheduled.Id,
                $"{scheduled.DraftLabel} was not sent. {held.Why} {held.Remedy}");
        var due = await distributions.Change(
            scheduled.Id,
            distribution => Decision.Of(
                // Race: it was held back or released again during the review. The next timer run decides.
                distribution.State != DistributionState.Scheduled
                || distribution.Acts.Count != scheduled.Acts.Count
                    ? null
                : held is not null
                    ? (distribution.WaitAgain() with { HourNotice = notice }).With(Entry(held.Act, null, held.Why))
                : distribution
                    .LetGo(distribution.ReleasedBy!, now, plan.SlotSize(distribution.MissionCount))
                    .With(Entry(Act.Released, distribution.ReleasedBy))),
            cancellation,
            known);
        if (due.After is null || held is null)
            return due.After;
        await TellOfHour(due.After.Value, cancellation, due.After);
        return null;
    }

    /// <summary>
    /// Tells the secretariat that a letter did not leave at its hour, where that is still to be said. The timer makes
    /// good what a worker leaves that stops before.
    /// </summary>
    /// <param name="known">The record with its ETag, where the caller has just written it.</param>
    public async Task TellOfHour(
        DistributionRecord distribution,
        CancellationToken cancellation,
        Stored<DistributionRecord>? known = null)
    {
        if (distribution.HourNotice is not { } notice)
            return;
        await notices.Add(notice, cancellation);
        await distributions.Change(
            distribution.Id,
            // Another hour may have passed since.
            now => now.HourNotice == notice ? now with { HourNotice = null } : null,
            cancellation,
            known);
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
                            // Not Sending: after a crash before its letters are queued, the timer queues what is
                            // released.
                            State = DistributionState.Released,
                            PauseReason = null,
                            PausePasses = false,
                            Probes = 0,
                        }).With(Entry(Act.Resumed, by))
                    : null,
            cancellation);
        if (resumed is not null)
            await letters.QueueSoon(resumed, cancellation);
        return resumed is not null;
    }

    private AuditEntry Entry(Act act, string? by, string words = "") => new(clock.GetUtcNow(), act, by, words);
}
