using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Sending;
using MimeKit;
using MimeKit.Cryptography;
using MimeKit.Utils;

namespace Distribution.Tracking.Inbound;

/// <summary>A message that came to the return mailbox, classified by what it says about one of our letters.</summary>
/// <param name="Letter">
/// The Message-ID, without angle brackets, of the letter it is about; null where it names none in our format.
/// </param>
internal abstract partial record InboundMail(string? Letter)
{
    private const int MostText = 200_000;

    private const int LongestName = 200;

    private static readonly string[] RecipientFields =
    [
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
    ];

    /// <summary>Every recipient address that its headers name.</summary>
    public IReadOnlyList<string> Addressed { get; init; } = [];

    /// <summary>The one address in From; null where there is none, or several.</summary>
    public string? Sender { get; init; }

    /// <summary>A mail server reports what became of a letter: a bounce or a delay.</summary>
    /// <param name="Recipients">What it reports for each mailbox; empty where it names none.</param>
    /// <param name="IsReport">
    /// Whether it is a DSN, a report in the standard format (RFC 3464). Otherwise it is free text for people, and its
    /// meaning is a guess.
    /// </param>
    public sealed record Bounce(
        string? Letter,
        IReadOnlyList<ReportedRecipient> Recipients,
        bool IsReport,
        string Words) : InboundMail(Letter)
    {
        /// <summary>Its free text, without the returned letter. It may name the mailbox the report is about.</summary>
        public string Text { get; init; } = "";

        /// <summary>
        /// What it says of a mail that went to this address alone: the server's words where it says that the mail could
        /// not be delivered, else null. A report that names no address is about that one.
        /// </summary>
        public string? FailureAt(string address) =>
            Recipients
                .Where(recipient =>
                    recipient.Kind == DeliveryEventKind.Bounced
                    && ((recipient.Original ?? recipient.Final) is null
                        || ReportedRecipient.Readings(recipient.Original)
                            .Concat(ReportedRecipient.Readings(recipient.Final))
                            .Contains(address, StringComparer.OrdinalIgnoreCase)))
                .Select(recipient => recipient.Words.Length > 0 ? recipient.Words : Words)
                .FirstOrDefault();

        /// <summary>
        /// Whether it returns a message, or names one. If that is no letter of ours, the report is about other mail.
        /// </summary>
        public bool NamesMessage { get; init; }
    }

    /// <summary>
    /// A machine at the other end answered (RFC 3834), or reports that a message was opened or marked as spam. The
    /// service never answers it.
    /// </summary>
    /// <param name="What">What it is, in words that follow "It is".</param>
    public sealed record AutomaticReply(string? Letter, string? From, string What = "an automatic answer")
        : InboundMail(Letter)
    {
        /// <summary>Whether a person must be told: a reader marked the letter as spam.</summary>
        public bool IsComplaint { get; init; }

        /// <summary>The mailbox that it is about, where it says one.</summary>
        public string? About { get; init; }

        /// <summary>The text above the quotation, where a person may have written it after all; else empty.</summary>
        public string Text { get; init; } = "";
    }

    /// <summary>A person wrote it, or a machine that does not say that it is one.</summary>
    /// <param name="From">The sender's address.</param>
    /// <param name="Text">The text above the quotation.</param>
    /// <param name="Doubt">
    /// What suggests that a machine wrote it, in words that follow "It"; null where nothing does.
    /// </param>
    public sealed record Reply(string? Letter, string From, string Text, MachineDoubt? Doubt) : InboundMail(Letter)
    {
        /// <summary>
        /// Names that may stand in it and say nothing: of who writes, and of what they write about.
        /// </summary>
        public IReadOnlyList<string> Names { get; init; } = [];

        /// <summary>Whether it brings a file, such as a note, an answer to an invitation, or another message.</summary>
        public bool HasFiles { get; init; }
    }

    /// <summary>Anything else, such as one of our own letters that came back to us.</summary>
    public sealed record Other(string? Letter = null) : InboundMail(Letter);

