using System.Text;
using Distribution.Common;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>What suggests that a machine wrote a message that does not say so itself.</summary>
/// <param name="Words">Words that follow "It".</param>
/// <param name="IsLikely">
/// Whether a machine is more likely than a person. A header that only shows how the message came is a weak sign; two
/// are not.
/// </param>
internal sealed record MachineDoubt(string Words, bool IsLikely)
{
    /// <summary>Whether the message declares itself a machine's, so that it is no person's word.</summary>
    public bool IsDeclared { get; init; }
}

/// <summary>
/// Distinguishes machines' messages from people's. A message that declares itself as a machine's is kept without a
/// person, unless it says that the letter was not handed on or that nobody reads it. Every doubtful one waits for a
/// person, so an automatic reply in an unknown language costs no more than one look. The signs are in
/// <c>machine-signs.tsv</c>.
/// </summary>
internal static class MachineSigns
{
    private static readonly ILookup<string, string> Signs = Read().ToLookup(sign => sign.Where, sign => sign.What);

    private static readonly Phrases Subjects = new(Signs["subject"]);

    private static readonly Phrases Texts = new(Signs["text"].Concat(Signs["held"]));

    private static readonly Phrases Held = new(Signs["held"]);

    private static readonly IReadOnlyList<(string Field, string Value)> Declaring = Headers("declares");

    private static readonly IReadOnlyList<(string Field, string Value)> Generating = Headers("generates");

    private static readonly IReadOnlyList<(string Field, string Value)> Weak = Headers("header");

    private static readonly IReadOnlyList<string> Senders = [.. Signs["sender"]];

    /// <returns>
    /// What the message declares itself to be, in words that follow "It is"; null where it declares nothing.
    /// </returns>
    /// <param name="text">The text above the quotation, or all of it where nothing stands above.</param>
    /// <param name="isServer">Whether a mail server sent it.</param>
    public static string? Certain(MimeMessage message, string text, bool isServer) =>
        isServer ? "a mail server's message"
        : message.Body is MultipartReport ? "a report"
        // A mailbox's rule that passes on a person's reply writes this header, too; but no person's reply speaks as
        // machines do.
        : IsGenerated(message) && Speaks(message, text) is not null ? "an automatic answer"
        : message.Headers["Auto-Submitted"] is { } submitted
        // RFC 3834: everything but “no” says that no person sent it; a comment or a parameter may follow.
        && !submitted.Split(';', '(')[0].Trim().Equals("no", StringComparison.OrdinalIgnoreCase)
        && !IsGenerated(message)
            ? "an automatic answer"
        : Declaring.Any(sign => Bears(message, sign)) ? "an automatic answer"
        : InboundMail
            .Parts(message.Body)
            .Select(OutlookWrapping.MessageClass)
            .OfType<string>()
            .FirstOrDefault() is { } kind
            ? OfOutlook(kind)
        : null;

    /// <summary>
    /// Whether it says, as gateways, filters and abandoned mailboxes do, that the letter was not handed on, or that
    /// nobody reads it.
    /// </summary>
    public static bool SaysHeld(string subject, string text) => Held.StandIn($"{subject}\n{text}");

    /// <param name="text">The text above the quotation.</param>
    public static MachineDoubt? Doubt(MimeMessage message, string text)
    {
        if (InboundMail.Parts(message.Body).OfType<TextPart>().Any(part => Charsets.IsUtf7(part.ContentType.Charset)))
            return new("is written in UTF-7, which no mail program writes any more, and is shown as it came", false);
        if (Speaks(message, text) is { } words)
            return new(words, true);
        if (IsGenerated(message))
            return new("says that a program sent it, as mailboxes' rules do that pass on what people wrote", true);
        var weak = WeakSigns(message).Distinct().ToList();
        return weak is [] ? null
            : weak is [var only] ? new(only, false)
            : new($"{weak[0]}, and {EnglishText.Counted(weak.Count - 1, "more sign")} of a machine", true);
    }

    /// <returns>
    /// How its words or its sender are a machine's, in words that follow "It"; null where they are not.
    /// </returns>
    private static string? Speaks(MimeMessage message, string text)
    {
        var subject = message.Subject ?? "";
        if (Subjects.Begin(subject) || Subjects.Begin(text.TrimStart().Split('\n')[0]))
            return "begins as automatic answers do";
        if (Texts.StandIn($"{subject}\n{text}"))
            return "speaks as automatic answers and mail gateways do";
        return message.From.Mailboxes.FirstOrDefault() is { } sender && IsMachines(sender)
            ? $"comes from an address that machines write from ({UnsafeCharacters.Briefly(sender.Address)})"
            : null;
    }

    /// <summary>
    /// Whether it says that a program sent it, and not that this is an answer: Exchange says so of all that a rule of a
    /// mailbox passes on.
    /// </summary>
    private static bool IsGenerated(MimeMessage message) => Generating.Any(sign => Bears(message, sign));

    private static IEnumerable<string> WeakSigns(MimeMessage message)
    {
        foreach (var sign in Weak.Where(sign => Bears(message, sign)))
            yield return sign switch
            {
                { Field: "X-Auto-Response-Suppress" } =>
                    "bears a header (X-Auto-Response-Suppress) that machines write, and some mail programs too",
                { Field: "Precedence" } => $"is marked as {sign.Value} mail",
                { Field: var field } when field.StartsWith("List-", StringComparison.Ordinal) =>
                    "came by way of a mailing list",
                _ => $"bears a header ({sign.Field}) that machines write",
            };
        if (message.Headers["Return-Path"] is { } path && path.Trim() is "<>" or "")
            yield return "came without a return path, as machines' messages do";
    }

    private static bool Bears(MimeMessage message, (string Field, string Value) sign) =>
        message.Headers.Any(header =>
            header.Field.Equals(sign.Field, StringComparison.OrdinalIgnoreCase)
            && header.Value.Trim() is var value
            && value.StartsWith(sign.Value, StringComparison.OrdinalIgnoreCase)
            // With this value X-Auto-Response-Suppress asks for nothing.
            && !value.Equals("none", StringComparison.OrdinalIgnoreCase));

    private static bool IsMachines(MailboxAddress sender) =>
        sender.LocalPart is { } name
        && Senders.Any(sign =>
            name.Equals(sign, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith($"{sign}-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith($"{sign}+", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith($"-{sign}", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith($".{sign}", StringComparison.OrdinalIgnoreCase));

    private static string? OfOutlook(string kind) =>
        kind.StartsWith("REPORT.", StringComparison.OrdinalIgnoreCase) ? "a receipt or report of Outlook"
        : kind.Contains("OofTemplate", StringComparison.OrdinalIgnoreCase) ? "an automatic answer"
        : null;

    private static IReadOnlyList<(string Field, string Value)> Headers(string where) =>
        [
            .. Signs[where]
                .Select(sign => sign.Split(':', 2, StringSplitOptions.TrimEntries))
                .Select(sign => (sign[0], sign.ElementAtOrDefault(1) ?? "")),
        ];

    /// <summary>All signs of the file, for the matching and for the tests.</summary>
    public static IEnumerable<(string Where, string Language, string What)> Read()
    {
        using var file = typeof(MachineSigns).Assembly.GetManifestResourceStream("machine-signs.tsv")!;
        using var lines = new StreamReader(file, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
            if (line.Split('\t') is [var where, var language, var what])
                yield return (where, language, what);
    }
}
