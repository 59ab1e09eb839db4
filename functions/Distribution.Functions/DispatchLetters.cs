using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class DispatchLetters(Dispatcher dispatcher)
{
    [Function(nameof(DispatchLetters))]
    public Task Run(
        [QueueTrigger(Names.DispatchQueue, Connection = Names.Storage)] string message,
        CancellationToken cancellation) =>
        dispatcher.Dispatch(message, cancellation);
}
