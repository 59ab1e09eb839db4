using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking.Inbound;

/// <summary>A file in the <c>inbound</c> container that is not processed yet.</summary>
/// <param name="Version">The blob's ETag: it changes with every upload of the file.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Arrived">When it was put into the container, never later than now.</param>
internal sealed record InboundFile(string Name, string Version, long Length, DateTimeOffset Arrived)
{
    /// <summary>Whether it is a message by its name. Another file is not read, and a person is told.</summary>
    public bool IsMessage => Name.EndsWith(".eml", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// The container of incoming messages. Each is uploaded as <c>NAME.eml</c>. After processing it is kept under
/// <c>done/</c>, or under <c>unmatched/</c> where a person must look at it.
/// </summary>
internal sealed class InboundFiles(StorageAccount account, TimeProvider clock)
{
    public const string Done = "done/";

    public const string Unmatched = "unmatched/";

    /// <summary>Incoming messages in their original bytes. Nothing in this folder waits to be processed.</summary>
    public const string Replies = "kept/";

    /// <summary>Metadata of a processed file: the SHA-256 of its content, shortened.</summary>
    private const string Hash = "hash";

    /// <summary>
    /// Metadata of a file that the service itself uploaded: when it came, by the service's own clock.
    /// </summary>
    private const string ArrivedAt = "arrived";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Inbound);

    /// <returns>All files that are not processed yet, in no particular order.</returns>
    public async Task<IReadOnlyList<InboundFile>> Waiting(CancellationToken cancellation)
    {
        List<InboundFile> files = [];
        // Processed files accumulate over the years: skip their folders as a whole, not file by file.
        await foreach (
            var entry in container.GetBlobsByHierarchyAsync(
                new GetBlobsByHierarchyOptions { Delimiter = "/", Traits = BlobTraits.Metadata },
                cancellation))
        {
            if (entry.IsBlob)
                Add(entry.Blob);
            else if (entry.Prefix is not (Done or Unmatched or Replies))
                await foreach (
                    var blob in container.GetBlobsAsync(
                        new GetBlobsOptions { Prefix = entry.Prefix, Traits = BlobTraits.Metadata },
                        cancellation))
                    Add(blob);
        }

        return files;

        void Add(BlobItem blob)
        {
            if (IsNew(blob.Name))
                files.Add(
                    new(
                        blob.Name,
                        blob.Properties.ETag.ToString() ?? "",
                        blob.Properties.ContentLength ?? 0,
                        Arrived(blob.Metadata, blob.Properties.LastModified)));
        }
    }

    /// <returns>Null where it does not wait: it is already processed.</returns>
    public async Task<InboundFile?> Find(string name, CancellationToken cancellation) =>
        IsNew(name) && await container.GetBlobClient(name).TryLook(cancellation) is { } found
            ? new(name, found.ETag.ToString(), found.ContentLength, Arrived(found.Metadata, found.LastModified))
            : null;

    /// <returns>
    /// The content of exactly the listed version; null when the file has changed or been deleted since.
    /// </returns>
    public async Task<Stream?> Read(InboundFile file, CancellationToken cancellation) =>
        (await container.GetBlobClient(file.Name).TryRead(cancellation, file.Version))?.Content.ToStream();

    /// <summary>
    /// Moves the file to another folder. If a file of that name with other content exists there, the hash is added to
    /// the name. Idempotent: an interrupted move is repeated. A file that has changed in the meantime stays and is
    /// processed later.
    /// </summary>
    public async Task MoveTo(InboundFile file, string folder, CancellationToken cancellation)
    {
        var source = container.GetBlobClient(file.Name);
        var version = new BlobRequestConditions { IfMatch = new ETag(file.Version) };
        try
        {
            await using (
                var content = await source.OpenReadAsync(
                    new BlobOpenReadOptions(allowModifications: false) { Conditions = version },
                    cancellation))
            {
                var hash = (await Sha256Hex.Of(content, cancellation))[..32];
                foreach (var name in (string[])
                    [
                        file.Name,
                        $"{file.Name[..^Path.GetExtension(file.Name).Length]}.{hash}{Path.GetExtension(file.Name)}"
                    ])
                {
                    content.Position = 0;
                    if (await Write(folder + name, content, hash, cancellation))
                        break;
                }
            }

            // Only the version that was copied. After a crash in between the copy is known by its hash, and the move
            // goes on.
            await source.DeleteAsync(conditions: version, cancellationToken: cancellation);
        }
        catch (RequestFailedException failure) when (failure.Status is 404 or 412)
        {
            // Another worker moved it first, or a newer file with the same name waits.
        }
    }

    /// <returns>False where a message with other content has that name.</returns>
    private async Task<bool> Write(string name, Stream content, string hash, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient(name);
        // The hash stands in the metadata, so that a copy is compared without reading it.
        return await blob.WriteOnce(content, new Dictionary<string, string> { [Hash] = hash }, cancellation)
            || ((await blob.GetPropertiesAsync(cancellationToken: cancellation))
                .Value.Metadata.TryGetValue(Hash, out var kept)
                && kept == hash);
    }

    /// <summary>
    /// Puts a message into the container, as if it had been uploaded there. An existing file is replaced.
    /// </summary>
    /// <param name="name">Its name in the container, ending in <c>.eml</c>.</param>
    public Task Upload(string name, Stream content, CancellationToken cancellation) =>
        container
            .GetBlobClient(name)
            .UploadAsync(
                content,
                new BlobUploadOptions
                {
                    Metadata = new Dictionary<string, string>
                    {
                        [ArrivedAt] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                    },
                },
                cancellation);

    /// <summary>
    /// When a message came: the noted time, or else the time of the last write. A time in the future is not believed;
    /// then it is now.
    /// </summary>
    private DateTimeOffset Arrived(IDictionary<string, string>? metadata, DateTimeOffset? written)
    {
        var now = clock.GetUtcNow();
        var at =
            metadata is not null
            && metadata.TryGetValue(ArrivedAt, out var noted)
            && DateTimeOffset.TryParse(noted, CultureInfo.InvariantCulture, out var told)
                ? told
                : written ?? now;
        return at < now ? at : now;
    }

    private static bool IsNew(string name) =>
        ((string[])[Done, Unmatched, Replies]).All(folder => !name.StartsWith(folder, StringComparison.Ordinal));
}
