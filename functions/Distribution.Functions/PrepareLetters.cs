using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>
/// Typesets some letters of an upload for each message of the prepare queue, before it can be released.
/// </summary>
public sealed class PrepareLetters(IWorkflow workflow)
{
    [Function(nameof(PrepareLetters))]
    public Task Run(
        [QueueTrigger(ResourceNames.PrepareQueue, Connection = ResourceNames.Storage)] string message,
        CancellationToken cancellation) =>
        workflow.PrepareLetters(message, cancellation);
}
