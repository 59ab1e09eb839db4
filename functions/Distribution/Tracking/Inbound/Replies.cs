using System.Globalization;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking.Inbound;

/// <summary>Some of the messages that wait for a person.</summary>
/// <param name="Latest">The latest first.</param>
/// <param name="Next">After which key the next page begins; null where there is none.</param>
internal sealed record WaitingPage(IReadOnlyList<ReceivedReply> Latest, string? Next);

/// <summary>
/// The store of all incoming messages. Each is kept whole in the container <c>inbound</c> under <c>kept/</c>. A table
/// row with what is known of it is in one of three places: waiting for a person, with its mission, or set aside. The
/// decision about a message is written once and is authoritative; the row's place follows from it.
/// </summary>
internal sealed class Replies(StorageAccount account, TimeProvider clock)
{
    /// <summary>The partition of messages that wait for a person.</summary>
    public const string Waits = "waiting";

    private const string Decided = "decided";

    /// <summary>The partition of messages that a person set aside.</summary>
    public const string Aside = "aside";

    private const string Arrived = "arrived";

    /// <summary>The most rows that one search reads: some years of messages.</summary>
    private const int MostLookedThrough = 50_000;

    /// <summary>The latest messages are looked for among those of so long, before all are read.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromDays(60);

    /// <summary>How far storage's clock, which dates the rows, may be from ours.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromDays(1);

