using Distribution.Storage;

namespace Distribution.Hosting.Jobs;

/// <summary>One run of a job, which ends with its budget.</summary>
internal sealed class JobRun
{
    /// <summary>How long a job that was cancelled has to come to its end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private Task work = Task.CompletedTask;

    private Exception? fault;

    public JobRun(
        ITimerJob job,
        TimerTick tick,
        JobFailures failures,
        TimeProvider clock,
        CancellationToken cancellation) => End = Run(job, tick, failures, clock, cancellation);

    /// <summary>Ends with the job, or with its budget. Never fails.</summary>
    public Task End { get; }

    /// <summary>Whether the job may be started again.</summary>
    public bool IsOver => End.IsCompleted && work.IsCompleted;

    /// <summary>
    /// Why a run that has ended keeps the job from being started again: it was cancelled, and has not stopped. Else
    /// null.
    /// </summary>
    public Exception? Stuck => End.IsCompleted && !work.IsCompleted ? fault : null;

    private async Task Run(
        ITimerJob job,
        TimerTick tick,
        JobFailures failures,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(job.Budget, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            work = job.Run(tick, stop.Token);
            // A job that does not heed its token ends here for the timer all the same.
            await work.WaitAsync(stop.Token);
            failures.Ended(job);
        }
        catch (Exception failure)
        {
            await Task.WhenAny(work, Task.Delay(Grace, clock, CancellationToken.None));
            // The host stops, or the caller did: that is no failure of the job.
            if (cancellation.IsCancellationRequested)
                return;
            if (!time.IsCancellationRequested && UnreadableRecordException.IsWhy(failure))
            {
                // All the rest was done, and a notice names what cannot be read.
                failures.Ended(job);
                return;
            }

            fault = time.IsCancellationRequested ? new JobTimeoutException(job.Budget) : failure;
            await failures.Failed(job, fault, cancellation);
        }
    }
}
