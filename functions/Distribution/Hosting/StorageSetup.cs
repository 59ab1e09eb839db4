using Distribution.Common;
using Distribution.Hosting.Jobs;
using Distribution.Storage;

namespace Distribution.Hosting;

/// <summary>Creates the containers, queues and tables that do not exist yet, and notes the first start.</summary>
internal sealed class StorageSetup(StorageAccount account, JobStates jobs)
{
    public static readonly string[] Containers =
    [
        ResourceNames.Drafts,
        ResourceNames.Staging,
        ResourceNames.Distributions,
        ResourceNames.Reports,
        ResourceNames.Register,
        ResourceNames.Inbound,
        ResourceNames.Keys,
        ResourceNames.Log,
    ];

    public static readonly string[] Queues =
    [
        ResourceNames.DispatchQueue,
        ResourceNames.DispatchPoisonQueue,
        ResourceNames.PrepareQueue,
        ResourceNames.PreparePoisonQueue,
    ];

    public static readonly string[] Tables =
    [
        ResourceNames.DistributionsTable,
        ResourceNames.DispatchesTable,
        ResourceNames.JournalsTable,
        ResourceNames.UploadsTable,
        ResourceNames.AcknowledgementsTable,
        ResourceNames.VisitsTable,
        ResourceNames.NoticesTable,
        ResourceNames.VerificationsTable,
        ResourceNames.RepliesTable,
        ResourceNames.ErasuresTable,
        ResourceNames.DeskActsTable,
        ResourceNames.AuthorsTable,
    ];

    /// <summary>Idempotent; several workers may run it at the same time.</summary>
    /// <exception cref="Azure.RequestFailedException">The storage account cannot be reached or refuses.</exception>
    public async Task Create(CancellationToken cancellation)
    {
        await Task.WhenAll(
            (Task[])
                [
                    .. Containers.Select(container =>
                        account
                            .Blobs.GetBlobContainerClient(container)
                            .CreateIfNotExistsAsync(cancellationToken: cancellation)),
                    .. Queues.Select(queue =>
                        account.Queues.GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: cancellation)),
                    .. Tables.Select(table =>
                        account.Tables.GetTableClient(table).CreateIfNotExistsAsync(cancellation)),
                ]);
        await jobs.Begin(cancellation);
    }
}
