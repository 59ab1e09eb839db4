using System.Text.RegularExpressions;
using Distribution.Common;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// What providers of mailboxes report about mail as such: a reader's complaint (ARF, RFC 5965), or the figures of
/// DMARC and TLS.
/// </summary>
/// <param name="What">What it is, in words that follow "It is".</param>
/// <param name="IsComplaint">Whether a person must be told: a reader does not want the letter.</param>
/// <param name="Mailbox">The mailbox that it is about; null where it says none.</param>
internal sealed partial record FeedbackReport(string What, bool IsComplaint, string? Mailbox)
{
    /// <summary>A header that Microsoft adds to a message that a reader of its mailboxes complained of.</summary>
    private const string ComplainedTo = "X-HmXmrOriginalRecipient";

    private const string Tls = "application/tlsrpt";

    /// <returns>Null where it is none of these.</returns>
    public static FeedbackReport? Read(MimeMessage message, IReadOnlyList<MimeEntity> parts)
    {
        if (parts.OfType<MessageFeedbackReport>().FirstOrDefault() is { Fields: var fields })
            return Of(
                SingleLine.Of(fields["Feedback-Type"] ?? "").ToLowerInvariant(),
                fields["Original-Rcpt-To"] ?? fields["Removal-Recipient"]);
        if (message.Body is MultipartReport { ReportType: "feedback-report" })
            // Its fields cannot be read. It is taken for the kind that a person is told of.
            return Of("abuse", null);
        var returned = parts.OfType<MessagePart>().Select(part => part.Message?.Headers[ComplainedTo]);
        if (returned.OfType<string>().FirstOrDefault() is { } reader)
            return Of("abuse", reader);
        var files = parts.OfType<MimePart>().ToList();
        return files.Exists(file => file.ContentType.MimeType.StartsWith(Tls, StringComparison.OrdinalIgnoreCase))
                ? new("a report on the encryption of mail to your domain (TLS-RPT)", false, null)
            : files.Exists(file => file.FileName is { } name && Dmarc().IsMatch(name))
                ? new("a report on mail under your domain's name (DMARC)", false, null)
            : null;
    }

    private static FeedbackReport Of(string kind, string? mailbox)
    {
        var about = mailbox is null ? null : EmailAddresses.ReadAlone(mailbox.Trim(' ', '\t', '<', '>'));
        return kind switch
        {
            "not-spam" => new("a report that a reader took the letter out of the spam folder", false, about),
            "auth-failure" or "auth" => new(
                "a report that the letter's signature or sender was not believed (DMARC)",
                false,
                about),
            "opt-out" or "opt-out-list" => new("a report that a reader asks for no more letters", true, about),
            "virus" or "fraud" => new($"a complaint that takes the letter for {kind}", true, about),
            _ => new("a complaint that a reader marked the letter as spam", true, about),
        };
    }

    /// <summary>RECEIVER!DOMAIN!BEGIN!END, as RFC 7489 names the file of a DMARC report.</summary>
    [GeneratedRegex(
        @"^[A-Za-z0-9.-]{1,253}![A-Za-z0-9.-]{1,253}!\d{1,12}!\d{1,12}(?:!.{1,200})?\.(?:xml|xml\.gz|zip|gz)$",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Dmarc();
}
