using System.Text;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>The records of the upload folders.</summary>
internal sealed class Uploads(StorageAccount account)
{
    private const string Partition = "upload";

    private readonly Records<Upload> records = new(account, ResourceNames.UploadsTable);

    /// <returns>The record with its ETag; null if the folder has none.</returns>
    /// <exception cref="LaterFormatException">A later version of the service wrote it.</exception>
    /// <exception cref="UnreadableRecordException">It is not what was written; the secretariat is told.</exception>
    public async Task<Stored<Upload>?> Find(UploadFolder folder, CancellationToken cancellation)
    {
        if (await records.Find(Partition, Row(folder), cancellation) is { } found)
            return found;
        var spelled = Row(folder.ToString().Normalize(NormalizationForm.FormD));
        return spelled != Row(folder) && await records.Find(Partition, spelled, cancellation) is { } former
            ? await InPlace(former, cancellation)
            : null;
    }

    /// <returns>The last examined first.</returns>
    public async Task<IReadOnlyList<Stored<Upload>>> All(CancellationToken cancellation) =>
        [.. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
            .OrderByDescending(upload => upload.Value.ExaminedAt)];

    /// <returns>By their folder; and the rows of those that cannot be read.</returns>
    public async Task<(IReadOnlyDictionary<UploadFolder, Stored<Upload>> Known, IReadOnlySet<string> LeftOut)> ByFolder(
        CancellationToken cancellation)
    {
        var (found, leftOut) = await records.Listed(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"),
            cancellation);
        Dictionary<UploadFolder, Stored<Upload>> known = [];
        foreach (var upload in found)
            known[upload.Value.Folder] = await InPlace(upload, cancellation);
        return (known, leftOut.ToHashSet());
    }

    /// <summary>
    /// Earlier versions had a record for each spelling of a folder's name, as a Mac or Windows writes it. The one under
    /// the common spelling stands; without it, another takes its place.
    /// </summary>
    private async Task<Stored<Upload>> InPlace(Stored<Upload> upload, CancellationToken cancellation)
    {
        var row = Row(upload.Value.Folder);
        if (upload.Row == row)
            return upload;
        // Placed before the other is deleted: a worker that stops in between leaves both, of which this one stands.
        var placed = await records.Add(Partition, row, upload.Value, cancellation)
            ?? await records.Find(Partition, row, cancellation)
            ?? upload;
        await records.Remove(upload, cancellation);
        return placed;
    }

    /// <param name="version">The ETag of the record to replace; null to add the first one.</param>
    /// <returns>The new ETag; null if another worker wrote the record first (ETag conflict).</returns>
    public async Task<string?> Save(Upload upload, string? version, CancellationToken cancellation)
    {
        var row = Row(upload.Folder);
        var saved = version is null
            ? await records.Add(Partition, row, upload, cancellation)
            : await records.Replace(new Stored<Upload>(upload, Partition, row, version), cancellation);
        return saved?.ETag;
    }

    public Task Remove(UploadFolder folder, CancellationToken cancellation) =>
        records.Table.DeleteEntityAsync(Partition, Row(folder), cancellationToken: cancellation);

    /// <summary>The row key: a hash, because folder names may contain characters that table keys may not.</summary>
    public static string Row(UploadFolder folder) => Row(folder.ToString());

    private static string Row(string folder) => Sha256Hex.Of(folder);
}
