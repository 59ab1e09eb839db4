using System.Collections.Concurrent;
using Distribution.Intake;

namespace Distribution.Hosting.Jobs;

/// <summary>One tick of the timer. Its jobs share one list of the distributions, so that it is read once.</summary>
/// <param name="cancellation">Ends the reading of the list, for all jobs.</param>
internal sealed class TimerTick(DistributionRecords distributions, CancellationToken cancellation)
{
    private const int AtOnce = 4;

    // Under the token of the tick: a job that is cancelled for its budget stops waiting, and the list is read on for
    // the others.
    private readonly Lazy<Task<IReadOnlyList<DistributionRecord>>> listed = new(() => distributions.All(cancellation));

    /// <returns>As they were at the beginning of the tick, the latest prepared first.</returns>
    public Task<IReadOnlyList<DistributionRecord>> Distributions(CancellationToken cancellation) =>
        listed.Value.WaitAsync(cancellation);

    /// <summary>
    /// Whether any was being sent, or was on hold for a reason that may pass; also where the list could not be read.
    /// </summary>
    public bool HasLettersOnTheirWay =>
        listed is not { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: var all } }
        || all.Any(distribution =>
            distribution.State.IsBeingSent
            || distribution is { State: DistributionState.Paused, PausePasses: true });

    /// <summary>Does one after the other. One that fails does not keep the others.</summary>
    /// <exception cref="AggregateException">Holds why some failed.</exception>
    public static async Task InTurn(CancellationToken cancellation, params IReadOnlyList<Func<Task>> rounds)
    {
        List<Exception> failures = [];
        foreach (var round in rounds)
            try
            {
                await round();
            }
            // Where the budget is spent, the rounds behind it do not begin any more. A request to storage that has
            // timed out ends its own round alone.
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                failures.Add(failure);
            }

        if (failures is not [])
            throw new AggregateException(failures);
    }

    /// <summary>
    /// Does the same with each distribution, a few at a time. One that fails does not keep the others.
    /// </summary>
    /// <exception cref="AggregateException">Names each distribution that failed.</exception>
    public async Task ForEach(Func<DistributionRecord, CancellationToken, Task> work, CancellationToken cancellation)
    {
        var failures = new ConcurrentQueue<DistributionFailedException>();
        await Parallel.ForEachAsync(
            await Distributions(cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (distribution, stop) =>
            {
                try
                {
                    await work(distribution, stop);
                }
                catch (Exception fault) when (!stop.IsCancellationRequested)
                {
                    failures.Enqueue(new(distribution.Id, fault));
                }
            });
        if (!failures.IsEmpty)
            throw new AggregateException(failures);
    }
}
