using Microsoft.Extensions.Logging;

namespace Distribution.Hosting;

/// <summary>
/// Stands in for the workflow while secrets cannot be read: does nothing, and loses nothing. A queue message is held
/// until the app is restarted, so that it does not fail often enough to be given up; what events and timer tell of is
/// found by the timer later.
/// </summary>
internal sealed class SuspendedWorkflow(UnresolvedSecrets unresolved, ILogger<SuspendedWorkflow> logger) : IWorkflow
{
    public Task CreateStorage(CancellationToken cancellation)
    {
        logger.LogCritical("The service does not work until this is put right. {Words}", unresolved.Words);
        return Task.CompletedTask;
    }

    public Task ExamineDraft(string blobName, CancellationToken cancellation) => Task.CompletedTask;

    public Task HandleInboundMail(string blobName, CancellationToken cancellation) => Task.CompletedTask;

    public Task SendBatch(string message, CancellationToken cancellation) => Hold(cancellation);

    public Task SetBatchAside(string message, CancellationToken cancellation) => Hold(cancellation);

    public Task PrepareLetters(string message, CancellationToken cancellation) => Hold(cancellation);

    public Task SetPreparationAside(string message, CancellationToken cancellation) => Hold(cancellation);

    public Task Reconcile(CancellationToken cancellation) => Task.CompletedTask;

    private static Task Hold(CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);
}
