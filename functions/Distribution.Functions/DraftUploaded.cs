using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class DraftUploaded(IWorkflow workflow)
{
    [Function(nameof(DraftUploaded))]
    public Task Run(
        [BlobTrigger(
            ResourceNames.Drafts + "/{name}",
            Source = BlobTriggerSource.EventGrid,
            Connection = ResourceNames.Storage)]
            BlobClient draft,
        CancellationToken cancellation) => workflow.ExamineDraft(draft.Name, cancellation);
}
