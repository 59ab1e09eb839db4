using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;

namespace Distribution.Tracking;

/// <summary>
/// The store of everything people asked for at the desk. Each act is written before it is carried out, and its outcome
/// is added afterwards. None is ever deleted. Acts about a distribution are also facts of its log.
/// </summary>
internal sealed partial class DeskActs(StorageAccount account, DistributionRecords distributions, LogSegments log)
{
    private const string Partition = "act";

    /// <summary>The most rows that one answer of Azure Tables holds; a query that asks for more is refused.</summary>
    private const int LargestPage = 1000;

    private readonly Records<DeskAct> records = new(
        account,
        ResourceNames.DeskActsTable,
        act =>
        [
            .. act.DistributionId is { } id ? [("DistributionId", (object)id)] : Array.Empty<(string, object)>(),
            .. act.About is { } about ? [(nameof(DeskAct.About), (object)about)] : Array.Empty<(string, object)>(),
        ]);

    /// <returns>A table key of an act, such that later acts sort first.</returns>
    public static string NewId(DateTimeOffset at) =>
        // Table rows are sorted by key in ascending order. The time left until the latest possible time puts the latest
        // act first. All have 19 digits, so that text sorts as numbers do; the rest tells apart two acts of one tick.
        $"{DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks:d19}-{Guid.NewGuid():n}";

    /// <exception cref="Azure.RequestFailedException">It could not be written.</exception>
    public async Task Add(DeskAct act, CancellationToken cancellation)
    {
        if (await records.Add(Partition, act.Id, act, cancellation) is null)
            throw new InvalidOperationException($"The act {act.Id} is on record already.");
        if (act.Outcome is not null)
            await Log(act, cancellation);
    }

    /// <summary>Adds to an act on record what came of it.</summary>
    public async Task Conclude(DeskAct act, CancellationToken cancellation)
    {
        if (await records.Find(Partition, act.Id, cancellation) is { } stored
            // With the ETag just read: where somebody else concluded it in between, theirs stands and is logged by
            // them.
            && await records.Replace(stored with { Value = act }, cancellation) is not null)
            await Log(act, cancellation);
    }

    /// <summary>Adds a lost act as the log has it, without logging it anew.</summary>
    /// <returns>False where it is on record; that is not changed.</returns>
    public async Task<bool> Restore(DeskAct act, CancellationToken cancellation) =>
        await records.Find(Partition, act.Id, cancellation) is null
        && await records.Add(Partition, act.Id, act, cancellation) is not null;

    /// <returns>Null where there is no act of that id.</returns>
    public async Task<DeskAct?> Find(string id, CancellationToken cancellation) =>
        // The id comes from an address that anyone can write: what is none asks storage for nothing.
        Id().IsMatch(id) ? (await records.Find(Partition, id, cancellation))?.Value : null;

    /// <param name="about">The mission, reply or notice; acts recorded by earlier versions are not found by it.</param>
    /// <param name="what">As <see cref="DeskAct.What"/> has it.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The latest first.</returns>
    public async Task<IReadOnlyList<DeskAct>> About(
        string about,
        string what,
        int most,
        CancellationToken cancellation) =>
        [
            .. (await records.Where(
                    TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and About eq {about}"),
                    cancellation))
                .Select(stored => stored.Value)
                .Where(act => act.What == what)
                .Take(most),
        ];

    /// <param name="distributionId">Only acts about this letter; null for all acts.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The latest first.</returns>
    public async Task<IReadOnlyList<DeskAct>> Latest(string? distributionId, int most, CancellationToken cancellation)
    {
        List<DeskAct> acts = [];
        // No more rows than are shown: the record of acts only grows, and most of it is never asked for.
        await foreach (var act in Acts(distributionId, Math.Min(most, LargestPage), cancellation))
        {
            acts.Add(act);
            if (acts.Count == most)
                break;
        }

        return acts;
    }

    /// <summary>All of them, the latest first, and never all in memory.</summary>
    /// <param name="distributionId">Only acts about this letter; null for all acts.</param>
    public IAsyncEnumerable<DeskAct> All(string? distributionId, CancellationToken cancellation) =>
        Acts(distributionId, LargestPage, cancellation);

    private async IAsyncEnumerable<DeskAct> Acts(
        string? distributionId,
        int page,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = distributionId is null
            ? TableClient.CreateQueryFilter($"PartitionKey eq {Partition}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and DistributionId eq {distributionId}");
        await foreach (var row in records.Table.QueryAsync<TableEntity>(filter, page, cancellationToken: cancellation))
            if (await records.TryRead(row, cancellation) is { } read)
                yield return read.Value;
    }

    /// <summary>
    /// Logs an act with its outcome. An act whose outcome never came to be known is logged from the record when the log
    /// is sealed. A distribution that is not on record has no log: the address named none, or it was just erased.
    /// </summary>
    private async Task Log(DeskAct act, CancellationToken cancellation)
    {
        if (act is not { DistributionId: { } id, Letter: not null }
            || await distributions.Find(id, cancellation) is null)
            return;
        log.Buffer(id, DeskFacts.Of(act));
        await log.Flush(id);
    }

    [GeneratedRegex(@"^[0-9]{19}-[0-9a-f]{32}\z")]
    private static partial Regex Id();
}
