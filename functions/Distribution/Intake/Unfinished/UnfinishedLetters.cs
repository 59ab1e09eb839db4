using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake.Unfinished;

/// <summary>Letters that people are writing at the desk, with the files that they brought.</summary>
internal sealed class UnfinishedLetters(StorageAccount account)
{
    private const string Partition = "unfinished";

    private readonly Records<UnfinishedLetter> records = new(account, ResourceNames.UnfinishedTable);

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Unfinished);

    /// <returns>The last saved first.</returns>
    public async Task<IReadOnlyList<UnfinishedLetter>> All(CancellationToken cancellation) =>
        [.. (await Stored(cancellation)).Select(stored => stored.Value).OrderByDescending(letter => letter.SavedAt)];

    /// <summary>All of them, each with its version.</summary>
    public Task<IReadOnlyList<Stored<UnfinishedLetter>>> Stored(CancellationToken cancellation) =>
        records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation);

    /// <returns>Null where there is none, as where it is no id.</returns>
    public async Task<Stored<UnfinishedLetter>?> Find(string id, CancellationToken cancellation) =>
        id.Length == UnfinishedLetter.IdLength && id.All(char.IsAsciiHexDigitLower)
            ? await records.Find(Partition, id, cancellation)
            : null;

    public async Task<Stored<UnfinishedLetter>> Add(UnfinishedLetter letter, CancellationToken cancellation) =>
        await records.Add(Partition, letter.Id, letter, cancellation)
        ?? throw new InvalidOperationException($"There is a letter of the id {letter.Id} already.");

    /// <param name="version">The ETag of what it is made from.</param>
    /// <returns>Null if another writer has saved it since.</returns>
    public Task<Stored<UnfinishedLetter>?> Replace(
        UnfinishedLetter letter,
        string version,
        CancellationToken cancellation) =>
        records.Replace(new Stored<UnfinishedLetter>(letter, Partition, letter.Id, version), cancellation);

    /// <summary>
    /// Saves a letter. The state before is kept as a version when somebody pressed a button, when another person had
    /// saved it, and every few minutes while one person types (<see cref="LetterVersion.Every"/>).
    /// </summary>
    /// <param name="before">What it is made from.</param>
    /// <param name="isPress">Whether somebody has pressed a button, and does not just type.</param>
    /// <returns>Null if another writer has saved it since.</returns>
    public async Task<Stored<UnfinishedLetter>?> Save(
        Stored<UnfinishedLetter> before,
        UnfinishedLetter after,
        bool isPress,
        CancellationToken cancellation)
    {
        var was = before.Value;
        var changed = was.Changed(after).ToList();
        var isTurn = changed.Count > 0
            && was.ChangedSince.Count > 0
            && (isPress
                || was.SavedBy.Key != after.SavedBy.Key
                || after.SavedAt - (was.Versions is [.., var last] ? last.At : was.BegunAt) >= LetterVersion.Every);
        after = isTurn
            ? await WithVersion(after with { Versions = was.Versions }, was, cancellation)
            : after with { Versions = was.Versions };
        var saved = await Replace(
            after with { ChangedSince = isTurn ? [.. changed] : was.ChangedSince.Union(changed) },
            before.ETag,
            cancellation);
        // After the letter names them no longer: where that write is refused, it still does.
        if (saved is not null)
            foreach (var old in was.Versions.ExceptBy(saved.Value.Versions.Select(kept => kept.Name), old => old.Name))
                await container.DeleteBlobIfExistsAsync(Name(was.Id, old.Name), cancellationToken: cancellation);
        return saved;
    }

    /// <summary>A letter that has another state of it among its versions.</summary>
    private async Task<UnfinishedLetter> WithVersion(
        UnfinishedLetter letter,
        UnfinishedLetter version,
        CancellationToken cancellation)
    {
        var kept = new LetterVersion(version.SavedAt, version.SavedBy, version.ChangedSince);
        // Stored before the letter names it. Where that write is refused, nothing names it, and it goes when the letter
        // does.
        await container.GetBlobClient(Name(letter.Id, kept.Name)).UploadAsync(
            BinaryData.FromString(Json.Write(version with { Versions = [] })), overwrite: true, cancellation);
        var versions = letter.Versions.RemoveAll(other => other.At == kept.At).Add(kept);
        return letter with { Versions = versions.RemoveRange(0, Math.Max(0, versions.Count - LetterVersion.Most)) };
    }

    /// <summary>An earlier state of a letter; null if it is not kept any more.</summary>
    public async Task<UnfinishedLetter?> ReadVersion(
        UnfinishedLetter letter,
        string name,
        CancellationToken cancellation) =>
        letter.Versions.Exists(version => version.Name == name)
        && await ReadFile(letter.Id, name, cancellation) is { } content
            ? Json.Read<UnfinishedLetter>(Encoding.UTF8.GetString(content.Span))
            : null;

    /// <summary>Removes exactly this version, and its files.</summary>
    /// <returns>False if another writer has saved it since, or it is gone.</returns>
    public async Task<bool> Remove(Stored<UnfinishedLetter> letter, CancellationToken cancellation)
    {
        if (!await records.Remove(letter, cancellation))
            return false;
        await container.RemoveAll($"{letter.Row}/", cancellation);
        return true;
    }

    /// <summary>
    /// Removes the files of letters that are not on record, as a worker leaves them that stops while it begins or
    /// removes one.
    /// </summary>
    /// <param name="before">Those of a letter of which one came later are kept: it may be about to be on record.</param>
    public async Task RemoveStrays(DateTimeOffset before, CancellationToken cancellation)
    {
        List<BlobItem> files = [];
        await foreach (var file in container.GetBlobsAsync(new GetBlobsOptions(), cancellation))
            files.Add(file);
        // By the keys alone: one that cannot be read is on record as well.
        HashSet<string> known = [];
        await foreach (
            var row in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"),
                select: ["RowKey"],
                cancellationToken: cancellation))
            known.Add(row.RowKey);
        foreach (var letter in files.GroupBy(file => file.Name.Split('/')[0]))
            if (!known.Contains(letter.Key) && letter.Max(file => file.Properties.LastModified) < before)
                await container.RemoveAll($"{letter.Key}/", cancellation);
    }

    // Under its hash, so that writing it again changes nothing.
    public Task PutFile(string id, string sha256, Stream content, CancellationToken cancellation) =>
        container.GetBlobClient(Name(id, sha256)).UploadAsync(content, overwrite: true, cancellation);

    /// <returns>Null if it is gone, with the letter that had it.</returns>
    public async Task<ReadOnlyMemory<byte>?> ReadFile(string id, string sha256, CancellationToken cancellation) =>
        (await container.GetBlobClient(Name(id, sha256)).TryRead(cancellation))?.Content.ToMemory();

    private static string Name(string id, string sha256) => $"{id}/{sha256}";
}
