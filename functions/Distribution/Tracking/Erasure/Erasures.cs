using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Proposals;

namespace Distribution.Tracking.Erasure;

/// <summary>Stores what remains of erased distributions, and deletes all the rest.</summary>
internal sealed class Erasures(StorageAccount account)
{
    private const string Partition = "erased";

    private const int ReadAtOnce = 16;

    /// <summary>In bytes. Of files that are larger, one at a time is in memory.</summary>
    private const int Large = 1 << 20;

    /// <summary>How far storage's clock, which dates the files, may be from ours.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromDays(1);

    private readonly Records<ErasedLetter> records = new(account, ResourceNames.ErasuresTable);
    private readonly Records<MissionEntry> entries = new(account, ResourceNames.DispatchesTable);
    private readonly Records<Notice> notices = new(account, ResourceNames.NoticesTable);
    private readonly Records<KeptReply> kept = new(account, ResourceNames.RepliesTable);
    private readonly Records<ReceivedReply> waiting = Replies.WaitingIn(account);
    private readonly MissionProposals proposals = new(account);

    /// <returns>The most recently erased first.</returns>
    public async Task<IReadOnlyList<ErasedLetter>> All(CancellationToken cancellation) =>
        [
            .. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
                .Select(stored => stored.Value)
                .OrderByDescending(letter => letter.At),
        ];

    /// <returns>Null where the distribution was not erased, or that is not known any more.</returns>
    public async Task<ErasedLetter?> Find(string distributionId, CancellationToken cancellation) =>
        (await records.Find(Partition, distributionId, cancellation))?.Value;

    /// <summary>
    /// Records what remains, then removes the distribution from the list. From then on the erasure is continued until
    /// it is done.
    /// </summary>
    public async Task Begin(ErasedLetter letter, CancellationToken cancellation)
    {
        await records.Add(Partition, letter.Id, letter, cancellation);
        await TakeFromList(letter, cancellation);
    }

    /// <summary>Deletes all remaining data of a distribution. Idempotent.</summary>
    public async Task Clear(ErasedLetter letter, CancellationToken cancellation)
    {
        // A worker may have stopped between the two steps of Begin.
        await TakeFromList(letter, cancellation);
        // Read the Message-IDs before the entries are deleted below. They find the bounces that quote these messages.
        List<string> messages = [];
        await foreach (
            var entry in Table(ResourceNames.DispatchesTable)
                .QueryAsync<TableEntity>(
                    TableClient.CreateQueryFilter($"PartitionKey eq {letter.Id}"),
                    cancellationToken: cancellation))
            if (await Readable(entries, entry, cancellation) is { } read)
                messages.AddRange(read.Attempts.Select(attempt => attempt.MessageId));
        await ClearReplies(
            TableClient.CreateQueryFilter($"PartitionKey eq {letter.Id}"),
            messages,
            candidate => candidate.DistributionId == letter.Id,
            (before, left) => before.Candidates.Count > 0 && left.Candidates.Count == 0,
            cancellation,
            since: letter.ReleasedAt);
        foreach (
            var table in (string[])
                [
                    ResourceNames.AcknowledgementsTable,
                    ResourceNames.ForwardsTable,
                    ResourceNames.VisitsTable,
                    ResourceNames.DispatchesTable,
                    ResourceNames.JournalsTable,
                ])
            await Delete(Table(table), TableClient.CreateQueryFilter($"PartitionKey eq {letter.Id}"), cancellation);
        // Notices have no column for their letter, so each is read.
        await Delete(
            Table(ResourceNames.NoticesTable),
            TableClient.CreateQueryFilter($"PartitionKey eq {"notice"}"),
            cancellation,
            async row => (await Readable(notices, row, cancellation))?.DistributionId == letter.Id);
        await proposals.Erase(letter.Id, cancellation);
        // Earlier versions kept the values of segments that wait in a folder of their own, waiting-people.
        foreach (
            var folder in (string[])[$"waiting/{letter.Id}/", $"waiting-people/{letter.Id}/", $"{letter.Id}/people/"])
            await Delete(ResourceNames.Log, folder, cancellation);
        await Delete(ResourceNames.Distributions, $"{letter.Id}/", cancellation);
        if (letter.Files is { } files)
            // A standing folder holds one file for each letter, any other folder one letter.
            await Delete(ResourceNames.Drafts, files.IsStanding ? files.ToString() : $"{files}/", cancellation);
        // Last: whatever breaks off before this is done again by the next run.
        if (await records.Find(Partition, letter.Id, cancellation) is { } stored)
            await records.Replace(
                stored with
                {
                    Value = stored.Value with { IsDone = true, Files = null },
                },
                cancellation);
    }

