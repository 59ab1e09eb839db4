using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>Sets aside a batch whose queue message failed too often (a poison message).</summary>
public sealed class DispatchLettersPoison(IWorkflow workflow)
{
    [Function(nameof(DispatchLettersPoison))]
    public Task Run(
        [QueueTrigger(ResourceNames.DispatchPoisonQueue, Connection = ResourceNames.Storage)] string message,
        CancellationToken cancellation) =>
        workflow.SetBatchAside(message, cancellation);
}
