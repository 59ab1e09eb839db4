using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>
/// The store of everything people asked for at the desk. Each act is written before it is carried out, and its outcome
/// is added afterwards. None is ever deleted.
/// </summary>
internal sealed partial class DeskActs(StorageAccount account)
{
    private const string Partition = "act";

    private readonly Records<DeskAct> records = new(account.Tables.GetTableClient(ResourceNames.DeskActsTable));

    public static string NewId(DateTimeOffset at) =>
        // Table rows are sorted by key in ascending order. The time left until the latest possible time puts the latest
        // act first.
        $"{DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks:d19}-{Guid.NewGuid():n}";

    /// <exception cref="Azure.RequestFailedException">It could not be written.</exception>
    public async Task Add(DeskAct act, CancellationToken cancellation)
    {
        if (await records.Add(Entity(act), cancellation) is null)
            throw new InvalidOperationException($"The act {act.Id} is on record already.");
    }

    /// <summary>Adds to an act on record what came of it.</summary>
    public async Task Conclude(DeskAct act, CancellationToken cancellation)
    {
        if (await records.Find(Partition, act.Id, cancellation) is { } stored)
            await records.Replace([(Entity(act), stored.ETag)], cancellation);
    }

    /// <returns>Null where there is no act of that id.</returns>
    public async Task<DeskAct?> Find(string id, CancellationToken cancellation) =>
        Id().IsMatch(id) ? (await records.Find(Partition, id, cancellation))?.Value : null;

    /// <param name="distributionId">Only acts about this letter; null for all acts.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The latest first.</returns>
    public async Task<IReadOnlyList<DeskAct>> Latest(string? distributionId, int most, CancellationToken cancellation)
    {
        var filter = distributionId is null
            ? TableClient.CreateQueryFilter($"PartitionKey eq {Partition}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and DistributionId eq {distributionId}");
        List<DeskAct> acts = [];
        await foreach (var row in records.Table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            acts.Add(Records<DeskAct>.Read(row).Value);
            if (acts.Count == most)
                break;
        }

        return acts;
    }

    private static TableEntity Entity(DeskAct act) =>
        Records<DeskAct>.Entity(
            Partition,
            act.Id,
            act,
            act.DistributionId is { } id ? [new("DistributionId", id)] : []);

    [GeneratedRegex(@"^[0-9]{19}-[0-9a-f]{32}\z")]
    private static partial Regex Id();
}
