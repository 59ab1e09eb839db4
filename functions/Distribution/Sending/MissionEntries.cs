using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>The delivery state of one mission's entry.</summary>
/// <param name="IsNotNeeded">True if it was not sent because the mission no longer needed it.</param>
/// <param name="TriedUntil">Until when the servers that have deferred it will try; null where that is not known.</param>
/// <param name="IsReturnedInPart">True if it reached the mission, and one of its mailboxes did not get it.</param>
internal sealed record MissionEntryState(
    string MissionId,
    DeliveryState State,
    bool IsNotNeeded,
    DateTimeOffset? TriedUntil = null,
    bool IsReturnedInPart = false);

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

    /// <summary>The column of the state without what mail says; rows of earlier versions have none.</summary>
    private const string Firm = "FirmState";

    /// <summary>The column that says whether it came back from a part of the mailboxes; earlier rows have none.</summary>
    private const string InPart = "ReturnedInPart";

    /// <summary>The column of the time until which a delayed letter will be tried, where that is known.</summary>
    private const string Until = "TriedUntil";

    /// <summary>The column of the time until which a worker has claimed it; none where nobody has.</summary>
    private const string ClaimedUntil = "ClaimedUntil";

    private readonly Records<MissionEntry> records = new(
        account,
        ResourceNames.DispatchesTable,
        entry =>
        [
            ("State", entry.State.ToString()),
            (Firm, entry.FirmState.ToString()),
            (nameof(MissionEntry.Order), entry.Order),
            (InPart, entry.IsReturnedInPart),
            .. entry.TriedUntil is { } until ? [(Until, (object)until)] : Array.Empty<(string, object)>(),
            .. entry.Claim is { } claim ? [(ClaimedUntil, (object)claim.Until)] : Array.Empty<(string, object)>(),
        ]);

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

    /// <returns>Those that can be read, one after the other, in no order, for callers that do not keep them all.</returns>
    public async IAsyncEnumerable<MissionEntry> Each(
        string distributionId,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
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

    /// <summary>The same without what is noted in open journals, for whoever has the journal.</summary>
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
            row => new Decision<MissionEntry, bool>(
                WithNoted(row ?? throw Missing(distributionId, missionId)) is var present
                && change(present) is { } changed
                    ? InRow(changed, present, row)
                    : null,
                true),
            cancellation,
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

            // Others have written some of them meanwhile, such as evidence that came early.
            foreach (var entry in together)
            {
                var known = await Find(distributionId, entry.MissionId, cancellation);
                var updated = await records.Update(
                    distributionId,
                    known.Row,
                    row => new Decision<MissionEntry, bool>(
                        SendingJournal.Merged(row ?? throw Missing(distributionId, entry.MissionId), entry) with
                        {
                            Claim = null,
                        },
                        true),
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
                // From here on its worker, if it lives after all, can note nothing in it. Whoever takes it over and dies
                // in between leaves it to the next.
                && await journals.Write(
                    journal with
                    {
                        Value = journal.Value with { Claim = new($"taken over:{Guid.NewGuid():n}", now), IsClosed = true },
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

    /// <summary>Whether every entry is accountable. The query stops at the first that is not.</summary>
    public async Task<bool> AllAccountable(string distributionId, CancellationToken cancellation)
    {
        var open = string.Join(
            " or ",
            Enum.GetValues<DeliveryState>()
                .Where(state => !state.IsAccountable)
                .Select(state => $"State eq '{state}' or {Firm} eq '{state}'"));
        await foreach (
            var _ in records.Table.QueryAsync<TableEntity>(
                $"{TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}")} and ({open})",
                maxPerPage: 1,
                select: ["RowKey"],
                cancellationToken: cancellation))
            return false;
        return true;
    }

    /// <summary>
    /// Whether a letter is on record as having left, which it then is for good. The query stops at the first. Where none is,
    /// one may have left all the same: <see cref="Count"/> also reads journals, and rows of earlier versions.
    /// </summary>
    public async Task<bool> HasLeft(string distributionId, CancellationToken cancellation)
    {
        await foreach (
            var _ in records.Table.QueryAsync<TableEntity>(
                $"{TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}")} and ({Left("State")}) and ({Left(Firm)})",
                maxPerPage: 1,
                select: ["RowKey"],
                cancellationToken: cancellation))
            return true;
        return false;

        static string Left(string column) =>
            string.Join(
                " or ",
                Enum.GetValues<DeliveryState>()
                    .Where(state => state.IsReached || state == DeliveryState.Bounced)
                    .Select(state => $"{column} eq '{state}'"));
    }

    /// <summary>Whether any letter of it may have left: one can have been released, and stopped before.</summary>
    public async Task<bool> MayHaveLeft(string distributionId, CancellationToken cancellation) =>
        await HasLeft(distributionId, cancellation)
        || (await Count(distributionId, cancellation)).Keys.Any(state => state.MayHaveLeft);

    /// <returns>
    /// How many letters have an unknown outcome, also where mail says what became of them: see <see cref="Count"/>; how
    /// many are not accounted for; and the missions whose claims have lapsed, because their workers have died, each with
    /// that time.
    /// </returns>
    public async Task<(int Unknown, int Open, IReadOnlyList<(string Mission, DateTimeOffset Lapsed)> Left)> Look(
        string distributionId,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        List<(string, DateTimeOffset)> left = [];
        var (unknown, open) = (0, 0);
        await foreach (var (row, state) in ToldStates(distributionId, cancellation))
        {
            if (state == DeliveryState.OutcomeUnknown)
                unknown++;
            if (!state.IsAccountable)
                open++;
            if (row.GetDateTimeOffset(ClaimedUntil) is { } until && until <= now)
                left.Add((await MissionOf(distributionId, row, cancellation), until));
        }

        return (unknown, open, left);
    }

    /// <returns>
    /// How many entries are in each state. If only mail says what became of one, it counts as unknown.
    /// </returns>
    public async Task<IReadOnlyDictionary<DeliveryState, int>> Count(
        string distributionId,
        CancellationToken cancellation)
    {
        var counts = new Dictionary<DeliveryState, int>();
        await foreach (var (_, state) in ToldStates(distributionId, cancellation))
            counts[state] = counts.GetValueOrDefault(state) + 1;
        return counts;
    }

    private async IAsyncEnumerable<(TableEntity Row, DeliveryState State)> ToldStates(
        string distributionId,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var noted = await Noted(distributionId, cancellation);
        await foreach (
            var row in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"),
                select: ["PartitionKey", "RowKey", nameof(MissionEntry.Order), "State", Firm, ClaimedUntil],
                cancellationToken: cancellation))
            yield return (
                row,
                Told(row) is var state
                && state == DeliveryState.Pending
                && noted.TryGetValue(row.RowKey, out var begun)
                    ? begun.EntryState.State
                    : state);
    }

    /// <summary>
    /// The state of every entry. Only withdrawn entries are read completely, to know why they were not sent; for the
    /// others the columns are enough.
    /// </summary>
    public async Task<IReadOnlyList<MissionEntryState>> States(string distributionId, CancellationToken cancellation)
    {
        var states = await Columns(distributionId, ImmutableDictionary<string, MissionEntry>.Empty, cancellation);
        // Only of one that waits may more be noted in a journal. That is read before the rows it is folded into, so that
        // nothing is missed in between.
        if (states.Exists(entry => entry.State == DeliveryState.Pending)
            && await Noted(distributionId, cancellation) is { Count: > 0 } noted)
            states = await Columns(distributionId, noted, cancellation);
        if (!states.Exists(entry => entry.State == DeliveryState.Withdrawn))
            return states;
        var notSent = (
            await records.Where(
                TableClient.CreateQueryFilter(
                    $"PartitionKey eq {distributionId} and State eq {nameof(DeliveryState.Withdrawn)}"),
                cancellation)).ToDictionary(stored => stored.Value.MissionId, stored => stored.Value);
        return
        [
            .. states.Select(state => notSent.TryGetValue(state.MissionId, out var entry) ? entry.EntryState : state),
        ];
    }

    private async Task<List<MissionEntryState>> Columns(
        string distributionId,
        IReadOnlyDictionary<string, MissionEntry> noted,
        CancellationToken cancellation)
    {
        List<MissionEntryState> states = [];
        await foreach (
            var entity in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"),
                select: ["PartitionKey", "RowKey", nameof(MissionEntry.Order), "State", Firm, InPart, Until],
                cancellationToken: cancellation))
            states.Add(
                Told(entity) == DeliveryState.Pending && noted.GetValueOrDefault(entity.RowKey) is { } begun
                ? begun.EntryState
                : new(
                    await MissionOf(distributionId, entity, cancellation),
                    Told(entity),
                    IsNotNeeded: false,
                    entity.GetDateTimeOffset(Until),
                    entity.GetBoolean(InPart) ?? false));
        return states;
    }

    /// <summary>What open journals hold, by mission.</summary>
    private async Task<IReadOnlyDictionary<string, MissionEntry>> Noted(
        string distributionId,
        CancellationToken cancellation) =>
        (await journals.Of(distributionId, cancellation))
            .SelectMany(journal => journal.Value.Entries)
            .ToDictionary(entry => entry.MissionId);

    /// <summary>A row of an earlier version has no column of the order: it is keyed by it.</summary>
    private async Task<string> MissionOf(string distributionId, TableEntity row, CancellationToken cancellation) =>
        row.GetInt32(nameof(MissionEntry.Order)) is null
        && int.TryParse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? (await rosters.Find(distributionId, cancellation)).Missions[place - 1].Id
            : row.RowKey;

    /// <summary>
    /// The state shown to people, read from the columns: if only mail says what became of the letter, it is unknown, and
    /// so it is if the entry cannot be read.
    /// </summary>
    private DeliveryState Told(TableEntity entity) =>
        records.IsLeftOut(entity.PartitionKey, entity.RowKey) ? DeliveryState.OutcomeUnknown
        : StateIn(entity, Firm) is { IsAccountable: false } firm ? firm
        : StateIn(entity, "State") ?? DeliveryState.OutcomeUnknown;

    private static DeliveryState? StateIn(TableEntity entity, string column) =>
        Enum.TryParse<DeliveryState>(entity.GetString(column), out var state) ? state : null;

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
    /// The rows with what is noted of them in open journals, which hold first attempts only. Most rows that are asked for one by
    /// one have been begun, so that the journals are read after them; which of the others no journal has is read again then: one
    /// that ended between the two has put into its rows what it held.
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
            .Where(row => row.Value.Attempts.IsEmpty && !open.Any(journal => journal.Value.Missions.Contains(row.Value.MissionId)))
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
