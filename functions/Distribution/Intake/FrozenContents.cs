using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>The frozen content as it is stored.</summary>
/// <param name="Hash">SHA-256 of its bytes, lower-case hexadecimal.</param>
internal sealed record StoredContent(FrozenContent Content, string Hash);

/// <summary>
/// The frozen content of the distributions, one folder for each: <c>content.json</c>, the letter as uploaded, its
/// enclosures, and the typeset letters. Blobs are never overwritten.
/// </summary>
internal sealed class FrozenContents(StorageAccount account)
{
    private const int AtOnce = 8;

    // In bytes, as Stream.CopyTo has it.
    private const int PieceLength = 81_920;

    /// <summary>
    /// How many contents are kept in memory, and how many missions they may have together, unless it is one alone: with
    /// its roster and letters a mission takes about 4 KB.
    /// </summary>
    private const int AtHand = 50;

    /// <inheritdoc cref="AtHand"/>
    private const int MissionsAtHand = 20_000;

    private static readonly Dictionary<string, string> Written = new()
    {
        [RecordFormat.Name] = RecordFormat.Written.ToString(CultureInfo.InvariantCulture),
    };

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Distributions);

    private readonly ConcurrentDictionary<string, FrozenContent> known = new();

    /// <summary>
    /// Writes the content, <c>content.json</c> last: after a crash in between, the distribution has no content yet, and
    /// freezing is repeated.
    /// </summary>
    /// <param name="files">Those of its files that are not stored yet.</param>
    /// <returns>
    /// The stored content: the given one, or the one that was frozen first, by another worker or in an earlier try.
    /// </returns>
    public async Task<(FrozenContent Content, bool IsNew)> Freeze(
        string distributionId,
        FrozenContent content,
        LetterFiles files,
        CancellationToken cancellation)
    {
        await Store(distributionId, files, cancellation);
        var isOurs = await WriteOnce(
            ContentName(distributionId),
            Json.WriteBytes(content),
            cancellation,
            new OwnWrite());
        // Kept as it would be read: the words that ReadStored completes are complete in memory too.
        return isOurs
            ? (Keep(distributionId, content with { Templates = BuiltInWords.Complete(content.Templates) }), true)
            : ((await ReadStored(distributionId, cancellation)).Content, false);
    }

    /// <summary>Writes files of a letter that may be frozen later.</summary>
    public async Task Store(string distributionId, LetterFiles files, CancellationToken cancellation)
    {
        foreach (var source in files.Sources)
            await WriteOnce($"{distributionId}/{source.Name}", source.Content, cancellation);
        foreach (var file in files.Enclosures)
            await WriteOnce(EnclosureName(distributionId, file.Name), file.Content, cancellation);
        await Parallel.ForEachAsync(
            files.Printed,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (letter, stop) => await WriteOnce(PdfName(distributionId, letter.Pdf), letter.Bytes, stop));
    }

    /// <summary>Gives another distribution the same typeset letters, a few at a time. Idempotent.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are not those that were frozen.</exception>
    public Task CopyPdfs(
        string fromDistribution,
        string toDistribution,
        IEnumerable<LetterPdf> pdfs,
        CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            pdfs,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (pdf, stop) =>
                await WriteOnce(PdfName(toDistribution, pdf), await ReadPdf(fromDistribution, pdf, stop), stop));

    /// <summary>
    /// The frozen content, from memory where it was read before: it never changes. Everything that reads frozen content
    /// comes through here, except what must know the stored bytes: see <see cref="ReadStored"/>.
    /// </summary>
    /// <inheritdoc cref="ReadStored"/>
    public async Task<FrozenContent> Find(string distributionId, CancellationToken cancellation)
    {
        return known.TryGetValue(distributionId, out var content)
            ? content
            : Keep(distributionId, (await ReadStored(distributionId, cancellation)).Content);
    }

    /// <returns>The frozen content; null where it is missing or is not what was written.</returns>
    /// <inheritdoc cref="TryReadStored"/>
    public async Task<FrozenContent?> TryFind(string distributionId, CancellationToken cancellation) =>
        known.TryGetValue(distributionId, out var content) ? content
        : await TryReadStored(distributionId, cancellation) is { } stored ? Keep(distributionId, stored.Content)
        : null;

    /// <summary>
    /// The frozen content as it is stored now, for what proves or decides something. Word lists of the template that an
    /// earlier version froze are completed with keys that version did not have.
    /// </summary>
    /// <exception cref="RequestFailedException">Storage failed.</exception>
    /// <exception cref="LaterFormatException">A later version of the service froze it.</exception>
    /// <exception cref="UnreadableRecordException">
    /// It is missing, or is not what was written; the secretariat is told.
    /// </exception>
    public async Task<StoredContent> ReadStored(string distributionId, CancellationToken cancellation) =>
        await Parse(distributionId, await Download(ContentName(distributionId), cancellation), cancellation);

    private async Task<StoredContent> Parse(
        string distributionId,
        BlobDownloadResult stored,
        CancellationToken cancellation)
    {
        try
        {
            RecordFormat.Check(stored.Details.Metadata, $"The content of the distribution {distributionId}");
            var content = Json.Read<FrozenContent>(stored.Content.ToMemory().Span);
            return new(
                content with { Templates = BuiltInWords.Complete(content.Templates) },
                Sha256Hex.Of(stored.Content.ToMemory().Span));
        }
        catch (Exception fault) when (fault is not LaterFormatException)
        {
            throw await Unreadable(ContentName(distributionId), stored.Details.ETag.ToString(), fault, cancellation);
        }
    }

    /// <returns>The same; null where it is missing or is not what was written.</returns>
    /// <exception cref="RequestFailedException">Storage failed.</exception>
    /// <exception cref="LaterFormatException">A later version of the service froze it.</exception>
    public async Task<StoredContent?> TryReadStored(string distributionId, CancellationToken cancellation)
    {
        try
        {
            return await container.GetBlobClient(ContentName(distributionId)).TryRead(cancellation) is { } stored
                ? await Parse(distributionId, stored, cancellation)
                : null;
        }
        catch (UnreadableRecordException)
        {
            // Swallowed: the secretariat is told of it, and who asks goes by what else there is.
            return null;
        }
    }

    /// <summary>Writes the stored bytes of <c>content.json</c> to a target.</summary>
    public async Task CopyContent(string distributionId, Stream target, CancellationToken cancellation) =>
        await target.WriteAsync(
            (await Download(ContentName(distributionId), cancellation)).Content.ToMemory(),
            cancellation);

    /// <summary>
    /// Writes a content that was frozen elsewhere, with its files, as the bytes that they are. The caller has checked
    /// their hashes.
    /// </summary>
    public async Task Restore(
        string distributionId,
        ReadOnlyMemory<byte> content,
        LetterFiles files,
        CancellationToken cancellation)
    {
        await Store(distributionId, files, cancellation);
        await WriteOnce(ContentName(distributionId), content, cancellation);
    }

    /// <summary>A file the letters were made from, such as the image of a signature.</summary>
    public async Task<UploadedFile> ReadSource(string distributionId, string name, CancellationToken cancellation)
    {
        var bytes = (await Download($"{distributionId}/{name}", cancellation)).Content.ToMemory();
        return new(name, bytes, Sha256Hex.Of(bytes.Span));
    }

    /// <returns>The images that the letter prints: signatures and emblems.</returns>
    public async Task<IReadOnlyList<UploadedFile>> ReadImages(
        string distributionId,
        FrozenContent content,
        CancellationToken cancellation)
    {
        List<UploadedFile> images = [];
        foreach (var name in content.Letter.Signatures.Union(content.Letter.Emblems))
            images.Add(await ReadSource(distributionId, name, cancellation));
        return images;
    }

    /// <exception cref="InvalidDataException">The stored bytes are not those that were checked and frozen.</exception>
    public Task<ReadOnlyMemory<byte>> ReadEnclosure(
        string distributionId,
        Enclosure enclosure,
        CancellationToken cancellation) =>
        Read(EnclosureName(distributionId, enclosure.File), enclosure.Hash, cancellation);

    /// <exception cref="InvalidDataException">The stored bytes are not those that were frozen.</exception>
    public Task<ReadOnlyMemory<byte>> ReadPdf(string distributionId, LetterPdf pdf, CancellationToken cancellation) =>
        Read(PdfName(distributionId, pdf), pdf.Hash, cancellation);

    /// <summary>
    /// Streams an enclosure to a target, without holding it in memory. Its hash is known only at the end: on an
    /// exception the target has got wrong bytes already.
    /// </summary>
    /// <exception cref="InvalidDataException">The stored bytes are not those that were checked and frozen.</exception>
    public Task CopyEnclosure(
        string distributionId,
        Enclosure enclosure,
        Stream target,
        CancellationToken cancellation) =>
        Copy(EnclosureName(distributionId, enclosure.File), enclosure.Hash, target, cancellation);

    /// <inheritdoc cref="CopyEnclosure"/>
    public Task CopyPdf(string distributionId, LetterPdf pdf, Stream target, CancellationToken cancellation) =>
        Copy(PdfName(distributionId, pdf), pdf.Hash, target, cancellation);

    /// <returns>
    /// SHA-256 of <c>content.json</c> as stored now, lower-case hexadecimal; null if it is missing.
    /// </returns>
    public Task<string?> ContentHash(string distributionId, CancellationToken cancellation) =>
        HashOf(ContentName(distributionId), cancellation);

    /// <inheritdoc cref="ContentHash(string, CancellationToken)"/>
    public Task<string?> EnclosureHash(string distributionId, Enclosure enclosure, CancellationToken cancellation) =>
        HashOf(EnclosureName(distributionId, enclosure.File), cancellation);

    /// <inheritdoc cref="ContentHash(string, CancellationToken)"/>
    public Task<string?> PdfHash(string distributionId, LetterPdf pdf, CancellationToken cancellation) =>
        HashOf(PdfName(distributionId, pdf), cancellation);

    private FrozenContent Keep(string distributionId, FrozenContent content)
    {
        while (!known.IsEmpty
            && (known.Count >= AtHand
                || known.Values.Sum(other => other.Roster.Count) + content.Roster.Count > MissionsAtHand))
            // Any other one: nobody counts which was asked for least.
            known.TryRemove(known.Keys.First(), out _);
        return known[distributionId] = content;
    }

    private async Task<string?> HashOf(string name, CancellationToken cancellation)
    {
        try
        {
            await using var stored = (
                await container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellation))
                .Value
                .Content;
            return await Sha256Hex.Of(stored, cancellation);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    private async Task<ReadOnlyMemory<byte>> Read(string name, string hash, CancellationToken cancellation)
    {
        var bytes = (await Download(name, cancellation)).Content.ToMemory();
        return Sha256Hex.Of(bytes.Span) == hash ? bytes : throw NotTheSame(name);
    }

    private async Task Copy(string name, string hash, Stream target, CancellationToken cancellation)
    {
        await using var stored = await OpenRead(name, cancellation);
        using var seen = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            for (int read; (read = await stored.ReadAsync(piece, cancellation)) > 0;)
            {
                seen.AppendData(piece, 0, read);
                await target.WriteAsync(piece.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        if (Sha256Hex.Of(seen) != hash)
            throw NotTheSame(name);
    }

    private async Task<BlobDownloadResult> Download(string name, CancellationToken cancellation)
    {
        try
        {
            return (await container.GetBlobClient(name).DownloadContentAsync(cancellation)).Value;
        }
        // For the caller missing is as bad as damaged: the same exception, and a notice.
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw await Unreadable(name, "missing", missing, cancellation);
        }
    }

    private async Task<Stream> OpenRead(string name, CancellationToken cancellation)
    {
        try
        {
            return (await container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellation))
                .Value
                .Content;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw await Unreadable(name, "missing", missing, cancellation);
        }
    }

    private async Task<UnreadableRecordException> Unreadable(
        string name,
        string version,
        Exception fault,
        CancellationToken cancellation)
    {
        var unreadable = new UnreadableRecordException($"the file {ResourceNames.Distributions}/{name}", fault);
        await account.LeftOut.Tell(unreadable, version, cancellation);
        return unreadable;
    }

    private static InvalidDataException NotTheSame(string name) =>
        new(
            $"The stored file {ResourceNames.Distributions}/{name} is not the one that was checked: its hash differs. Nothing is sent with it."
        );

    private static string ContentName(string distributionId) => $"{distributionId}/content.json";

    private static string EnclosureName(string distributionId, string file) => $"{distributionId}/enclosures/{file}";

    // Named by its hash: an interrupted examination may have left a PDF made by another version of the typesetter.
    private static string PdfName(string distributionId, LetterPdf pdf) =>
        $"{distributionId}/letters/{pdf.Mission ?? "all"}/{pdf.Hash[..16]}/{pdf.File}";

    /// <param name="own">Where the caller has to know whose write it was, at the cost of one more request.</param>
    /// <returns>False if the blob was written before, by another write than this; it is kept as it is.</returns>
    private async Task<bool> WriteOnce(
        string name,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellation,
        OwnWrite? own = null)
    {
        var blob = container.GetBlobClient(name);
        return await blob.WriteOnce(BinaryData.FromBytes(content).ToStream(), own?.In(Written) ?? Written, cancellation)
            // Already written by another examination of the same content, or by a try whose answer was lost.
            || (own is not null && await own.StoredIn(blob, cancellation) is not null);
    }
}
