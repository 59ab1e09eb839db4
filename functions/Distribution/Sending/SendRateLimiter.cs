using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>Limits the letters per minute of the service: of all distributions and all workers together.</summary>
internal sealed class SendRateLimiter(SharedLimits limits, IOptions<DispatchSettings> options, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly int most = options.Value.LettersPerMinute;

    /// <returns>How many letters may be claimed now, and when to ask for the others.</returns>
    public async Task<(int Letters, DateTimeOffset Next)> Grant(int wanted, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (most == 0 || wanted == 0)
            return (wanted, now);
        return await limits.Change(
            use =>
            {
                // A window in the future means that the clock was set back; it is replaced by a new one.
                var minute =
                    use.MinuteFrom <= now && now < use.MinuteFrom + Window
                        ? use
                        : use with { MinuteFrom = now, Letters = 0 };
                var granted = Math.Min(wanted, most - minute.Letters);
                return new Decision<SharedUse, (int, DateTimeOffset)>(
                    granted > 0 ? minute with { Letters = minute.Letters + granted } : null,
                    // Below zero where another worker, with a higher setting, has used more.
                    (Math.Max(granted, 0), minute.MinuteFrom + Window));
            },
            cancellation);
    }
}
