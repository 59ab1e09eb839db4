using System.Text;
using Distribution.Common;
using Distribution.Sending;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Inbound;

/// <summary>What became of an incoming message.</summary>
internal enum InboundResult
{
    /// <summary>It is kept with its mission.</summary>
    Matched,

    /// <summary>It cannot be read as mail. It waits for a person all the same.</summary>
    Unmatched,

    /// <summary>A person must decide what it is.</summary>
    Waiting,
}

/// <summary>
/// Processes incoming mail. Bounces and other machine messages become evidence about letters, as far as mail can be
/// trusted; what a person wrote can become an acknowledgement.
/// Every message ends in exactly one place that people see. The service never answers a message. Processing is
/// idempotent: the same message may come any number of times, from any source.
/// </summary>
internal sealed class InboundMailHandler(
    DeliveryEvidence evidence,
    LetterFinder finder,
    ReplyMatching matching,
    ReplyFiling replies,
    ReturnedMails returned,
    InboundNotices notices,
    TimeProvider clock,
    ILogger<InboundMailHandler> logger)
{
    /// <summary>The largest message that is read, in bytes. A bounce may contain the whole letter.</summary>
    public const long Largest = 25_000_000;

    /// <summary>
    /// The longest header section that is read, in bytes. The parser goes through it character by character, which
    /// costs time, and no mail program writes a tenth of this.
    /// </summary>
    private const int LongestHead = 500_000;

    /// <summary>How long reading one message may take. The longest that people send take a second.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(30);

    /// <summary>Processes a message that arrives now.</summary>
    /// <inheritdoc cref="Handle(Stream, string, DateTimeOffset, CancellationToken)"/>
    public Task<InboundResult> Handle(Stream content, string place, CancellationToken cancellation) =>
        Handle(content, place, clock.GetUtcNow(), cancellation);

    /// <param name="content">The whole message, from its beginning. The stream must be seekable.</param>
    /// <param name="place">Where the message is stored, for the log.</param>
    /// <param name="arrived">When it reached us.</param>
    public async Task<InboundResult> Handle(
        Stream content,
        string place,
        DateTimeOffset arrived,
        CancellationToken cancellation)
    {
        // Before the parser sees it, which such a head would keep busy until its time is up.
        if (!await HasUsualHead(content, cancellation))
        {
            logger.LogWarning("{Place} was not read: its head is longer than that of any message people send", place);
            return await Unread(
                Phrase.Say($"It was not read: its head is longer than that of any message people send."),
                "its head is longer than that of any message people send");
        }

        Read read;
        try
        {
            // A copy, because a reading that is given up may go on for a while.
            var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellation);
            read = await Task.Run(() => Read.Of(copy, arrived, cancellation), cancellation)
                .WaitAsync(LongestReading, clock, cancellation);
        }
        catch (FormatException unreadable)
        {
            logger.LogWarning(unreadable, "{Place} cannot be read as an email message; it is kept there", place);
            return await Unread(Phrase.Say($"It cannot be read as an email message."));
        }
        catch (TimeoutException)
        {
            logger.LogWarning("{Place} was not read: reading it took longer than any message people send", place);
            return await Unread(Phrase.Say($"It was not read: reading it took too long."), "reading it took too long");
        }

        var result = await Handle(read, content, cancellation);
        if (result == InboundResult.Waiting)
            logger.LogInformation("{Place} waits on the desk's list for a person", place);
        return result;

        async Task<InboundResult> Unread(Phrase why, string? notice = null)
        {
            if (notice is not null)
                await notices.Once(
                    $"The message {place} was not read, for {notice}. It is kept unread; have a person look at it.",
                    cancellation);
            return await StoreUnread(content, place, arrived, why.In(DeskLanguage.English), cancellation);
        }
    }

    /// <summary>
    /// Handles a message that could not be processed: puts a note of where it is on the list of waiting messages, and
    /// tells a person once.
    /// </summary>
    /// <param name="what">Where it is and what the problem is, as sentences.</param>
    public async Task SetAside(string what, CancellationToken cancellation)
    {
        using var note = new MemoryStream(
            Encoding.UTF8.GetBytes($"Subject: A message that was not read\r\n\r\n{what}\r\n"));
        await StoreUnread(note, "A message that was not read", clock.GetUtcNow(), what, cancellation);
        await notices.Once(what, cancellation);
    }

    /// <summary>Whether the header section, or the whole message, ends within the limit.</summary>
    private static async Task<bool> HasUsualHead(Stream content, CancellationToken cancellation)
    {
        var head = new byte[LongestHead];
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        content.Position = 0;
        // These bytes also end CR LF CR LF.
        return length < head.Length || head.AsSpan().IndexOf("\n\r\n"u8) >= 0 || head.AsSpan().IndexOf("\n\n"u8) >= 0;
    }

    private async Task<InboundResult> StoreUnread(
        Stream content,
        string place,
        DateTimeOffset arrived,
        string why,
        CancellationToken cancellation)
    {
        var id = await MessageIdentity.Of(content, cancellation);
        content.Position = 0;
        await replies.Receive(ReceivedReply.Unread(id, place, arrived, why), content, null, cancellation);
        return InboundResult.Unmatched;
    }

    private async Task<InboundResult> Handle(Read read, Stream content, CancellationToken cancellation)
    {
        var received = new Received(read.Reply, await replies.Knows(read.Reply.Id, cancellation));
        var mail = read.Mail;
        // Record evidence and notices before the message is filed. After a crash in between it is processed again, and
        // recording them a second time changes nothing.
        var ending = mail switch
        {
            InboundMail.Reply reply => await Handle(reply, received, cancellation),
            _ => await HandleAutomatic(mail, received, cancellation),
        };
        content.Position = 0;
        return await replies.Receive(ending.Reply, content, ending.Place, cancellation)
            ? InboundResult.Matched
            : InboundResult.Waiting;
    }

    private async Task<Ending> Handle(InboundMail.Reply reply, Received received, CancellationToken cancellation)
    {
        var match = await matching.Find(reply, received.Reply.At, cancellation);
        if (match.Attempt is { } attempt)
            await RecordEvidence(
                reply.Doubt is { IsDeclared: true }
                    ? MailEvidence.ShownByMachine(attempt, reply.From, received.Reply)
                    : MailEvidence.Shown(
                        attempt,
                        reply.From,
                        received.Reply,
                        EvidenceRanks.Reply,
                        "The mission answered this letter, so it was sent."),
                cancellation);
        return match.Acknowledged is { } letter
            ? new(received.Reply, new(letter, Acknowledges: true, IsMachines: false, match.Words))
            : new(
                received.Reply with
                {
                    Pile = match.Pile,
                    Why = match.Words,
                    IsAnswer = match.IsAnswer,
                    IsFromMission = match.IsFromMission,
                    Candidates = match.Candidates,
                },
                null);
    }

    /// <summary>
    /// Keeps a machine's message with its mission. It is evidence only if it has the token of the very message it is
    /// about.
    /// </summary>
    private async Task<Ending> HandleAutomatic(InboundMail mail, Received received, CancellationToken cancellation)
    {
        // Mails that are no letters have Message-IDs of the same form, and no entry to be looked for.
        if (mail is InboundMail.Bounce { Letter: { } named } report
            && await returned.Record(
                named,
                report.FailureAt,
                EvidenceRanks.Report,
                received.Reply.At,
                cancellation)
                is { } other)
            return other.Letter is { } of
                ? new(received.Reply, new(of, Acknowledges: false, IsMachines: true, other.Words))
                : new(received.Reply with { Pile = ReplyPile.Machine, Why = other.Words }, null);
        var letters = await finder.Find(mail, cancellation);
        if (letters is not [var letter, ..])
            return await Unplaced(mail, received, cancellation);
        // A rule of Exchange that passes on what a person wrote declares it a machine's. Whoever gives the reference
        // has read the letter's last page.
        if (mail is InboundMail.AutomaticReply { Text: { Length: > 0 } text, What: var what } person
            && await matching.IsGivenReference(letter.Candidate, text, cancellation))
            return await Handle(
                new InboundMail.Reply(
                    person.Letter,
                    person.From ?? "",
                    text,
                    new($"is {what}, as it says, and gives the reference printed in the letter", true))
                {
                    Addressed = person.Addressed,
                    Sender = person.Sender,
                },
                received,
                cancellation);
        var how = mail switch
        {
            InboundMail.Bounce bounce => await Handle(bounce, letter, received, cancellation),
            InboundMail.AutomaticReply automatic => await Handle(automatic, letter, received, cancellation),
            _ => "A letter of ours that came round to us.",
        };
        return new(received.Reply, new(letter.Candidate, Acknowledges: false, IsMachines: true, how));
    }

    private async Task<string> Handle(
        InboundMail.AutomaticReply automatic,
        FoundLetter letter,
        Received received,
        CancellationToken cancellation)
    {
        if (letter.Proven is { } attempt && MailEvidence.Has(attempt, automatic.From))
            await RecordEvidence(
                MailEvidence.ShownByMachine(attempt, automatic.From, received.Reply),
                cancellation);
        if (automatic.IsComplaint)
            await NotifyOf(
                received,
                letter,
                "complaint",
                $"A mail server reports on {letter.Distribution.DraftLabel} to {letter.Mission.Name}: {automatic.What}. Ask the mission whether it wants these letters; the report is kept on its page.",
                cancellation);
        return $"It is {automatic.What}.";
    }

    private async Task<string> Handle(
        InboundMail.Bounce bounce,
        FoundLetter letter,
        Received received,
        CancellationToken cancellation)
    {
        var says = bounce.IsReport
            ? "A mail server's report"
            : "A mail server's words for people, which may be misread";
        if (letter.Proven is not { } attempt)
        {
            await NotifyOf(
                received,
                letter,
                "without-token",
                $"A report came about {letter.Distribution.DraftLabel} to {letter.Mission.Name}: {InboundNotices.Quoted(bounce.Words)}. Nothing shows that it is about that very message, so nothing was changed; look at it on the mission's page.",
                cancellation);
            return $"{says} that bears no token of that message: nothing was changed.";
        }

        List<Evidence> heard = [];
        ReportedRecipient? elsewhere = null;
        foreach (var recipient in bounce.Recipients.Distinct())
        {
            var named = MailEvidence.MailboxesOf(attempt, recipient, bounce);
            heard.AddRange(
                named.Select(mailbox => new Evidence(
                    attempt.MessageId,
                    mailbox,
                    new(
                        received.Reply.At,
                        recipient.Kind,
                        recipient.Words,
                        recipient.Bounce,
                        EvidenceRanks.Report,
                        // By the message's own id: the same report is one event, from whatever source it comes.
                        $"{received.Reply.Id}/{mailbox.ToLowerInvariant()}/{recipient.Action}",
                        recipient.Kind == DeliveryEventKind.Bounced ? recipient.Tried : null,
                        recipient.Kind == DeliveryEventKind.Deferred
                            ? recipient.TriedUntilAsOf(received.Reply.At)
                            : null))));
            if (named is [])
                elsewhere ??= recipient;
        }

        if (bounce.Recipients is [])
            elsewhere = new(null, null, ReportedAction.Failed, "", bounce.Words);
        if (elsewhere is not null)
            await NotifyOf(received, letter, "elsewhere", InboundNotices.Elsewhere(letter, elsewhere), cancellation);
        if (bounce.Recipients is [_, ..] && !bounce.IsReport)
            await NotifyOf(
                received,
                letter,
                "words",
                $"A mail server wrote about the letter to {letter.Mission.Id} in words for people, which may be misread: {InboundNotices.Quoted(bounce.Recipients[0].Words)}. Look at the mission's page, where the message is kept.",
                cancellation);
        var early = heard
            .Where(item => attempt.Mailboxes.Exists(box => box.Mailbox.Address == item.Mailbox && !box.MayHaveLeft))
            .ToList();
        if (early.Count > 0)
            await NotifyOf(
                received,
                letter,
                "early",
                $"A report came about the letter to {letter.Mission.Name} at {early[0].Mailbox}, and that letter has not left yet: {InboundNotices.Quoted(early[0].Event.Words)}. Nothing was changed, and it will be sent; someone may have made the report up.",
                cancellation);
        if (heard.Exists(item =>
                attempt.Mailboxes.Exists(box => box.Mailbox.Address == item.Mailbox && box.HasEnoughOf(item.Event))))
            await NotifyOf(
                received,
                letter,
                "many",
                $"Very many reports came about the letter to {letter.Mission.Name}. Further ones of the same kind are kept on its page and not taken down one by one; that the letter came back is still taken down.",
                cancellation);
        if (heard.Count > 0)
            await RecordEvidence([.. heard, .. MailEvidence.Shown(attempt, heard, received.Reply)], cancellation);
        return heard.Count > 0
            ? $"{says}."
            : $"{says}, about none of the mailboxes it was sent to: nothing was changed.";
    }

    /// <summary>
    /// A machine's message about no letter that can be identified. It waits for a person, with the missions that its
    /// sender may belong to as candidates.
    /// </summary>
    private async Task<Ending> Unplaced(InboundMail mail, Received received, CancellationToken cancellation)
    {
        // Told, since it may be a letter that came back; a machine's other messages only wait on the list.
        if (mail is InboundMail.Bounce bounce && !received.IsKnown)
            await notices.OfUnplaced(received.Reply.Id, bounce.Words, cancellation);
        return new(received.Reply with
        {
            Pile = ReplyPile.Machine,
            SaysUnread = mail is InboundMail.Bounce || received.Reply.SaysUnread,
            Why = mail switch
            {
                InboundMail.Bounce =>
                    Phrase.Say($"It is a mail server's report, and names no letter of ours.").In(DeskLanguage.English),
                InboundMail.AutomaticReply { What: var what } => $"It is {what}, and names no letter of ours.",
                InboundMail.Other { Letter: not null } =>
                    Phrase.Say($"A mail of ours that came round to us.").In(DeskLanguage.English),
                _ => Phrase.Say($"It names no sender, and no letter of ours.").In(DeskLanguage.English),
            },
            Candidates = await matching.BySender(
                mail is InboundMail.AutomaticReply { About: { } mailbox } ? mailbox : mail.Sender,
                cancellation),
        }, null);
    }

    private async Task RecordEvidence(IReadOnlyList<Evidence> heard, CancellationToken cancellation)
    {
        if (heard.Count > 0)
            await evidence.Record(heard, cancellation);
    }

    /// <summary>A message that was processed before causes no notice.</summary>
    private Task NotifyOf(
        Received received,
        FoundLetter letter,
        string sort,
        string text,
        CancellationToken cancellation) =>
        received.IsKnown ? Task.CompletedTask : notices.OfLetter(letter, sort, text, cancellation);

    /// <summary>What a message says, read without touching storage.</summary>
    private sealed record Read(InboundMail Mail, ReceivedReply Reply)
    {
        /// <exception cref="FormatException">It cannot be read as mail.</exception>
        public static async Task<Read> Of(Stream content, DateTimeOffset arrived, CancellationToken cancellation)
        {
            using var message = await ReadableMessage.Load(content, cancellation);
            // The identity is of what its sender wrote, so it comes before anything is rewritten.
            var id = await MessageIdentity.Of(message, content, cancellation);
            ReadableMessage.Open(message);
            return new(InboundMail.Read(message), ReceivedReply.Read(message, id, arrived));
        }
    }

    /// <param name="IsKnown">Whether it was processed before.</param>
    private sealed record Received(ReceivedReply Reply, bool IsKnown);

    /// <param name="Place">Where it is kept; null where it waits for a person.</param>
    private sealed record Ending(ReceivedReply Reply, KnownPlace? Place);
}
