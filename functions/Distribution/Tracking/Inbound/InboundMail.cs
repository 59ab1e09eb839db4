using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Mail;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>A message that came to the return mailbox, classified by what it says about one of our letters.</summary>
/// <param name="Letter">
/// The Message-ID, without angle brackets, of the letter it is about; null where it names none in our format.
/// </param>
internal abstract partial record InboundMail(string? Letter)
{
    private const int MostText = 200_000;

    private static readonly string[] Daemons = ["mailer-daemon", "postmaster", "mail-daemon"];

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
    }

    /// <summary>A person wrote it, or a machine that does not say that it is one.</summary>
    /// <param name="From">The sender's address.</param>
    /// <param name="Text">The text above the quotation.</param>
    /// <param name="Doubt">
    /// What suggests that a machine wrote it, in words that follow "It"; null where nothing does.
    /// </param>
    public sealed record Reply(string? Letter, string From, string Text, MachineDoubt? Doubt) : InboundMail(Letter);

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
        var reports = parts.OfType<MessageDeliveryStatus>().ToList();
        if (reports.Count > 0)
        {
            var groups = reports.SelectMany(report => report.StatusGroups).ToList();
            return new Bounce(
                Ours([
                    .. Returned(parts),
                    .. groups.Select(group => group["Original-Envelope-Id"]),
                    .. Answered(message),
                    .. Quoted(parts),
                ]),
                ReportedRecipient.ReadAll(groups),
                IsReport: true,
                SingleLine.Of(message.Subject ?? ""));
        }

        var isServer =
            message.From.Mailboxes.FirstOrDefault()?.LocalPart is { } name
            && Daemons.Contains(name, StringComparer.OrdinalIgnoreCase);
        if (PlainBounce(message, parts, isServer) is { } bounce)
            return bounce;
        if (parts.OfType<MessageDispositionNotification>().FirstOrDefault() is { } opened)
            return new AutomaticReply(
                Ours([opened.Fields["Original-Message-ID"], .. Returned(parts), .. Answered(message)]),
                from,
                $"a receipt that says “{SingleLine.Of(opened.Fields["Disposition"] ?? "")}”");
        if (SentMessageId.Read(message.MessageId ?? "") is not null)
            return new Other(message.MessageId);
        var named = Ours([
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
        if (MachineSigns.Certain(message, isServer) is { } machine)
            return new AutomaticReply(named, from, machine);
        var text = ReplyText.AboveQuotation(ReplyText.Of(message));
        return new Reply(
            named,
            from ?? "",
            text,
            MachineSigns.Doubt(message, text) ?? (from is null ? new("names no sender", false) : null));
    }

    /// <summary>
    /// Reads a bounce in free text. A message counts as one only if it comes from a mail server or has the header
    /// X-Failed-Recipients, and only if that header is there or the text speaks of a failure or a delay.
    /// </summary>
    private static Bounce? PlainBounce(MimeMessage message, IReadOnlyList<MimeEntity> parts, bool isServer)
    {
        var failed = message.Headers["X-Failed-Recipients"];
        if (!isServer && failed is null)
            return null;
        var text = TextOf(parts);
        var (subject, above) = (message.Subject ?? "", ReturnedLetter().Replace(text, ""));
        var isDelay = Delay().IsMatch($"{subject}\n{above}");
        if (failed is null && !isDelay && !Failure().IsMatch($"{subject}\n{above}"))
            return null;
        var words = SingleLine.Of($"{subject}: {above}");
        var action = failed is null && isDelay ? ReportedAction.Delayed : ReportedAction.Failed;
        return new(
            Ours([.. Returned(parts), .. Quoted(parts), .. Answered(message)]),
            [.. (failed ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(address => new ReportedRecipient(null, address, action, "", words))
                .DefaultIfEmpty(new(null, null, action, "", words))],
            IsReport: false,
            SingleLine.Of(subject))
        { Text = above };
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

    private static string TextOf(IEnumerable<MimeEntity> parts)
    {
        var text = string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));
        return text.Length > MostText ? text[..MostText] : text;
    }

    private static IEnumerable<string> SentTo(MimeMessage message) =>
        [
            .. new[] { message.To, message.Cc, message.ResentTo, message.ResentCc, message.Bcc }
                .SelectMany(list => list.Mailboxes)
                .Select(mailbox => mailbox.Address),
            .. message
                .Headers.Where(header => RecipientFields.Contains(header.Field, StringComparer.OrdinalIgnoreCase))
                .Select(header => header.Value.Trim(' ', '\t', '<', '>')),
        ];

    private static IEnumerable<string?> Answered(MimeMessage message) => LetterReferences.Answered(message);

    private static string? Ours(IEnumerable<string?> candidates) => LetterReferences.Ours(candidates);

    /// <summary>Matches from the line where the returned letter begins to the end of the text.</summary>
    [GeneratedRegex(@"^[ \t>]{0,10}-{3,}.*\z", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ReturnedLetter();

    [GeneratedRegex(
        @"\bdelay|not yet been delivered|no action is required|do not need to resend|will (?:continue|keep) (?:to try|trying)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Delay();

    [GeneratedRegex(
        @"undeliver|not (?:be )?deliver|fail|return(?:ed|ing)|permanent|reject|refused|unknown|no such|not found|not exist|no mailbox|over ?quota|non remis|pas pu être|unzustell|nicht zugestellt|no se (?:ha )?pud|no entregad|недоставлен|не (?:может быть )?доставлен|无法投递|退信|تعذر",
        RegexOptions.IgnoreCase)]
    private static partial Regex Failure();
}