    /// <param name="message">A message that <see cref="ReadableMessage.Open"/> made readable.</param>
    public static InboundMail Read(MimeMessage message)
    {
        var senders = message
            .From.Mailboxes.Select(mailbox => mailbox.Address)
            .Where(address => address is { Length: > 0 })
            .ToList();
        // Where From is missing, Sender says who wrote it.
        return Read(message, Parts(message.Body).ToList(), senders.FirstOrDefault() ?? message.Sender?.Address) with
        {
            Addressed = [.. SentTo(message).Distinct()],
            Sender = senders is [var only] ? only : null,
        };
    }

    private static InboundMail Read(MimeMessage message, IReadOnlyList<MimeEntity> parts, string? from)
    {
        // What is certain by its parts comes first; what is only known by its sender or its words comes after, and a
        // person's reply is what is left.
        if (StatusGroups(message, parts) is { Count: > 0 } groups)
        {
            return ReportOn(
                message,
                [
                    .. Returned(parts),
                    // Ours are Message-IDs. What a server has made itself says nothing of the message.
                    .. groups.Select(group => group["Original-Envelope-Id"]).Where(id => id?.Contains('@') is true),
                    .. Quoted(parts),
                ],
                new(
                    null,
                    ReportedRecipient.ReadAll(groups, TextAbove(parts), MadeAt(message)),
                    IsReport: true,
                    SingleLine.Of(message.Subject ?? "")));
        }

        // By its name alone, which anyone can write: a bounce counts only with the token of its letter.
        var isServer =
            message.From.Mailboxes.FirstOrDefault()?.LocalPart is { } name && Daemon().IsMatch(name);
        if (parts.OfType<MessageDispositionNotification>().FirstOrDefault() is { } receipt)
        {
            IReadOnlyList<string?> opened = [receipt.Fields["Original-Message-ID"], .. Returned(parts)];
            return isServer && IsRejection(receipt)
                ? ReportOn(
                    message,
                    opened,
                    new(
                        null,
                        ReportedRecipient.ReadAll([Failed(receipt.Fields)], TextAbove(parts), MadeAt(message)),
                        IsReport: true,
                        SingleLine.Of(message.Subject ?? "")))
                : new AutomaticReply(
                    LetterReferences.Ours([.. opened, .. LetterReferences.Answered(message)]),
                    from,
                    $"a receipt that says “{SingleLine.Of(receipt.Fields["Disposition"] ?? "")}”");
        }

        var named = LetterReferences.Ours([
            .. LetterReferences.Answered(message),
            .. LetterReferences.Attached(parts),
            .. LetterReferences.Quoted(TextOf(parts), parts),
        ]);
        if (FeedbackReport.Read(message, parts) is { } feedback)
            return new AutomaticReply(named, from, feedback.What)
            {
                IsComplaint = feedback.IsComplaint,
                About = feedback.Mailbox,
            };
        if (PlainBounce(message, parts, isServer) is { } bounce)
            return bounce;
        if (SentMessageId.Read(message.MessageId ?? "") is not null)
            return new Other(message.MessageId);
        var whole = ReplyText.Of(message);
        var text = ReplyText.AboveQuotation(whole);
        // What a rule passes on begins with the header of what it passes on.
        if (MachineSigns.Certain(message, text.Length > 0 ? text : whole, isServer) is { } machine)
            return SaysUnread(message.Subject ?? "", text)
                ? new Reply(
                    named,
                    from ?? "",
                    text,
                    new($"is {machine}, and speaks as messages do about letters that were not handed on or that nobody reads", true)
                    {
                        IsDeclared = true,
                    })
                : new AutomaticReply(named, from, machine) { Text = text };
        return new Reply(
            named,
            from ?? "",
            text,
            MachineSigns.Doubt(message, text)
                ?? (BounceText.SaysNotDelivered(message.Subject ?? "")
                    ? new("begins as messages about letters that did not arrive do", true)
                    : from is null ? new("names no sender", false)
                    : null))
        {
            Names = message.From is [{ Name: { } writer }] ? [TextStart.Of(writer, LongestName)] : [],
            HasFiles = parts.Any(IsFile),
        };
    }

    /// <summary>Whether a part says something of its own: no text or picture of the message, and no signature.</summary>
    private static bool IsFile(MimeEntity part) =>
        part is not (ApplicationPkcs7Signature or ApplicationPgpSignature)
        && !part.ContentType.IsMimeType("text", "vcard")
        && (part.IsAttachment
            || part.ContentType.IsMimeType("text", "calendar")
            || !(part is TextPart || part.ContentType.IsMimeType("image", "*")));

