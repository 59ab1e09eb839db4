using Distribution.Sending;
using Distribution.Tracking.Inbound;

namespace Distribution.Hosting;

/// <inheritdoc cref="IWorkflow"/>
internal sealed class Workflow(
    StorageSetup storage,
    DraftUploads drafts,
    InboundUploads inbound,
    BatchHandler batches,
    Reconciler reconciler) : IWorkflow
{
    public Task CreateStorage(CancellationToken cancellation) => storage.Create(cancellation);

    public Task ExamineDraft(string blobName, CancellationToken cancellation) => drafts.Examine(blobName, cancellation);

    public Task HandleInboundMail(string blobName, CancellationToken cancellation) =>
        inbound.Handle(blobName, cancellation);

    public Task SendBatch(string message, CancellationToken cancellation) => batches.Dispatch(message, cancellation);

    public Task SetBatchAside(string message, CancellationToken cancellation) =>
        batches.SetAside(message, cancellation);

    public Task Reconcile(CancellationToken cancellation) => reconciler.Reconcile(cancellation);
}
