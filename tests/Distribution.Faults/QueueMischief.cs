using Azure.Storage.Queues;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.FaultSuite;

/// <summary>Does to the queue what queues do at times: hands messages out twice, late and in another order.</summary>
internal sealed class QueueMischief(StorageAccount account, int seed, int most, Figures figures)
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient queue = account.Queues.GetQueueClient(ResourceNames.DispatchQueue);
    private readonly Random random = new(seed);

    /// <summary>Goes on until it is told to stop, or has done as much as it may.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            for (var done = 0; done < most; await Task.Delay(random.Next(100, 400), cancellation))
                foreach (
                    var message in (await queue.ReceiveMessagesAsync(3, TimeSpan.FromSeconds(30), cancellation)).Value)
                {
                    var copies = random.Next(1, 4);
                    for (var copy = 0; copy < copies; copy++)
                        await queue.SendMessageAsync(
                            message.MessageText,
                            TimeSpan.FromSeconds(random.Next(0, 3)),
                            Forever,
                            cancellation);
                    await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellation);
                    figures.Fault(copies == 1 ? "queue: message put off" : "queue: message handed out more than once");
                    done++;
                }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
        }
    }
}
