using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Letters.Settings;

/// <summary>The emblems and signatures of the desk's settings, each under its hash.</summary>
internal sealed class SettingImages(StorageAccount account, TimeProvider clock)
{
    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Settings);

    /// <returns>Its SHA-256, 64 lower-case hexadecimal digits.</returns>
    public async Task<string> Put(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var sha256 = Sha256Hex.Of(content.Span);
        // Also where it is there already: what was written just now is not removed for a day.
        await container.GetBlobClient(sha256).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellation);
        return sha256;
    }

    /// <summary>
    /// An image that a form names counts as put just now: it stays while the entry that names it is saved. Nothing where
    /// there is none.
    /// </summary>
    public async Task Keep(string sha256, CancellationToken cancellation)
    {
        if (!IsHash(sha256))
            return;
        try
        {
            // Writes nothing but a new time and ETag.
            await container
                .GetBlobClient(sha256)
                .SetMetadataAsync(new Dictionary<string, string>(), cancellationToken: cancellation);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // Whoever reads it next says so.
        }
    }

    /// <returns>The image; null if there is none, or the text is no hash.</returns>
    public async Task<ReadOnlyMemory<byte>?> Read(string sha256, CancellationToken cancellation) =>
        IsHash(sha256)
            ? (await container.GetBlobClient(sha256).TryRead(cancellation))?.Content.ToMemory()
            : null;

    /// <summary>
    /// Removes the images that no setting has or had, a day after they were put: until then, a form that is not saved
    /// may name them.
    /// </summary>
    public async Task RemoveUnused(DeskSettings settings, CancellationToken cancellation)
    {
        // An entry that cannot be read may name any of them.
        if (await settings.Images(cancellation) is not { } used)
            return;
        var before = clock.GetUtcNow().AddDays(-1);
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions(), cancellation))
            if (!used.Contains(blob.Name) && blob.Properties.LastModified < before)
                try
                {
                    // By its ETag: an image that is put or kept after it was listed stays.
                    await container.DeleteBlobIfExistsAsync(
                        blob.Name,
                        conditions: new() { IfMatch = blob.Properties.ETag },
                        cancellationToken: cancellation);
                }
                catch (RequestFailedException kept) when (kept.Status == 412)
                {
                    // The next run looks at it again.
                }
    }

    private static bool IsHash(string sha256) => sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower);
}
