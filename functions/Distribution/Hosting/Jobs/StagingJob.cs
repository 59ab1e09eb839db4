using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters.Settings;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Deletes what nobody goes on with: parts of uploads, images for the settings that nobody saved, letters in the
/// making.
/// </summary>
internal sealed class StagingJob(
    StagedFiles staged,
    UnfinishedRetention unfinished,
    DeskSettings settings,
    SettingImages images,
    TimeProvider clock) : ITimerJob
{
    /// <summary>They are kept for a day and longer, so there is no need to look at every tick.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private DateTimeOffset? last;

    public string Name => "unfinished uploads";

    public string Undone =>
        "what nobody goes on with, such as parts of uploads and letters in the making, is not deleted";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // The absolute difference, so that nothing waits for a clock that was set back.
        if (last is { } then && (now - then).Duration() < Every)
            return;
        await staged.RemoveAbandoned(cancellation);
        await images.RemoveUnused(settings, cancellation);
        await unfinished.Run(cancellation);
        last = now;
    }
}
