using Distribution.Common;
using MimeKit;
using MimeKit.Cryptography;

namespace Distribution.Mail;

/// <summary>
/// Signs messages in the name of their domain (DKIM, RFC 6376): the same message always gets the same signature.
/// </summary>
internal sealed class MessageSigner(DkimKey key, string domain, string selector)
{
    // From is named once more than it stands there, so that none can be added; so is what is named and absent.
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

    /// <returns>Null where no key is set, and where the settings were found at fault.</returns>
    public static MessageSigner? Of(MailSettings settings) =>
        settings.DkimKey.Length > 0 && DkimKey.Read(settings.DkimKey) is { } key && DomainOf(settings) is { } domain
            ? new(key, domain, settings.DkimSelector)
            : null;

    /// <returns>The domain in whose name letters are signed; null where whom they come from is not set right.</returns>
    public static string? DomainOf(MailSettings settings) =>
        settings.DkimDomain.Length > 0 ? settings.DkimDomain.ToLowerInvariant()
        : EmailAddresses.Read(settings.From) is { } from ? EmailAddresses.Domain(from.Address)
        : null;

    /// <summary>
    /// Whether receivers take a signature of that domain for one of whoever the letter comes from (DMARC's relaxed
    /// alignment).
    /// </summary>
    public static bool Aligns(string domain, string from) =>
        domain == from || IsWithin(domain, from) || IsWithin(from, domain);

    /// <param name="options">As the message will be written.</param>
    public void Sign(FormatOptions options, MimeMessage message) =>
        new Dated(key, domain, selector, message.Date).Sign(options, message, Signed);

    private static bool IsWithin(string domain, string wider) =>
        domain.EndsWith($".{wider}", StringComparison.Ordinal) && wider.Contains('.');

    /// <summary>Signed at the letter's own time: a repeated try of it is the same, byte for byte.</summary>
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
