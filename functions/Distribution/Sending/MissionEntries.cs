using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>The delivery state of one mission's entry.</summary>
/// <param name="Order">The mission's place in protocol order, from 1.</param>
/// <param name="IsNotNeeded">True if it was not sent because the mission no longer needed it.</param>
internal sealed record MissionEntryState(int Order, DeliveryState State, bool IsNotNeeded);

/// <summary>
/// The entries in the table: one partition per distribution. Rows are keyed by the mission's place in protocol order,
/// so a batch is a range of rows.
/// </summary>
internal sealed class MissionEntries(StorageAccount account, LogSegments log) : IFreezeStep
{
    /// <summary>What one table transaction holds.</summary>
    public const int MostInOneTransaction = 100;

    /// <summary>
    /// The more rows one transaction changes, the more likely another writer changes one of them first (an ETag
    /// conflict).
    /// </summary>
    private const int MostChangedTogether = 25;

    /// <summary>
    /// A range is read in one request if it holds fewer than this many entries for each wanted one; else each is read
    /// by itself.
    /// </summary>
    private const int MostReadBetween = 4;

    /// <summary>The column of the state without what mail says; rows of earlier versions have none.</summary>
    private const string Firm = "FirmState";

    private readonly Records<MissionEntry> records = new(account, ResourceNames.DispatchesTable);

    /// <summary>Adds an entry for each mission of the roster. Idempotent: existing entries stay unchanged.</summary>
    public Task Freeze(string distributionId, FrozenContent content, CancellationToken cancellation) =>
        Add(
            [
                .. content.Roster.Select(
                    (mission, place) => new MissionEntry(distributionId, mission.Id, place + 1, [], null, null)),
            ],
            cancellation);

    /// <summary>Adds those that do not exist yet and leaves the others unchanged.</summary>
    /// <param name="entries">Of one distribution, in protocol order.</param>
    public async Task Add(IReadOnlyList<MissionEntry> entries, CancellationToken cancellation)
    {
        foreach (var chunk in entries.Chunk(MostInOneTransaction))
            for (IReadOnlyList<MissionEntry> missing = chunk; missing.Count > 0;)
            {
                try
                {
                    await records.Table.SubmitTransactionAsync(
                        missing.Select(dispatch => new TableTransactionAction(
                            TableTransactionActionType.Add,
                            Entity(dispatch))),
                        cancellation);
                    break;
                }
                catch (RequestFailedException failure) when (failure.Status == 409)
                {
                    var there = (await Range(chunk[0].DistributionId, chunk[0].Order, chunk[^1].Order, cancellation))
                        .Select(stored => stored.Value.Order)
                        .ToHashSet();
                    if (!missing.Any(dispatch => there.Contains(dispatch.Order)))
                        throw;
                    missing = [.. missing.Where(dispatch => !there.Contains(dispatch.Order))];
                }
            }
    }

    /// <returns>Every mission's entry, in protocol order.</returns>
    public Task<IReadOnlyList<Stored<MissionEntry>>> All(string distributionId, CancellationToken cancellation) =>
        records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"), cancellation);

    public Task<IReadOnlyList<Stored<MissionEntry>>> Range(
        string distributionId,
        int first,
        int last,
        CancellationToken cancellation) =>
        records.Where(
            TableClient.CreateQueryFilter(
                $"PartitionKey eq {distributionId} and RowKey ge {Row(first)} and RowKey le {Row(last)}"),
            cancellation);

    /// <exception cref="InvalidOperationException">No such entry.</exception>
    public async Task<Stored<MissionEntry>> Find(string distributionId, int order, CancellationToken cancellation) =>
        await records.Find(distributionId, Row(order), cancellation)
            ?? throw new InvalidOperationException($"Distribution {distributionId} has no dispatch {order}.");

    /// <summary>
    /// Changes one entry with optimistic concurrency: on an ETag conflict it is read and changed again.
    /// </summary>
    /// <param name="change">Gets the present entry; returns the changed one, or null to leave it unchanged.</param>
    /// <returns>The changed entry; null if it was left unchanged.</returns>
    public async Task<MissionEntry?> Change(
        string distributionId,
        int order,
        Func<MissionEntry, MissionEntry?> change,
        CancellationToken cancellation)
    {
        while (true)
        {
            var stored = await Find(distributionId, order, cancellation);
            if (change(stored.Value) is not { } changed)
                return null;
            if (await Replace([stored with { Value = changed }], cancellation) is not null)
                return changed;
        }
    }

    /// <summary>
    /// Changes several entries of one distribution with optimistic concurrency: on an ETag conflict they are read and
    /// changed again. Entries that cannot be read stay as they are.
    /// </summary>
    /// <param name="change">
    /// As for one; it may be asked more than once about the same entry, and the last answer counts.
    /// </param>
    /// <param name="holds">
    /// Called between reading and writing: false stops, and the remaining entries stay unchanged. After an ETag
    /// conflict it is called again. Null if nothing can stop the change.
    /// </param>
    /// <returns>
    /// How many were changed. It can be too low if a transaction was too large and one of its halves met an ETag
    /// conflict.
    /// </returns>
    public async Task<int> Change(
        string distributionId,
        IReadOnlyCollection<int> orders,
        Func<MissionEntry, MissionEntry?> change,
        CancellationToken cancellation,
        Func<Task<bool>>? holds = null)
    {
        var count = 0;
        foreach (var together in orders.Order().Chunk(MostChangedTogether))
            while (true)
            {
                var found = await Find(distributionId, together, cancellation);
                if (holds is not null && !await holds())
                    return count;
                var changed = found
                    .Select(stored => change(stored.Value) is { } value ? stored with { Value = value } : null)
                    .OfType<Stored<MissionEntry>>()
                    .ToList();
                if (changed is [] || await ReplaceAsFits(changed, cancellation))
                {
                    count += changed.Count;
                    break;
                }
            }

        return count;
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

    /// <returns>
    /// How many letters have an unknown outcome, also where mail says what became of them: see <see cref="Count"/>.
    /// </returns>
    public async Task<int> CountUnknown(string distributionId, CancellationToken cancellation)
    {
        var count = 0;
        await foreach (
            var _ in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter(
                    $"PartitionKey eq {distributionId} and (State eq {nameof(DeliveryState.OutcomeUnknown)} or FirmState eq {nameof(DeliveryState.OutcomeUnknown)})"
                ),
                select: ["RowKey"],
                cancellationToken: cancellation))
            count++;
        return count;
    }

