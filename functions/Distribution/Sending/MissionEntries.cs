using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>
/// The entries in the table: one partition for each distribution, one row for each mission, keyed by the mission's id.
/// Versions before format 4 keyed a row by the mission's place in protocol order, in five digits. Such a distribution
/// keeps these keys: each entry is written back into the row it was read from.
/// </summary>
internal sealed class MissionEntries(
    StorageAccount account,
    FrozenRosters rosters,
    SendingJournals journals,
    LogSegments log) : IFreezeStep
{
    /// <summary>What one table transaction holds.</summary>
    public const int MostInOneTransaction = 100;

    /// <summary>
    /// The more rows one transaction changes, the more likely another writer changes one of them first (an ETag
    /// conflict).
    /// </summary>
    private const int MostChangedTogether = 25;

    /// <summary>
    /// A range of rows is read in one request if it holds fewer than this many entries for each wanted one; else each
    /// is read by itself.
    /// </summary>
    private const int MostReadBetween = 16;

    private readonly Records<MissionEntry> records = EntryTable.In(account);

    /// <summary>The distributions whose rows are known to be keyed by place.</summary>
    private readonly ConcurrentDictionary<string, bool> keyedByPlace = new();

    private readonly ConcurrentDictionary<string, int> changes = new();

    /// <summary>How often this process has changed a distribution's entries.</summary>
    public int Changes(string distributionId) => changes.GetValueOrDefault(distributionId);

    /// <summary>Adds an entry for each mission of the roster. Idempotent: existing entries stay unchanged.</summary>
    public Task Freeze(string distributionId, FrozenContent content, bool isNew, CancellationToken cancellation) =>
        Add(
            [
                .. content.Roster.Select(
                    (mission, place) => new MissionEntry(distributionId, mission.Id, place + 1, [], null, null)),
            ],
            cancellation,
            isNew);

    /// <summary>Adds those that do not exist yet and leaves the others unchanged.</summary>
    /// <param name="entries">Of one distribution.</param>
    /// <param name="areFirst">Whether the distribution is known to have none yet.</param>
    public async Task Add(IReadOnlyList<MissionEntry> entries, CancellationToken cancellation, bool areFirst = false)
    {
        if (entries is [])
            return;
        var byPlace = !areFirst && await IsKeyedByPlace(entries[0].DistributionId, cancellation);
        foreach (var chunk in entries.Chunk(MostInOneTransaction))
            for (IReadOnlyList<MissionEntry> missing = chunk; missing.Count > 0;)
            {
                try
                {
                    await records.Table.SubmitTransactionAsync(
                        missing.Select(entry => new TableTransactionAction(
                            TableTransactionActionType.Add,
                            records.Entity(
                                entry.DistributionId,
                                byPlace ? Place(entry.Order) : entry.MissionId,
                                entry))),
                        cancellation);
                    break;
                }
                catch (RequestFailedException failure) when (failure.Status == 409)
                {
                    // Some are there, as after a crash between two transactions. They stay as they are, since letters
                    // may have been sent by them. Where none of them is there, the conflict is another one, and trying
                    // again would not end it.
                    var there = (await All(chunk[0].DistributionId, cancellation))
                        .Select(stored => stored.Value.MissionId)
                        .ToHashSet();
                    if (!missing.Any(entry => there.Contains(entry.MissionId)))
                        throw;
                    missing = [.. missing.Where(entry => !there.Contains(entry.MissionId))];
                }
            }
    }

    /// <returns>Every mission's entry, in protocol order.</returns>
    public async Task<IReadOnlyList<Stored<MissionEntry>>> All(
        string distributionId,
        CancellationToken cancellation)
    {
        // Before the rows: a journal that ends in between has put into them what it held.
        var open = await journals.Of(distributionId, cancellation);
        return [.. (await AllRows(distributionId, cancellation)).Select(row => Folded(open, row))];
    }

    /// <summary>The same without what is noted in open journals.</summary>
    /// <inheritdoc cref="All"/>
    public async Task<IReadOnlyList<Stored<MissionEntry>>> AllRows(
        string distributionId,
        CancellationToken cancellation) =>
        [
            .. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"), cancellation))
                .OrderBy(stored => stored.Value.Order),
        ];

    /// <returns>
    /// Those that can be read, one after the other, in no order, for callers that do not keep them all.
    /// </returns>
    public async IAsyncEnumerable<MissionEntry> Each(
        string distributionId,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Before the rows, as in All.
        var open = await journals.Of(distributionId, cancellation);
        await foreach (var row in EachRow(distributionId, cancellation))
            yield return Folded(open, row).Value;
    }

    /// <summary>The same without what is noted in open journals.</summary>
    /// <inheritdoc cref="Each"/>
    public async IAsyncEnumerable<Stored<MissionEntry>> EachRow(
        string distributionId,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (
            var row in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"),
                cancellationToken: cancellation))
            if (await records.TryRead(row, cancellation) is { } stored)
                yield return stored;
    }

    /// <exception cref="InvalidOperationException">No such entry.</exception>
    public async Task<Stored<MissionEntry>> Find(
        string distributionId,
        string missionId,
        CancellationToken cancellation) =>
        (await Folded(distributionId, [await Row(distributionId, missionId, cancellation)], cancellation))[0];

    private async Task<Stored<MissionEntry>> Row(
        string distributionId,
        string missionId,
        CancellationToken cancellation)
    {
        // An id could look like the place of another mission, which earlier versions used as the key.
        if (!keyedByPlace.ContainsKey(distributionId)
            && await records.Find(distributionId, missionId, cancellation) is { } found
            && found.Value.MissionId == missionId)
            return found;
        if ((await rosters.Find(distributionId, cancellation)).OrderOf(missionId) is { } order
            && await records.Find(distributionId, Place(order), cancellation) is { } earlier
            && earlier.Value.MissionId == missionId)
        {
            keyedByPlace[distributionId] = true;
            return earlier;
        }

        throw Missing(distributionId, missionId);
    }

    /// <returns>The entries of these missions that can be read, in protocol order.</returns>
    /// <exception cref="InvalidOperationException">One of them has no entry.</exception>
    public async Task<IReadOnlyList<Stored<MissionEntry>>> Find(
        string distributionId,
        IReadOnlyCollection<string> missionIds,
        CancellationToken cancellation) =>
        await Folded(distributionId, await Rows(distributionId, missionIds, cancellation), cancellation);

    /// <summary>The same without what is noted in open journals, for the worker that has the journal.</summary>
    /// <inheritdoc cref="Find(string, IReadOnlyCollection{string}, CancellationToken)"/>
    public async Task<IReadOnlyList<Stored<MissionEntry>>> Rows(
        string distributionId,
        IReadOnlyCollection<string> missionIds,
        CancellationToken cancellation)
    {
        if (missionIds.Count > 1 && await Between(distributionId, missionIds, cancellation) is { } filter)
        {
            var wanted = missionIds.ToHashSet();
            var found = (await records.Where(filter, cancellation))
                .Where(stored => wanted.Contains(stored.Value.MissionId))
                .OrderBy(stored => stored.Value.Order)
                .ToList();
            // Otherwise one is missing or cannot be read. To tell the two apart, each is asked for by itself.
            if (found.Count == wanted.Count)
                return found;
        }

        return
        [
            .. (await Task.WhenAll(missionIds.Distinct().Select(Readable)))
                .OfType<Stored<MissionEntry>>()
                .OrderBy(stored => stored.Value.Order),
        ];

        async Task<Stored<MissionEntry>?> Readable(string missionId)
        {
            try
            {
                return await Row(distributionId, missionId, cancellation);
            }
            catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
            {
                return null;
            }
        }
    }

    /// <returns>
    /// A query for a range of rows that holds these missions' and few others; null where they lie far apart.
    /// </returns>
    private async Task<string?> Between(
        string distributionId,
        IReadOnlyCollection<string> missionIds,
        CancellationToken cancellation)
    {
        var roster = await rosters.Find(distributionId, cancellation);
        var byPlace = keyedByPlace.ContainsKey(distributionId);
        var orders = missionIds.Select(roster.OrderOf).OfType<int>().Order().ToList();
        if (orders.Count != missionIds.Count)
            return null;
        var areNeighbours = orders[^1] - orders[0] < MostReadBetween * orders.Count;
        if (byPlace)
            return areNeighbours ? Keys(Place(orders[0]), Place(orders[^1])) : null;
        // Rows are sorted by their keys, so that a range of them is found at once.
        var (first, last) = (missionIds.Min(StringComparer.Ordinal)!, missionIds.Max(StringComparer.Ordinal)!);
        return roster.Missions.Count(mission =>
                string.CompareOrdinal(mission.Id, first) >= 0 && string.CompareOrdinal(mission.Id, last) <= 0)
            < MostReadBetween * orders.Count ? Keys(first, last)
            // By their places storage has to look through the whole distribution, which is still one request.
            : areNeighbours ? TableClient.CreateQueryFilter(
                $"PartitionKey eq {distributionId} and Order ge {orders[0]} and Order le {orders[^1]}")
            : null;

        string Keys(string from, string to) =>
            TableClient.CreateQueryFilter($"PartitionKey eq {distributionId} and RowKey ge {from} and RowKey le {to}");
    }

    /// <summary>
    /// Changes one entry with optimistic concurrency: on an ETag conflict it is read and changed again.
    /// </summary>
    /// <param name="change">Gets the present entry; returns the changed one, or null to leave it unchanged.</param>
    /// <param name="known">The entry as the caller has just read it, which saves reading it again.</param>
    /// <returns>The changed entry; null if it was left unchanged.</returns>
    public async Task<Stored<MissionEntry>?> Change(
        string distributionId,
        string missionId,
        Func<MissionEntry, MissionEntry?> change,
        CancellationToken cancellation,
        Stored<MissionEntry>? known = null)
    {
        known ??= await Find(distributionId, missionId, cancellation);
        // What is noted of it and not in its row yet goes into the row with the change.
        var noted = known.Original == known.Value ? null : known.Value;
        var updated = await records.Update(
            distributionId,
            known.Row,
            row => Decision.Of(
                WithNoted(row ?? throw Missing(distributionId, missionId)) is var present
                && change(present) is { } changed
                    ? InRow(changed, present, row)
                    : null),
            cancellation,
            // The write is about the row alone: its ETag says nothing about what was folded into it from a journal.
            known with { Value = known.Original });
        if (updated.After is not null)
            Log(updated.Before!, updated.After.Value);
        return updated.After;

        MissionEntry WithNoted(MissionEntry row) =>
            noted is { Attempts: [_, ..] } ? SendingJournal.Merged(row, noted) with { Claim = noted.Claim } : row;
    }

    /// <summary>
    /// Writes what a journal holds into the missions' entries. Idempotent: what is there already is not added again.
    /// </summary>
    /// <param name="noted">Entries with one attempt, their first.</param>
    /// <param name="rows">The rows as they were read before; null to read them now.</param>
    public async Task<IReadOnlyList<MissionEntry>> WriteNoted(
        string distributionId,
        IReadOnlyCollection<MissionEntry> noted,
        IReadOnlyDictionary<string, Stored<MissionEntry>>? rows,
        CancellationToken cancellation)
    {
        List<MissionEntry> done = [];
        foreach (var together in noted.Chunk(MostInOneTransaction))
        {
            if (rows is not null
                && await Replace(
                    [
                        .. together.Select(entry => rows[entry.MissionId] is var row
                            ? row with { Value = SendingJournal.Merged(row.Original, entry) with { Claim = null } }
                            : row),
                    ],
                    cancellation)
                    is { } stored)
            {
                done.AddRange(stored.Select(entry => entry.Value));
                continue;
            }

            // Others have written some of them meanwhile, such as evidence that came early. One by one, each is read
            // anew.
            foreach (var entry in together)
            {
                var known = await Find(distributionId, entry.MissionId, cancellation);
                var updated = await records.Update(
                    distributionId,
                    known.Row,
                    row => Decision.Of(
                        SendingJournal.Merged(row ?? throw Missing(distributionId, entry.MissionId), entry) with
                        {
                            Claim = null,
                        }),
                    cancellation,
                    known with { Value = known.Original });
                Log(updated.Before!, updated.After!.Value);
                done.Add(updated.After.Value);
            }
        }

        return done;
    }

    /// <summary>
    /// Takes over the journals of workers that have died: what they noted goes into the missions' entries, where a
    /// letter without an answer is found as being handed over by nobody.
    /// </summary>
    /// <param name="isLeft">Whether a claim that still holds is known to be nobody's.</param>
    public async Task TakeOverJournals(
        string distributionId,
        DateTimeOffset now,
        CancellationToken cancellation,
        Func<Claim, bool>? isLeft = null)
    {
        foreach (var journal in await journals.Of(distributionId, cancellation))
            if ((journal.Value.Claim.Until <= now || isLeft?.Invoke(journal.Value.Claim) == true)
                // From here on its worker, if it lives after all, can note nothing in it. A worker that takes it over
                // and dies before the journal is removed leaves it to the next one, which writes the same entries once
                // more.
                && await journals.Write(
                    journal with
                    {
                        Value = journal.Value with
                        {
                            Claim = new($"taken over:{Guid.NewGuid():n}", now),
                            IsClosed = true
                        },
                    },
                    cancellation)
                    is { } taken)
            {
                await WriteNoted(distributionId, taken.Value.Entries, null, cancellation);
                await log.Flush(distributionId);
                await journals.Remove(taken, cancellation);
            }
    }

    /// <summary>
    /// Lets no worker begin another letter of a distribution by a journal that is open, and takes over those of workers
    /// that have died.
    /// </summary>
    public async Task CloseJournals(string distributionId, DateTimeOffset now, CancellationToken cancellation)
    {
        await journals.Close(distributionId, cancellation);
        await TakeOverJournals(distributionId, now, cancellation);
    }

    /// <summary>
    /// Changes several entries of one distribution with optimistic concurrency: those that meet an ETag conflict are
    /// read and changed again. Entries that cannot be read stay as they are.
    /// </summary>
    /// <param name="change">
    /// As for one, with a result; it may be asked more than once about the same entry, and the last answer counts.
    /// </param>
    /// <param name="holds">
    /// Called between reading and writing: false stops, and the remaining entries stay unchanged. After an ETag
    /// conflict it is called again. Null if nothing can stop the change.
    /// </param>
    /// <returns>What became of each entry that was decided on.</returns>
    public async Task<IReadOnlyList<Updated<MissionEntry, TResult>>> Change<TResult>(
        string distributionId,
        IReadOnlyCollection<string> missionIds,
        Func<MissionEntry, Decision<MissionEntry, TResult>> change,
        CancellationToken cancellation,
        Func<Task<bool>>? holds = null)
    {
        List<Updated<MissionEntry, TResult>> done = [];
        // Sorted, so that the rows of each part lie near each other and are read in one request.
        foreach (var together in missionIds.Order(StringComparer.Ordinal).Chunk(MostChangedTogether))
            for (var left = together.ToHashSet(); left.Count > 0;)
            {
                var found = await Find(distributionId, left, cancellation);
                left.IntersectWith(found.Select(stored => stored.Value.MissionId));
                if (holds is not null && !await holds())
                    return done;
                List<(Stored<MissionEntry> Entry, TResult Result)> changed = [];
                foreach (var stored in found)
                    switch (change(stored.Value))
                    {
                        case { Value: { } value } decided:
                            changed.Add(
                                (stored with { Value = InRow(value, stored.Value, stored.Original) }, decided.Result));
                            break;
                        case var decided:
                            done.Add(new(stored.Value, null, decided.Result));
                            left.Remove(stored.Value.MissionId);
                            break;
                    }

                await ReplaceAsFits(changed);

                // Halves what is too large for one transaction (4 MB): entries with many events are long.
                async Task ReplaceAsFits(IReadOnlyList<(Stored<MissionEntry> Entry, TResult Result)> changes)
                {
                    if (changes is [])
                        return;
                    try
                    {
                        if (await Replace([.. changes.Select(item => item.Entry)], cancellation) is not { } written)
                            return;
                        foreach (var (item, stored) in changes.Zip(written))
                        {
                            done.Add(new(item.Entry.Original, stored, item.Result));
                            left.Remove(stored.Value.MissionId);
                        }
                    }
                    catch (RequestFailedException tooLarge) when (tooLarge.Status == 413 && changes.Count > 1)
                    {
                        var half = changes.Count / 2;
                        await ReplaceAsFits([.. changes.Take(half)]);
                        await ReplaceAsFits([.. changes.Skip(half)]);
                    }
                }
            }

        return done;
    }

    /// <summary>Whether this process left the entry out when it read it last.</summary>
    /// <param name="order">The mission's place in protocol order, from 1.</param>
    public bool IsLeftOut(string distributionId, string missionId, int order) =>
        records.IsLeftOut(distributionId, missionId) || records.IsLeftOut(distributionId, Place(order));

    /// <summary>Changes up to 100 entries of one distribution together.</summary>
    /// <returns>
    /// The entries as stored, with their new ETags; null if another writer changed one of them first (ETag conflict):
    /// then none is changed.
    /// </returns>
    public async Task<IReadOnlyList<Stored<MissionEntry>>?> Replace(
        IReadOnlyList<Stored<MissionEntry>> changed,
        CancellationToken cancellation)
    {
        if (await records.Replace(changed, cancellation) is not { } stored)
            return null;
        foreach (var entry in changed)
            Log(entry.Original, entry.Value);
        return stored;
    }

    /// <summary>
    /// Writes the buffered facts of a distribution into its log. A failure of storage is only logged: the missing facts
    /// are restored from the tables when the log is sealed.
    /// </summary>
    public Task LogRecorded(string distributionId) => log.Flush(distributionId);

    /// <summary>A changed entry as it goes into its row: a journal's claim is the journal's.</summary>
    private static MissionEntry InRow(MissionEntry changed, MissionEntry present, MissionEntry row) =>
        changed.Claim == present.Claim ? changed with { Claim = row.Claim } : changed;

    /// <summary>
    /// The rows with what is noted of them in open journals, which hold first attempts only. Most rows that are asked
    /// for one by one have been begun, and for them no journal is read. For the others the journals are read after the
    /// rows; rows that no journal names are then read again, because a journal that ended between the two reads has put
    /// into them what it held.
    /// </summary>
    private async Task<IReadOnlyList<Stored<MissionEntry>>> Folded(
        string distributionId,
        IReadOnlyList<Stored<MissionEntry>> rows,
        CancellationToken cancellation)
    {
        if (!rows.Any(row => row.Value.Attempts.IsEmpty))
            return rows;
        var open = await journals.Of(distributionId, cancellation);
        var left = rows
            .Where(row =>
                row.Value.Attempts.IsEmpty
                && !open.Any(journal => journal.Value.Missions.Contains(row.Value.MissionId)))
            .Select(row => row.Value.MissionId)
            .ToList();
        var now = (await Rows(distributionId, left, cancellation)).ToDictionary(row => row.Value.MissionId);
        return [.. rows.Select(row => now.GetValueOrDefault(row.Value.MissionId) ?? Folded(open, row))];
    }

    private static Stored<MissionEntry> Folded(IReadOnlyList<Stored<SendingJournal>> open, Stored<MissionEntry> row) =>
        open.FirstOrDefault(journal => journal.Value.Missions.Contains(row.Value.MissionId)) is { } journal
            ? row with { Value = journal.Value.FoldInto(row.Value) }
            : row;

    /// <summary>Whether an earlier version has begun to add this distribution's entries.</summary>
    private async Task<bool> IsKeyedByPlace(string distributionId, CancellationToken cancellation)
    {
        if (!keyedByPlace.ContainsKey(distributionId)
            && await records.Find(distributionId, Place(1), cancellation) is { } first
            && first.Value.MissionId != first.Row)
            keyedByPlace[distributionId] = true;
        return keyedByPlace.ContainsKey(distributionId);
    }

    private void Log(MissionEntry before, MissionEntry after)
    {
        changes.AddOrUpdate(after.DistributionId, 1, (_, count) => count + 1);
        log.Buffer(after.DistributionId, LoggedFacts.Added(before, after));
        foreach (var happened in LoggedFacts.Happened(before, after))
            Telemetry.RecordDelivery(happened.Kind);
    }

    private static string Place(int order) => order.ToString("D5", CultureInfo.InvariantCulture);

    private static InvalidOperationException Missing(string distributionId, string missionId) =>
        new($"Distribution {distributionId} has no entry of {missionId}.");
}
