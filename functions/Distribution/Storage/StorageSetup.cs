namespace Distribution;

/// <summary>Makes the containers, queues and tables that are not there yet.</summary>
public sealed class StorageSetup
{
    internal static readonly string[] Containers = [Names.Drafts, Names.Distributions, Names.Reports, Names.Register, Names.Inbound, Names.Keys, Names.Log];

    internal static readonly string[] Queues = [Names.DispatchQueue, Names.DispatchPoisonQueue];

    internal static readonly string[] Tables =
    [
        Names.DistributionsTable, Names.DispatchesTable, Names.UploadsTable, Names.AcknowledgementsTable, Names.VisitsTable, Names.NoticesTable,
        Names.VerificationsTable, Names.RepliesTable, Names.ErasuresTable, Names.DeskActsTable, Names.AuthorsTable,
    ];

    private readonly StorageAccount account;

    internal StorageSetup(StorageAccount account) => this.account = account;

    /// <summary>Safe to run any number of times, by any number of workers at once.</summary>
    /// <exception cref="Azure.RequestFailedException">The storage account cannot be reached or refuses.</exception>
    public async Task Create(CancellationToken cancellation)
    {
        await Task.WhenAll((Task[])
        [
            .. Containers.Select(container => account.Blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellation)),
            .. Queues.Select(queue => account.Queues.GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: cancellation)),
            .. Tables.Select(table => account.Tables.GetTableClient(table).CreateIfNotExistsAsync(cancellation)),
        ]);
    }
}
