using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Hosting;

/// <inheritdoc cref="IWorkflow"/>
/// <remarks>
/// Each part is created when it is first needed: storage can be prepared, and mail taken in, although sending is not
/// configured correctly.
/// </remarks>
internal sealed class Workflow(IServiceProvider services) : IWorkflow
{
    public async Task CreateStorage(CancellationToken cancellation)
    {
        await services.GetRequiredService<StorageSetup>().Create(cancellation);
        // After the tables: it leaves a notice in one of them.
        await services.GetRequiredService<HostTelemetry>().Tell(cancellation);
    }

    public Task ExamineDraft(string blobName, CancellationToken cancellation) =>
        services.GetRequiredService<DraftUploads>().Examine(blobName, cancellation);

    public Task HandleInboundMail(string blobName, CancellationToken cancellation) =>
        services.GetRequiredService<InboundUploads>().Handle(blobName, cancellation);

    public Task SendBatch(string message, CancellationToken cancellation) =>
        services.GetRequiredService<BatchHandler>().Dispatch(message, cancellation);

    public Task SetBatchAside(string message, CancellationToken cancellation) =>
        services.GetRequiredService<BatchHandler>().SetAside(message, cancellation);

    public Task PrepareLetters(string message, CancellationToken cancellation) =>
        services.GetRequiredService<DraftUploads>().Prepare(message, cancellation);

    public Task SetPreparationAside(string message, CancellationToken cancellation) =>
        services.GetRequiredService<LetterPreparation>().SetAside(message, cancellation);

    public Task Reconcile(CancellationToken cancellation) =>
        services.GetRequiredService<Reconciler>().Reconcile(cancellation);
}
