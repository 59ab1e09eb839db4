using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Distribution.Storage;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>
/// Everything a storage account holds, as one file: what a version of the service wrote, kept for the versions that
/// come after it.
/// </summary>
internal static class Snapshot
{
    private static readonly string[] Types = ["String", "Int32", "Int64", "Boolean", "DateTimeOffset"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string PathOf(int format) =>
        Path.Combine(AppContext.BaseDirectory, "Storage", "Formats", $"written-by-{format}.zip");

    public static async Task Save(StorageAccount account, string path)
    {
        await using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        await foreach (var container in account.Blobs.GetBlobContainersAsync(cancellationToken: Cancellation))
            await foreach (
            var blob in account
                .Blobs.GetBlobContainerClient(container.Name)
                .GetBlobsAsync(cancellationToken: Cancellation))
            {
                var content = (
                await account
                    .Blobs.GetBlobContainerClient(container.Name)
                    .GetBlobClient(blob.Name)
                    .DownloadContentAsync(Cancellation)).Value;
                await Write(zip, $"blobs/{container.Name}/{blob.Name}", content.Content.ToArray());
                if (content.Details.Metadata.Count > 0)
                    await Write(
                    zip,
                    $"metadata/{container.Name}/{blob.Name}",
                    JsonSerializer.SerializeToUtf8Bytes(content.Details.Metadata));
                if (blob.Properties.BlobType == BlobType.Append)
                    await Write(zip, $"appended/{container.Name}/{blob.Name}", ReadOnlyMemory<byte>.Empty);
            }

        await foreach (var table in account.Tables.QueryAsync(cancellationToken: Cancellation))
        {
            List<string> rows = [];
            await foreach (
                var entity in account
                    .Tables.GetTableClient(table.Name)
                    .QueryAsync<TableEntity>(cancellationToken: Cancellation))
                rows.Add(
                    JsonSerializer.Serialize(
                        entity
                            .Where(column => column.Key is not ("odata.etag" or "Timestamp"))
                            .ToDictionary(column => column.Key, column => Typed(column.Value))));
            await Write(zip, $"tables/{table.Name}", Encoding.UTF8.GetBytes(string.Join('\n', rows)));
        }

        await foreach (var queue in account.Queues.GetQueuesAsync(cancellationToken: Cancellation))
        {
            var messages = (await account.Queues.GetQueueClient(queue.Name).PeekMessagesAsync(32, Cancellation)).Value;
            await Write(
                zip,
                $"queues/{queue.Name}",
                Encoding.UTF8.GetBytes(string.Join('\n', messages.Select(message => message.MessageText))));
        }
    }

    public static async Task Load(StorageAccount account, string path)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            var (kind, name) = (
                entry.FullName.Split('/')[0],
                entry.FullName[(entry.FullName.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            await using var stream = entry.Open();
            using var reader = new StreamReader(stream);
            switch (kind)
            {
                case "blobs":
                    var (container, blob) = (
                        name.Split('/')[0],
                        name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
                    using (var content = new MemoryStream())
                    {
                        await stream.CopyToAsync(content, Cancellation);
                        content.Position = 0;
                        await account
                            .Blobs.GetBlobContainerClient(container)
                            .CreateIfNotExistsAsync(cancellationToken: Cancellation);
                        if (zip.GetEntry($"appended/{name}") is not null)
                        {
                            var appended = account.Blobs.GetBlobContainerClient(container).GetAppendBlobClient(blob);
                            await appended.CreateAsync(
                                new AppendBlobCreateOptions { Metadata = await MetadataOf(zip, name) },
                                Cancellation);
                            await appended.AppendBlockAsync(content, cancellationToken: Cancellation);
                        }
                        else
                            await account
                                .Blobs.GetBlobContainerClient(container)
                                .GetBlobClient(blob)
                                .UploadAsync(
                                    content,
                                    new BlobUploadOptions { Metadata = await MetadataOf(zip, name) },
                                    Cancellation);
                    }

                    break;
                case "tables":
                    await account.Tables.GetTableClient(name).CreateIfNotExistsAsync(Cancellation);
                    var rows = Lines(await reader.ReadToEndAsync(Cancellation)).Select(row =>
                        new TableEntity(
                            JsonSerializer
                                .Deserialize<Dictionary<string, string[]>>(row)!
                                .ToDictionary(column => column.Key, column => Value(column.Value))));
                    foreach (var some in rows.GroupBy(row => row.PartitionKey).SelectMany(partition => partition.Chunk(100)))
                        await account
                            .Tables.GetTableClient(name)
                            .SubmitTransactionAsync(
                                some.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)),
                                Cancellation);
                    break;
                case "queues":
                    await account.Queues.GetQueueClient(name).CreateIfNotExistsAsync(cancellationToken: Cancellation);
                    foreach (var message in Lines(await reader.ReadToEndAsync(Cancellation)))
                        await account.Queues.GetQueueClient(name).SendMessageAsync(message, Cancellation);
                    break;
            }
        }
    }

    private static async Task<IDictionary<string, string>?> MetadataOf(ZipArchive zip, string blob)
    {
        if (zip.GetEntry($"metadata/{blob}") is not { } entry)
            return null;
        await using var stream = entry.Open();
        return await JsonSerializer.DeserializeAsync<Dictionary<string, string>>(
            stream,
            cancellationToken: Cancellation);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Typed(object value) =>
        value switch
        {
            DateTimeOffset instant =>
            [
                nameof(DateTimeOffset),
                instant.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ],
            _ when Types.Contains(value.GetType().Name) =>
            [
                value.GetType().Name,
                Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
            ],
            _ => throw new NotSupportedException($"A snapshot keeps no {value.GetType().Name}: teach it to."),
        };

    private static object Value(string[] typed) => typed[0] switch
    {
        "String" => typed[1],
        "Int32" => int.Parse(typed[1], System.Globalization.CultureInfo.InvariantCulture),
        "Int64" => long.Parse(typed[1], System.Globalization.CultureInfo.InvariantCulture),
        "Boolean" => bool.Parse(typed[1]),
        "DateTimeOffset" => DateTimeOffset.Parse(typed[1], System.Globalization.CultureInfo.InvariantCulture),
        var other => throw new NotSupportedException($"A snapshot keeps no {other}: teach it to."),
    };

    private static async Task Write(ZipArchive zip, string name, ReadOnlyMemory<byte> content)
    {
        await using var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
        await entry.WriteAsync(content, Cancellation);
    }
}
