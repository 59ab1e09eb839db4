using System.Collections.Concurrent;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// The records of the distributions. There are some hundreds in a year, so one partition is enough, and lists read all.
/// </summary>
/// <param name="tokens">Gives the key id for new distributions; null if none are created.</param>
internal sealed class DistributionRecords(StorageAccount account, IActLog log, MessageTokens? tokens = null)
{
    private const string Partition = "distribution";

    /// <summary>
    /// Partition of the rows that find a distribution by its mark: an index, derived from the records. If a row is
    /// missing, <see cref="FindByMark"/> reads all records once; it does not write the row again.
    /// </summary>
    public const string Marks = "mark";

    /// <summary>The column with the id of the distribution that a mark belongs to.</summary>
    private const string MarkedId = "Distribution";

    private readonly Records<DistributionRecord> records = new(
        account.Tables.GetTableClient(ResourceNames.DistributionsTable));

    /// <summary>A cache, never invalidated: a mark always means the same distribution.</summary>
    private readonly ConcurrentDictionary<string, string> known = new();

    /// <summary>
    /// Whether distributions of versions without marks have been looked for. Done only once in a process: anyone can
    /// send mail with invented marks, and each would read all records.
    /// </summary>
    private bool earlierAreKnown;

    /// <returns>False if it is on record already.</returns>
    public async Task<bool> Add(DistributionRecord distribution, CancellationToken cancellation)
    {
        await WriteMark(distribution.Id, cancellation);
        return await records.Add(
            Entity(distribution with { KeyId = distribution.KeyId ?? tokens?.Current }),
            cancellation)
            is not null;
    }

    /// <summary>Adds a lost record as the log has it, with the key it had, and without logging it anew.</summary>
    /// <returns>False if it is on record; that is not changed.</returns>
    public async Task<bool> Restore(DistributionRecord distribution, CancellationToken cancellation)
    {
        await WriteMark(distribution.Id, cancellation);
        return await Find(distribution.Id, cancellation) is null
            && await records.Add(Entity(distribution), cancellation) is not null;
    }

    /// <summary>Finds a distribution by the mark in its letters' addresses and Message-IDs.</summary>
    /// <param name="mark">In lower case.</param>
    /// <returns>Null if there is none.</returns>
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
            // It may have been created by an earlier version, which wrote no marks, and be sent by this one.
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

    /// <returns>The latest prepared first.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> All(CancellationToken cancellation) =>
        [.. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
            .Select(stored => stored.Value)
            .OrderByDescending(distribution => distribution.PreparedAt)];

    /// <returns>The reminders, addenda and corrections of a distribution, the earliest first.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> Following(string id, CancellationToken cancellation) =>
        [.. (await All(cancellation)).Where(other => other.Follows?.Of == id).Reverse()];

    /// <summary>
    /// Changes the record with optimistic concurrency: on an ETag conflict it is read and changed again.
    /// </summary>
    /// <param name="change">Gets the present record; returns the changed one, or null to leave it unchanged.</param>
    /// <returns>The changed distribution; null if it was left unchanged.</returns>
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
