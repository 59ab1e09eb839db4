using Distribution.Tracking.Log;

namespace Distribution.Hosting.Jobs;

/// <summary>Seals what has been written into the logs.</summary>
internal sealed class SealingJob(LogKeeper logs) : ITimerJob
{
    public string Name => "sealing";

    public string Undone => "what happens is kept, but is not sealed into the logs";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation) =>
        await logs.Run(await tick.Distributions(cancellation), cancellation);
}
