using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Distribution.Web.Health;

/// <summary>
/// A health check that tries whether a part works and caches the result for 30 seconds. Anyone may call the health
/// endpoint, and must not be able to keep the mail server busy that way.
/// </summary>
internal abstract class RememberedHealth(TimeProvider clock) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1);
    private (DateTimeOffset At, HealthCheckResult Result)? last;

    /// <summary>The timeout of one try.</summary>
    protected abstract TimeSpan Patience { get; }

    /// <summary>Throws where the part does not work.</summary>
    protected abstract Task Try(CancellationToken cancellation);

    protected DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>What the last try found out, for people of the desk; null for nothing.</summary>
    protected virtual string? Details => null;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        // One at a time, so that many who ask at once cause one try and not many.
        await turn.WaitAsync(cancellationToken);
        try
        {
            // One in the future means that the clock was set back.
            if (last is not { } known || (Now - known.At).Duration() >= Remembered)
                last = known = (Now, await Tried(cancellationToken));
            return known.Result;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<HealthCheckResult> Tried(CancellationToken cancellation)
    {
        try
        {
            // A try that does not heed its token is left to itself: the caller gets an answer in time.
            await Try(cancellation).WaitAsync(Patience, cancellation);
            return HealthCheckResult.Healthy(Details);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(Details, failure);
        }
    }
}
