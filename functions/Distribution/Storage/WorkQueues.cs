using System.Collections.Concurrent;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Distribution.Storage;

/// <summary>
/// The queues of work. A process that also takes messages from them, as one machine does, learns of those it put there
/// itself as soon as they can be taken. So it need not ask storage every moment.
/// </summary>
internal sealed class WorkQueues(StorageAccount account, TimeProvider clock)
{
    /// <summary>
    /// Never: after a long outage the work must still be done. By default a message is deleted after seven days.
    /// </summary>
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(-1);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> bells = new();

    public QueueClient Client(string queue) => account.Queues.GetQueueClient(queue);

    /// <param name="delay">How long the message stays invisible in the queue (visibility timeout).</param>
    public async Task Add(string queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        await Client(queue).SendMessageAsync(message, delay, Expires, cancellation);
        // After the write, so that a worker that wakes finds the message. Nobody waits for it: it rings when the delay
        // is over.
        _ = Ring(queue, delay);
    }

    /// <summary>Gives back a message that was taken, for another try.</summary>
    /// <param name="delay">How long it stays invisible in the queue.</param>
    public async Task GiveBack(string queue, QueueMessage taken, TimeSpan delay, CancellationToken cancellation)
    {
        await Client(queue)
            .UpdateMessageAsync(taken.MessageId, taken.PopReceipt, taken.MessageText, delay, cancellation);
        _ = Ring(queue, delay);
    }

    /// <summary>Waits until a message that this process put into the queue can be taken, or has become so.</summary>
    /// <returns>False where the time passed without one; there may be some of other processes.</returns>
    public async Task<bool> HasOwn(string queue, TimeSpan longest, CancellationToken cancellation)
    {
        var bell = Bell(queue);
        if (!await bell.WaitAsync(longest, cancellation))
            return false;
        // A worker that wakes asks for all messages there are, so one wait uses up all rings.
        while (await bell.WaitAsync(0, CancellationToken.None))
        {
        }

        return true;
    }

    private async Task Ring(string queue, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, clock);
        Bell(queue).Release();
    }

    private SemaphoreSlim Bell(string queue) => bells.GetOrAdd(queue, _ => new(0));
}
