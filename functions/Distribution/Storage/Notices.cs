using Azure.Data.Tables;
using Distribution.Common;

namespace Distribution.Storage;

/// <summary>Stores notices to the secretariat until a person has handled and removed them.</summary>
internal sealed class Notices(StorageAccount account)
{
    private const string Partition = "notice";

    private readonly Records<Notice> records = new(account, ResourceNames.NoticesTable);

    /// <returns>
    /// False if another notice with the same id already exists. Adding the identical notice again returns true.
    /// </returns>
    public async Task<bool> Add(Notice notice, CancellationToken cancellation) =>
        await records.Add(Partition, notice.Id, notice, cancellation) is not null;

    /// <returns>Latest first.</returns>
    public async Task<IReadOnlyList<Notice>> All(CancellationToken cancellation) =>
        [.. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
            .Select(stored => stored.Value)
            .OrderByDescending(notice => notice.At)];

    /// <returns>False where there is no such notice any more.</returns>
    public async Task<bool> Remove(string id, CancellationToken cancellation) =>
        // The client answers 404 and throws nothing where the row is not there.
        !(await records.Table.DeleteEntityAsync(Partition, id, cancellationToken: cancellation)).IsError;
}
