using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>What somebody of the desk noted about a mission, for the others of the desk.</summary>
/// <param name="Id">That of the form it was written in, so that a second press adds nothing.</param>
/// <param name="Words">As typed, with its line ends.</param>
internal sealed record MissionNote(string Id, string MissionId, DateTimeOffset At, string By, string Words);

/// <summary>What came of writing a note.</summary>
internal enum NoteOutcome
{
    Kept,

    /// <summary>The same form was sent before.</summary>
    KeptBefore,

    /// <summary>The mission has as many notes as are kept.</summary>
    TooMany,
}

/// <summary>
/// The store of the desk's notes on missions. A note is erased as a whole, and what it said is kept nowhere else: not
/// in the record of acts, and in no log.
/// </summary>
internal sealed class MissionNotes(StorageAccount account, TimeProvider clock)
{
    /// <summary>In characters.</summary>
    public const int Longest = 2_000;

    /// <summary>All of them stand on the mission's page.</summary>
    public const int MostOfOne = 80;

    /// <summary>The beginning of the partitions, before a mission's id.</summary>
    private const string Start = "note ";

    /// <summary>After all of them.</summary>
    private const string End = "note!";

    private readonly Records<MissionNote> records = new(
        account,
        ResourceNames.MissionsTable,
        note => [(nameof(MissionNote.At), note.At)]);

    /// <param name="id">That of the form.</param>
    public async Task<NoteOutcome> Add(
        Guid id,
        string missionId,
        string by,
        string words,
        CancellationToken cancellation)
    {
        var row = id.ToString("n");
        if (await records.Find(Partition(missionId), row, cancellation) is not null)
            return NoteOutcome.KeptBefore;
        // Two people at one moment may both write the last one: the page then has one note more, which does no harm.
        if ((await Of(missionId, cancellation)).Count >= MostOfOne)
            return NoteOutcome.TooMany;
        return await records.Add(
            Partition(missionId),
            row,
            new(row, missionId, clock.GetUtcNow(), by, words),
            cancellation)
            is null
            ? NoteOutcome.KeptBefore
            : NoteOutcome.Kept;
    }

    /// <returns>The latest first; one that cannot be read is left out, and a notice names it.</returns>
    public async Task<IReadOnlyList<MissionNote>> Of(string missionId, CancellationToken cancellation) =>
        [
            .. (await records.Where(
                    TableClient.CreateQueryFilter($"PartitionKey eq {Partition(missionId)}"),
                    cancellation))
                .Select(stored => stored.Value)
                .OrderByDescending(note => note.At),
        ];

    /// <returns>False where there is none of that id.</returns>
    public async Task<bool> Erase(string missionId, Guid id, CancellationToken cancellation)
    {
        var (partition, row) = (Partition(missionId), id.ToString("n"));
        // Without reading what it says, so that one that cannot be read is erased, too.
        if (!(await records.Table.GetEntityIfExistsAsync<TableEntity>(
                partition,
                row,
                cancellationToken: cancellation)).HasValue)
            return false;
        await records.Table.DeleteEntityAsync(partition, row, cancellationToken: cancellation);
        return true;
    }

    /// <summary>Erases the notes that were written before then.</summary>
    public async Task Clear(DateTimeOffset before, CancellationToken cancellation)
    {
        // By the column At, and without reading what they say: those that cannot be read go as well.
        await foreach (
            var row in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey ge {Start} and PartitionKey lt {End} and At lt {before}"),
                cancellationToken: cancellation))
            await records.Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellation);
    }

    private static string Partition(string missionId) => $"{Start}{missionId}";
}
