using Distribution.Intake;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>
/// Limits the letters per minute of a distribution, over all workers (the count is kept in its record).
/// </summary>
internal sealed class SendRateLimiter(
    DistributionRecords distributions,
    IOptions<DispatchSettings> options,
    TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly int most = options.Value.LettersPerMinute;

    /// <returns>How many letters may be claimed now, and when to ask for the others.</returns>
    public async Task<(int Letters, DateTimeOffset Next)> Grant(
        string distributionId,
        int wanted,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (most == 0 || wanted == 0)
            return (wanted, now);
        var granted = 0;
        var next = now;
        await distributions.Change(
            distributionId,
            distribution =>
            {
                // A window in the future means that the clock was set back; it is replaced by a new one.
                var minute =
                    distribution.Minute is { } running && running.From <= now && now < running.From + Window
                        ? running
                        : new(now, 0);
                granted = Math.Min(wanted, most - minute.Letters);
                next = minute.From + Window;
                return granted > 0
                    ? distribution with
                    {
                        Minute = minute with { Letters = minute.Letters + granted },
                    }
                    : null;
            },
            cancellation);
        return (granted, next);
    }
}
