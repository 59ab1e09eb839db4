using Distribution.Common;
using Distribution.Mail;
using Microsoft.Extensions.Configuration;

namespace Distribution.Local.DomainCheck;

/// <summary>The settings for sending letters that the DNS must agree with.</summary>
/// <param name="IsKnown">Whether it is set how letters are sent.</param>
/// <param name="UsesSendGrid">Whether letters are sent through SendGrid.</param>
/// <param name="Key">The DKIM key letters are signed with here; null where none is set.</param>
/// <param name="Selector">The selector of that key.</param>
/// <param name="SigningDomain">The domain named in signatures; empty for the domain of the sender's address.</param>
/// <param name="ReturnDomain">The domain of the return path, where bounces go; null where none is set.</param>
/// <param name="ReplyDomain">The domain of the address for tracked replies; null where none is set.</param>
internal sealed record SendingSetup(
    bool IsKnown,
    bool UsesSendGrid,
    DkimKey? Key,
    string Selector,
    string SigningDomain,
    string? ReturnDomain,
    string? ReplyDomain)
{
    /// <summary>
    /// Where receivers look for SPF: at the domain of the return path, where that lies within the domain.
    /// </summary>
    public string SpfDomain(string domain) =>
        // SPF is looked up for the envelope's sender (RFC 7208, section 2.4), which SendGrid chooses by itself.
        !UsesSendGrid && ReturnDomain is { } back && back.EndsWith($".{domain}", StringComparison.Ordinal)
            ? back
            : domain;

    /// <summary>
    /// Where receivers look for the key: at the domain that signatures name, where that lies within the domain.
    /// </summary>
    public string DkimDomain(string domain) =>
        !UsesSendGrid && SigningDomain.EndsWith($".{domain}", StringComparison.Ordinal) ? SigningDomain : domain;

    /// <summary>
    /// Reads the settings as the service does. An address or a key that cannot be read counts as not set.
    /// </summary>
    public static SendingSetup Of(IConfiguration configuration)
    {
        var mail = configuration.GetSection("Mail").Get<MailSettings>() ?? new();
        var inbound = configuration.GetSection("Inbound").Get<InboundSettings>() ?? new();
        return new(
            mail.Transport.Length > 0,
            MailRoute.Parse(mail.Transport).Route is MailRoute.SendGrid,
            mail.DkimKey.Length > 0 ? DkimKey.Read(mail.DkimKey) : null,
            mail.DkimSelector,
            mail.DkimDomain.ToLowerInvariant(),
            DomainOf(mail.ReturnPath),
            DomainOf(inbound.ReplyAddress));
    }

    private static string? DomainOf(string address) =>
        EmailAddresses.ReadAlone(address) is { } read ? EmailAddresses.Domain(read) : null;
}
