using Distribution.Tracking.Erasure;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Announces and carries out erasures that are due, and goes on with those that a stopped worker left.
/// </summary>
internal sealed class ErasureJob(RetentionPolicy retention, TimeProvider clock) : ITimerJob
{
    /// <summary>Retention is counted in days, so there is no need to look at every tick.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    private DateTimeOffset? last;

    /// <summary>The distributions there were. When one is gone, its erasure has begun and may have been left.</summary>
    private IReadOnlyList<string> known = [];

    public string Name => "erasure";

    public string Undone => "letters whose time has ended are not erased";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var all = await tick.Distributions(cancellation);
        var ids = all.Select(distribution => distribution.Id).ToList();
        // The absolute difference, so that nothing waits for a clock that was set back.
        if (last is { } then && (now - then).Duration() < Every && !known.Except(ids).Any())
            return;
        // Noted as done only afterwards: what fails is tried again at the next tick.
        await retention.Run(all, cancellation);
        (last, known) = (now, ids);
    }
}
