using Distribution.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Distribution.Local;

/// <summary>Runs the reconcile timer every second, because the storage emulator raises no events for uploads.</summary>
internal sealed class ReconcilePump(Reconciler reconciler, ILogger<ReconcilePump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            try
            {
                await reconciler.Reconcile(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(failure, "The reconcile timer failed; it runs again in a second");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
