namespace Distribution.Hosting.Jobs;

/// <summary>
/// One job of the timer. It may be cancelled at any point, and run on several workers at once: what it does is
/// idempotent, and the next run goes on from what is stored.
/// </summary>
internal interface ITimerJob
{
    /// <summary>A few words for logs, metrics and notices: <c>inbound mail</c>.</summary>
    string Name { get; }

    /// <summary>What does not happen while the job fails; a clause for the notice to the secretariat.</summary>
    string Undone { get; }

    /// <summary>The longest that one run may take before it is cancelled.</summary>
    TimeSpan Budget { get; }

    /// <exception cref="AggregateException">Some of its work failed; the rest was done.</exception>
    Task Run(TimerTick tick, CancellationToken cancellation);
}
