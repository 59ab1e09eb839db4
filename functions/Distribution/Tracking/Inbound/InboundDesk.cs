using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Distribution;

/// <summary>What became of a message that came in.</summary>
internal enum InboundResult
{
    /// <summary>It is about a letter of ours, and what it says is on record, or a person has been told of it.</summary>
    Matched,

    /// <summary>It is about no letter of ours, or cannot be read as mail.</summary>
    Unmatched,

    /// <summary>A person wrote it, and another must say which letter it is a reply to.</summary>
    Waiting,
}

/// <summary>
/// Takes what came to the return mailbox for evidence of what became of letters, and what a person replied for an acknowledgement too; what a machine
/// sent never is one. Nothing is ever answered. The same message may come any number of times, from anywhere.
/// </summary>
internal sealed class InboundDesk(
    EvidenceDesk evidence, ReplyMatching matching, ReplyDesk replies, Distributions distributions, Dispatches dispatches, Rosters rosters, Notices notices, TimeProvider clock, ILogger<InboundDesk> logger)
{
    /// <summary>The largest message that is read, in bytes: a bounce may carry the whole letter back.</summary>
    public const long Largest = 25_000_000;

    /// <summary>The longest head of a message that is read, in bytes: its lines are taken apart sign by sign, and no mail program writes a tenth of it.</summary>
    private const int LongestHead = 500_000;

    /// <summary>Mail that goes round in circles must not fill an entry.</summary>
    private const int MostReports = 20;

    /// <summary>A message within a message within a message: deeper than any that is meant.</summary>
    public static readonly ParserOptions Careful = new() { MaxMimeDepth = 50 };

    /// <param name="content">The message, from its beginning; it must be seekable.</param>
    /// <param name="place">Where the message lies, for the log.</param>
    public async Task<InboundResult> Take(Stream content, string place, CancellationToken cancellation)
    {
        if (!await HasUsualHead(content, cancellation))
        {
            logger.LogWarning("{Place} was not read: its head is longer than that of any message people send", place);
            await SetAside($"The message {place} was not read, for its head is longer than that of any message people send. It is kept unread; have a person look at it.", cancellation);
            return InboundResult.Unmatched;
        }

        try
        {
            using var message = await MimeMessage.LoadAsync(Careful, content, cancellation);
            var result = await Take(message, content, cancellation);
            if (result == InboundResult.Unmatched)
                logger.LogInformation("{Place} is about no letter of ours; it is kept there unanswered", place);
            else if (result == InboundResult.Waiting)
                logger.LogInformation("{Place} was written by a person, and no letter it replies to is known; it waits on the desk's list", place);
            return result;
        }
        catch (FormatException unreadable)
        {
            logger.LogWarning(unreadable, "{Place} cannot be read as an email message; it is kept there", place);
            return InboundResult.Unmatched;
        }
    }

    /// <summary>Whether the blank line that ends a message's head, or its end, comes soon enough.</summary>
    private static async Task<bool> HasUsualHead(Stream content, CancellationToken cancellation)
    {
        var head = new byte[LongestHead];
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        content.Position = 0;
        return length < head.Length || head.AsSpan().IndexOf("\n\r\n"u8) >= 0 || head.AsSpan().IndexOf("\n\n"u8) >= 0;
    }

    private Task<InboundResult> Take(MimeMessage message, Stream content, CancellationToken cancellation)
    {
        var mail = InboundMail.Read(message);
        return mail is InboundMail.Reply reply ? Take(reply, message, content, cancellation)
            : mail.Letter is not { } letter ? Task.FromResult(InboundResult.Unmatched)
            : Take(mail, letter, IdOf(message), cancellation);
    }

    private async Task<InboundResult> Take(InboundMail.Reply reply, MimeMessage message, Stream content, CancellationToken cancellation)
    {
        var (now, id) = (clock.GetUtcNow(), IdOf(message));
        var match = await matching.Find(reply, cancellation);
        content.Position = 0;
        var decided = await replies.Receive(ReceivedReply.Read(message, Hash(id), now), content, match, cancellation);
        if (match.Attempt is { } attempt)
            await Hear(attempt, [.. Answered(attempt, reply.From).Select(mailbox => Shown(attempt.MessageId, mailbox, id, now, "reply", "The mission answered this letter, so it was sent."))], cancellation);
        return decided ? InboundResult.Matched : InboundResult.Waiting;
    }

    /// <summary>A message no machine could take in: a person is told once where it lies.</summary>
    /// <param name="what">Where it lies and what is the matter, as sentences.</param>
    public Task SetAside(string what, CancellationToken cancellation) => Notify($"inbound-{Hash(what)}", null, what, cancellation);

    private async Task<InboundResult> Take(InboundMail mail, string letter, string id, CancellationToken cancellation)
    {
        if (await Find(letter, cancellation) is not var (dispatch, attempt))
            return InboundResult.Unmatched;

        var now = clock.GetUtcNow();
        List<Evidence> heard = [];
        if (mail is InboundMail.Bounce bounce)
        {
            foreach (var (number, recipient) in bounce.Recipients.Index())
                if (MailboxOf(attempt, recipient) is { } mailbox)
                    heard.Add(new(letter, mailbox, new(now, recipient.Kind, recipient.Words, recipient.Bounce, "bounce", $"{id}/{mailbox.ToLowerInvariant()}/{recipient.Action}")));
                else
                    await Notify($"inbound-{Hash($"{id}/{number}")}", dispatch.DistributionId, Unplaced(dispatch, recipient), cancellation);
            if (bounce.Recipients is [])
                await Notify($"inbound-{Hash(id)}", dispatch.DistributionId, Unplaced(dispatch, new(null, null, ReportedAction.Failed, "", bounce.Words)), cancellation);
            else if (!bounce.IsReport)
                await Notify($"inbound-{Hash(id)}", dispatch.DistributionId, $"A mail server wrote about the letter to {dispatch.MissionId} in words for people, which may be misread: “{bounce.Recipients[0].Words}”. Look at the mission's entry and at the message in the return mailbox.", cancellation);
            heard.AddRange(HandedOver(attempt, heard).Select(mailbox => Shown(letter, mailbox, id, now, "bounce", "A mail server reports on this letter, so it was sent.")));
        }
        else if (mail is InboundMail.AutomaticReply automatic)
            heard.AddRange(Answered(attempt, automatic.From).Select(mailbox => Shown(letter, mailbox, id, now, "auto-reply", "An automatic reply to this letter came, so it was sent.")));

        await Hear(attempt, heard, cancellation);
        return InboundResult.Matched;
    }

    private async Task Hear(DeliveryAttempt attempt, List<Evidence> heard, CancellationToken cancellation)
    {
        heard.RemoveAll(item => attempt.Mailboxes.Exists(box => box.Mailbox.Address == item.Mailbox && box.Events.Count(happened => happened.Source == item.Event.Source) >= MostReports));
        if (heard.Count > 0)
            await evidence.Hear(heard, cancellation);
    }

    private static Evidence Shown(string letter, string mailbox, string id, DateTimeOffset now, string source, string words) =>
        new(letter, mailbox, new(now, DeliveryEventKind.Accepted, words, Source: source, Id: $"{id}/{mailbox.ToLowerInvariant()}/shown"));

    /// <returns>The entry and the attempt the letter belongs to, or null where no letter with that Message-ID was made.</returns>
    private async Task<(Dispatch Dispatch, DeliveryAttempt Attempt)?> Find(string letter, CancellationToken cancellation)
    {
        if (SentMessage.Read(letter) is not { } sent
            || await distributions.Find(sent.DistributionId, cancellation) is null
            || await rosters.OrderOf(sent.DistributionId, sent.MissionId, cancellation) is not { } order)
            return null;
        var dispatch = (await dispatches.Find(sent.DistributionId, order, cancellation)).Value;
        return dispatch.Attempts.Find(attempt => attempt.MessageId == letter) is { } attempt ? (dispatch, attempt) : null;
    }

    /// <returns>The mailbox the letter was sent to; null where the attempt has several and none is named.</returns>
    private static string? MailboxOf(DeliveryAttempt attempt, ReportedRecipient recipient) =>
        Named(attempt, recipient.Original) ?? Named(attempt, recipient.Final) ?? (attempt.Mailboxes is [var only] ? only.Mailbox.Address : null);

    private static string? Named(DeliveryAttempt attempt, string? address) =>
        attempt.Mailboxes.Find(box => string.Equals(box.Mailbox.Address, address, StringComparison.OrdinalIgnoreCase))?.Mailbox.Address;

    /// <summary>
    /// A message goes to its mailboxes in one exchange: whoever answers it shows that the server took it, for every mailbox whose
    /// outcome is unknown. But where it had reached a mailbox before, an answer from there shows nothing of the others.
    /// </summary>
    private static IEnumerable<string> Answered(DeliveryAttempt attempt, string? from)
    {
        var unknown = HandedOver(attempt, []).ToList();
        return attempt.Mailboxes.Exists(box => box.State.IsReached) && !unknown.Contains(from ?? "", StringComparer.OrdinalIgnoreCase) ? [] : unknown;
    }

    /// <returns>The mailboxes the message was, or may have been, handed over to without an answer on record, but for those spoken of.</returns>
    private static IEnumerable<string> HandedOver(DeliveryAttempt attempt, IReadOnlyList<Evidence> spokenOf) =>
        spokenOf is [] || spokenOf.Any(item => attempt.Mailboxes.Exists(box => box.Mailbox.Address == item.Mailbox && IsUnknown(box)))
            ? [.. attempt.Mailboxes.Where(IsUnknown).Select(box => box.Mailbox.Address).Except(spokenOf.Select(item => item.Mailbox))]
            : [];

    private static bool IsUnknown(MailboxDelivery box) => box.State is DeliveryState.Sending or DeliveryState.OutcomeUnknown;

    private static string Unplaced(Dispatch dispatch, ReportedRecipient recipient) =>
        $"A report came back on the letter to {dispatch.MissionId}, about {OneLine.Of(recipient.Final ?? recipient.Original ?? "no mailbox by name")}, which is none of the mailboxes it was sent to: “{recipient.Words}”. Nothing was recorded; look at the mission's mailboxes and the message in the return mailbox.";

    private Task<bool> Notify(string id, string? distributionId, string text, CancellationToken cancellation) =>
        notices.Add(new(id, clock.GetUtcNow(), distributionId, text), cancellation);

    /// <summary>What the message is called by whoever sent it; one that has no name is called by its content.</summary>
    private static string IdOf(MimeMessage message)
    {
        if (message.MessageId is { Length: > 0 and <= 200 } named)
            return named;
        using var content = new MemoryStream();
        message.WriteTo(content);
        return Convert.ToHexStringLower(SHA256.HashData(content.ToArray()));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
