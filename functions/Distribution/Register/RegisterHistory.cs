using System.Globalization;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Register;

/// <summary>A change of one mission that came into use with a register.</summary>
/// <param name="At">When it came into use.</param>
/// <param name="By">Who made it at the desk; null for a file that was put into storage.</param>
/// <param name="ConfirmedBy">Who confirmed it; null where it needed nobody.</param>
/// <param name="Reason">Empty where a whole file was uploaded.</param>
/// <param name="Came">True where the mission was new, false where it left the register; null for neither.</param>
/// <param name="What">Empty where the mission came or left.</param>
internal sealed record RecordedChange(
    string MissionId,
    DateTimeOffset At,
    string? By,
    string? ConfirmedBy,
    string Reason,
    bool? Came,
    IReadOnlyList<ParticularDifference> What);

/// <summary>
/// The store of what changed of each mission with each register that was put into use. It is written after that, so it
/// never tells of a change that did not happen; after a crash in between, the change is seen from the letters alone.
/// </summary>
internal sealed class RegisterHistory(StorageAccount account)
{
    /// <summary>The beginning of the partitions, before a mission's id.</summary>
    private const string Start = "change ";

    /// <summary>
    /// After all of them: the sign that follows the blank. The table holds other records of missions too.
    /// </summary>
    private const string End = "change!";

    private const int WrittenAtOnce = 16;

    private readonly Records<RecordedChange> records = new(
        account,
        ResourceNames.MissionsTable,
        change => [(nameof(RecordedChange.At), change.At)]);

    public Task Add(IReadOnlyList<RecordedChange> changes, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            changes,
            new ParallelOptions { MaxDegreeOfParallelism = WrittenAtOnce, CancellationToken = cancellation },
            async (change, stop) =>
                await records.Add(
                    Partition(change.MissionId),
                    // Rows are sorted by key in ascending order: the latest comes first.
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{DateTimeOffset.MaxValue.UtcTicks - change.At.UtcTicks:d19}-{Guid.NewGuid():n}"),
                    change,
                    stop));

    /// <returns>The latest first; one that cannot be read is left out, and a notice names it.</returns>
    public async Task<IReadOnlyList<RecordedChange>> Of(string missionId, CancellationToken cancellation) =>
        [
            .. (await records.Where(
                    TableClient.CreateQueryFilter($"PartitionKey eq {Partition(missionId)}"),
                    cancellation))
                .Select(stored => stored.Value),
        ];

    /// <returns>Of every mission what came into use since then, the latest of each first.</returns>
    public async Task<ILookup<string, RecordedChange>> Since(DateTimeOffset then, CancellationToken cancellation) =>
        (await records.Where(
                TableClient.CreateQueryFilter($"PartitionKey ge {Start} and PartitionKey lt {End} and At ge {then}"),
                cancellation))
            .Select(stored => stored.Value)
            .ToLookup(change => change.MissionId);

    /// <summary>Deletes what came into use before then.</summary>
    public async Task Clear(DateTimeOffset before, CancellationToken cancellation)
    {
        await foreach (
            var row in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey ge {Start} and PartitionKey lt {End} and At lt {before}"),
                cancellationToken: cancellation))
            await records.Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellation);
    }

    private static string Partition(string missionId) => $"{Start}{missionId}";
}
