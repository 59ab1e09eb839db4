using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Mail;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>A message that came to the return mailbox, told apart by what it says of a letter of ours.</summary>
/// <param name="Letter">
/// The Message-ID, without angle brackets, of the letter it is about; null where it names none that is ours by its
/// form.
/// </param>
internal abstract partial record InboundMail(string? Letter)
{
    private const int MostText = 200_000;

    /// <summary>How much of a file is looked into for the head of a letter of ours, in bytes.</summary>
    private const int LongestHead = 64 * 1024;

    private static readonly string[] Daemons = ["mailer-daemon", "postmaster", "mail-daemon"];

    private static readonly string[] RecipientFields =
    [
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
    ];

    /// <summary>Every address it was sent to, as far as it says.</summary>
    public IReadOnlyList<string> Addressed { get; init; } = [];

    /// <summary>The one address it says it comes from; null where it names none, or several.</summary>
    public string? Sender { get; init; }

    /// <summary>A mail server says what became of a letter.</summary>
    /// <param name="Recipients">What it says of each mailbox; empty where it names none.</param>
    /// <param name="IsReport">
    /// Whether it is a report by the rules (RFC 3464); otherwise it is words for people, and what they mean is a guess.
    /// </param>
    public sealed record Bounce(
        string? Letter,
        IReadOnlyList<ReportedRecipient> Recipients,
        bool IsReport,
        string Words) : InboundMail(Letter)
    {
        /// <summary>
        /// Words for people, without the letter they return: which mailbox they are about may stand there.
        /// </summary>
        public string Text { get; init; } = "";
    }

    /// <summary>
    /// A machine at the other end answered (RFC 3834), or says that a message was opened or marked as spam. It is never
    /// answered.
    /// </summary>
    /// <param name="What">What it is, in words that go on after "It is".</param>
    public sealed record AutomaticReply(string? Letter, string? From, string What = "an automatic answer")
        : InboundMail(Letter)
    {
        /// <summary>Whether a person is to be told of it.</summary>
        public bool IsComplaint { get; init; }
    }

    /// <summary>A person wrote, or a machine that says nowhere that it is one.</summary>
    /// <param name="From">The sender's address.</param>
    /// <param name="Text">What stands above the quotation.</param>
    /// <param name="Doubt">
    /// What may show that a machine wrote it, in words that go on after "It"; null where nothing does.
    /// </param>
    public sealed record Reply(string? Letter, string From, string Text, MachineDoubt? Doubt) : InboundMail(Letter);

    /// <summary>Anything else, such as a letter of ours that came round to us.</summary>
    public sealed record Other(string? Letter = null) : InboundMail(Letter);

    public static InboundMail Read(MimeMessage message)
    {
        var senders = message
            .From.Mailboxes.Select(mailbox => mailbox.Address)
            .Where(address => address is { Length: > 0 })
            .ToList();
        return Read(message, Parts(message.Body).ToList(), senders.FirstOrDefault()) with
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
        var answered = Ours([.. Answered(message), .. Returned(parts)]);
        if (message.Body is MultipartReport { ReportType: "feedback-report" })
            return new AutomaticReply(answered, from, "a complaint: a reader marked the letter as spam")
            {
                IsComplaint = true,
            };
        if (MachineSigns.Certain(message, isServer) is { } machine)
            return new AutomaticReply(answered ?? Ours(Quoted(parts)), from, machine);
        if (from is null)
            return new Other(answered);
        var text = ReplyText.AboveQuotation(message);
        return new Reply(answered, from, text, MachineSigns.Doubt(message, text));
    }

    /// <summary>
    /// A bounce in words for people: only from a mail server, or with the header some of them write, and only where it
    /// speaks of a failure or a delay.
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

    /// <summary>The parts of a message, but not those of messages within it.</summary>
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

    /// <summary>
    /// Message-IDs in the words of a report, or in a returned letter that is attached as a mere file.
    /// </summary>
    private static IEnumerable<string> Quoted(IReadOnlyList<MimeEntity> parts) =>
        QuotedId()
            .Matches(
                $"{TextOf(parts)}\n{string.Join('\n', parts.OfType<MimePart>().Where(part => part is not TextPart).Select(Beginning))}"
            )
            .Select(match => match.Groups[1].Value);

    private static string TextOf(IEnumerable<MimeEntity> parts)
    {
        var text = string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));
        return text.Length > MostText ? text[..MostText] : text;
    }

    private static string Beginning(MimePart part)
    {
        if (part.Content is null)
            return "";
        using var content = part.Content.Open();
        var bytes = new byte[LongestHead];
        return Encoding.Latin1.GetString(bytes, 0, content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
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

    private static IEnumerable<string?> Answered(MimeMessage message) =>
        [message.InReplyTo, .. message.References.Reverse()];

    /// <returns>The first that is a Message-ID of ours by its form.</returns>
    private static string? Ours(IEnumerable<string?> candidates) =>
        candidates
            .OfType<string>()
            .Select(candidate => candidate.Trim(' ', '\t', '<', '>'))
            .FirstOrDefault(candidate => SentMessageId.Read(candidate) is not null);

    [GeneratedRegex(
        @"^[>\s]{0,20}Message-ID:\s{0,10}<([^<>\s]{3,400})>",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex QuotedId();

    /// <summary>Where the returned letter begins.</summary>
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
