using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>A file in the <c>drafts</c> container, as listed.</summary>
/// <param name="Name">Its full blob name: <c>process/revision/file</c>.</param>
/// <param name="Version">The ETag without quotation marks; it changes with every upload of the file.</param>
/// <param name="Length">In bytes.</param>
/// <param name="IsFolder">
/// True for the empty blob by which storage with a hierarchical namespace, or a storage tool, stands for a folder.
/// </param>
internal sealed record DraftFile(string Name, string Version, long Length, bool IsFolder = false)
{
    /// <summary>Its name without its folder, in the form that every system shares (NFC).</summary>
    public string File => FileNames.AsRead(Name[(Name.LastIndexOf('/') + 1)..]);
}

/// <summary>The blob index tags of a file.</summary>
/// <param name="PutAt">When the file was uploaded (last modified).</param>
/// <param name="Refusal">The storage service's error code if they cannot be read; null if they can.</param>
internal sealed record DraftTags(DateTimeOffset PutAt, IReadOnlyDictionary<string, string> Tags, string? Refusal);

/// <summary>The container people upload to.</summary>
internal sealed class Drafts(StorageAccount account)
{
    // The metadata by which storage with a hierarchical namespace marks a blob that stands for a folder.
    private const string FolderMark = "hdi_isfolder";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Drafts);

    /// <param name="prefix">What the blob names begin with; null for all.</param>
    /// <returns>In the order of their names.</returns>
    public async Task<IReadOnlyList<DraftFile>> List(string? prefix, CancellationToken cancellation)
    {
        List<DraftFile> files = [];
        var options = new GetBlobsOptions { Prefix = prefix, Traits = BlobTraits.Metadata };
        await foreach (var blob in container.GetBlobsAsync(options, cancellation))
            files.Add(
                new(
                    blob.Name,
                    blob.Properties.ETag.ToString()?.Trim('"') ?? "",
                    blob.Properties.ContentLength ?? 0,
                    blob.Metadata?.Any(IsFolderMark) == true));
        // Tools that know of no such mark leave an empty blob under the name that a folder has.
        var folders = files
            .SelectMany(file =>
                file.Name.Index().Where(sign => sign.Item == '/').Select(sign => file.Name[..sign.Index]))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. files.Select(file =>
                file is { Length: 0, IsFolder: false } && folders.Contains(file.Name)
                    ? file with { IsFolder = true }
                    : file),
        ];

        static bool IsFolderMark(KeyValuePair<string, string> entry) =>
            entry.Key.Equals(FolderMark, StringComparison.OrdinalIgnoreCase)
            && entry.Value.Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>The bytes of exactly the listed version; null if the file was changed or deleted since.</returns>
    public async Task<ReadOnlyMemory<byte>?> Read(DraftFile file, CancellationToken cancellation) =>
        (await container.GetBlobClient(file.Name).TryRead(cancellation, file.Version))?.Content.ToMemory();

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
            // The role may not read tags, or the account has a hierarchical namespace and no tags (Malware/README.md).
            // The upload waits, and its page says so.
            catch (RequestFailedException failure) when (failure.Status is 400 or 401 or 403 or 409)
            {
                return new(default, new Dictionary<string, string>(), failure.ErrorCode ?? $"{failure.Status}");
            }
        }
    }

    /// <summary>Deletes exactly the listed version; a file that was changed since stays.</summary>
    public async Task Remove(DraftFile file, CancellationToken cancellation)
    {
        try
        {
            await container.GetBlobClient(file.Name).DeleteIfExistsAsync(
                conditions: new() { IfMatch = new ETag(file.Version) },
                cancellationToken: cancellation);
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            // What is there now is another person's file; the check names both.
        }
    }

    /// <returns>
    /// The stored version (ETag) in the form of <see cref="DraftFile.Version"/>. A response header has the ETag in
    /// quotation marks, a listing does not.
    /// </returns>
    public async Task<string> Upload(string name, Stream content, CancellationToken cancellation) =>
        Version((await container.GetBlobClient(name).UploadAsync(content, overwrite: true, cancellation)).Value.ETag);

    /// <summary>Stores a file in the place of exactly this version; null where there is to be none.</summary>
    /// <returns>As above; null where something else is there.</returns>
    public async Task<string?> Replace(
        string name,
        BinaryData content,
        string? version,
        CancellationToken cancellation) =>
        await container.GetBlobClient(name).Replace(content, version, new(), cancellation) is { } stored
            ? Version(stored)
            : null;

    private static string Version(ETag version) => version.ToString().Trim('"');
}
