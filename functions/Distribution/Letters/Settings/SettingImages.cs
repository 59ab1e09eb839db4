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

    /// <returns>The image; null if there is none, or the text is no hash.</returns>
    public async Task<ReadOnlyMemory<byte>?> Read(string sha256, CancellationToken cancellation) =>
        sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
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
                // By its ETag: an image that is put anew after it was listed stays.
                await container.DeleteBlobIfExistsAsync(
                    blob.Name,
                    conditions: new() { IfMatch = blob.Properties.ETag },
                    cancellationToken: cancellation);
    }
}
