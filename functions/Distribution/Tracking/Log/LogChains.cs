using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking.Log;

/// <summary>One link of a chain with what it seals.</summary>
/// <param name="Lines">The bytes that are sealed.</param>
/// <param name="Values">The personal data beside it, one value on each line.</param>
internal sealed record SealedSegment(ChainLink Link, BinaryData Lines, BinaryData Values);

/// <summary>
/// The store of sealed logs, one folder for each distribution: <c>chain.jsonl</c> with a link for each segment, the
/// segments, and for each segment a file with the personal data that its hashes stand for. Links are only appended, and
/// only by the worker that holds the chain's lease.
/// </summary>
internal sealed class LogChains(StorageAccount account)
{
    /// <summary>A link has some 400 bytes, and a block at most 4 MB.</summary>
    private const int LinksInOneBlock = 1000;

    /// <summary>
    /// The longest lease of Blob Storage that ends by itself, so that a worker that died bars nobody for long.
    /// </summary>
    private static readonly TimeSpan LeaseFor = TimeSpan.FromSeconds(60);

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Log);

    /// <returns>The links as they are stored, in order.</returns>
    public async Task<IReadOnlyList<string>> Links(string distributionId, CancellationToken cancellation) =>
        await Read(ChainName(distributionId), cancellation) is { } chain
            ? chain.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [];

    /// <returns>The bytes of a sealed segment; null where it is missing.</returns>
    public Task<BinaryData?> Segment(string distributionId, string name, CancellationToken cancellation) =>
        Read(SegmentName(distributionId, name), cancellation);

    /// <returns>
    /// The personal data that the hashes in a sealed segment stand for, as far as it was not erased, one value on each
    /// line.
    /// </returns>
    public async Task<BinaryData> Values(string distributionId, string name, CancellationToken cancellation) =>
        await Read(ValuesName(distributionId, name), cancellation) ?? BinaryData.Empty;

    /// <returns>
    /// The names of the segments that have personal data beside them, whether a link names them or not.
    /// </returns>
    public async Task<IReadOnlyList<string>> WithValues(string distributionId, CancellationToken cancellation)
    {
        var folder = ValuesName(distributionId, "");
        List<string> found = [];
        await foreach (
            var item in container.GetBlobsAsync(new GetBlobsOptions { Prefix = folder }, cancellation))
            found.Add(item.Name[folder.Length..]);
        return found;
    }

    /// <returns>The ids of the distributions that have a sealed log.</returns>
    public async Task<IReadOnlyList<string>> Distributions(CancellationToken cancellation)
    {
        List<string> found = [];
        await foreach (
            var item in container.GetBlobsByHierarchyAsync(
                new GetBlobsByHierarchyOptions { Delimiter = "/" },
                cancellation))
            // The container has the folders of segments that wait beside those of distributions.
            if (item.IsPrefix && !LogSegments.IsWaiting(item.Prefix))
                found.Add(item.Prefix[..^1]);
        return found;
    }

    /// <returns>Null while another worker holds the lease.</returns>
    public async Task<ChainHold?> Hold(string distributionId, CancellationToken cancellation)
    {
        var chain = container.GetAppendBlobClient(ChainName(distributionId));
        var lease = chain.GetBlobLeaseClient();
        try
        {
            try
            {
                // Without asking first whether the chain is there: mostly it is, and asking costs a request each time.
                await lease.AcquireAsync(LeaseFor, cancellationToken: cancellation);
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                await chain.CreateIfNotExistsAsync(cancellationToken: cancellation);
                await lease.AcquireAsync(LeaseFor, cancellationToken: cancellation);
            }

            return new(this, distributionId, chain, lease);
        }
        catch (RequestFailedException held) when (held.Status is 409 or 412)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes a log that was sealed elsewhere, the chain last. Only where nothing of the distribution is on record
    /// here: what another try has left is written over.
    /// </summary>
    public async Task Restore(
        string distributionId,
        IReadOnlyList<SealedSegment> log,
        CancellationToken cancellation)
    {
        foreach (var segment in log)
        {
            await Write(ValuesName(distributionId, segment.Link.Segment), segment.Values, cancellation);
            await Write(SegmentName(distributionId, segment.Link.Segment), segment.Lines, cancellation);
        }

        var chain = container.GetAppendBlobClient(ChainName(distributionId));
        await chain.CreateAsync(new AppendBlobCreateOptions(), cancellation);
        foreach (var links in log.Chunk(LinksInOneBlock))
        {
            using var block = new MemoryStream(
                Encoding.UTF8.GetBytes(string.Concat(links.Select(segment => Json.Write(segment.Link) + "\n"))));
            await chain.AppendBlockAsync(block, cancellationToken: cancellation);
        }
    }

    private Task Write(string name, BinaryData content, CancellationToken cancellation) =>
        container.GetBlobClient(name).UploadAsync(content, overwrite: true, cancellation);

    private async Task<BinaryData?> Read(string name, CancellationToken cancellation) =>
        (await container.GetBlobClient(name).TryRead(cancellation))?.Content;

    private static string ChainName(string distributionId) => $"{distributionId}/chain.jsonl";

    private static string SegmentName(string distributionId, string name) => $"{distributionId}/segments/{name}";

    private static string ValuesName(string distributionId, string name) => $"{distributionId}/people/{name}";

    /// <summary>The exclusive right to append to one chain, until it is released or lost.</summary>
    internal sealed class ChainHold(
        LogChains chains,
        string distributionId,
        AppendBlobClient chain,
        BlobLeaseClient lease) : IAsyncDisposable
    {
        /// <summary>
        /// Writes the personal data and the segment, then the link that makes them part of the chain. In this order a
        /// crash leaves no link without its segment.
        /// </summary>
        /// <param name="name">
        /// The segment's name. It contains a hash of the content, so a worker that has lost the lease cannot overwrite
        /// another worker's segment.
        /// </param>
        /// <returns>False where the lease was lost; then nothing was appended.</returns>
        /// <exception cref="InvalidDataException">The chain is a blob that nothing can be appended to.</exception>
        public async Task<bool> Append(
            string name,
            BinaryData segment,
            BinaryData values,
            string link,
            CancellationToken cancellation)
        {
            await chains.Write(ValuesName(distributionId, name), values, cancellation);
            await chains.Write(SegmentName(distributionId, name), segment, cancellation);
            try
            {
                // Just before the link: writing the segment can have taken longer than the lease lasted.
                await lease.RenewAsync(cancellationToken: cancellation);
                var length = (await chain.GetPropertiesAsync(cancellationToken: cancellation)).Value.ContentLength;
                using var block = new MemoryStream(Encoding.UTF8.GetBytes(link + "\n"));
                // The append position is also a condition: a retry after a lost response must not append the link
                // twice.
                await chain.AppendBlockAsync(block, new AppendBlobAppendBlockOptions
                {
                    Conditions = new() { LeaseId = lease.LeaseId, IfAppendPositionEqual = length },
                }, cancellation);
                return true;
            }
            catch (RequestFailedException other) when (other.ErrorCode == BlobErrorCode.InvalidBlobType)
            {
                throw new InvalidDataException(
                    $"The log of {distributionId} cannot go on: its chain.jsonl was put back as a blob that nothing can be appended to, as most tools write one from a disk. Save it, delete it, and upload the same file with az storage blob upload --type append.",
                    other);
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412)
            {
                return false;
            }
        }

        /// <summary>
        /// Erases personal data beside a sealed segment. The segment keeps the hashes, so the chain stays whole. A line
        /// that cannot be read goes too: it may hold such a value, and proves nothing.
        /// </summary>
        /// <param name="name">The segment's name.</param>
        /// <param name="hashes">The hashes whose values go.</param>
        public async Task EraseValues(string name, IReadOnlySet<string> hashes, CancellationToken cancellation)
        {
            var lines = (await chains.Values(distributionId, name, cancellation))
                .ToString()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var kept = lines
                .Where(line => PersonalValue.Read(line) is { } value && !hashes.Contains(value.Hash))
                .ToList();
            if (kept.Count < lines.Length)
                await chains.Write(
                    ValuesName(distributionId, name),
                    BinaryData.FromString(string.Concat(kept.Select(line => line + "\n"))),
                    cancellation);
        }

        /// <summary>Deletes a segment that no link names, and the personal data beside it.</summary>
        public async Task Remove(string name, CancellationToken cancellation)
        {
            foreach (var blob in (string[])[SegmentName(distributionId, name), ValuesName(distributionId, name)])
                await chains.container.GetBlobClient(blob).DeleteIfExistsAsync(cancellationToken: cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await lease.ReleaseAsync();
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
                // The lease has expired, and another worker may hold it now.
            }
        }
    }
}
