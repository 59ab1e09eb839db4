namespace Distribution.Sending;

/// <summary>
/// Renews what this worker holds for a time, as long as the worker lives. A renewal that fails is tried again, also
/// after that time, as long as nobody else has taken what is held. Disposing ends it, and waits for its end.
/// </summary>
internal sealed class Renewal : IAsyncDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly Task renewing;

    /// <param name="renew">Returns false where there is nothing to hold any more.</param>
    /// <param name="failed">Called with the exception each time it failed.</param>
    public Renewal(
        TimeSpan every,
        TimeProvider clock,
        Func<CancellationToken, Task<bool>> renew,
        Action<Exception> failed) =>
        renewing = Renew(every, clock, renew, failed);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await renewing;
        ended.Dispose();
    }

    private async Task Renew(
        TimeSpan every,
        TimeProvider clock,
        Func<CancellationToken, Task<bool>> renew,
        Action<Exception> failed)
    {
        while (true)
        {
            await Task.Delay(every, clock, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
                return;
            try
            {
                if (!await renew(ended.Token))
                    return;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                failed(failure);
            }
        }
    }
}
