using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>The queue of batches.</summary>
internal sealed class BatchQueue(WorkQueues queues)
{
    // A release to 10,000 missions took 2.9 s when its hundred messages were added one after the other
    // (tests/Distribution.Benchmarks/README.md).
    private const int AtOnce = 16;

    /// <summary>Adds many, to be sent at once.</summary>
    public Task Add(IEnumerable<Batch> batches, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (batch, stop) => await Add(batch, TimeSpan.Zero, stop));

    /// <param name="delay">How long the message stays invisible in the queue (visibility timeout).</param>
    public Task Add(Batch batch, TimeSpan delay, CancellationToken cancellation) =>
        queues.Add(
            ResourceNames.DispatchQueue,
            Json.Write(batch with { Format = RecordFormat.Written }),
            delay,
            cancellation);
}
