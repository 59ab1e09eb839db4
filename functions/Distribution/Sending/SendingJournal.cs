using System.Collections.Immutable;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>
/// What one worker notes while it sends the first letters of one slot: a group of missions whose places in protocol
/// order follow each other. Only the worker that has a slot's journal sends to its missions. What it holds counts as if
/// it stood in the missions' entries already (<see cref="FoldInto"/>). It is written into them when the worker has
/// ended, or by the worker that takes the journal over.
/// </summary>
/// <param name="Slot">The number of the group, from 0.</param>
/// <param name="Claim">The worker, and until when the journal is its own.</param>
/// <param name="Missions">The missions it will send to.</param>
/// <param name="Entries">The entries of those whose letter it has begun, as they are now.</param>
/// <param name="IsClosed">True if no further letter may be begun; those that were are finished.</param>
internal sealed record SendingJournal(
    string DistributionId,
    int Slot,
    Claim Claim,
    ImmutableList<string> Missions,
    ImmutableList<MissionEntry> Entries,
    bool IsClosed = false)
{
    /// <param name="order">The mission's place in protocol order, from 1.</param>
    public static int SlotOf(int order, int slotSize) => (order - 1) / slotSize;

    /// <summary>The entry with what is noted of it here.</summary>
    public MissionEntry FoldInto(MissionEntry row) =>
        // The journal's own claim: that is renewed with each write, and the entry's is as old as its note.
        Entries.Find(noted => noted.MissionId == row.MissionId) is { } noted
            ? Merged(row, noted) with { Claim = noted.Claim is null ? row.Claim : Claim }
            : row.Attempts.IsEmpty && Missions.Contains(row.MissionId) ? row with { Claim = Claim }
            : row;

    /// <summary>
    /// A row with everything that is noted. Idempotent: others may have written the row meanwhile, with what was noted
    /// by then. Events are only added, so that what is missing is added behind.
    /// </summary>
    /// <param name="noted">An entry with one attempt: a journal holds first attempts only.</param>
    public static MissionEntry Merged(MissionEntry row, MissionEntry noted)
    {
        if (row.Attempts.IsEmpty)
            return row with { Attempts = noted.Attempts, NotBefore = noted.NotBefore };
        var first = row.Attempts[0];
        return row with
        {
            Attempts = row.Attempts.SetItem(
                0,
                first with
                {
                    Mailboxes =
                    [
                        .. first.Mailboxes.Zip(
                            noted.Attempts[0].Mailboxes,
                            (known, told) => known with
                            {
                                // Events are compared by value, so that one is known again, whichever worker has
                                // written it into the row.
                                Events = known.Events.AddRange(
                                    told.Events.Where(happened => !known.Events.Contains(happened))),
                            }),
                    ],
                }),
            // With a further attempt in the row, the time of the next try is that attempt's.
            NotBefore = row.Attempts.Count == 1 ? row.NotBefore ?? noted.NotBefore : row.NotBefore,
        };
    }
}

/// <summary>Until when a journal is its worker's, without what it holds.</summary>
internal sealed record JournalClaim(string DistributionId, int Slot, string Worker, DateTimeOffset Until);

/// <summary>The journals in the table: one partition for each distribution, one row for each slot being sent.</summary>
internal sealed class SendingJournals(StorageAccount account)
{
    /// <summary>The columns of the claim, so that it can be seen without reading what the journal holds.</summary>
    private const string Worker = "Worker";

    /// <inheritdoc cref="Worker"/>
    private const string Until = "ClaimedUntil";

    /// <summary>
    /// Journals are keyed by numbers; another row of a distribution is its <see cref="SendingProgress"/>.
    /// </summary>
    private const string IsJournal = "RowKey lt 'a'";

    private readonly Records<SendingJournal> records = new(
        account,
        ResourceNames.JournalsTable,
        journal => [(Worker, journal.Claim.Worker), (Until, journal.Claim.Until)]);

    /// <param name="distributionId">Null for those of every distribution.</param>
    /// <returns>The claims of the journals that are open, read in one request.</returns>
    public async Task<IReadOnlyList<JournalClaim>> Claims(string? distributionId, CancellationToken cancellation)
    {
        List<JournalClaim> claims = [];
        await foreach (
            var row in records.Table.QueryAsync<TableEntity>(
                distributionId is null
                    ? IsJournal
                    : $"{TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}")} and {IsJournal}",
                select: ["PartitionKey", "RowKey", Worker, Until],
                cancellationToken: cancellation))
            // One without a time was written by an earlier version. It counts as lapsed; the worker that would take it
            // over reads it whole, with the time.
            claims.Add(
                new(
                    row.PartitionKey,
                    int.Parse(row.RowKey, System.Globalization.CultureInfo.InvariantCulture),
                    row.GetString(Worker) ?? "",
                    row.GetDateTimeOffset(Until) ?? DateTimeOffset.MinValue));
        return claims;
    }

    /// <returns>The new journal; null if the slot has one.</returns>
    public Task<Stored<SendingJournal>?> Open(
        string distributionId,
        int slot,
        Claim claim,
        CancellationToken cancellation) =>
        // Adding the row is the lock. One that cannot be read keeps it: nobody knows which letters it says were sent.
        records.Add(
            distributionId,
            Row(slot),
            new(distributionId, slot, claim, [], []),
            cancellation);

    /// <returns>Those of a distribution that can be read.</returns>
    public Task<IReadOnlyList<Stored<SendingJournal>>> Of(string distributionId, CancellationToken cancellation) =>
        records.Where(
            $"{TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}")} and {IsJournal}",
            cancellation);

    /// <exception cref="UnreadableRecordException">
    /// It is not what was written; the secretariat gets a notice.
    /// </exception>
    public Task<Stored<SendingJournal>?> Find(string distributionId, int slot, CancellationToken cancellation) =>
        records.Find(distributionId, Row(slot), cancellation);

    /// <returns>The journal as stored; null if another worker changed it first.</returns>
    public Task<Stored<SendingJournal>?> Write(Stored<SendingJournal> changed, CancellationToken cancellation) =>
        records.Replace(changed, cancellation);

    /// <returns>False if it was changed since, or is gone.</returns>
    public Task<bool> Remove(Stored<SendingJournal> journal, CancellationToken cancellation) =>
        records.Remove(journal, cancellation);

    /// <summary>From now on no worker begins a letter of this distribution by a journal that is open.</summary>
    public async Task Close(string distributionId, CancellationToken cancellation)
    {
        foreach (var journal in await Of(distributionId, cancellation))
            await records.Update(
                journal.Partition,
                journal.Row,
                // One that is gone meanwhile must not be added again.
                now => Decision.Of(now is { IsClosed: false } ? now with { IsClosed = true } : null),
                cancellation,
                journal);
    }

    private static string Row(int slot) => slot.ToString("D5", System.Globalization.CultureInfo.InvariantCulture);
}
