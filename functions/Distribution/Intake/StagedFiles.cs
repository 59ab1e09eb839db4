using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// A file that is uploaded in parts. It is known by its content, so that an upload goes on where it stopped.
/// </summary>
/// <param name="Owner">Who uploads it; nobody else reads its parts, or makes an upload of them.</param>
/// <param name="Sha256">Of the whole file, in lower-case hexadecimal, as the uploader's browser worked it out.</param>
/// <param name="Length">Of the whole file, in bytes.</param>
internal sealed record StagedFile(Person Owner, string Sha256, long Length)
{
    /// <summary>The folder of its parts. A person's key may hold any sign, so its hash stands for it.</summary>
    public string Folder =>
        string.Create(
            CultureInfo.InvariantCulture,
            // Keys of one person may differ in capitals (Person.Is).
            $"{Sha256Hex.Of(Owner.Key.ToUpperInvariant())[..32]}/{Sha256}-{Length}/");
}

/// <summary>What came of putting the parts of a file together.</summary>
internal enum StagedOutcome
{
    Whole,

    /// <summary>Some parts have not come, or are deleted already.</summary>
    Incomplete,

    /// <summary>The parts are not the file that was announced. They are deleted, so that it can be sent anew.</summary>
    Changed,
}

/// <summary>
/// The parts of files that are being uploaded at the desk, each a blob. They are no drafts before all of them have
/// come, are what was announced, and the uploader has signed them off.
/// </summary>
internal sealed class StagedFiles(StorageAccount account, TimeProvider clock)
{
    /// <summary>How long parts are kept after the last one came.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>The metadata with the time a part came, by the service's own clock, in ticks.</summary>
    private const string CameAt = "at";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Staging);

    /// <returns>The numbers of the parts that have come, from 0.</returns>
    public async Task<IReadOnlyList<int>> Parts(StagedFile file, CancellationToken cancellation)
    {
        List<int> parts = [];
        await foreach (var blob in List(file.Folder, cancellation))
            // What another program put there is no part.
            if (int.TryParse(
                    blob.Name.AsSpan(file.Folder.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var part)
                && blob.Name == Name(file, part))
                parts.Add(part);
        return parts;
    }

    /// <summary>Stores one part. Parts may come in any order, and more than once: the last one counts.</summary>
    /// <param name="part">Its number, from 0.</param>
    public Task Put(StagedFile file, int part, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        container
            .GetBlobClient(Name(file, part))
            .UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions
                {
                    Metadata = new Dictionary<string, string>
                    {
                        [CameAt] = clock.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture),
                    },
                },
                cancellation);

    /// <summary>Puts the parts of a file together, and holds it against what was announced.</summary>
    /// <param name="target">Where the file is written to; seekable, and at its beginning again afterwards.</param>
    public async Task<StagedOutcome> Assemble(StagedFile file, Stream target, CancellationToken cancellation)
    {
        var parts = await Parts(file, cancellation);
        foreach (var part in parts.Order())
            if (!await Copy(Name(file, part), target, cancellation))
                return StagedOutcome.Incomplete;
        target.Position = 0;
        // Where a part is missing, the rest is good: it need not be sent again.
        if (target.Length < file.Length)
            return StagedOutcome.Incomplete;
        var isWhole = target.Length == file.Length && await Sha256Hex.Of(target, cancellation) == file.Sha256;
        target.Position = 0;
        if (isWhole)
            return StagedOutcome.Whole;
        await Remove(file, cancellation);
        return StagedOutcome.Changed;
    }

    public Task Remove(StagedFile file, CancellationToken cancellation) =>
        container.RemoveAll(file.Folder, cancellation);

    /// <summary>Deletes all parts of each file whose last part came longer ago than <see cref="Kept"/>.</summary>
    public async Task RemoveAbandoned(CancellationToken cancellation)
    {
        List<BlobItem> all = [];
        await foreach (var blob in List("", cancellation))
            all.Add(blob);
        var before = clock.GetUtcNow() - Kept;
        foreach (
            // By file: over a slow line the first parts wait for the last.
            var file in all.GroupBy(blob => blob.Name[..(blob.Name.LastIndexOf('/') + 1)])
                .Where(parts => parts.Max(When) < before))
            foreach (var part in file)
                await container.DeleteBlobIfExistsAsync(part.Name, cancellationToken: cancellation);
    }

    private static string Name(StagedFile file, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{file.Folder}{part:d4}");

    /// <summary>When a part came; of a blob that another program put there, when storage took it.</summary>
    private static DateTimeOffset When(BlobItem blob) =>
        blob.Metadata?.TryGetValue(CameAt, out var ticks) is true
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.UtcTicks
            ? new(at, TimeSpan.Zero)
            : blob.Properties.LastModified ?? default;

    private IAsyncEnumerable<BlobItem> List(string prefix, CancellationToken cancellation) =>
        container.GetBlobsAsync(
            new GetBlobsOptions { Prefix = prefix, Traits = BlobTraits.Metadata },
            cancellation);

    private async Task<bool> Copy(string name, Stream target, CancellationToken cancellation)
    {
        try
        {
            await container.GetBlobClient(name).DownloadToAsync(target, cancellation);
            return true;
        }
        catch (Azure.RequestFailedException gone) when (gone.Status == 404)
        {
            return false;
        }
    }
}
