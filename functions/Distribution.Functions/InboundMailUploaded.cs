using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Tracking.Inbound;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class InboundMailUploaded(InboundUploads uploads)
{
    [Function(nameof(InboundMailUploaded))]
    public Task Run(
        [BlobTrigger(ResourceNames.Inbound + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = ResourceNames.Storage)] BlobClient message,
        CancellationToken cancellation) =>
        uploads.Handle(message.Name, cancellation);
}
