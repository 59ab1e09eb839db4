using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class DraftUploaded(DraftUploads uploads)
{
    [Function(nameof(DraftUploaded))]
    public Task Run(
        [BlobTrigger(ResourceNames.Drafts + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = ResourceNames.Storage)] BlobClient draft,
        CancellationToken cancellation) =>
        uploads.Examine(draft.Name, cancellation);
}
