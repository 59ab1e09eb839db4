using Microsoft.Extensions.Hosting;

namespace Distribution.Sending;

/// <summary>
/// The batches that this process is sending. When the process is told to stop, it stops each of them and stays until
/// they have ended: the letters in flight are finished, and nothing stays claimed.
/// </summary>
/// <param name="lifetime">Null where no host runs it.</param>
internal sealed class BatchesInHand(IHostApplicationLifetime? lifetime = null) : IHostedService
{
    private readonly Lock gate = new();
    private TaskCompletionSource? ended;
    private int count;

    /// <param name="cancellation">What the host cancels this batch with.</param>
    public Hand Take(CancellationToken cancellation)
    {
        lock (gate)
            count++;
        return new(this, cancellation, lifetime?.ApplicationStopping ?? CancellationToken.None);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <param name="cancellationToken">Ends the waiting: <c>HostOptions.ShutdownTimeout</c>.</param>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (count == 0)
                return Task.CompletedTask;
            ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return ended.Task.WaitAsync(cancellationToken);
        }
    }

    private void GiveBack()
    {
        lock (gate)
            if (--count == 0)
                ended?.TrySetResult();
    }

    /// <summary>A batch in hand, until it is disposed.</summary>
    internal sealed class Hand(
        BatchesInHand batches,
        CancellationToken cancellation,
        CancellationToken stopping) : IDisposable
    {
        private readonly CancellationTokenSource source =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);

        /// <summary>Nothing more is claimed.</summary>
        public CancellationToken Stop => source.Token;

        public void Dispose()
        {
            source.Dispose();
            batches.GiveBack();
        }
    }
}
