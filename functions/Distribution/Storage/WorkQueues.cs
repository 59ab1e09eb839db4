using System.Collections.Concurrent;
using Azure.Storage.Queues;

namespace Distribution.Storage;

/// <summary>
/// The queues of work. A process that also takes messages from them, as one machine does, is told at once of those it
/// put there itself, and need not ask storage every moment.
/// </summary>
internal sealed class WorkQueues(StorageAccount account)
{
    /// <summary>Never: after a long outage the work must still be done.</summary>
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(-1);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> bells = new();

    public QueueClient Client(string queue) => account.Queues.GetQueueClient(queue);

    /// <param name="delay">How long the message stays invisible in the queue (visibility timeout).</param>
    public async Task Add(string queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        await Client(queue).SendMessageAsync(message, delay, Expires, cancellation);
        if (delay == TimeSpan.Zero)
            Bell(queue).Release();
    }

    /// <summary>Waits until this process puts a message into the queue that can be taken at once, or has done so.</summary>
    /// <returns>False where the time passed without one; there may be some of other processes.</returns>
    public async Task<bool> HasOwn(string queue, TimeSpan longest, CancellationToken cancellation)
    {
        var bell = Bell(queue);
        if (!await bell.WaitAsync(longest, cancellation))
            return false;
        // Whoever is told asks for all there are.
        while (await bell.WaitAsync(0, CancellationToken.None))
        {
        }

        return true;
    }

    private SemaphoreSlim Bell(string queue) => bells.GetOrAdd(queue, _ => new(0));
}