    /// <returns>
    /// How many entries are in each state. If only mail says what became of one, it counts as unknown.
    /// </returns>
    public async Task<IReadOnlyDictionary<DeliveryState, int>> Count(
        string distributionId,
        CancellationToken cancellation)
    {
        var counts = new Dictionary<DeliveryState, int>();
        await foreach (
            var entity in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"),
                select: ["PartitionKey", "RowKey", "State", Firm],
                cancellationToken: cancellation))
        {
            var state = Told(entity);
            counts[state] = counts.GetValueOrDefault(state) + 1;
        }

        return counts;
    }

    /// <summary>
    /// The state of every entry, in protocol order. Only withdrawn entries are read completely, to know why they were
    /// not sent; for the others the columns are enough.
    /// </summary>
    public async Task<IReadOnlyList<MissionEntryState>> States(string distributionId, CancellationToken cancellation)
    {
        List<MissionEntryState> states = [];
        await foreach (
            var entity in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"),
                select: ["PartitionKey", "RowKey", "State", Firm],
                cancellationToken: cancellation))
            states.Add(new(int.Parse(entity.RowKey, CultureInfo.InvariantCulture), Told(entity), IsNotNeeded: false));
        if (!states.Exists(entry => entry.State == DeliveryState.Withdrawn))
            return states;
        var notSent = (
            await records.Where(
                TableClient.CreateQueryFilter(
                    $"PartitionKey eq {distributionId} and State eq {nameof(DeliveryState.Withdrawn)}"),
                cancellation)).ToDictionary(stored => stored.Value.Order, stored => stored.Value);
        return
        [
            .. states.Select(entry => notSent.TryGetValue(entry.Order, out var dispatch) ? dispatch.EntryState : entry),
        ];
    }

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
    public bool IsLeftOut(string distributionId, int order) => records.IsLeftOut(distributionId, Row(order));

    /// <summary>Changes up to 100 entries of one distribution together.</summary>
    /// <returns>
    /// The entries as stored, with their new ETags; null if another writer changed one of them first (ETag conflict):
    /// then none is changed.
    /// </returns>
    public async Task<IReadOnlyList<Stored<MissionEntry>>?> Replace(
        IReadOnlyList<Stored<MissionEntry>> changed,
        CancellationToken cancellation)
    {
        if (await records.Replace([.. changed.Select(stored => (Entity(stored.Value), stored.ETag))], cancellation)
            is not { } versions)
            return null;
        foreach (var stored in changed)
        {
            log.Buffer(stored.Value.DistributionId, LoggedFacts.Added(stored.Original, stored.Value));
            foreach (var happened in LoggedFacts.Happened(stored.Original, stored.Value))
                Telemetry.RecordDelivery(happened.Kind);
        }

        return [.. changed.Zip(versions, (stored, version) => new Stored<MissionEntry>(stored.Value, version))];
    }

    private async Task<IReadOnlyList<Stored<MissionEntry>>> Find(
        string distributionId,
        int[] orders,
        CancellationToken cancellation)
    {
        if (orders[^1] - orders[0] < MostReadBetween * orders.Length)
        {
            var found = (await Range(distributionId, orders[0], orders[^1], cancellation))
                .Where(stored => orders.Contains(stored.Value.Order))
                .ToList();
            if (found.Count == orders.Length)
                return found;
        }

        return [.. (await Task.WhenAll(orders.Select(Readable))).OfType<Stored<MissionEntry>>()];

        async Task<Stored<MissionEntry>?> Readable(int order)
        {
            try
            {
                return await Find(distributionId, order, cancellation);
            }
            catch (UnreadableRecordException)
            {
                return null;
            }
        }
    }

    /// <summary>Halves what is too large for one transaction (4 MB): entries with many events are long.</summary>
    /// <returns>False on an ETag conflict; some of the halves may be written then.</returns>
    private async Task<bool> ReplaceAsFits(IReadOnlyList<Stored<MissionEntry>> changed, CancellationToken cancellation)
    {
        try
        {
            return await Replace(changed, cancellation) is not null;
        }
        catch (RequestFailedException tooLarge) when (tooLarge.Status == 413 && changed.Count > 1)
        {
            var half = changed.Count / 2;
            return await ReplaceAsFits([.. changed.Take(half)], cancellation)
                && await ReplaceAsFits([.. changed.Skip(half)], cancellation);
        }
    }

    /// <summary>
    /// Writes the buffered facts of a distribution into its log. A failure of storage is only logged: the missing facts
    /// are restored from the tables when the log is sealed.
    /// </summary>
    public Task LogRecorded(string distributionId) => log.Flush(distributionId);

    private static TableEntity Entity(MissionEntry dispatch) =>
        Records<MissionEntry>.Entity(dispatch.DistributionId, Row(dispatch.Order), dispatch,
            [new("State", dispatch.State.ToString()), new(Firm, dispatch.FirmState.ToString())]);

    private static string Row(int order) => order.ToString("D5", CultureInfo.InvariantCulture);
}
