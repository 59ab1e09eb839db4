using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>
/// Processes an inbound message when Event Grid reports its file; the timer finds files whose event was lost.
/// </summary>
public sealed class InboundMailUploaded(IWorkflow workflow)
{
    [Function(nameof(InboundMailUploaded))]
    public Task Run(
        [BlobTrigger(
            ResourceNames.Inbound + "/{name}",
            Source = BlobTriggerSource.EventGrid,
            Connection = ResourceNames.Storage)]
        // As a client and not as a stream: the workflow needs no more than its name, and reads the file itself.
        BlobClient message,
        CancellationToken cancellation) =>
        workflow.HandleInboundMail(message.Name, cancellation);
}
