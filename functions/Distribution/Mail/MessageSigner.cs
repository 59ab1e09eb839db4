using Distribution.Common;
using MimeKit;
using MimeKit.Cryptography;

namespace Distribution.Mail;

/// <summary>
/// Signs messages in the name of their domain (DKIM, RFC 6376): the same message always gets the same signature.
/// </summary>
internal sealed class MessageSigner(DkimKey key, string domain, string selector)
{
    // From is listed once more than it occurs, so that nobody can add a second From without breaking the signature. For
    // the same reason headers are listed that a message may not have (oversigning).
    private static readonly HeaderId[] Signed =
    [
        HeaderId.From,
        HeaderId.From,
        HeaderId.Sender,
        HeaderId.ReplyTo,
        HeaderId.To,
        HeaderId.Cc,
        HeaderId.Subject,
        HeaderId.Date,
        HeaderId.MessageId,
        HeaderId.InReplyTo,
        HeaderId.References,
        HeaderId.MimeVersion,
        HeaderId.ContentType,
    ];

    /// <returns>Null if no key is set, or if the settings are wrong.</returns>
    public static MessageSigner? Of(MailSettings settings) =>
        settings.DkimKey.Length > 0 && DkimKey.Read(settings.DkimKey) is { } key && DomainOf(settings) is { } domain
            ? new(key, domain, settings.DkimSelector)
            : null;

    /// <returns>The domain in whose name letters are signed; null if <c>Mail:From</c> is wrong.</returns>
    public static string? DomainOf(MailSettings settings) =>
        settings.DkimDomain.Length > 0 ? settings.DkimDomain.ToLowerInvariant()
        : EmailAddresses.Read(settings.From) is { } from ? EmailAddresses.Domain(from.Address)
        : null;

    /// <summary>
    /// Whether receivers accept a signature of that domain for the From address (DMARC's relaxed alignment): one domain
    /// is the other or lies below it.
    /// </summary>
    public static bool Aligns(string domain, string from) =>
        domain == from || IsWithin(domain, from) || IsWithin(from, domain);

    /// <param name="options">As the message will be written.</param>
    public void Sign(FormatOptions options, MimeMessage message) =>
        new Dated(key, domain, selector, message.Date).Sign(options, message, Signed);

    private static bool IsWithin(string domain, string wider) =>
        domain.EndsWith($".{wider}", StringComparison.Ordinal) && wider.Contains('.');

    /// <summary>The signature has the letter's own date, so a retry of the letter has exactly the same bytes.</summary>
    private sealed class Dated : DkimSigner
    {
        private readonly DateTimeOffset date;

        public Dated(DkimKey key, string domain, string selector, DateTimeOffset date)
            : base(key.Private, domain, selector, key.Algorithm)
        {
            this.date = date;
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
        }

        protected override long GetTimestamp() => date.ToUnixTimeSeconds();
    }
}
