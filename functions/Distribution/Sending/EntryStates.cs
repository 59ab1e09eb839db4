using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Distribution.Intake;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>The delivery state of one mission's entry.</summary>
/// <param name="IsNotNeeded">True if it was not sent because the mission no longer needed it.</param>
/// <param name="TriedUntil">
/// Until when the servers that have deferred it will try; null where that is not known.
/// </param>
/// <param name="IsReturnedInPart">True if it reached the mission, and one of its mailboxes did not get it.</param>
internal sealed record MissionEntryState(
    string MissionId,
    DeliveryState State,
    bool IsNotNeeded,
    DateTimeOffset? TriedUntil = null,
    bool IsReturnedInPart = false);

/// <summary>
/// How far the entries of a distribution have come, by the columns of their rows: without reading the entries, each of
/// which has all its events.
/// </summary>
internal sealed class EntryStates(StorageAccount account, FrozenRosters rosters, SendingJournals journals)
{
    private readonly Records<MissionEntry> records = EntryTable.In(account);

    /// <summary>Whether every entry is accountable.</summary>
    public async Task<bool> AllAccountable(string distributionId, CancellationToken cancellation) =>
        // A letter that is only in a journal is pending in its row, and so it is open here too.
        !await Any(
            distributionId,
            $"{IsOpen(EntryTable.State)} or {IsOpen(EntryTable.Firm)}",
            cancellation);

    /// <summary>
    /// Whether a letter is on record as having left, which it then is for good. Where none is, one may have left all
    /// the same: <see cref="Count"/> also reads journals, and rows of earlier versions.
    /// </summary>
    public Task<bool> HasLeft(string distributionId, CancellationToken cancellation) =>
        // By both columns: what mail alone says does not show for certain that a letter has left.
        Any(distributionId, $"({Left(EntryTable.State)}) and ({Left(EntryTable.Firm)})", cancellation);

    /// <summary>Whether any letter of it may have left: one can have been released, and stopped before.</summary>
    public async Task<bool> MayHaveLeft(string distributionId, CancellationToken cancellation) =>
        await HasLeft(distributionId, cancellation)
        || (await Count(distributionId, cancellation)).Keys.Any(state => state.MayHaveLeft);

    /// <returns>
    /// How many letters have an unknown outcome, also where mail says what became of them: see <see cref="Count"/>; how
    /// many are not accounted for; and the missions whose claims have lapsed, because their workers have died, each
    /// with that time.
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
            if (row.GetDateTimeOffset(EntryTable.ClaimedUntil) is { } until && until <= now)
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
        // Before the rows: what a journal puts into its rows meanwhile is then seen twice, and never missed.
        var noted = await Noted(distributionId, cancellation);
        await foreach (
            var row in StatesWith([EntryTable.ClaimedUntil], distributionId, cancellation))
            yield return (
                row,
                Told(row) is var state
                && state == DeliveryState.Pending
                && noted.Count > 0
                && noted.TryGetValue(await MissionOf(distributionId, row, cancellation), out var begun)
                    ? begun.EntryState.State
                    : state);
    }

    /// <summary>
    /// The state of every entry. Only withdrawn entries are read completely, to know why they were not sent; for the
    /// others the columns are enough.
    /// </summary>
    public async Task<IReadOnlyList<MissionEntryState>> Of(string distributionId, CancellationToken cancellation)
    {
        var states = await Columns(distributionId, ImmutableDictionary<string, MissionEntry>.Empty, cancellation);
        // Only an entry that waits can have more in a journal. The journals are read before the rows that they are
        // folded into, so that nothing is missed in between.
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
            var entity in StatesWith([EntryTable.InPart, EntryTable.Until], distributionId, cancellation))
        {
            var mission = await MissionOf(distributionId, entity, cancellation);
            states.Add(
                Told(entity) == DeliveryState.Pending && noted.GetValueOrDefault(mission) is { } begun
                    ? begun.EntryState
                    : new(
                        mission,
                        Told(entity),
                        IsNotNeeded: false,
                        entity.GetDateTimeOffset(EntryTable.Until),
                        entity.GetBoolean(EntryTable.InPart) ?? false));
        }

        return states;
    }

    /// <summary>The rows with their keys and states, and further columns.</summary>
    private AsyncPageable<TableEntity> StatesWith(
        string[] columns,
        string distributionId,
        CancellationToken cancellation) =>
        records.Table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"),
            select:
            [
                "PartitionKey",
                "RowKey",
                nameof(MissionEntry.Order),
                EntryTable.State,
                EntryTable.Firm,
                .. columns,
            ],
            cancellationToken: cancellation);

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
    /// The state shown to people, read from the columns: if only mail says what became of the letter, it is unknown,
    /// and so it is if the entry cannot be read.
    /// </summary>
    private DeliveryState Told(TableEntity entity) =>
        records.IsLeftOut(entity.PartitionKey, entity.RowKey) ? DeliveryState.OutcomeUnknown
        : StateIn(entity, EntryTable.Firm) is { IsAccountable: false } firm ? firm
        : StateIn(entity, EntryTable.State) ?? DeliveryState.OutcomeUnknown;

    /// <summary>Whether any row of it fits. The query stops at the first.</summary>
    private async Task<bool> Any(string distributionId, string filter, CancellationToken cancellation)
    {
        await foreach (
            var _ in records.Table.QueryAsync<TableEntity>(
                $"{TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}")} and ({filter})",
                maxPerPage: 1,
                select: ["RowKey"],
                cancellationToken: cancellation))
            return true;
        return false;
    }

    private static string IsOpen(string column) => OneOf(column, static state => !state.IsAccountable);

    private static string Left(string column) =>
        OneOf(column, static state => state.IsReached || state == DeliveryState.Bounced);

    private static string OneOf(string column, Func<DeliveryState, bool> isMeant) =>
        string.Join(" or ", Enum.GetValues<DeliveryState>().Where(isMeant).Select(state => $"{column} eq '{state}'"));

    private static DeliveryState? StateIn(TableEntity entity, string column) =>
        Enum.TryParse<DeliveryState>(entity.GetString(column), out var state) ? state : null;
}
