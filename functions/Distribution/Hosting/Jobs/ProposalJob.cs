using Distribution.Common;
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
    private readonly SeldomLook look = new(clock);

    public string Name => "proposals of missions";

    public string Undone =>
        "mailboxes that missions propose are not asked to confirm it, and the missions are not told";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        if (!look.Begin())
            return;
        var now = clock.GetUtcNow();
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
                // It is still there, so the next run looks again and does not wait for its minute.
                look.Expect();
            }

        if (faults is not [])
            throw new AggregateException(faults);
    }
}
