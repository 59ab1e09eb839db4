using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>The records of the upload folders.</summary>
internal sealed class Uploads(StorageAccount account)
{
    private const string Partition = "upload";

    private readonly Records<Upload> records = new(account.Tables.GetTableClient(ResourceNames.UploadsTable));

    public Task<Stored<Upload>?> Find(UploadFolder folder, CancellationToken cancellation) =>
        records.Find(Partition, Row(folder), cancellation);

    /// <returns>The last examined first.</returns>
    public async Task<IReadOnlyList<Stored<Upload>>> All(CancellationToken cancellation) =>
        [.. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
            .OrderByDescending(upload => upload.Value.ExaminedAt)];

    /// <param name="version">The ETag of the record to replace; null to add the first one.</param>
    /// <returns>The new ETag; null if another worker wrote the record first (ETag conflict).</returns>
    public async Task<string?> Save(Upload upload, string? version, CancellationToken cancellation)
    {
        var entity = Records<Upload>.Entity(Partition, Row(upload.Folder), upload, []);
        return version is null
            ? await records.Add(entity, cancellation)
            : await records.Replace([(entity, version)], cancellation) is [var recorded] ? recorded : null;
    }

    public Task Remove(UploadFolder folder, CancellationToken cancellation) =>
        records.Table.DeleteEntityAsync(Partition, Row(folder), cancellationToken: cancellation);

    /// <summary>The row key: a hash, because folder names may contain characters that table keys may not.</summary>
    public static string Row(UploadFolder folder) =>
        Sha256Hex.Of(folder.ToString());
}
