using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking.Forwarding;

/// <summary>
/// Sends letters on that somebody at a mission forwarded to a colleague. Such a mail is no letter: no entry and no count
/// knows of it.
/// </summary>
/// <remarks>
/// One worker alone hands one over, under a Message-ID made of the form's id. Where that worker stops before it has noted
/// the end, the same mail is handed over again, byte for byte: mail programs show one.
/// </remarks>
internal sealed class ForwardMailer(
    Forwards forwards,
    DistributionRecords distributions,
    LetterStandings standings,
    OwnDomains domains,
    MissionEntries entries,
    PreparedLettersCache prepared,
    LetterWriter writer,
    IMailTransport transport,
    TimeProvider clock)
{
    /// <summary>Longer than a handover can take within its job's budget.</summary>
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(5);

    /// <summary>Whoever forwarded a letter that no mail server has taken by then has helped themselves otherwise.</summary>
    private static readonly TimeSpan TryFor = TimeSpan.FromDays(1);

    /// <summary>Idempotent; any number of workers may run it at any time.</summary>
    /// <exception cref="AggregateException">Some could not be handed over, and are tried again.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        if (!forwards.Look.Begin())
            return;
        List<Exception> faults = [];
        foreach (var record in await forwards.Due(cancellation))
            foreach (var due in record.All.Where(forward => forward.State == ForwardState.Waiting))
                try
                {
                    forwards.Look.Expect();
                    if (await Claim(record, due.Id, cancellation) is { } claimed)
                        await HandOver(record, claimed, cancellation);
                }
                catch (LaterFormatException)
                {
                    // The version that wrote it looks after it; until then it stays due.
                }
                catch (Exception fault) when (!cancellation.IsCancellationRequested)
                {
                    faults.Add(fault);
                }

        if (faults is not [])
            throw new AggregateException(faults);
    }

    /// <returns>Null where another worker has it in hand, or has done it.</returns>
    private Task<Forward?> Claim(MissionForwards record, string id, CancellationToken cancellation)
    {
        var claim = Guid.NewGuid().ToString("n");
        return forwards.Change<Forward?>(
            record.DistributionId,
            record.MissionId,
            now =>
            {
                if (now.Find(id) is not { State: ForwardState.Waiting } waiting
                    || (waiting.ClaimedAt is { } claimed && (clock.GetUtcNow() - claimed).Duration() < ClaimFor))
                    return new(null, null);
                waiting = waiting with { ClaimedAt = clock.GetUtcNow(), ClaimId = claim };
                return new(now.With(waiting), waiting);
            },
            cancellation);
    }

    private async Task HandOver(MissionForwards record, Forward claimed, CancellationToken cancellation)
    {
        // Where it was erased meanwhile, this row goes as well.
        if (await distributions.Find(record.DistributionId, cancellation) is not { ReleasedAt: not null } distribution)
            return;
        if (await WhyNot(distribution, record.MissionId, claimed, cancellation) is { } why)
        {
            await End(ForwardState.NotSent, why);
            return;
        }

        var letters = await prepared.Prepare(distribution, cancellation);
        var entry = (await entries.Find(record.DistributionId, record.MissionId, cancellation)).Value;
        var outcome = (
            await transport.Send(
                await writer.WriteForwarded(letters, entry, claimed.Id, claimed.At, claimed.By, claimed.To, cancellation),
                cancellation)).Single();
        if (outcome.Result != MailboxResult.TryLater)
            await End(
                outcome.Result switch
                {
                    MailboxResult.Accepted => ForwardState.Sent,
                    MailboxResult.Unknown => ForwardState.NotKnown,
                    _ => ForwardState.NotSent,
                },
                outcome.Answer);
        else if ((clock.GetUtcNow() - claimed.At).Duration() >= TryFor)
            await End(ForwardState.NotSent, outcome.Answer);
        // Otherwise the claim stays: its end is when it is tried again.

        Task End(ForwardState state, string words) =>
            forwards.Change(
                record.DistributionId,
                record.MissionId,
                now => new Decision<MissionForwards, bool>(
                    now.Find(claimed.Id) is { State: ForwardState.Waiting } waiting
                        ? now.With(waiting.Ended(state, clock.GetUtcNow(), SingleLine.Of(words)))
                        : null,
                    true),
                // What has left is noted, whoever has stopped waiting.
                CancellationToken.None);
    }

    /// <returns>Why it may not leave any more, in a sentence; null where it may.</returns>
    private async Task<string?> WhyNot(
        DistributionRecord distribution,
        string missionId,
        Forward asked,
        CancellationToken cancellation) =>
        await standings.Of(distribution, cancellation) != LetterStanding.Stands
            ? "The letter was withdrawn or replaced meanwhile."
        : !(await domains.Of(distribution.Id, missionId, cancellation)).Contains(EmailAddresses.Domain(asked.To))
            ? "The domain is no longer the mission's own in the register."
        : null;
}
