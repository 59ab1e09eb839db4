using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>A file in the <c>drafts</c> container, as listed.</summary>
/// <param name="Name">Its full blob name: <c>process/revision/file</c>.</param>
/// <param name="Version">The ETag without quotation marks; it changes with every upload of the file.</param>
/// <param name="Length">In bytes.</param>
internal sealed record DraftFile(string Name, string Version, long Length)
{
    /// <summary>Its name without its folder.</summary>
    public string File => Name[(Name.LastIndexOf('/') + 1)..];
}

/// <summary>The blob index tags of a file.</summary>
/// <param name="PutAt">When the file was uploaded (last modified).</param>
/// <param name="Refusal">The storage service's error code if they cannot be read; null if they can.</param>
internal sealed record DraftTags(DateTimeOffset PutAt, IReadOnlyDictionary<string, string> Tags, string? Refusal);

/// <summary>The container people upload to.</summary>
internal sealed class Drafts(StorageAccount account)
{
    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Drafts);

    /// <returns>In the order of their names.</returns>
    public async Task<IReadOnlyList<DraftFile>> List(string? prefix, CancellationToken cancellation)
    {
        List<DraftFile> files = [];
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellation))
            files.Add(
                new(blob.Name, blob.Properties.ETag.ToString()?.Trim('"') ?? "", blob.Properties.ContentLength ?? 0));
        return files;
    }

    /// <returns>The bytes of exactly the listed version; null if the file was changed or deleted since.</returns>
    public async Task<ReadOnlyMemory<byte>?> Read(DraftFile file, CancellationToken cancellation)
    {
        try
        {
            var content = await container.GetBlobClient(file.Name).DownloadContentAsync(
                new BlobDownloadOptions { Conditions = new() { IfMatch = new ETag(file.Version) } }, cancellation);
            return content.Value.Content.ToMemory();
        }
        catch (RequestFailedException failure) when (failure.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <returns>The tags of exactly the listed version; null if the file was changed or deleted since.</returns>
    public async Task<DraftTags?> Tags(DraftFile file, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient(file.Name);
        var version = new BlobRequestConditions { IfMatch = new ETag(file.Version) };
        try
        {
            // The tags request takes no ETag, so the ETag is compared before and after.
            var putAt = (await blob.GetPropertiesAsync(version, cancellation)).Value.LastModified;
            var tags = await Read();
            await blob.GetPropertiesAsync(version, cancellation);
            return tags with { PutAt = putAt };
        }
        catch (RequestFailedException failure) when (failure.Status is 404 or 412)
        {
            return null;
        }

        async Task<DraftTags> Read()
        {
            try
            {
                return new(
                    default,
                    (await blob.GetTagsAsync(cancellationToken: cancellation)).Value.Tags.AsReadOnly(),
                    null);
            }
            catch (RequestFailedException failure) when (failure.Status is 400 or 401 or 403 or 409)
            {
                return new(default, new Dictionary<string, string>(), failure.ErrorCode ?? $"{failure.Status}");
            }
        }
    }

    /// <returns>
    /// The stored version (ETag) in the form of <see cref="DraftFile.Version"/>. A response header has the ETag in
    /// quotation marks, a listing does not.
    /// </returns>
    public async Task<string> Upload(string name, Stream content, CancellationToken cancellation) =>
        (await container.GetBlobClient(name).UploadAsync(content, overwrite: true, cancellation))
            .Value.ETag.ToString()
            .Trim('"');
}
