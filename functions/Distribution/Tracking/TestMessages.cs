using System.Net;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking;

/// <summary>
/// Sends a test message to one mailbox of a mission, because a person asked for it, and keeps its outcome. It is no
/// letter: no entry and no count includes it.
/// </summary>
internal sealed class TestMessages(
    StorageAccount account,
    IMailTransport transport,
    IOptions<MailSettings> mail,
    TimeProvider clock)
{
    /// <summary>Between two to the same mailbox: a second press sends no second message.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMinutes(10);

    /// <summary>How many of one mission's mailboxes are tried within <see cref="Between"/>.</summary>
    public const int MostAtOnce = 5;

    /// <summary>A person waits for the answer.</summary>
    private static readonly TimeSpan LongestHandOver = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The beginning of the Message-IDs. They have the form of a letter's, so that a report on one is read as a report
    /// on something of ours; nobody but its reader knows the rest.
    /// </summary>
    private const string Mark = "mailboxtest-";

    /// <summary>The beginning of the partitions, before a mission's id.</summary>
    private const string Start = "test ";

    /// <summary>After all of them.</summary>
    private const string End = "test!";

    private readonly Records<MailboxTest> records = new(
        account,
        ResourceNames.MissionsTable,
        test => [(nameof(MailboxTest.MessageId), test.MessageId)]);

    private static bool IsTest(string messageId) => messageId.StartsWith(Mark, StringComparison.OrdinalIgnoreCase);

    /// <param name="address">One of the mission's mailboxes.</param>
    /// <param name="by">The name of who asked for it, which the message says.</param>
    /// <returns>
    /// The test. <c>IsNew</c> is false where none was sent, because within <see cref="Between"/> one was asked for to
    /// this mailbox, or to as many mailboxes of the mission as may be; <c>Test</c> is then that one, or the latest of
    /// them.
    /// </returns>
    public async Task<(bool IsNew, MailboxTest Test)> Send(
        Mission mission,
        string address,
        string by,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var lately = (await Of(mission.Id, cancellation))
            .Where(test => (now - test.AskedAt).Duration() < Between)
            .ToList();
        if (lately.Count >= MostAtOnce)
            return (false, lately[0]);
        var sender = mail.Value.Sender!;
        var asked = new MailboxTest(
            mission.Id,
            address,
            $"{Mark}{Guid.NewGuid():n}.{mission.Id}.1@{EmailAddresses.Domain(sender.Address)}",
            now,
            by);
        var claimed = await records.Update(
            Partition(mission.Id),
            Row(address),
            (MailboxTest? before) =>
                // What was not taken for the moment may be tried again at once. One without a result is being handed
                // over.
                before is { Result: not MailboxResult.TryLater } && (now - before.AskedAt).Duration() < Between
                    ? new Decision<MailboxTest, MailboxTest>(null, before)
                    : new(asked, asked),
            cancellation);
        if (claimed.Result != asked)
            return (false, claimed.Result);

        var (result, words) = await HandOver(Message(asked, mission, sender));
        var ended = await records.Update(
            Partition(mission.Id),
            Row(address),
            (MailboxTest? test) =>
            {
                var after = (test?.MessageId == asked.MessageId ? test : asked) with { Result = result, Words = words };
                return new Decision<MailboxTest, MailboxTest>(test?.MessageId == asked.MessageId ? after : null, after);
            },
            // What has left is noted, whoever has stopped waiting.
            CancellationToken.None);
        return (true, ended.Result);
    }

    /// <returns>The last to each mailbox, the latest first.</returns>
    public async Task<IReadOnlyList<MailboxTest>> Of(string missionId, CancellationToken cancellation) =>
        [
            .. (await records.Where(
                    TableClient.CreateQueryFilter($"PartitionKey eq {Partition(missionId)}"),
                    cancellation))
                .Select(stored => stored.Value)
                .OrderByDescending(test => test.AskedAt),
        ];

    /// <summary>Notes that a mail server reports that a test message could not be delivered.</summary>
    /// <param name="failure">As <see cref="ReturnedMails"/> has it.</param>
    /// <returns>The test; null where no such message was sent, or a later one has taken its place.</returns>
    public async Task<MailboxTest?> Returned(
        string messageId,
        Func<string, string?> failure,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        if (!IsTest(messageId)
            || (await records.Where(
                TableClient.CreateQueryFilter(
                    $"PartitionKey ge {Start} and PartitionKey lt {End} and MessageId eq {messageId}"),
                cancellation))
                is not [var stored, ..])
            return null;
        return (
            await records.Update(
                stored.Partition,
                stored.Row,
                (MailboxTest? test) =>
                {
                    if (test is not { ReturnedAt: null }
                        || test.MessageId != messageId
                        || failure(test.Address) is not { } words)
                        return new Decision<MailboxTest, MailboxTest?>(
                            null,
                            test?.MessageId == messageId ? test : null);
                    var after = test with { ReturnedAt = at, ReturnedWords = words };
                    return new(after, after);
                },
                cancellation)).Result;
    }

    /// <summary>Erases the tests that were asked for before then.</summary>
    public async Task Clear(DateTimeOffset before, CancellationToken cancellation)
    {
        foreach (
            var stored in (
                await records.Where(
                    TableClient.CreateQueryFilter($"PartitionKey ge {Start} and PartitionKey lt {End}"),
                    cancellation))
                .Where(stored => stored.Value.AskedAt < before))
            await records.Table.DeleteEntityAsync(stored.Partition, stored.Row, cancellationToken: cancellation);
    }

    /// <summary>Hands it over to the end, even if the person's browser does not wait.</summary>
    private async Task<(MailboxResult Result, string Words)> HandOver(OutgoingMessage message)
    {
        using var patience = new CancellationTokenSource(LongestHandOver, clock);
        try
        {
            var outcome = (await transport.Send(message, patience.Token))[0];
            return (outcome.Result, outcome.Answer);
        }
        catch (SenderFaultException)
        {
            // Its words are for whoever runs the service, who reads them on the page of its health.
            return (MailboxResult.TryLater, "no mail can be sent at all at this moment. Ask whoever runs this service");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return (MailboxResult.Unknown, "The mail server had not answered within a minute.");
        }
    }

    private OutgoingMessage Message(MailboxTest test, Mission mission, Correspondent sender)
    {
        string[] english =
        [
            "This is a test message. It is no letter, and nothing has to be done.",
            $"{test.By}, of the secretariat that writes to {mission.Title}, asked for it, to see whether letters reach this mailbox: {test.Address}.",
            "If you are not the right mailbox for letters to this mission, please say so in an answer to this message.",
        ];
        string[] french =
        [
            "Ceci est un message d’essai. Ce n’est pas une lettre, et il n’y a rien à faire.",
            $"{test.By}, du secrétariat qui écrit à la mission ({mission.NameIn("fr")}), l’a demandé pour vérifier que les lettres arrivent à cette adresse\u00a0: {test.Address}.",
            "Si cette adresse n’est pas la bonne pour les lettres à cette mission, merci de le dire en réponse à ce message.",
        ];
        return new(
            test.MessageId,
            test.AskedAt,
            "mailboxtest",
            test.MissionId,
            sender,
            mail.Value.ReturnPath,
            [sender],
            mission.Title,
            [new(test.Address, MailboxField.To)],
            [test.Address],
            Languages.English,
            "Test message, no letter / Message d’essai, pas une lettre",
            Html(english, french),
            $"{string.Join("\n\n", english)}\n\n--\n\n{string.Join("\n\n", french)}\n",
            [],
            // A person asked for it to see whether this very mailbox takes mail.
            PassesSuppression: true)
        {
            IsAutomatic = true,
        };
    }

    private static string Html(string[] english, string[] french) =>
        string.Concat(
            [
                .. english.Select(line => $"<p>{WebUtility.HtmlEncode(line)}</p>"),
                "<hr>",
                .. french.Select(line => $"<p lang=\"fr\">{WebUtility.HtmlEncode(line)}</p>"),
            ]);

    private static string Partition(string missionId) => $"{Start}{missionId}";

    // A hash, since an address may hold characters that a table key must not have: / \ # and ?.
    private static string Row(string address) => Sha256Hex.Of(address.ToLowerInvariant());
}
