using Distribution.Tracking.Proposals;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Writes the mails about what missions propose, settles what was accepted, and removes what ended long ago.
/// </summary>
internal sealed class ProposalJob(
    MissionProposals proposals,
    ProposalMailer mailer,
    ProposalDecisions decisions,
    TimeProvider clock) : ITimerJob
{
    /// <summary>Nobody waits for these mails at a page.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private DateTimeOffset? last;

    public string Name => "proposals of missions";

    public string Undone => "mailboxes that missions propose are not asked to confirm it, and the missions are not told";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // The absolute difference, so that nothing waits for a clock that was set back.
        if (last is { } then && (now - then).Duration() < Every)
            return;
        List<Exception> faults = [];
        foreach (var mission in await proposals.AllDue(now, cancellation))
            try
            {
                await decisions.Settle(mission, cancellation);
                await proposals.Clear(mission.MissionId, now - MissionProposals.KeptFor, cancellation);
                await mailer.Run(mission, cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                faults.Add(fault);
            }

        if (faults is not [])
            throw new AggregateException(faults);
        last = now;
    }
}
