using Distribution.Common;
using Distribution.Mail;
using Microsoft.Extensions.Configuration;

namespace Distribution.Local.DomainCheck;

/// <summary>What the settings say of how letters leave, as far as the DNS must agree with it.</summary>
/// <param name="UsesSendGrid">Whether letters leave by SendGrid.</param>
/// <param name="Key">The DKIM key letters are signed with here; null where none is set.</param>
/// <param name="Selector">The name of that key.</param>
/// <param name="SigningDomain">The domain it signs in the name of; empty for that of whom letters come from.</param>
/// <param name="ReturnDomain">Of the address bounces go to; null where none is set.</param>
/// <param name="ReplyDomain">Of the address tracked replies come to; null where none is set.</param>
internal sealed record SendingSetup(
    bool UsesSendGrid,
    DkimKey? Key,
    string Selector,
    string SigningDomain,
    string? ReturnDomain,
    string? ReplyDomain)
{
    public static SendingSetup Of(IConfiguration configuration)
    {
        var mail = configuration.GetSection("Mail").Get<MailSettings>() ?? new();
        var inbound = configuration.GetSection("Inbound").Get<InboundSettings>() ?? new();
        return new(
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
