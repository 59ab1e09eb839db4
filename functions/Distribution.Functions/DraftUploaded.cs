using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class DraftUploaded(DraftUploads uploads)
{
    [Function(nameof(DraftUploaded))]
    public Task Run(
        [BlobTrigger(Names.Drafts + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = Names.Storage)] BlobClient draft,
        CancellationToken cancellation) =>
        uploads.Examine(draft.Name, cancellation);
}
