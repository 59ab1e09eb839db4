using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>The container of reports: the latest report on each upload, as text, named after the upload.</summary>
internal sealed class UploadReports(StorageAccount account)
{
    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Reports);

    public static string NameOf(string upload) => $"{upload}.txt";

    public Task Save(string upload, string report, CancellationToken cancellation) =>
        container.GetBlobClient(NameOf(upload)).UploadAsync(
            BinaryData.FromString(report),
            new BlobUploadOptions { HttpHeaders = new() { ContentType = "text/plain; charset=utf-8" } },
            cancellation);

    /// <summary>Deletes the report of an upload that was corrected, discarded or deleted.</summary>
    public Task Remove(string upload, CancellationToken cancellation) =>
        container.GetBlobClient(NameOf(upload)).DeleteIfExistsAsync(cancellationToken: cancellation);

    /// <summary>Deletes the reports of all uploads whose names begin so; none of those in folders.</summary>
    public async Task RemoveAll(string prefix, CancellationToken cancellation)
    {
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellation))
            if (!blob.Name.Contains('/', StringComparison.Ordinal))
                await container.GetBlobClient(blob.Name).DeleteIfExistsAsync(cancellationToken: cancellation);
    }
}
