using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Distribution;

/// <summary>
/// The replies of missions: each message whole in the container <c>inbound</c>, under <c>kept/</c>, and what is known of it in a table. A reply's
/// decision is written once and is what counts; the rows of those that wait, and of those that a mission has, follow from it.
/// </summary>
internal sealed class Replies(StorageAccount account)
{
    private const string Waits = "waiting";

    private const string Decided = "decided";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(Names.Inbound);
    private readonly Records<ReceivedReply> waiting = new(account.Tables.GetTableClient(Names.RepliesTable));
    private readonly Records<ReplyDecision> decisions = new(account.Tables.GetTableClient(Names.RepliesTable));
    private readonly Records<KeptReply> kept = new(account.Tables.GetTableClient(Names.RepliesTable));

    /// <summary>Keeps the message as it came, but for one that is kept already.</summary>
    public async Task Keep(string id, Stream message, CancellationToken cancellation)
    {
        try
        {
            await Blob(id).UploadAsync(message, new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellation);
        }
        catch (RequestFailedException failure) when (failure.ErrorCode == BlobErrorCode.BlobAlreadyExists || failure.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            // The same message from another source, or taken once more.
        }
    }

    /// <returns>The message as it came; null where none of that id is kept.</returns>
    public async Task<Stream?> Message(string id, CancellationToken cancellation)
    {
        try
        {
            return (await Blob(id).DownloadContentAsync(cancellation)).Value.Content.ToStream();
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Puts a reply on the list of those that wait for a person; it stands there once.</summary>
    public Task Wait(ReceivedReply reply, CancellationToken cancellation) =>
        waiting.Add(Records<ReceivedReply>.Entity(Waits, reply.Id, reply, []), cancellation);

    public async Task<ReceivedReply?> FindWaiting(string id, CancellationToken cancellation) => (await waiting.Find(Waits, id, cancellation))?.Value;

    /// <returns>Those that wait for a person, the latest first.</returns>
    public async Task<IReadOnlyList<ReceivedReply>> Waiting(CancellationToken cancellation) =>
        [.. (await waiting.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Waits}"), cancellation)).Select(stored => stored.Value).OrderByDescending(reply => reply.At)];

    public async Task<int> CountWaiting(CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var _ in waiting.Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Waits}"), select: ["RowKey"], cancellationToken: cancellation))
            count++;
        return count;
    }

    /// <returns>What was decided of a reply: this, or what another decided first.</returns>
    public async Task<ReplyDecision> Decide(ReplyDecision decision, CancellationToken cancellation) =>
        await decisions.Add(Records<ReplyDecision>.Entity(Decided, decision.ReplyId, decision, []), cancellation) is not null
            ? decision
            : (await Decision(decision.ReplyId, cancellation))!;

    public async Task<ReplyDecision?> Decision(string id, CancellationToken cancellation) => (await decisions.Find(Decided, id, cancellation))?.Value;

    /// <summary>Lists a reply with its mission, once.</summary>
    public Task Add(KeptReply reply, string distributionId, string missionId, CancellationToken cancellation) =>
        kept.Add(Records<KeptReply>.Entity(distributionId, $"{missionId}.{reply.Reply.Id}", reply, []), cancellation);

    public Task WaitsNoMore(string id, CancellationToken cancellation) => waiting.Table.DeleteEntityAsync(Waits, id, cancellationToken: cancellation);

    /// <returns>A mission's replies to a distribution, the earliest first.</returns>
    public async Task<IReadOnlyList<KeptReply>> Of(string distributionId, string missionId, CancellationToken cancellation) =>
        [.. (await kept.Where(TableClient.CreateQueryFilter($"PartitionKey eq {distributionId} and RowKey ge {$"{missionId}."} and RowKey lt {$"{missionId}/"}"), cancellation))
            .Select(stored => stored.Value)
            .OrderBy(reply => reply.Reply.At)];

    private BlobClient Blob(string id) => container.GetBlobClient($"{InboundFiles.Replies}{id}.eml");
}
