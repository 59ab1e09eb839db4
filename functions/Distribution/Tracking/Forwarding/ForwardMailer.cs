using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking.Forwarding;

/// <summary>
/// Sends the letters that somebody at a mission forwarded to a colleague. Such a mail is no letter: no entry and no
/// count includes it.
/// </summary>
internal sealed class ForwardMailer(
    Forwards forwards,
    DistributionRecords distributions,
    LetterStandings standings,
    OwnDomains domains,
    MissionEntries entries,
    PreparedLettersCache prepared,
    LetterWriter writer,
    MailHandOver mails,
    TimeProvider clock)
{
    /// <summary>Idempotent; any number of workers may run it at any time.</summary>
    /// <exception cref="AggregateException">Some could not be handed over, and are tried again.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        // Nearly always nothing waits, and then storage is not asked at every run.
        if (forwards.Look.Begin())
            await MailHandOver.Each(
                (await forwards.Due(cancellation)).SelectMany(record =>
                    record.All.Where(forward => forward.State == ForwardState.Waiting).Select(due => (record, due))),
                found =>
                {
                    // As long as one is left, the next run looks again at once.
                    forwards.Look.Expect();
                    return HandOver(found.record, found.due, cancellation);
                },
                cancellation);
    }

    private Task HandOver(MissionForwards record, Forward due, CancellationToken cancellation) =>
        mails.HandOver(
            due.At,
            () => forwards.Change<Forward?>(
                record.DistributionId,
                record.MissionId,
                now =>
                    now.Find(due.Id) is { State: ForwardState.Waiting } waiting
                    && mails.Claimed(waiting) is { } claimed
                    ? new(now.With(claimed), claimed)
                    : new(null, null),
                cancellation),
            claimed => Write(record, claimed, cancellation),
            // It goes to one address. Where that is to be tried later, the claim stays, and its end is when it is tried
            // again.
            (claimed, outcomes) => outcomes[0] switch
            {
                { Result: MailboxResult.TryLater } => Task.CompletedTask,
                { Result: MailboxResult.Accepted, Answer: var answer } =>
                    End(record, claimed, ForwardState.Sent, answer),
                { Result: MailboxResult.Unknown, Answer: var answer } =>
                    End(record, claimed, ForwardState.NotKnown, answer),
                { Answer: var answer } => End(record, claimed, ForwardState.NotSent, answer),
            },
            cancellation);

    private async Task<OutgoingMessage?> Write(MissionForwards record, Forward claimed, CancellationToken cancellation)
    {
        // Where it was erased meanwhile, this row goes as well.
        if (await distributions.Find(record.DistributionId, cancellation) is not { ReleasedAt: not null } distribution)
            return null;
        var standing = await standings.Of(distribution, cancellation);
        // Again, although it was asked at the press: the letter, or the register, can have changed since.
        if (await WhyNot(distribution, standing, record.MissionId, claimed, cancellation) is { } why)
        {
            await End(record, claimed, ForwardState.NotSent, why);
            return null;
        }

        return await writer.WriteForwarded(
            await prepared.Prepare(distribution, cancellation),
            (await entries.Find(record.DistributionId, record.MissionId, cancellation)).Value,
            claimed.Id,
            claimed.At,
            claimed.By,
            claimed.To,
            standing == LetterStanding.Corrected,
            cancellation);
    }

    private Task End(MissionForwards record, Forward claimed, ForwardState state, string words) =>
        forwards.Change(
            record.DistributionId,
            record.MissionId,
            now => Decision.Of(
                now.Find(claimed.Id) is { State: ForwardState.Waiting } waiting
                    ? now.With(waiting.Ended(state, clock.GetUtcNow(), SingleLine.Of(words)))
                    : null),
            // What has left is noted, whoever has stopped waiting.
            CancellationToken.None);

    /// <returns>Why it may not leave any more, in a sentence; null where it may.</returns>
    private async Task<string?> WhyNot(
        DistributionRecord distribution,
        LetterStanding standing,
        string missionId,
        Forward asked,
        CancellationToken cancellation) =>
        // Its marking is frozen with it, and an embargo only ends: both were looked at when it was asked for.
        !standing.IsHandedOut
            ? "The letter was withdrawn or replaced meanwhile."
        : !(await domains.Of(distribution.Id, missionId, cancellation)).Contains(EmailAddresses.Domain(asked.To))
            ? "The domain is no longer the mission's own in the register."
        : null;
}
