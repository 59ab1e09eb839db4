using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

/// <summary>
/// Examines a draft when Event Grid reports its upload; the timer finds uploads whose event was lost.
/// </summary>
public sealed class DraftUploaded(IWorkflow workflow)
{
    [Function(nameof(DraftUploaded))]
    public Task Run(
        [BlobTrigger(
            ResourceNames.Drafts + "/{name}",
            Source = BlobTriggerSource.EventGrid,
            Connection = ResourceNames.Storage)]
        // As a client and not as a stream: the examination reads the whole folder, and needs no more than its name.
        BlobClient draft,
        CancellationToken cancellation) =>
        workflow.ExamineDraft(draft.Name, cancellation);
}