    private async Task TakeFromList(ErasedLetter letter, CancellationToken cancellation)
    {
        foreach (
            var (partition, row) in ((string, string)[])
                [("distribution", letter.Id), (DistributionRecords.Marks, MessageTokens.Mark(letter.Id))])
            // With the record goes the row by which tokens find it.
            await Table(ResourceNames.DistributionsTable)
                .DeleteEntityAsync(partition, row, cancellationToken: cancellation);
    }

    /// <summary>
    /// Deletes one mission's replies to a distribution, those that wait and can only be about it, and the counts of
    /// visits to its link.
    /// </summary>
    public async Task ClearReplies(string distributionId, string missionId, CancellationToken cancellation)
    {
        // Row keys begin with the mission's id and a full stop; “/” is the next sign after the full stop.
        await ClearReplies(
            TableClient.CreateQueryFilter(
                $"PartitionKey eq {distributionId} and RowKey ge {$"{missionId}."} and RowKey lt {$"{missionId}/"}"),
            [],
            letter => letter.DistributionId == distributionId && letter.MissionId == missionId,
            (before, left) => before.Candidates.Count > 0 && left.Candidates.Count == 0,
            cancellation);
        await Delete(
            Table(ResourceNames.VisitsTable),
            TableClient.CreateQueryFilter($"PartitionKey eq {distributionId} and RowKey eq {missionId}"),
            cancellation);
    }

    /// <summary>
    /// Deletes messages that are older than this and are kept with no mission: those set aside, those that wait without
    /// any candidate that was not erased, and the uploaded files of processed messages.
    /// </summary>
    public async Task ClearInbound(DateTimeOffset before, CancellationToken cancellation)
    {
        var erased = (await All(cancellation)).Select(letter => letter.Id).ToHashSet();
        await ClearReplies(
            TableClient.CreateQueryFilter($"PartitionKey eq {Replies.Aside}"),
            [],
            letter => erased.Contains(letter.DistributionId),
            (_, left) => left.Candidates is [] && left.At < before,
            cancellation,
            aside => aside.Reply.At < before);
        foreach (var folder in (string[])[InboundFiles.Done, InboundFiles.Unmatched])
            await Delete(ResourceNames.Inbound, folder, cancellation, blob => blob.Properties.LastModified < before);
    }

    /// <summary>
    /// Deletes kept messages and waiting messages, with their decisions and their original bytes, and every uploaded
    /// file that quotes one of these Message-IDs. A waiting message that stays is offered no letter that is gone.
    /// </summary>
    /// <param name="filter">Which rows of kept messages to delete.</param>
    /// <param name="gone">Which letters waiting messages cannot be about any more.</param>
    /// <param name="isToGo">Whether a waiting message is deleted, as it was before and without those letters.</param>
    /// <param name="only">A further condition on the rows of kept messages; null for all of them.</param>
    /// <param name="since">When the first of these messages can have been sent; null where that is not known.</param>
    private async Task ClearReplies(
        string filter,
        List<string> messages,
        Func<ReplyCandidate, bool> gone,
        Func<ReceivedReply, ReceivedReply, bool> isToGo,
        CancellationToken cancellation,
        Func<KeptReply, bool>? only = null,
        DateTimeOffset? since = null)
    {
        var inbound = account.Blobs.GetBlobContainerClient(ResourceNames.Inbound);
        List<(string Partition, string Row, string Id)> rows = [];
        await foreach (
            var row in Table(ResourceNames.RepliesTable)
                .QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            var message = await Readable(kept, row, cancellation);
            // One that cannot be read goes with its letter; its key ends with its id.
            if (only is null || (message is not null && only(message)))
                rows.Add(
                    (
                        row.PartitionKey,
                        row.RowKey,
                        message?.Reply.Id ?? row.RowKey[(row.RowKey.LastIndexOf('.') + 1)..]));
        }

        await foreach (
            var row in Table(ResourceNames.RepliesTable)
                .QueryAsync<TableEntity>(
                    TableClient.CreateQueryFilter($"PartitionKey eq {Replies.Waits}"),
                    cancellationToken: cancellation))
            if (await Readable(waiting, row, cancellation) is { } reply && reply.Without(gone) is var left)
            {
                if (isToGo(reply, left))
                    rows.Add((row.PartitionKey, row.RowKey, reply.Id));
                else if (left != reply)
                    await waiting.Update(
                        row.PartitionKey,
                        row.RowKey,
                        now => Decision.Of(now?.Without(gone)),
                        cancellation);
            }

        foreach (var (_, _, id) in rows)
        {
            var stored = inbound.GetBlobClient($"{InboundFiles.Replies}{id}.eml");
            // Before it is deleted: uploaded files that quote it are found by its own Message-ID, too.
            if (await MessageIdOf(stored, cancellation) is { } messageId)
                messages.Add(messageId);
            await stored.DeleteIfExistsAsync(cancellationToken: cancellation);
            await Table(ResourceNames.RepliesTable).DeleteEntityAsync("decided", id, cancellationToken: cancellation);
        }

        using var oneLarge = new SemaphoreSlim(1);
        if (messages.Count > 0)
            foreach (var folder in (string[])[InboundFiles.Done, InboundFiles.Unmatched])
                await Parallel.ForEachAsync(
                    inbound.GetBlobsAsync(new GetBlobsOptions { Prefix = folder }, cancellation),
                    new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
                    async (blob, stop) =>
                    {
                        // A file is put here once its message has come, so an older one quotes nothing of what left
                        // later.
                        if (blob.Properties.LastModified < since - ClocksApart)
                            return;
                        // A message may have 25 MB, and sixteen are read at once.
                        var isLarge = blob.Properties.ContentLength > Large;
                        if (isLarge)
                            await oneLarge.WaitAsync(stop);
                        try
                        {
                            await DeleteIfQuoting(inbound.GetBlobClient(blob.Name), messages, stop);
                        }
                        finally
                        {
                            if (isLarge)
                                oneLarge.Release();
                        }
                    });

        // Delete the rows last: after an interruption they show which messages are still to be deleted.
        foreach (var (partition, row, _) in rows)
            await Table(ResourceNames.RepliesTable).DeleteEntityAsync(partition, row, cancellationToken: cancellation);
    }

