using System.Text.RegularExpressions;
using Distribution.Common;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>What suggests that a machine wrote a message that does not say so itself.</summary>
/// <param name="Words">Words that follow "It".</param>
/// <param name="IsLikely">
/// Whether a machine is more likely than a person. Headers that only show how the message came are weak signs.
/// </param>
internal sealed record MachineDoubt(string Words, bool IsLikely);

/// <summary>
/// Distinguishes machines' messages from people's. A message that declares itself as a machine's is kept without a
/// person. Every doubtful one waits for a person, so an automatic reply in an unknown language costs no more than one
/// look.
/// </summary>
internal static partial class MachineSigns
{
    private static readonly string[] BulkPrecedence = ["bulk", "junk", "list"];

    /// <returns>
    /// What the message declares itself to be, in words that follow "It is"; null where it declares nothing.
    /// </returns>
    /// <param name="isServer">Whether a mail server sent it.</param>
    public static string? Certain(MimeMessage message, bool isServer)
    {
        var headers = message.Headers;
        return isServer ? "a mail server's message"
            : message.Body is MultipartReport ? "a report"
            : headers["Auto-Submitted"] is { } submitted
            && !submitted.Split(';', '(')[0].Trim().Equals("no", StringComparison.OrdinalIgnoreCase)
                ? "an automatic answer"
            : headers["Precedence"] is { } precedence
            && precedence.Trim().Equals("auto_reply", StringComparison.OrdinalIgnoreCase)
                ? "an automatic answer"
            : headers.Any(header =>
                header.Field.ToLowerInvariant() is "x-autoreply" or "x-autorespond" or "x-autoreply-from")
                ? "an automatic answer"
            : null;
    }

    /// <param name="text">The text above the quotation.</param>
    public static MachineDoubt? Doubt(MimeMessage message, string text)
    {
        var headers = message.Headers;
        if (MachinesSubject().IsMatch(message.Subject ?? "") || MachinesSubject().IsMatch(FirstLine(text)))
            return new("begins as automatic answers do", true);
        if (MachinesWords().IsMatch($"{message.Subject}\n{text}"))
            return new("speaks as automatic answers and mail gateways do", true);
        if (headers["X-Auto-Response-Suppress"] is { } suppress
            && !suppress.Trim().Equals("none", StringComparison.OrdinalIgnoreCase))
            return new(
                "bears a header (X-Auto-Response-Suppress) that machines write, and some mail programs too",
                false);
        if (headers["Precedence"] is { } precedence
            && BulkPrecedence.Contains(precedence.Trim(), StringComparer.OrdinalIgnoreCase))
            return new($"is marked as {SingleLine.Of(precedence)} mail", false);
        if (headers.Any(header => header.Field.StartsWith("List-", StringComparison.OrdinalIgnoreCase)))
            return new("came by way of a mailing list", false);
        if (headers["Return-Path"] is { } path && path.Trim() is "<>" or "")
            return new("came without a return path, as machines' messages do", false);
        return null;
    }

    private static string FirstLine(string text) => text.TrimStart().Split('\n')[0];

    /// <summary>
    /// How automatic replies and read receipts begin their subject, after any reply prefix, in the languages known
    /// here.
    /// </summary>
    private const string Subjects =
        @"^\s*(?:(?:re|aw|sv|rv|tr|fw|fwd|odp|ynt|回复|答复|رد)\s*:\s*)*(?:auto(?:matic|mated)?[- ]?(?:reply|response|answer)|"
        + @"auto\s*:|out of (?:the )?office|away from|réponse automatique|absen(?:ce|t)\b|absente?\s*:|respuesta automática|"
        + @"fuera de (?:la )?oficina|ausen(?:te|cia)\b|автоматический ответ|автоответ|отсутств|رد تلقائي|خارج المكتب|自动(?:答复|回复)|自動|"
        + @"automatische (?:antwort|beantwortung)|abwesenheit|nicht im büro|risposta automatica|fuori (?:sede|ufficio)|"
        + @"resposta automática|자동\s?회신|자동\s?응답|odpowiedź automatyczna|automatyczna odpowiedź|otomatik yanıt|automatisch antwoord|"
        + @"autosvar|automaattinen vastaus|αυτόματη απάντηση|read\s*:|not read\s*:|lu\s*:|non lu\s*:|leído\s*:|прочитано\s*:|"
        + @"не прочитано\s*:|gelesen\s*:|ungelesen\s*:|letto\s*:|okundu\s*:|delivered\s*:|relayed\s*:|undeliverable|undelivered|"
        + @"non remis|message (?:quarantined|held|blocked))";

    /// <summary>
    /// What automatic replies, ticket systems, filters and mail gateways write anywhere in a message.
    /// </summary>
    private const string Words =
        @"out of (?:the )?office|(?:je suis|suis) absent|(?:i am|will be) (?:away|on leave|on vacation)|"
        + @"me encuentro de vacaciones|я в отпуске|вне офиса|in urlaub|fuori sede|poza biurem|nicht im büro|不在办公室|休假|不在|부재\s?중|"
        + @"ofis dışında|خارج المكتب|confirm that you are (?:a person|human)|confirm your message|"
        + @"your (?:message|request|e-?mail) (?:was|is|has been) (?:held|received|quarantined|blocked|queued|read|deleted)|"
        + @"(?:received|registered) under (?:the )?(?:number|reference)|ticket (?:number|id)|without being read|quarantin|"
        + @"mail gateway|pas pu être remis|n'a pas pu être|do not reply to this|ne pas répondre|no responda a este|не отвечайте на|"
        + @"votre message a été (?:lu|supprimé)|ваше сообщение прочитано|was read on";

    [GeneratedRegex(Subjects, RegexOptions.IgnoreCase)]
    private static partial Regex MachinesSubject();

    [GeneratedRegex(Words, RegexOptions.IgnoreCase)]
    private static partial Regex MachinesWords();
}