    /// <summary>
    /// A report is about the message that it returns or names. The messages that it answers count only where it names
    /// none. Exim, for example, lists there what the returned message answered; if that was a receipt, it is the letter
    /// itself.
    /// </summary>
    /// <param name="named">The Message-IDs of what it returns or names.</param>
    private static Bounce ReportOn(MimeMessage message, IReadOnlyList<string?> named, Bounce bounce)
    {
        var names = named.Any(id => !string.IsNullOrWhiteSpace(id));
        return bounce with
        {
            Letter = LetterReferences.Ours(names ? named : LetterReferences.Answered(message)),
            NamesMessage = names,
        };
    }

    /// <summary>
    /// Whether it says, as servers, gateways and abandoned mailboxes do, that the letter was not handed on, or that
    /// nobody reads it.
    /// </summary>
    /// <param name="message">A message that <see cref="ReadableMessage.Open"/> made readable.</param>
    public static bool SaysUnread(MimeMessage message) =>
        SaysUnread(message.Subject ?? "", ReplyText.AboveQuotation(ReplyText.Of(message)));

    private static bool SaysUnread(string subject, string text) =>
        BounceText.SaysNotDelivered(subject) || MachineSigns.SaysHeld(subject, text);

    /// <summary>
    /// The field groups of a report. Some servers and gateways send them as text or as a file, under a wrong type.
    /// </summary>
    private static IReadOnlyList<HeaderList> StatusGroups(MimeMessage message, IReadOnlyList<MimeEntity> parts)
    {
        if (parts.OfType<MessageDeliveryStatus>().ToList() is { Count: > 0 } reports)
            return [.. reports.SelectMany(report => report.StatusGroups)];
        // The first part is the text for people (RFC 6522).
        return IsDeliveryReport(message)
            && parts
                .OfType<MimePart>()
                .Skip(1)
                .Select(LetterReferences.Beginning)
                .FirstOrDefault(IsStatus) is { } status
            ? [.. Groups(status)]
            : [];
    }

    /// <summary>
    /// Whether a server says that it deleted the letter unread. This is how a mailbox's own rule that rejects a letter
    /// is told (Sieve, RFC 5429), under the server's name. Under the mailbox's own name it only means that a person or
    /// a program has tidied up.
    /// </summary>
    private static bool IsRejection(MessageDispositionNotification receipt) =>
        receipt.Fields["Disposition"] is { } disposition
        && disposition.StartsWith("automatic-action/", StringComparison.OrdinalIgnoreCase)
        && disposition.Contains("deleted", StringComparison.OrdinalIgnoreCase);

    private static HeaderList Failed(HeaderList receipt)
    {
        // A receipt has no action. With one, its fields are read as a group of a report.
        var fields = new HeaderList { { "Action", "failed" } };
        foreach (var field in receipt)
            fields.Add(field);
        return fields;
    }