    private static async Task DeleteIfQuoting(BlobClient file, List<string> messages, CancellationToken cancellation)
    {
        // Latin-1 reads any bytes, one character each, and Message-IDs are ASCII.
        var text = Encoding.Latin1.GetString((await file.DownloadContentAsync(cancellation)).Value.Content);
        if (messages.Exists(message => text.Contains(message, StringComparison.OrdinalIgnoreCase)))
            await file.DeleteIfExistsAsync(cancellationToken: cancellation);
    }

    /// <returns>Null where it has none, or is not a mail message.</returns>
    private static async Task<string?> MessageIdOf(BlobClient stored, CancellationToken cancellation)
    {
        try
        {
            if (!await stored.ExistsAsync(cancellation))
                return null;
            await using var content = await stored.OpenReadAsync(
                new BlobOpenReadOptions(allowModifications: false),
                cancellation);
            return MimeKit.Utils.MimeUtils.ParseMessageId(
                (await MimeKit.HeaderList.LoadAsync(content, cancellation))[MimeKit.HeaderId.MessageId] ?? "");
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task Delete(
        string container,
        string prefix,
        CancellationToken cancellation,
        Func<BlobItem, bool>? only = null)
    {
        var blobs = account.Blobs.GetBlobContainerClient(container);
        await foreach (var blob in blobs.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellation))
            if (only?.Invoke(blob) is not false)
                await blobs
                    .GetBlobClient(blob.Name)
                    // Blob Storage refuses to delete a blob alone that has snapshots.
                    .DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellation);
    }

    /// <returns>
    /// Null for a record that cannot be read. One of a later format stops the erasure: it may name more than this
    /// version knows.
    /// </returns>
    private static async Task<T?> Readable<T>(Records<T> records, TableEntity row, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return (await records.Read(row, cancellation)).Value;
        }
        catch (UnreadableRecordException)
        {
            return null;
        }
    }

    private static async Task Delete(
        TableClient table,
        string filter,
        CancellationToken cancellation,
        Func<TableEntity, Task<bool>>? only = null)
    {
        List<TableEntity> rows = [];
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            if (only is null || await only(row))
                rows.Add(row);
        foreach (var chunk in rows.Chunk(MissionEntries.MostInOneTransaction))
            try
            {
                await table.SubmitTransactionAsync(
                    // Whatever somebody wrote into a row meanwhile goes as well.
                    chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)),
                    cancellation);
            }
            catch (TableTransactionFailedException gone) when (gone.Status == 404)
            {
                // Another worker is deleting the same rows, and one that is gone keeps the whole transaction from being
                // carried out. One by one, those that are gone are no fault.
                foreach (var row in chunk)
                    await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellation);
            }
    }

    private TableClient Table(string name) => account.Tables.GetTableClient(name);
}
