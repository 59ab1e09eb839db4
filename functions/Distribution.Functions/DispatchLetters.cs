using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>Sends a batch of letters for each message of the dispatch queue.</summary>
public sealed class DispatchLetters(IWorkflow workflow)
{
    [Function(nameof(DispatchLetters))]
    public Task Run(
        [QueueTrigger(ResourceNames.DispatchQueue, Connection = ResourceNames.Storage)] string message,
        CancellationToken cancellation) =>
        workflow.SendBatch(message, cancellation);
}
