using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
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
        ResourceNames.Unfinished,
        ResourceNames.Settings,
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
        ResourceNames.ReceiptsTable,
        ResourceNames.ForwardsTable,
        ResourceNames.VisitsTable,
        ResourceNames.NoticesTable,
        ResourceNames.VerificationsTable,
        ResourceNames.RepliesTable,
        ResourceNames.ErasuresTable,
        ResourceNames.DeskActsTable,
        ResourceNames.AuthorsTable,
        ResourceNames.UnfinishedTable,
        ResourceNames.MissionsTable,
        ResourceNames.SettingsTable,
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
                    .. Tables.Select(table => Create(account.Tables.GetTableClient(table), cancellation)),
                ]);
        // Into a table that has to be there first.
        await jobs.Begin(cancellation);
    }

    /// <remarks>
    /// The client's own <c>CreateIfNotExists</c> reads what storage answered when it has closed it already, so that a
    /// storage that is busy looked like a fault of ours.
    /// </remarks>
    private static async Task Create(TableClient table, CancellationToken cancellation)
    {
        try
        {
            await table.CreateAsync(cancellation);
        }
        // An earlier start has made it, or another worker at this moment.
        catch (RequestFailedException there) when (there.ErrorCode == TableErrorCode.TableAlreadyExists)
        {
        }
    }
}
