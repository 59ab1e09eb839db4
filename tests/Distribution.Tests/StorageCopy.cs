using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Distribution.Storage;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// What some tables and containers hold at one moment, put back as often as a test begins there again: that costs a few
/// requests, the way there many.
/// </summary>
internal sealed class StorageCopy
{
    private readonly List<(TableClient Table, IReadOnlyList<TableEntity> Rows)> tables = [];
    private readonly List<(BlobContainerClient Container, Dictionary<string, KeptBlob> Blobs)> containers = [];

    private StorageCopy()
    {
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<StorageCopy> Of(
        TestWorkflow workflow,
        IEnumerable<string> tables,
        IEnumerable<string>? containers = null)
    {
        var copy = new StorageCopy();
        var account = workflow.Get<StorageAccount>();
        foreach (var table in tables.Select(account.Tables.GetTableClient))
            copy.tables.Add((table, await Rows(table)));
        foreach (var container in (containers ?? []).Select(account.Blobs.GetBlobContainerClient))
        {
            Dictionary<string, KeptBlob> blobs = [];
            await foreach (var blob in container.GetBlobsAsync(cancellationToken: Cancellation))
            {
                var stored = (await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation)).Value;
                blobs[blob.Name] = new(stored.Details.ETag, stored.Details, stored.Content);
            }

            copy.containers.Add((container, blobs));
        }

        return copy;
    }

    public async Task PutBack()
    {
        foreach (var (table, rows) in tables)
            await PutBack(table, rows);
        foreach (var (container, blobs) in containers)
            await PutBack(container, blobs);
    }

    /// <summary>Deletes every row of a table.</summary>
    public static Task Empty(TableClient table) => PutBack(table, []);

    private static async Task PutBack(TableClient table, IReadOnlyList<TableEntity> rows)
    {
        var kept = rows.ToDictionary(row => (row.PartitionKey, row.RowKey));
        var found = (await Rows(table)).ToDictionary(row => (row.PartitionKey, row.RowKey), row => row.ETag);
        var changes = found
            .Keys.Where(key => !kept.ContainsKey(key))
            .Select(key => new TableTransactionAction(
                TableTransactionActionType.Delete,
                new TableEntity(key.PartitionKey, key.RowKey),
                ETag.All))
            .Concat(
                rows.Where(row => !found.TryGetValue((row.PartitionKey, row.RowKey), out var version) || version != row.ETag)
                    .Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)));
        foreach (
            var some in changes.GroupBy(change => change.Entity.PartitionKey).SelectMany(partition => partition.Chunk(100)))
            await table.SubmitTransactionAsync(some, Cancellation);
    }

    private static async Task PutBack(BlobContainerClient container, Dictionary<string, KeptBlob> blobs)
    {
        Dictionary<string, ETag?> found = [];
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: Cancellation))
            found[blob.Name] = blob.Properties.ETag;
        foreach (var name in found.Keys.Except(blobs.Keys))
            await container.DeleteBlobAsync(name, cancellationToken: Cancellation);
        foreach (var (name, kept) in blobs.Where(blob => found.GetValueOrDefault(blob.Key) != blob.Value.Version).ToList())
            blobs[name] = kept with { Version = await Write(container, name, kept) };
    }

    private static async Task<ETag> Write(BlobContainerClient container, string name, KeptBlob kept)
    {
        if (kept.Details.BlobType != BlobType.Append)
            return (await container.GetBlobClient(name).UploadAsync(
                kept.Content,
                new BlobUploadOptions { Metadata = kept.Details.Metadata },
                Cancellation)).Value.ETag;
        var blob = container.GetAppendBlobClient(name);
        await blob.CreateAsync(new AppendBlobCreateOptions { Metadata = kept.Details.Metadata }, Cancellation);
        return (await blob.AppendBlockAsync(kept.Content.ToStream(), cancellationToken: Cancellation)).Value.ETag;
    }

    private static async Task<IReadOnlyList<TableEntity>> Rows(TableClient table)
    {
        List<TableEntity> rows = [];
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Cancellation))
            rows.Add(row);
        return rows;
    }

    /// <param name="Version">As it was written last.</param>
    private sealed record KeptBlob(ETag Version, BlobDownloadDetails Details, BinaryData Content);
}
