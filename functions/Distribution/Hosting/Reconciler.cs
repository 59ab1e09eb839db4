using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Hosting;

/// <summary>
/// The timer's work: picks up what an event missed, what a crashed worker left, and what can continue.
/// </summary>
internal sealed class Reconciler(
    RegisterInUse registers,
    DraftUploads uploads,
    InboundUploads inbound,
    ReturnMailbox mailbox,
    DistributionRecords distributions,
    MissionEntries entries,
    Releases releases,
    ReminderSender reminders,
    ProofSender proofs,
    IMailTransport transport,
    LogKeeper logs,
    RetentionPolicy retention,
    IOptions<DispatchSettings> dispatchSettings,
    TimeProvider clock,
    ILogger<Reconciler> logger)
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan LongestProbe = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long unsent letters of a stopped distribution are looked for: all letters in flight when it was stopped have
    /// ended by then.
    /// </summary>
    private static readonly TimeSpan WatchWithdrawn = TimeSpan.FromHours(1);

    private readonly DispatchSettings settings = dispatchSettings.Value;

    /// <summary>Idempotent; may run at any time, on several workers at once.</summary>
    public async Task Reconcile(CancellationToken cancellation)
    {
        await registers.AdoptUploaded(cancellation);
        await uploads.ExamineAll(cancellation);
        await Receive(inbound.HandleAll, cancellation);
        await Receive(mailbox.Read, cancellation);
        var unknown = 0;
        foreach (var distribution in await distributions.All(cancellation))
        {
            try
            {
                await Advance(distribution, cancellation);
                await reminders.SendDue(distribution, cancellation);
                if (distribution.State is DistributionState.Sending or DistributionState.Paused)
                    unknown += await entries.CountUnknown(distribution.Id, cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                // A distribution that fails must not block the others; the next run tries it again.
                logger.LogError(fault, "Distribution {Distribution} could not go on for now", distribution.Id);
            }
        }

        await logs.Run(cancellation);
        await retention.Run(cancellation);
        Telemetry.RecordUnknownOutcomes(unknown);
        Telemetry.RecordHeartbeat();
    }

    /// <summary>
    /// Evidence is read before unknown outcomes are settled by policy. If a source fails, the other jobs still run.
    /// </summary>
    private async Task Receive(Func<CancellationToken, Task> source, CancellationToken cancellation)
    {
        try
        {
            await source(cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(fault, "What came back could not be heard for now");
        }
    }

    private async Task Advance(DistributionRecord distribution, CancellationToken cancellation)
    {
        // A time in the future means that the clock was set back: the absolute difference is used, so that nothing
        // waits for a wrong clock.
        var idle = (clock.GetUtcNow() - (distribution.RequeuedAt ?? DateTimeOffset.MinValue)).Duration();
        switch (distribution.State)
        {
            case DistributionState.AwaitingRelease:
                await proofs.RequestFirst(distribution, cancellation);
                break;
            case DistributionState.Scheduled:
                await releases.SendDue(distribution, cancellation);
                break;
            case DistributionState.Released:
                await releases.Queue(distribution, cancellation);
                break;
            case DistributionState.Sending when idle >= settings.ClaimFor:
                await releases.CompleteWhenAccountable(distribution.Id, cancellation);
                await releases.Recover(distribution, cancellation);
                break;
            case DistributionState.Withdrawn when idle < WatchWithdrawn:
                await releases.WithdrawUnsent(distribution, cancellation);
                break;
            case DistributionState.Paused when distribution.PausePasses && idle >= ProbeAfter(distribution.Probes):
                await Probe(distribution, cancellation);
                break;
        }
    }

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
