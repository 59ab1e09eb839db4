using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Distribution.Storage;

/// <summary>
/// Reads and writes of blobs. That another version is there, or none, is a result and not a failure.
/// </summary>
internal static class Blobs
{
    extension(BlobClient blob)
    {
        /// <param name="version">The ETag of the version to read; null for whichever is there.</param>
        /// <returns>Null where it is not there, or not in this version.</returns>
        public async Task<BlobDownloadResult?> TryRead(CancellationToken cancellation, string? version = null)
        {
            var options = new BlobDownloadOptions
            {
                Conditions = version is null ? null : new() { IfMatch = new ETag(version) },
            };
            try
            {
                return (await blob.DownloadContentAsync(options, cancellation)).Value;
            }
            catch (RequestFailedException failure)
                when (failure.Status == 404 || (version is not null && failure.Status == 412))
            {
                return null;
            }
        }

        /// <returns>Null where it is not there.</returns>
        public async Task<BlobProperties?> TryLook(CancellationToken cancellation)
        {
            try
            {
                return (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value;
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                return null;
            }
        }

        /// <returns>
        /// False where something is there already, which is kept; it may be of a try of this write whose answer was
        /// lost.
        /// </returns>
        public async Task<bool> WriteOnce(
            Stream content,
            IDictionary<string, string> metadata,
            CancellationToken cancellation)
        {
            try
            {
                await blob.UploadAsync(
                    content,
                    new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All }, Metadata = metadata },
                    cancellation);
                return true;
            }
            catch (RequestFailedException failure)
                when (failure.ErrorCode == BlobErrorCode.BlobAlreadyExists
                    || failure.ErrorCode == BlobErrorCode.ConditionNotMet)
            {
                return false;
            }
        }

        /// <summary>Writes in the place of exactly one version.</summary>
        /// <param name="options">All but the condition.</param>
        /// <param name="version">The ETag of that version; null where there is to be none.</param>
        /// <returns>The ETag of what is stored then; null where something else is there.</returns>
        public async Task<ETag?> Replace(
            BinaryData content,
            string? version,
            BlobUploadOptions options,
            CancellationToken cancellation)
        {
            var own = new OwnWrite();
            options.Metadata = own.In(options.Metadata);
            options.Conditions =
                version is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = new ETag(version) };
            try
            {
                return (await blob.UploadAsync(content, options, cancellation)).Value.ETag;
            }
            // 409 and 412 can also refuse this very write, sent once more because its first answer was lost. After 404
            // nothing is found there.
            catch (RequestFailedException refused) when (refused.Status is 404 or 409 or 412)
            {
                return await own.StoredIn(blob, cancellation);
            }
        }
    }

    extension(BlobContainerClient container)
    {
        /// <summary>Removes every blob whose name begins so. After an interruption it can be run again.</summary>
        public async Task RemoveAll(string prefix, CancellationToken cancellation)
        {
            await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellation))
                await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellation);
        }
    }
}