    private static bool IsDeliveryReport(MimeMessage message) =>
        message.Body is MultipartReport report
        && "delivery-status".Equals(report.ReportType, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<HeaderList> Groups(string status)
    {
        foreach (var group in status.ReplaceLineEndings("\n").Split("\n\n"))
        {
            // The parser ends a head at an empty line.
            using var lines = new MemoryStream(Encoding.Latin1.GetBytes($"{group.Trim('\n')}\n\n"));
            HeaderList fields;
            try
            {
                fields = HeaderList.Load(lines);
            }
            catch (FormatException)
            {
                // Swallowed: the other groups may be readable, and a report without one is told.
                continue;
            }

            yield return fields;
        }
    }

    private static bool IsStatus(string text) =>
        text.Contains("Final-Recipient:", StringComparison.OrdinalIgnoreCase)
        && text.Contains("Action:", StringComparison.OrdinalIgnoreCase);

    /// <summary>A report's text for people, which stands before its groups and the returned letter.</summary>
    private static string TextAbove(IReadOnlyList<MimeEntity> parts) =>
        BounceText.Above(parts.TakeWhile(part => part is TextPart));

    /// <summary>
    /// When a report was made, by its server's clock: as the first server that it passed noted, else as it says itself.
    /// </summary>
    private static DateTimeOffset? MadeAt(MimeMessage message) =>
        // Each server puts its own trace above the others (RFC 5321), so the last is the first one's.
        message.Headers.LastOrDefault(header => header.Id == HeaderId.Received)?.Value is { } trace
        && DateUtils.TryParse(trace[(trace.LastIndexOf(';') + 1)..], out var noted) ? noted
        : message.Headers.Contains(HeaderId.Date) ? message.Date
        : null;

    /// <summary>
    /// Reads a bounce in free text. A message counts as one if it comes from a mail server, has the header
    /// X-Failed-Recipients, or is a report whose groups cannot be read; unless it says that the letter was delivered.
    /// It names no mailbox where it is not understood: then a person must read it.
    /// </summary>
    private static Bounce? PlainBounce(MimeMessage message, IReadOnlyList<MimeEntity> parts, bool isServer)
    {
        var (failed, subject) = (message.Headers["X-Failed-Recipients"], message.Subject ?? "");
        if (!isServer && failed is null && !IsDeliveryReport(message))
            return null;
        var above = BounceText.Above(parts);
        // Words alone: they say that nothing went wrong, unless a header of Exim names who did not get it.
        if (BounceText.SaysDelivered(subject) && failed is null)
            return null;
        var title = parts.OfType<MessagePart>().Select(part => part.Message?.Subject).FirstOrDefault();
        var words = SingleLine.Of($"{subject}: {above}");
        var said = new BounceText(above);
        return ReportOn(
            message,
            [.. Returned(parts), .. Quoted(parts)],
            new(
                null,
                // Exim names there whom it has given up, so the words need not be understood.
                (failed is null ? BounceText.ActionOf(subject, above, title) : ReportedAction.Failed) is { } action
                    ?
                    [
                        .. (failed?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                            ?? said.Addresses.Select(item => item.Address))
                            .Take(ReportedRecipient.Most)
                            .Select(address => new ReportedRecipient(null, address, action, "", WordsAbout(address)))
                            .DefaultIfEmpty(new(null, null, action, "", words)),
                    ]
                    : [],
                IsReport: false,
                words)
            {
                Text = above,
            });

        string WordsAbout(string address) =>
            said.About([address]) is { Length: > 0 } reason ? SingleLine.Of($"{subject}: {reason}") : words;
    }

    /// <summary>The parts of a message, without the parts of messages attached to it.</summary>
    public static IEnumerable<MimeEntity> Parts(MimeEntity? body)
    {
        var ahead = new Stack<MimeEntity>(body is null ? [] : [body]);
        while (ahead.TryPop(out var part))
        {
            if (part is not Multipart several)
                yield return part;
            else
                foreach (var inner in several.Reverse())
                    ahead.Push(inner);
        }
    }

    private static IEnumerable<string?> Returned(IEnumerable<MimeEntity> parts) =>
        parts.OfType<MessagePart>().Select(part => part.Message?.MessageId);

    private static IEnumerable<string> Quoted(IReadOnlyList<MimeEntity> parts) =>
        LetterReferences.Quoted(TextOf(parts), parts);

    private static string TextOf(IEnumerable<MimeEntity> parts) =>
        TextStart.Of(string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text)), MostText);

    private static IEnumerable<string> SentTo(MimeMessage message) =>
        [
            .. new[] { message.To, message.Cc, message.ResentTo, message.ResentCc, message.Bcc }
                .SelectMany(list => list.Mailboxes)
                .Select(mailbox => mailbox.Address),
            .. message
                // A blind copy, or an alias, names the mailbox in these fields alone.
                .Headers.Where(header => RecipientFields.Contains(header.Field, StringComparer.OrdinalIgnoreCase))
                .Select(header => header.Value.Trim(' ', '\t', '<', '>')),
        ];

    /// <summary>
    /// The names under which mail servers write. Exchange writes under one of its own, such as
    /// <c>MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e</c>.
    /// </summary>
    [GeneratedRegex(
        @"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|postmaster|mail[-_.]?router|mail[-_.]?delivery(?:[-_.]?(?:system|subsystem))?|microsoftexchange[0-9a-f]{16,})$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Daemon();
}
