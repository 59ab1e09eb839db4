using System.Collections.Concurrent;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// The distributions on record. There are hundreds in a year, so they share one partition and are listed whole.
/// </summary>
/// <param name="tokens">Names the key new distributions are made with; null where none are made.</param>
internal sealed class DistributionRecords(StorageAccount account, IActLog log, MessageTokens? tokens = null)
{
    private const string Partition = "distribution";

    /// <summary>
    /// Rows that find a distribution by its mark. They are an index: derived from the records, and rebuilt if missing.
    /// </summary>
    public const string Marks = "mark";

    /// <summary>The column with the id of the distribution that a mark belongs to.</summary>
    private const string MarkedId = "Distribution";

    private readonly Records<DistributionRecord> records = new(
        account.Tables.GetTableClient(ResourceNames.DistributionsTable));

    /// <summary>A cache: a mark never comes to mean another distribution.</summary>
    private readonly ConcurrentDictionary<string, string> known = new();

    /// <summary>
    /// Whether those made by a version that knew no marks have been looked for: once, since a mark can be invented in
    /// every message that comes.
    /// </summary>
    private bool earlierAreKnown;

    /// <returns>False when it is on record already.</returns>
    public async Task<bool> Add(DistributionRecord distribution, CancellationToken cancellation)
    {
        await WriteMark(distribution.Id, cancellation);
        return await records.Add(
            Entity(distribution with { KeyId = distribution.KeyId ?? tokens?.Current }),
            cancellation)
            is not null;
    }

    /// <summary>The distribution whose letters bear a mark.</summary>
    /// <param name="mark">In lower case.</param>
    public async Task<DistributionRecord?> FindByMark(string mark, CancellationToken cancellation)
    {
        if (!known.TryGetValue(mark, out var id)
            && (
                id = (
                    await records.Table.GetEntityIfExistsAsync<TableEntity>(
                        Marks,
                        mark,
                        cancellationToken: cancellation))
                    is { HasValue: true, Value: { } row }
                    ? row.GetString(MarkedId)
                    : null)
                is null
            && !earlierAreKnown)
        {
            // Made by an earlier version, and sent by this one.
            foreach (var distribution in await All(cancellation))
                known.TryAdd(MessageTokens.Mark(distribution.Id), distribution.Id);
            earlierAreKnown = true;
            known.TryGetValue(mark, out id);
        }

        if (id is null)
            return null;
        known[mark] = id;
        return await Find(id, cancellation);
    }

    public async Task<DistributionRecord?> Find(string id, CancellationToken cancellation) =>
        (await records.Find(Partition, id, cancellation))?.Value;

    /// <returns>The latest first.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> All(CancellationToken cancellation) =>
        [.. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
            .Select(stored => stored.Value)
            .OrderByDescending(distribution => distribution.PreparedAt)];

    /// <returns>What follows a distribution: its reminders, addenda and corrections, the earliest first.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> Following(string id, CancellationToken cancellation) =>
        [.. (await All(cancellation)).Where(other => other.Follows?.Of == id).Reverse()];

    /// <summary>
    /// Changes the record with optimistic concurrency: on an ETag conflict it is read and changed again.
    /// </summary>
    /// <param name="change">Given the distribution as it is; returns it as it shall be, or null to leave it.</param>
    /// <returns>The distribution as changed, or null when it was left as it is.</returns>
    /// <exception cref="InvalidOperationException">No such distribution.</exception>
    public async Task<DistributionRecord?> Change(
        string id,
        Func<DistributionRecord, DistributionRecord?> change,
        CancellationToken cancellation)
    {
        while (true)
        {
            var stored = await records.Find(Partition, id, cancellation)
                ?? throw new InvalidOperationException($"There is no distribution {id}.");
            if (change(stored.Value) is not { } changed)
                return null;
            if (await records.Replace([(Entity(changed), stored.ETag)], cancellation) is null)
                continue;
            if (changed.Acts.Count > stored.Value.Acts.Count)
                await log.Append(changed, stored.Value.Acts.Count);
            return changed;
        }
    }

    private Task WriteMark(string id, CancellationToken cancellation) =>
        records.Table.UpsertEntityAsync(
            new TableEntity(Marks, MessageTokens.Mark(id))
            {
                [MarkedId] = id,
                [RecordFormat.Name] = RecordFormat.Written,
            },
            TableUpdateMode.Replace,
            cancellation);

    private static TableEntity Entity(DistributionRecord distribution) =>
        Records<DistributionRecord>.Entity(
            Partition,
            distribution.Id,
            distribution,
            [new("State", distribution.State.ToString())]);
}
