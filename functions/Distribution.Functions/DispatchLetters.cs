using Distribution.Common;
using Distribution.Sending;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class DispatchLetters(BatchHandler batches)
{
    [Function(nameof(DispatchLetters))]
    public Task Run(
        [QueueTrigger(ResourceNames.DispatchQueue, Connection = ResourceNames.Storage)] string message,
        CancellationToken cancellation) =>
        batches.Dispatch(message, cancellation);
}
