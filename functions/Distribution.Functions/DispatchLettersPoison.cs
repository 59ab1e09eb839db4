using Distribution.Common;
using Distribution.Sending;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class DispatchLettersPoison(BatchHandler batches)
{
    [Function(nameof(DispatchLettersPoison))]
    public Task Run(
        [QueueTrigger(ResourceNames.DispatchPoisonQueue, Connection = ResourceNames.Storage)] string message,
        CancellationToken cancellation) =>
        batches.SetAside(message, cancellation);
}
