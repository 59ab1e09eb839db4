using Distribution.Hosting.Jobs;
using Distribution.Intake;

namespace Distribution.Hosting;

/// <summary>
/// Runs the timer's jobs side by side, each within its own budget, so that none holds up another. While a slow job goes
/// on, the others are run again at every tick.
/// </summary>
internal sealed class Reconciler(
    IEnumerable<ITimerJob> jobs,
    DistributionRecords distributions,
    JobFailures failures,
    JobStates states,
    TimeProvider clock)
{
    /// <summary>As often as the timer itself.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>The longest run, which is below the host's <c>functionTimeout</c>.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(9);

    private readonly Dictionary<ITimerJob, JobRun> running = [];

    /// <summary>
    /// Ends when every job has ended. Does not throw for a job that fails: see <see cref="JobFailures"/>. Idempotent;
    /// may run at any time, on several workers at once.
    /// </summary>
    /// <returns>Whether letters were on their way at its beginning, or may have been.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled it.</exception>
    public async Task<bool> Reconcile(CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + LongestRun;
        var tick = new TimerTick(distributions, cancellation);
        var first = Task.WhenAll(Start(tick, until, cancellation));
        List<Task> all = [first];
        while (!await EndsWithin(first, Every, cancellation))
            all.AddRange(
                // A new tick, with the distributions as they are by now. How jobs ended is written here, too: a slow
                // one must not keep the ends of the others from being seen.
                [.. Start(new(distributions, cancellation), until, cancellation), states.Write(cancellation)]);
        await Task.WhenAll(all);
        await states.Write(cancellation);
        cancellation.ThrowIfCancellationRequested();
        return tick.HasLettersOnTheirWay;
    }

    private async Task<bool> EndsWithin(Task task, TimeSpan time, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(task, Task.Delay(time, clock, stop.Token));
        await stop.CancelAsync();
        return task.IsCompleted || cancellation.IsCancellationRequested;
    }

    /// <summary>
    /// Starts the jobs that have time enough and do not run already, in the order in which they are registered: mail is
    /// the first, because others ask it what it has heard.
    /// </summary>
    private List<Task> Start(TimerTick tick, DateTimeOffset until, CancellationToken cancellation)
    {
        List<Task> ends = [];
        lock (running)
            // A job that could not end within this run is left to the next one.
            foreach (var job in jobs.Where(job => clock.GetUtcNow() + job.Budget <= until))
            {
                if (!running.TryGetValue(job, out var run) || run.IsOver)
                    running[job] = run = new(job, tick, failures, clock, cancellation);
                // A run that was cancelled and goes on all the same keeps its place, and counts as one more failure, so
                // that a notice comes in the end.
                ends.Add(run.Stuck is { } fault ? failures.Failed(job, fault, cancellation) : run.End);
            }

        return ends;
    }
}
