using Distribution.Tracking.Inbound;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Reads what came back: the files in the inbound container and the return mailbox, side by side. Other jobs ask it
/// until when mail has been heard, because mail can make a reminder or another copy of a letter needless.
/// </summary>
internal sealed class InboundMailJob(InboundUploads files, ReturnMailbox mailbox, TimeProvider clock) : ITimerJob
{
    /// <summary>How long another job waits for a run in progress.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // There is one to wait for before the first run: the jobs start side by side, and others may ask first.
    private volatile TaskCompletionSource run = new();

    private long heardUntil;

    public string Name => "inbound mail";

    public string Undone => "bounces and replies that have come are not taken in";

    public TimeSpan Budget => TimeSpan.FromMinutes(3);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        // Also after a failure: where mail cannot be read at all, waiting for it would only delay what waits.
        var (heard, ended) = (clock.GetUtcNow(), run = new());
        try
        {
            var taken = files.HandleAll(cancellation);
            var read = mailbox.Read(cancellation);
            // A mailbox that hangs must not hold up those who wait for this run any longer than its budget.
            var both = await Task.WhenAll(taken, read).WaitAsync(cancellation);
            // The earlier of both: only up to then has all that came been read.
            heard = both.Min(one => one.Until);
            if (both.Select(one => one.Failure).OfType<Exception>().ToList() is [var first, .. var others] failures)
                throw others is [] ? first : new AggregateException(failures);
        }
        finally
        {
            // Before those who wait are let go, so that they read it.
            Interlocked.Exchange(ref heardUntil, heard.UtcTicks);
            ended.SetResult();
        }
    }

    /// <summary>Waits for a run in progress, but not long.</summary>
    /// <returns>
    /// What had come by this moment was handled, unless a run that has ended found a place that cannot be read at all.
    /// Before the first run has ended, <see cref="DateTimeOffset.MinValue"/>.
    /// </returns>
    public async Task<DateTimeOffset> HeardUntil(CancellationToken cancellation)
    {
        try
        {
            await run.Task.WaitAsync(Patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // Whoever asked goes on with what an earlier run has heard.
        }

        return new(Interlocked.Read(ref heardUntil), TimeSpan.Zero);
    }
}
