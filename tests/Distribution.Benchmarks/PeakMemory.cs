namespace Distribution.Benchmarks;

/// <summary>The most memory that this process has at once, sampled.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task sampling;
    private long peak;

    public PeakMemory() => sampling = Task.Run(Sample);

    /// <summary>In bytes.</summary>
    public long Peak => Interlocked.Read(ref peak);

    public void Dispose()
    {
        stop.Cancel();
        sampling.Wait();
        stop.Dispose();
    }

    private async Task Sample()
    {
        while (!stop.IsCancellationRequested)
        {
            peak = Math.Max(peak, Environment.WorkingSet);
            await Task.Delay(100, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
