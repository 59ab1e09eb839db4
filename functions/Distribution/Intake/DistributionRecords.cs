using System.Collections.Concurrent;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// The records of the distributions. With follow-ups there are some thousands in a few years, so one partition is
/// enough, and lists hold all of them.
/// </summary>
internal sealed class DistributionRecords
{
    private const string Partition = "distribution";

    /// <summary>
    /// Partition of the rows that find a distribution by its mark: an index, derived from the records. If a row is
    /// missing, <see cref="FindByMark"/> reads all records once; it does not write the row again.
    /// </summary>
    public const string Marks = "mark";

    /// <summary>The column with the id of the distribution that a mark belongs to.</summary>
    private const string MarkedId = "Distribution";

    private readonly Records<DistributionRecord> records;
    private readonly KnownRecords<DistributionRecord> all;
    private readonly IActLog log;
    private readonly MessageTokens? tokens;

    /// <summary>A cache, never invalidated: a mark always means the same distribution.</summary>
    private readonly ConcurrentDictionary<string, string> known = new();

    /// <summary>
    /// Whether distributions of versions without marks have been looked for. Done only once in a process: anyone can
    /// send mail with invented marks, and each would read all records.
    /// </summary>
    private bool earlierAreKnown;

    /// <param name="tokens">Gives the key id for new distributions; null if none are created.</param>
    public DistributionRecords(StorageAccount account, IActLog log, MessageTokens? tokens = null)
    {
        records = new(
            account,
            ResourceNames.DistributionsTable,
            distribution => [("State", distribution.State.ToString())]);
        all = new(records, Partition);
        (this.log, this.tokens) = (log, tokens);
    }

    /// <returns>False if it is on record already.</returns>
    public async Task<bool> Add(DistributionRecord distribution, CancellationToken cancellation)
    {
        // The mark first: whatever is on record is found by it, and a mark without a record finds nothing.
        await WriteMark(distribution.Id, cancellation);
        return await records.Add(
            Partition,
            distribution.Id,
            distribution with
            {
                KeyId = distribution.KeyId ?? tokens?.Current,
            },
            cancellation)
            is not null;
    }

    /// <summary>
    /// Adds a lost record as the log has it: with the key id that it had, and without logging its acts a second time.
    /// </summary>
    /// <returns>False if it is on record; that is not changed.</returns>
    public async Task<bool> Restore(DistributionRecord distribution, CancellationToken cancellation)
    {
        // The mark first: see Add.
        await WriteMark(distribution.Id, cancellation);
        return await Find(distribution.Id, cancellation) is null
            && await records.Add(Partition, distribution.Id, distribution, cancellation) is not null;
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
        (await Stored(id, cancellation))?.Value;

    /// <summary>The same with its ETag, for a change that follows at once.</summary>
    public async Task<Stored<DistributionRecord>?> Stored(string id, CancellationToken cancellation)
    {
        var stored = await records.Find(Partition, id, cancellation);
        if (stored is not null)
            all.Keep(stored);
        return stored;
    }

    /// <returns>The latest prepared first.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> All(CancellationToken cancellation) =>
        [.. (await all.Listed(cancellation)).Read
            .Select(stored => stored.Value)
            .OrderByDescending(distribution => distribution.PreparedAt)];

    /// <returns>How many records are left out of <see cref="All"/>, because they cannot be read.</returns>
    public async Task<int> CountLeftOut(CancellationToken cancellation) =>
        (await all.Listed(cancellation)).LeftOut.Count;

    /// <summary>Whether this process left the record out when it read it last.</summary>
    public bool IsLeftOut(string id) => records.IsLeftOut(Partition, id);

    /// <returns>The reminders, addenda and corrections of a distribution, the earliest first.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> Following(string id, CancellationToken cancellation) =>
        [.. (await All(cancellation)).Where(other => other.Follows?.Of == id).Reverse()];

    /// <returns>The addenda of a letter that have left, the earliest first.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> Addenda(string id, CancellationToken cancellation) =>
        AddendaAmong(await All(cancellation), id);

    /// <summary>The same for who has just read them all.</summary>
    /// <inheritdoc cref="Addenda"/>
    public static IReadOnlyList<DistributionRecord> AddendaAmong(IReadOnlyList<DistributionRecord> all, string id) =>
        [
            .. all
                .Where(other =>
                    other is { Follows.Kind: FollowUpKind.Addendum, ReleasedAt: not null } && other.Follows.Of == id)
                .Reverse()
        ];

    /// <summary>
    /// Changes the record with optimistic concurrency: on an ETag conflict it is read and changed again.
    /// </summary>
    /// <param name="change">Gets the present record; returns the changed one, or null to leave it unchanged.</param>
    /// <returns>The changed distribution; null if it was left unchanged.</returns>
    /// <param name="known">The record as the caller has just read it, which saves reading it again.</param>
    /// <exception cref="InvalidOperationException">No such distribution.</exception>
    public async Task<DistributionRecord?> Change(
        string id,
        Func<DistributionRecord, DistributionRecord?> change,
        CancellationToken cancellation,
        Stored<DistributionRecord>? known = null)
    {
        var updated = await Change(id, found => Decision.Of(change(found)), cancellation, known);
        return updated.After?.Value;
    }

    /// <inheritdoc cref="Change(string, Func{DistributionRecord, DistributionRecord?}, CancellationToken, Stored{DistributionRecord})"/>
    /// <param name="change">As before, with a result.</param>
    public async Task<Updated<DistributionRecord, TResult>> Change<TResult>(
        string id,
        Func<DistributionRecord, Decision<DistributionRecord, TResult>> change,
        CancellationToken cancellation,
        Stored<DistributionRecord>? known = null)
    {
        var updated = await records.Update(
            Partition,
            id,
            found => change(found ?? throw new InvalidOperationException($"There is no distribution {id}.")),
            cancellation,
            known);
        // After the record: what the log lacks is made up from it, but an act in the log that was never done would
        // stay.
        if (updated is { After.Value: { } after, Before: { } before } && after.Acts.Count > before.Acts.Count)
            await log.Append(after, before.Acts.Count);
        return updated;
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
}
