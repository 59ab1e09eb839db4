using System.Collections.Concurrent;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Keeps account of how the timer's jobs end. Each failure is logged and counted; after some minutes of nothing but
/// failures the secretariat gets one notice.
/// </summary>
internal sealed class JobFailures(Notices notices, JobStates states, TimeProvider clock, ILogger<JobFailures> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Failing> failing = new();

    /// <summary>The jobs whose last run in this process failed, and since when.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Now =>
        failing.ToDictionary(job => job.Key, job => job.Value.Since);

    /// <summary>A run ended well: its failures are over, and the heartbeat is counted.</summary>
    public void Ended(ITimerJob job)
    {
        failing.TryRemove(job.Name, out _);
        states.Note(job.Name, failure: null);
        Telemetry.RecordHeartbeat(job.Name);
    }

    /// <summary>
    /// A run failed: it is logged and counted, and told to the secretariat after five minutes of failures. Never fails.
    /// </summary>
    public async Task Failed(ITimerJob job, Exception fault, CancellationToken cancellation)
    {
        Telemetry.RecordJobFailure(job.Name);
        states.Note(job.Name, Reason(fault));
        var now = clock.GetUtcNow();
        var before = failing.GetValueOrDefault(job.Name) ?? new(now, null, IsTold: false);
        // The same exception again is not another attempt: a job may remember a failure until it is time to try again.
        if (before.Fault != fault)
            logger.LogError(fault, "The timer's job {Job} failed; the next tick tries it again", job.Name);
        // The code that threw it has left a notice of its own, which says more.
        var isTold = before.IsTold || fault is NoticedException;
        // Most failures pass: a storage that is moved, a mail server that is started again.
        if (!isTold && now - before.Since >= Patience)
            isTold = await Tell(job, before.Since, fault, cancellation);
        failing[job.Name] = before with { Fault = fault, IsTold = isTold };
    }

    /// <returns>False where the notice could not be stored either; the next failure tries again.</returns>
    private async Task<bool> Tell(ITimerJob job, DateTimeOffset since, Exception fault, CancellationToken cancellation)
    {
        try
        {
            await notices.Add(
                new(
                    // With the first failure of the row, so that each row of failures has one notice, whoever writes
                    // it.
                    $"timer-{job.Name.Replace(' ', '-')}-{since.UtcTicks}",
                    clock.GetUtcNow(),
                    null,
                    $"The service's job “{job.Name}” has not succeeded since {NewYorkTime.Words(since)} New York time: {Reason(fault)} While that is so, {job.Undone}. Have the service's log looked at."
                ),
                cancellation);
            return true;
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "The notice about the job {Job} could not be stored", job.Name);
            return false;
        }
    }

    /// <returns>A sentence. Only sentences of this service's own are quoted; others may hold anything.</returns>
    private static string Reason(Exception fault) =>
        fault switch
        {
            AggregateException several => string.Join(" ", several.InnerExceptions.Select(Reason).Distinct().Take(3)),
            DistributionFailedException or JobTimeoutException or NoticedException or InvalidDataException =>
                SingleLine.Of(fault.Message),
            _ when StorageFailures.Pass(fault) => "what it needs did not answer, or took too long.",
            _ => "something went wrong in the service itself.",
        };

    /// <param name="Since">When the first of the failures in a row came.</param>
    /// <param name="Fault">The last one.</param>
    private sealed record Failing(DateTimeOffset Since, Exception? Fault, bool IsTold);
}
