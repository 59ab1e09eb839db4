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

    private const string ExaminedMark = "examined-version";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Register);

    /// <returns>The file's bytes and ETag, or null if there is no file.</returns>
    public async Task<(ReadOnlyMemory<byte> Content, string Version)?> Read(string name, CancellationToken cancellation)
    {
        try
        {
            var client = container.GetBlobClient(name);
            var length = (await client.GetPropertiesAsync(cancellationToken: cancellation)).Value.ContentLength;
            // Of a file that is too large, read only one byte above the limit: the reader then reports it as too large.
            var blob = (
                await client.DownloadContentAsync(
                    length > RegisterCsv.LargestFile
                        ? new BlobDownloadOptions { Range = new HttpRange(0, RegisterCsv.LargestFile + 1) }
                        : new(),
                    cancellation)).Value;
            return (blob.Content.ToMemory(), blob.Details.ETag.ToString());
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
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

    public Task Write(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        container
            .GetBlobClient(name)
            .UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions { HttpHeaders = new() { ContentType = "text/csv; charset=utf-8" } },
                cancellation);

    /// <returns>The ETag of the upload that was examined last, or null if none was.</returns>
    public async Task<string?> Examined(CancellationToken cancellation) =>
        await Read(ExaminedMark, cancellation) is { } mark ? Encoding.UTF8.GetString(mark.Content.Span) : null;

    public Task MarkExamined(string version, CancellationToken cancellation) =>
        container
            .GetBlobClient(ExaminedMark)
            .UploadAsync(BinaryData.FromString(version), overwrite: true, cancellation);
}