    /// <summary>The column that says which letter a waiting message answers.</summary>
    private const string Answers = nameof(Answers);

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Inbound);
    private readonly Records<ReceivedReply> waiting = WaitingIn(account);

    private readonly Records<ReplyDecision> decisions = new(account, ResourceNames.RepliesTable);
    private readonly Records<KeptReply> kept = new(account, ResourceNames.RepliesTable);

    /// <summary>The rows of messages that wait for a person.</summary>
    public static Records<ReceivedReply> WaitingIn(StorageAccount account) =>
        new(
            account,
            ResourceNames.RepliesTable,
            reply =>
                reply is { IsAnswer: true, Candidates: [var letter, ..] }
                    ? [(Answers, letter.DistributionId), (nameof(ReplyCandidate.MissionId), letter.MissionId)]
                    : []);

    /// <summary>Stores the message in its original bytes, unless it is already stored.</summary>
    /// <returns>When it reached us; for a message that is already stored, when it reached us first.</returns>
    public async Task<DateTimeOffset> Save(
        string id,
        Stream message,
        DateTimeOffset arrived,
        CancellationToken cancellation)
    {
        if (await Blob(id).WriteOnce(
                message,
                new Dictionary<string, string> { [Arrived] = arrived.ToString("O", CultureInfo.InvariantCulture) },
                cancellation))
            return arrived;
        // The same message came from another source, or is processed again.
        var known = (await Blob(id).GetPropertiesAsync(cancellationToken: cancellation)).Value.Metadata;
        return known.TryGetValue(Arrived, out var first)
            ? DateTimeOffset.Parse(first, CultureInfo.InvariantCulture)
            : arrived;
    }

    /// <returns>The message in its original bytes; null where none with that id is stored.</returns>
    public async Task<Stream?> Message(string id, CancellationToken cancellation) =>
        (await Blob(id).TryRead(cancellation))?.Content.ToStream();

    /// <summary>Puts a message on the list of those that wait for a person. Idempotent: it is listed once.</summary>
    public Task Wait(ReceivedReply reply, CancellationToken cancellation) =>
        waiting.Add(Waits, reply.Id, reply, cancellation);

    /// <returns>The ids of the missions whose answer to a letter waits for a person.</returns>
    public async Task<IReadOnlySet<string>> Answered(string distributionId, CancellationToken cancellation)
    {
        var missions = new HashSet<string>();
        // By the columns alone: an answer that cannot be read keeps a reminder back as well.
        await foreach (
            var row in waiting.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {Waits} and Answers eq {distributionId}"),
                select: [nameof(ReplyCandidate.MissionId)],
                cancellationToken: cancellation))
            missions.Add(row.GetString(nameof(ReplyCandidate.MissionId)));
        return missions;
    }

    /// <returns>Null where it does not wait.</returns>
    public async Task<ReceivedReply?> FindWaiting(string id, CancellationToken cancellation) =>
        (await waiting.Find(Waits, id, cancellation))?.Value;

    /// <summary>Reads a page of the messages that wait for a person, in the order of their keys.</summary>
    /// <param name="words">All of these must occur in what is shown of a message; empty for every message.</param>
    /// <param name="after">The key after which the page begins; empty for the first page.</param>
    public async Task<WaitingPage> Waiting(
        IReadOnlyList<string> words,
        string after,
        CancellationToken cancellation)
    {
        List<ReceivedReply> found = [];
        var (looked, last) = (0, "");
        await foreach (
            var row in waiting.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {Waits} and RowKey gt {after}"),
                MostOnAPage,
                cancellationToken: cancellation))
        {
            // A page begins behind the last key that was looked at, whether it was found or not.
            if (looked == (words is [] ? MostOnAPage : MostSearched))
                return new(Latest(found), last);
            (looked, last) = (looked + 1, row.RowKey);
            if (await waiting.TryRead(row, cancellation) is { Value: var reply } && words.All(reply.Has))
                found.Add(reply);
        }

        return new(Latest(found), null);

        static IReadOnlyList<ReceivedReply> Latest(IEnumerable<ReceivedReply> replies) =>
            [.. replies.OrderByDescending(reply => reply.At)];
    }

    /// <summary>
    /// How many waiting messages a page is made of. They are read one by one, and a sender of very many must not be
    /// able to make the page slow.
    /// </summary>
    public const int MostOnAPage = 1_000;

    /// <summary>How many waiting messages one search looks through before it asks whether to go on.</summary>
    private const int MostSearched = 5_000;

    /// <summary>
    /// Where counting stops. Every page of the desk shows this number, so a sender of very many messages must not be
    /// able to make all pages slow.
    /// </summary>
    public const int MostCounted = 1_000;

    /// <returns>How many messages wait, at most <see cref="MostCounted"/>.</returns>
    public async Task<int> CountWaiting(CancellationToken cancellation)
    {
        var count = 0;
        await foreach (
            var _ in waiting.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {Waits}"),
                MostCounted,
                ["RowKey"],
                cancellation))
            if (++count == MostCounted)
                break;
        return count;
    }

    /// <returns>The decision about a reply that counts: this one, or another that was written first.</returns>
    public async Task<ReplyDecision> Decide(ReplyDecision decision, CancellationToken cancellation) =>
        (
            await decisions.Update(
                Decided,
                decision.ReplyId,
                (ReplyDecision? stands) =>
                {
                    // The first decision stands, whoever asks.
                    if (stands is { IsTakenBack: false })
                        return new Decision<ReplyDecision, ReplyDecision>(null, stands);
                    var counts = stands is null ? decision : decision with { Round = stands.Round + 1 };
                    return new(counts, counts);
                },
                cancellation)).Result;

    /// <returns>Null where there is none, or a person took it back.</returns>
    public async Task<ReplyDecision?> Decision(string id, CancellationToken cancellation) =>
        (await decisions.Find(Decided, id, cancellation))?.Value is { IsTakenBack: false } stands ? stands : null;

    /// <summary>Takes back what a person decided about a message.</summary>
    /// <returns>What was decided; null where there is nothing of the kind.</returns>
    public async Task<ReplyDecision?> TakeBack(string id, CancellationToken cancellation) =>
        (
            await decisions.Update(
                Decided,
                id,
                (ReplyDecision? stands) =>
                    stands is null or { Recorder: null } ? new Decision<ReplyDecision, ReplyDecision?>(null, null)
                    : stands.IsTakenBack ? new(null, stands)
                    : new(stands with { IsTakenBack = true }, stands),
                cancellation)).Result;

    /// <summary>Lists a reply with its mission, by the decision that counts. Idempotent.</summary>
    public Task Add(KeptReply reply, string distributionId, string missionId, CancellationToken cancellation) =>
        Keep(distributionId, $"{missionId}.{reply.Reply.Id}", reply, cancellation);

    /// <summary>Lists a message that is about none of our letters. Idempotent.</summary>
    public Task AddSetAside(KeptReply message, CancellationToken cancellation) =>
        Keep(Aside, message.Reply.Id, message, cancellation);

    private Task Keep(string partition, string row, KeptReply message, CancellationToken cancellation) =>
        message.Decision.Round == 0
            // Of the first decision there is one row, whoever writes it; a later one takes its place.
            ? kept.Add(partition, row, message, cancellation)
            : kept.Update(
                partition,
                row,
                before => Storage.Decision.Of(before?.Decision.Round >= message.Decision.Round ? null : message),
                cancellation);

    /// <returns>A message as it is listed by a decision; null where it is not, or not any more.</returns>
    public Task<Stored<KeptReply>?> FindKept(ReplyDecision decision, CancellationToken cancellation) =>
        decision is { DistributionId: { } distribution, MissionId: { } mission }
            ? kept.Find(distribution, $"{mission}.{decision.ReplyId}", cancellation)
            : kept.Find(Aside, decision.ReplyId, cancellation);

    /// <summary>Takes a message off the list it is on, unless it was listed anew in the meantime.</summary>
    public Task Unlist(Stored<KeptReply> message, CancellationToken cancellation) =>
        kept.Remove(message, cancellation);

    /// <summary>Finds messages that no longer wait, with a mission or set aside.</summary>
    /// <param name="words">All of these must occur in what is shown of a message; empty for every message.</param>
    /// <param name="most">How many messages to return at most.</param>
    /// <returns>
    /// The latest first, how many there are in all, null where that was not counted, and whether any was left out of
    /// the search.
    /// </returns>
    public async Task<(IReadOnlyList<KeptReply> Latest, int? Count, bool IsAll)> Kept(
        IReadOnlyList<string> words,
        int most,
        CancellationToken cancellation)
    {
        if (words is [])
        {
            // A row is written after its message came: whatever came since then was written since then.
            var since = clock.GetUtcNow() - Recently;
            var (written, isAllWritten) = await KeptWith(words, since - ClocksApart, cancellation);
            // Only if the page is full: else older ones belong on it, too.
            if (Latest(written.Where(message => message.Reply.At >= since)) is { } latest && latest.Count == most)
                return (latest, null, isAllWritten);
        }

        var (found, isAll) = await KeptWith(words, null, cancellation);
        return (Latest(found), found.Count, isAll);

        IReadOnlyList<KeptReply> Latest(IEnumerable<KeptReply> messages) =>
            [.. messages.OrderByDescending(message => message.Reply.At).Take(most)];
    }

    private async Task<(IReadOnlyList<KeptReply> Found, bool IsAll)> KeptWith(
        IReadOnlyList<string> words,
        DateTimeOffset? writtenSince,
        CancellationToken cancellation)
    {
        var written = writtenSince is { } since ? TableClient.CreateQueryFilter($" and Timestamp ge {since}") : "";
        List<KeptReply> found = [];
        var looked = 0;
        // Around the two partitions that hold something else, so that no row of theirs is read.
        foreach (
            var range in (string[])
                [
                    TableClient.CreateQueryFilter($"PartitionKey lt {Decided}"),
                    TableClient.CreateQueryFilter($"PartitionKey gt {Decided} and PartitionKey lt {Waits}"),
                    TableClient.CreateQueryFilter($"PartitionKey gt {Waits}"),
                ])
            await foreach (
                var row in kept.Table.QueryAsync<TableEntity>(range + written, cancellationToken: cancellation))
            {
                // It goes on counting, so that the ranges behind this one end at once.
                if (++looked > MostLookedThrough)
                    break;
                if (await kept.TryRead(row, cancellation) is not { Value: var message })
                    continue;
                if (words.All(word =>
                        message.Reply.Has(word)
                        || message.Decision.How.Contains(word, StringComparison.OrdinalIgnoreCase)
                        || string.Equals(message.Decision.MissionId, word, StringComparison.OrdinalIgnoreCase)))
                    found.Add(message);
            }

        return (found, looked <= MostLookedThrough);
    }

    /// <summary>Takes a message off the list of those that wait. Idempotent.</summary>
    public Task WaitsNoMore(string id, CancellationToken cancellation) =>
        waiting.Table.DeleteEntityAsync(Waits, id, cancellationToken: cancellation);

    /// <returns>A mission's replies to a distribution, the earliest first.</returns>
    public async Task<IReadOnlyList<KeptReply>> Of(
        string distributionId,
        string missionId,
        CancellationToken cancellation) =>
        [
            .. (
                await kept.Where(
                    TableClient.CreateQueryFilter(
                        $"PartitionKey eq {distributionId} and RowKey ge {$"{missionId}."} and RowKey lt {$"{missionId}/"}"
                    ),
                    cancellation))
                .Select(stored => stored.Value)
                .OrderBy(reply => reply.Reply.At),
        ];

    private BlobClient Blob(string id) => container.GetBlobClient($"{InboundFiles.Replies}{id}.eml");
}
