using Distribution.Tracking.NoticeMails;

namespace Distribution.Hosting.Jobs;

/// <summary>Tells the secretariat by mail of what waits for a person.</summary>
internal sealed class NoticeMailJob(NoticeMailer mailer, TimeProvider clock) : ITimerJob
{
    /// <summary>It counts the entries of recent letters, and doing so at every tick is not necessary.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private DateTimeOffset? last;

    public string Name => "mail about what waits";

    public string Undone => "nobody is told by mail of what waits for a person";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // The absolute difference, so that nothing waits for a clock that was set back.
        if (last is { } then && (now - then).Duration() < Every)
            return;
        await mailer.Run(await tick.Distributions(cancellation), cancellation);
        last = now;
    }
}
