using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Register;

/// <summary>
/// The blob container of the register. People upload <c>register.csv</c>. <c>in-use.csv</c> is the last upload without
/// faults, and letters go only to the missions in it.
/// </summary>
internal sealed class RegisterContainer(StorageAccount account)
{
    public const string Uploaded = "register.csv";

    public const string InUse = "in-use.csv";

    /// <summary>The file that says which upload was examined last.</summary>
    public const string ExaminedMark = "examined-version";

    /// <summary>The metadata entry of a file's SHA-256, in lower-case hexadecimal.</summary>
    private const string Sum = "sum";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Register);

    /// <returns>The file's bytes and ETag, or null if there is no file.</returns>
    public async Task<(ReadOnlyMemory<byte> Content, string Version)?> Read(
        string name,
        CancellationToken cancellation) =>
        await Download(name, cancellation) is { } file ? (file.Content, file.Version) : null;

    /// <summary>
    /// The register in use, and whether it is what this service wrote. A byte that changed in storage may be one of an
    /// address: the file can be read then, and names another mailbox.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    public async Task<(ReadOnlyMemory<byte> Content, string Version, bool IsAsWritten)?> ReadInUse(
        CancellationToken cancellation) =>
        await Download(InUse, cancellation) is { } file
            ? (
                file.Content,
                file.Version,
                !file.Metadata.TryGetValue(Sum, out var sum) || sum == Sha256Hex.Of(file.Content.Span))
            : null;

    private async Task<(ReadOnlyMemory<byte> Content, string Version, IDictionary<string, string> Metadata)?> Download(
        string name,
        CancellationToken cancellation)
    {
        try
        {
            var blob = (
                await container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellation)).Value;
            await using var stream = blob.Content;
            // Of a file that is too large, read only one byte above the limit: the reader then reports it as too large.
            var content = new byte[Math.Min(blob.Details.ContentLength, RegisterCsv.LargestFile + 1)];
            await stream.ReadExactlyAsync(content, cancellation);
            return (content, blob.Details.ETag.ToString(), blob.Details.Metadata);
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <returns>The ETag of every file, by its name, in the form of <see cref="Version"/>.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Versions(CancellationToken cancellation)
    {
        var versions = new Dictionary<string, string>();
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions(), cancellation))
            // A listing has the ETag without quotation marks, a response header has them.
            versions[blob.Name] = $"\"{blob.Properties.ETag.ToString()?.Trim('"')}\"";
        return versions;
    }

    /// <returns>The file's ETag, or null if there is no file.</returns>
    public async Task<string?> Version(string name, CancellationToken cancellation)
    {
        try
        {
            return (
                await container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellation)
            ).Value.ETag.ToString();
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Tells the secretariat that a file cannot be read.</summary>
    /// <returns>The exception to throw.</returns>
    public async Task<UnreadableRecordException> CannotBeRead(
        string name,
        string version,
        CancellationToken cancellation)
    {
        var unreadable = new UnreadableRecordException($"the file {ResourceNames.Register}/{name}");
        await account.LeftOut.Tell(unreadable, version, cancellation);
        return unreadable;
    }

    public Task Write(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        container
            .GetBlobClient(name)
            .UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions
                {
                    HttpHeaders = new() { ContentType = "text/csv; charset=utf-8" },
                    Metadata = new Dictionary<string, string> { [Sum] = Sha256Hex.Of(content.Span) },
                },
                cancellation);

    /// <returns>The ETag of the upload that was examined last, or null if none was.</returns>
    public async Task<string?> Examined(CancellationToken cancellation) =>
        await Read(ExaminedMark, cancellation) is { } mark ? Encoding.UTF8.GetString(mark.Content.Span) : null;

    public Task MarkExamined(string version, CancellationToken cancellation) =>
        container
            .GetBlobClient(ExaminedMark)
            .UploadAsync(BinaryData.FromString(version), overwrite: true, cancellation);
}
