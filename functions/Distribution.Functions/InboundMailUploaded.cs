using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class InboundMailUploaded(InboundUploads uploads)
{
    [Function(nameof(InboundMailUploaded))]
    public Task Run(
        [BlobTrigger(Names.Inbound + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = Names.Storage)] BlobClient message,
        CancellationToken cancellation) =>
        uploads.Take(message.Name, cancellation);
}
