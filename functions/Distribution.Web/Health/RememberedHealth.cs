using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Distribution.Web.Health;

/// <summary>
/// Whether a part does what it is for, found by trying it. The answer is remembered for half a minute: anyone may ask,
/// and must not be able to keep the mail server busy by asking.
/// </summary>
internal abstract class RememberedHealth(TimeProvider clock) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1);
    private (DateTimeOffset At, HealthCheckResult Result)? last;

    /// <summary>How long an answer is waited for.</summary>
    protected abstract TimeSpan Patience { get; }

    /// <summary>Fails where the part does not do what it is for.</summary>
    protected abstract Task Try(CancellationToken cancellation);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (last is not { } known || clock.GetUtcNow() - known.At >= Remembered)
                last = known = (clock.GetUtcNow(), await Tried(cancellationToken));
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
            await Try(cancellation).WaitAsync(Patience, cancellation);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(exception: failure);
        }
    }
}
