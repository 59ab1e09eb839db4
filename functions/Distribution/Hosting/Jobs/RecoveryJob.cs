using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Microsoft.Extensions.Options;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Picks up what a stopped worker left, and lets go on what can. A letter of which nobody knows whether it was sent is
/// left alone until the mail that had come by its time was heard: evidence goes before policy.
/// </summary>
internal sealed class RecoveryJob(
    DistributionRecords distributions,
    MissionEntries entries,
    Releases releases,
    ProofSender proofs,
    IMailTransport transport,
    InboundMailJob mail,
    IOptions<DispatchSettings> dispatchSettings,
    TimeProvider clock) : ITimerJob
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan LongestProbe = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long unsent letters of a stopped distribution are looked for: all letters in flight when it was stopped have
    /// ended by then.
    /// </summary>
    private static readonly TimeSpan WatchWithdrawn = TimeSpan.FromHours(1);

    private readonly DispatchSettings settings = dispatchSettings.Value;

    public string Name => "recovery";

    public string Undone => "letters that a stopped worker left, or that are on hold, do not go on by themselves";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        Telemetry.RecordOnHold(
            (await tick.Distributions(cancellation)).Count(found => found.State == DistributionState.Paused));
        await tick.ForEach(Advance, cancellation);
        var heard = await mail.HeardUntil(cancellation);
        var unknown = 0;
        await tick.ForEach(
            async (distribution, stop) =>
            {
                if (distribution.State == DistributionState.Sending && Idle(distribution) >= settings.ClaimFor)
                {
                    await releases.CompleteWhenAccountable(distribution.Id, stop);
                    await releases.Recover(distribution, heard, stop);
                }

                if (distribution.State is DistributionState.Sending or DistributionState.Paused)
                    Interlocked.Add(ref unknown, await entries.CountUnknown(distribution.Id, stop));
            },
            cancellation);
        Telemetry.RecordUnknownOutcomes(unknown);
    }

    private async Task Advance(DistributionRecord distribution, CancellationToken cancellation)
    {
        switch (distribution.State)
        {
            case DistributionState.AwaitingRelease:
                await proofs.RequestFirst(distribution, cancellation);
                break;
            case DistributionState.Released:
                await releases.Queue(distribution, cancellation);
                break;
            case DistributionState.Withdrawn when Idle(distribution) < WatchWithdrawn:
                await releases.WithdrawUnsent(distribution, cancellation);
                break;
            case DistributionState.Paused
                when distribution.PausePasses && Idle(distribution) >= ProbeAfter(distribution.Probes):
                await Probe(distribution, cancellation);
                break;
        }
    }

    /// <summary>
    /// How long ago its letters were last queued. A time in the future means that the clock was set back: the absolute
    /// difference is used, so that nothing waits for a wrong clock.
    /// </summary>
    private TimeSpan Idle(DistributionRecord distribution) =>
        (clock.GetUtcNow() - (distribution.RequeuedAt ?? DateTimeOffset.MinValue)).Duration();

    /// <summary>Exponential backoff with jitter, so that not all distributions retry at once.</summary>
    private TimeSpan ProbeAfter(int probes)
    {
        var pause = settings.ProbeEvery * Math.Pow(2, Math.Min(probes, 10));
        return (
                pause < LongestProbe ? pause
                : settings.ProbeEvery > LongestProbe ? settings.ProbeEvery
                : LongestProbe) * (1 + Random.Shared.NextDouble() * Jitter);
    }

    private async Task Probe(DistributionRecord distribution, CancellationToken cancellation)
    {
        try
        {
            await transport.Probe(cancellation);
        }
        catch (SenderFaultException fault)
        {
            await distributions.Change(
                distribution.Id,
                paused =>
                    paused.State == DistributionState.Paused
                        ? paused with
                        {
                            PauseReason = fault.Message,
                            PausePasses = fault.Passes,
                            RequeuedAt = clock.GetUtcNow(),
                            Probes = paused.Probes + 1,
                        }
                        : null,
                cancellation);
            return;
        }

        await releases.Resume(distribution.Id, by: null, cancellation);
    }
}
