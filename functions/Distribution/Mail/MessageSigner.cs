using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Distribution.Common;
using MimeKit;

namespace Distribution.Mail;

/// <summary>
/// Signs messages in the name of their domain (DKIM, RFC 6376): the same message always gets the same signature.
/// Headers and body are signed in their <c>relaxed</c> form.
/// </summary>
/// <remarks>
/// The mail library signs, too, byte for byte the same, but at a tenth of the speed: with enclosures of some megabytes
/// that was most of what a letter cost.
/// </remarks>
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

    private static readonly string Names = string.Join(':', Signed.Select(Name));

    /// <returns>Null if no key is set, or if the settings are wrong.</returns>
    public static MessageSigner? Of(MailSettings settings) =>
        settings.DkimKey.Length > 0 && DkimKey.Read(settings.DkimKey) is { } key && DomainOf(settings) is { } domain
            ? new(key, domain, settings.DkimSelector)
            : null;

    /// <returns>The domain in whose name letters are signed; null if <c>Mail:From</c> is wrong.</returns>
    public static string? DomainOf(MailSettings settings) =>
        settings.DkimDomain.Length > 0 ? settings.DkimDomain.ToLowerInvariant()
        : settings.Sender is { } from ? EmailAddresses.Domain(from.Address)
        : null;

    /// <summary>
    /// Whether receivers accept a signature of that domain for the From address (DMARC's relaxed alignment): one domain
    /// is the other or lies below it.
    /// </summary>
    public static bool Aligns(string domain, string from) =>
        domain == from || IsWithin(domain, from) || IsWithin(from, domain);

    /// <summary>
    /// Adds the signature as the first header. It has the letter's own date, so a retry of the letter has exactly the
    /// same bytes.
    /// </summary>
    /// <param name="options">As the message will be written.</param>
    public void Sign(FormatOptions options, MimeMessage message)
    {
        var signature = new Header(
            HeaderId.DkimSignature,
            string.Create(
                CultureInfo.InvariantCulture,
                $"v=1; a={key.Algorithm}; d={domain}; s={selector}; c=relaxed/relaxed; t={message.Date.ToUnixTimeSeconds()}; h={Names}; bh={Convert.ToBase64String(BodyHash(options, message))}; b="));
        var signed = new StringBuilder();
        foreach (var header in SignedHeaders(message))
            signed.Append(Relaxed(header)).Append("\r\n");
        // Last, with an empty b= and without a line end (RFC 6376, 3.7).
        signed.Append(Relaxed(signature));
        signature.Value += Convert.ToBase64String(
            key.Sign(SHA256.HashData(Encoding.Latin1.GetBytes(signed.ToString()))));
        message.Headers.Insert(0, signature);
    }

    private static byte[] BodyHash(FormatOptions options, MimeMessage message)
    {
        options = options.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        options.EnsureNewLine = true;
        using var body = new RelaxedBody();
        message.Body!.WriteTo(options, body, contentOnly: true);
        return body.End();
    }

    /// <summary>
    /// Of several with one name the last counts first; what is named more often than it occurs is left out.
    /// </summary>
    private static IEnumerable<Header> SignedHeaders(MimeMessage message)
    {
        foreach (var (name, times) in Signed.CountBy(name => name))
            foreach (
                // The library keeps Content-Type with the body. Of several headers, verifiers take the last one first
                // (RFC 6376, 5.4.2).
                var header in (name == HeaderId.ContentType ? message.Body!.Headers : message.Headers)
                    .Where(header => header.Id == name)
                    .Reverse()
                    .Take(times))
                yield return header;
    }

    /// <summary>In the relaxed form (RFC 6376, 3.4.2): one line, white space as one space.</summary>
    private static string Relaxed(Header header) =>
        // Latin-1 makes one character of each byte and back, so that a raw header is hashed as it is, whatever it
        // holds.
        $"{Name(header.Id)}:{string.Join(' ', Encoding.Latin1.GetString(header.RawValue).Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))}";

    private static string Name(HeaderId header) => header.ToHeaderName().ToLowerInvariant();

    private static bool IsWithin(string domain, string wider) =>
        // Without the second half every domain would align with its top-level domain.
        domain.EndsWith($".{wider}", StringComparison.Ordinal) && wider.Contains('.');
}
