using Distribution.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Distribution.Local;

/// <summary>
/// Runs the reconcile timer, because the storage emulator raises no events for uploads: every second while somebody is
/// at work, less often while letters are on their way, and seldom where nothing has been asked of this machine for a
/// while.
/// </summary>
internal sealed class ReconcilePump(Reconciler reconciler, TimeProvider clock, ILogger<ReconcilePump> logger)
    : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WhileLettersLeave = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(15);

    /// <summary>How long somebody counts as at work after they have sent something.</summary>
    private static readonly TimeSpan AtWork = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim bell = new(0);

    private long asked = clock.GetTimestamp();

    /// <summary>Somebody has sent a form or a file: what it asks for is looked at soon.</summary>
    public void Wake()
    {
        Interlocked.Exchange(ref asked, clock.GetTimestamp());
        bell.Release();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = WhileLettersLeave;
            try
            {
                if (!await reconciler.Reconcile(stoppingToken))
                    pause = Seldom;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(failure, "The reconcile timer failed; it runs again in a moment");
            }

            await Pause(pause, stoppingToken);
        }
    }

    private async Task Pause(TimeSpan longest, CancellationToken stopping)
    {
        // A second in any case, however often somebody rings: one run serves all that was sent by then.
        await Task.Delay(Often, clock, stopping);
        var left = clock.GetElapsedTime(Interlocked.Read(ref asked)) < AtWork ? TimeSpan.Zero : longest - Often;
        // The first ring ends the wait, and the others that came with it are used up: one run is enough for all.
        while (await bell.WaitAsync(left, stopping))
            left = TimeSpan.Zero;
    }
}
