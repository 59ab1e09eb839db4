using Microsoft.Extensions.Logging;

namespace Distribution.Hosting;

/// <summary>
/// Stands in for the workflow while secrets cannot be read: does nothing, and loses nothing. A queue message is taken
/// and let go: held, it would fail at the end of each function's time, and after some hours be given up. Once the app
/// works, the timer queues again what is not done, and finds what events told of.
/// </summary>
internal sealed class SuspendedWorkflow(UnresolvedSecrets unresolved, ILogger<SuspendedWorkflow> logger) : IWorkflow
{
    public Task CreateStorage(CancellationToken cancellation)
    {
        // Every host calls this at its start: so it is logged once a start, and not for each message.
        logger.LogCritical("The service does not work until this is put right. {Words}", unresolved.Words);
        return Task.CompletedTask;
    }

    public Task ExamineDraft(string blobName, CancellationToken cancellation) => Task.CompletedTask;

    public Task HandleInboundMail(string blobName, CancellationToken cancellation) => Task.CompletedTask;

    public Task SendBatch(string message, CancellationToken cancellation) => Task.CompletedTask;

    public Task SetBatchAside(string message, CancellationToken cancellation) => Task.CompletedTask;

    public Task PrepareLetters(string message, CancellationToken cancellation) => Task.CompletedTask;

    public Task SetPreparationAside(string message, CancellationToken cancellation) => Task.CompletedTask;

    public Task Reconcile(CancellationToken cancellation) => Task.CompletedTask;
}
