using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>
/// Rejects an upload whose letters could not be typeset: its queue message failed too often (a poison message).
/// </summary>
public sealed class PrepareLettersPoison(IWorkflow workflow)
{
    [Function(nameof(PrepareLettersPoison))]
    public Task Run(
        [QueueTrigger(ResourceNames.PreparePoisonQueue, Connection = ResourceNames.Storage)] string message,
        CancellationToken cancellation) =>
        workflow.SetPreparationAside(message, cancellation);
}
