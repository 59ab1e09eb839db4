using System.Text.RegularExpressions;
using MimeKit;

namespace Distribution;

/// <summary>A message that came to the return mailbox, told apart by what it says of a letter of ours.</summary>
/// <param name="Letter">The Message-ID, without angle brackets, of the letter it is about; null where it names none that is ours by its form.</param>
internal abstract partial record InboundMail(string? Letter)
{
    private const int MostText = 200_000;

    private static readonly string[] Daemons = ["mailer-daemon", "postmaster", "mail-daemon"];

    private static readonly string[] RecipientFields = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];

    private static readonly string[] BulkPrecedence = ["bulk", "junk", "list", "auto_reply"];

    /// <summary>A mail server says what became of a letter.</summary>
    /// <param name="Recipients">What it says of each mailbox; empty where it names none.</param>
    /// <param name="IsReport">Whether it is a report by the rules (RFC 3464); otherwise it is words for people, and what they mean is a guess.</param>
    public sealed record Bounce(string? Letter, IReadOnlyList<ReportedRecipient> Recipients, bool IsReport, string Words) : InboundMail(Letter);

    /// <summary>A machine at the other end answered (RFC 3834), or says that a message was opened. It is never answered.</summary>
    public sealed record AutomaticReply(string? Letter, string? From) : InboundMail(Letter);

    /// <summary>A person wrote.</summary>
    /// <param name="From">The sender's address.</param>
    /// <param name="Addressed">Every address it was sent to, as far as it says.</param>
    /// <param name="LooksAutomatic">Whether its subject is one that machines write, and nothing else tells.</param>
    public sealed record Reply(string? Letter, string From, IReadOnlyList<string> Addressed, bool LooksAutomatic) : InboundMail(Letter);

    /// <summary>Anything else, such as a letter of ours that came round to us.</summary>
    public sealed record Other() : InboundMail(Letter: null);

    public static InboundMail Read(MimeMessage message)
    {
        var parts = Parts(message.Body).ToList();
        var reports = parts.OfType<MessageDeliveryStatus>().ToList();
        if (reports.Count > 0)
        {
            var groups = reports.SelectMany(report => report.StatusGroups).ToList();
            return new Bounce(
                Ours([.. Returned(parts), .. groups.Select(group => group["Original-Envelope-Id"]), .. Answered(message)]),
                [.. groups.Select(ReportedRecipient.Read).OfType<ReportedRecipient>()],
                IsReport: true,
                OneLine.Of(message.Subject ?? ""));
        }

        var from = message.From.Mailboxes.FirstOrDefault()?.Address;
        if (PlainBounce(message, parts) is { } bounce)
            return bounce;
        if (parts.OfType<MessageDispositionNotification>().FirstOrDefault() is { } opened)
            return new AutomaticReply(Ours([opened.Fields["Original-Message-ID"], .. Returned(parts), .. Answered(message)]), from);
        var answered = Ours(Answered(message));
        return IsAutomatic(message) ? new AutomaticReply(answered, from)
            : from is { Length: > 0 } && SentMessage.Read(message.MessageId ?? "") is null ? new Reply(answered, from, [.. SentTo(message).Distinct()], MachinesSubject().IsMatch(message.Subject ?? ""))
            : new Other();
    }

    /// <summary>
    /// A bounce in words for people: only where it has no sender, as bounces have none, comes from a mail server, and quotes the Message-ID of
    /// a letter of ours.
    /// </summary>
    private static Bounce? PlainBounce(MimeMessage message, IReadOnlyList<MimeEntity> parts)
    {
        var failed = message.Headers["X-Failed-Recipients"];
        var server = message.From.Mailboxes.FirstOrDefault()?.LocalPart is { } name && Daemons.Contains(name, StringComparer.OrdinalIgnoreCase);
        if (!HasNoSender(message, otherwise: server) || (!server && failed is null))
            return null;
        var text = string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));
        if (text.Length > MostText)
            text = text[..MostText];
        if (Ours([.. Returned(parts), .. QuotedId().Matches(text).Select(match => match.Groups[1].Value), .. Answered(message)]) is not { } letter)
            return null;

        var subject = message.Subject ?? "";
        var words = OneLine.Of($"{subject}: {Quoted().Replace(text, "")}");
        var action = failed is null && Delay().IsMatch($"{subject}\n{text}") ? ReportedAction.Delayed : ReportedAction.Failed;
        return new(
            letter,
            [.. (failed ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(address => new ReportedRecipient(null, address, action, "", words))
                .DefaultIfEmpty(new(null, null, action, "", words))],
            IsReport: false,
            OneLine.Of(subject));
    }

    private static bool IsAutomatic(MimeMessage message)
    {
        var headers = message.Headers;
        return message.Body is MultipartReport
            || (message.From.Mailboxes.FirstOrDefault()?.LocalPart is { } name && Daemons.Contains(name, StringComparer.OrdinalIgnoreCase))
            || (headers["Auto-Submitted"] is { } submitted && !submitted.Split(';', '(')[0].Trim().Equals("no", StringComparison.OrdinalIgnoreCase))
            || (headers["X-Auto-Response-Suppress"] is { } suppress && !suppress.Trim().Equals("none", StringComparison.OrdinalIgnoreCase))
            || (headers["Precedence"] is { } precedence && BulkPrecedence.Contains(precedence.Trim(), StringComparer.OrdinalIgnoreCase))
            || headers.Any(header => header.Field.ToLowerInvariant() is "x-autoreply" or "x-autorespond" or "x-autoreply-from" or "list-id")
            || HasNoSender(message, otherwise: false);
    }

    /// <param name="otherwise">What holds where the message does not say.</param>
    private static bool HasNoSender(MimeMessage message, bool otherwise) =>
        message.Headers["Return-Path"] is { } path ? path.Trim() is "<>" or "" : otherwise;

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

    private static IEnumerable<string> SentTo(MimeMessage message) =>
    [
        .. new[] { message.To, message.Cc, message.ResentTo, message.ResentCc, message.Bcc }.SelectMany(list => list.Mailboxes).Select(mailbox => mailbox.Address),
        .. message.Headers.Where(header => RecipientFields.Contains(header.Field, StringComparer.OrdinalIgnoreCase)).Select(header => header.Value.Trim(' ', '\t', '<', '>')),
    ];

    private static IEnumerable<string?> Answered(MimeMessage message) => [message.InReplyTo, .. message.References.Reverse()];

    /// <returns>The first that is a Message-ID of ours by its form.</returns>
    private static string? Ours(IEnumerable<string?> candidates) =>
        candidates.OfType<string>().Select(candidate => candidate.Trim(' ', '\t', '<', '>')).FirstOrDefault(candidate => SentMessage.Read(candidate) is not null);

    [GeneratedRegex(@"^[>\s]{0,20}Message-ID:\s{0,10}<([^<>\s]{3,400})>", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex QuotedId();

    /// <summary>Where the returned letter begins.</summary>
    [GeneratedRegex(@"^[ \t>]{0,10}-{3,}.*\z", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Quoted();

    /// <summary>What Exchange and its like write in the six languages, where a gateway has taken their other marks away.</summary>
    [GeneratedRegex(@"^\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|réponse automatique|absence du bureau|absent du bureau|respuesta automática|fuera de (?:la )?oficina|автоматический ответ|رد تلقائي|自动答复|自動回覆)", RegexOptions.IgnoreCase)]
    private static partial Regex MachinesSubject();

    [GeneratedRegex(@"\bdelay|not yet been delivered|no action is required|do not need to resend|will (?:continue|keep) (?:to try|trying)", RegexOptions.IgnoreCase)]
    private static partial Regex Delay();
}
