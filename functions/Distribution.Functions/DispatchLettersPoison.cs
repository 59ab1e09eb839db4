using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class DispatchLettersPoison(Dispatcher dispatcher)
{
    [Function(nameof(DispatchLettersPoison))]
    public Task Run(
        [QueueTrigger(Names.DispatchPoisonQueue, Connection = Names.Storage)] string message,
        CancellationToken cancellation) =>
        dispatcher.SetAside(message, cancellation);
}
