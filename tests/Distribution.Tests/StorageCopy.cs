using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;
using Distribution.Hosting;
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
    private readonly List<(QueueClient Queue, IReadOnlyList<string> Messages)> queues = [];

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

    /// <summary>All that an account holds, for <see cref="PutBackAll"/>.</summary>
    public static async Task<StorageCopy> OfAll(TestWorkflow workflow)
    {
        var made = workflow.Made;
        var copy = await Of(
            workflow,
            made.Intersect(StorageSetup.Tables),
            made.Intersect(StorageSetup.Containers));
        var queues = workflow.Get<StorageAccount>().Queues;
        foreach (var queue in made.Intersect(StorageSetup.Queues).Select(queues.GetQueueClient))
        {
            var messages = (await queue.PeekMessagesAsync(32, Cancellation)).Value;
            copy.queues.Add((queue, [.. messages.Select(message => message.MessageText)]));
        }

        workflow.Changed();
        return copy;
    }

    public async Task PutBack()
    {
        foreach (var (table, rows) in tables)
            await PutBack(table, rows);
        foreach (var (container, blobs) in containers)
            await PutBack(container, blobs);
    }

    /// <summary>
    /// Puts back what was written to since the account was last as it was; what it did not have then is emptied.
    /// </summary>
    public async Task PutBackAll(TestWorkflow workflow)
    {
        var account = workflow.Get<StorageAccount>();
        var changed = workflow.Changed();
        foreach (var name in changed.Intersect(StorageSetup.Tables))
            await PutBack(
                account.Tables.GetTableClient(name),
                tables.FirstOrDefault(kept => kept.Table.Name == name).Rows ?? []);
        foreach (var name in changed.Intersect(StorageSetup.Containers))
            await PutBack(
                account.Blobs.GetBlobContainerClient(name),
                containers.FirstOrDefault(kept => kept.Container.Name == name).Blobs ?? []);
        foreach (var queue in changed.Intersect(StorageSetup.Queues).Select(account.Queues.GetQueueClient))
        {
            await queue.ClearMessagesAsync(Cancellation);
            foreach (var message in queues.FirstOrDefault(kept => kept.Queue.Name == queue.Name).Messages ?? [])
                await queue.SendMessageAsync(message, Cancellation);
        }

        // That was this itself.
        workflow.Changed();
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
        Dictionary<string, string?> found = [];
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: Cancellation))
            found[blob.Name] = Plain(blob.Properties.ETag);
        foreach (var name in found.Keys.Except(blobs.Keys))
            await container.DeleteBlobAsync(name, cancellationToken: Cancellation);
        // A draft that is written anew counts as another file, so what has not changed is left alone.
        foreach (var (name, kept) in blobs.Where(blob => found.GetValueOrDefault(blob.Key) != Plain(blob.Value.Version)).ToList())
            blobs[name] = kept with { Version = await Write(container, name, kept) };
    }

    /// <summary>A listing has ETags without quotation marks, an answer has them.</summary>
    private static string? Plain(ETag? version) => version?.ToString().Trim('"');

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
