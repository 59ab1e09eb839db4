using Distribution.Common;
using Microsoft.Extensions.Options;

namespace Distribution.Mail;

/// <summary>
/// Settings under <c>Mail</c>, checked when the program starts; each message names the setting and what to write.
/// </summary>
internal sealed class MailSettingsValidation : IValidateOptions<MailSettings>
{
    public ValidateOptionsResult Validate(string? name, MailSettings options) =>
        Check(options).Select(fault => fault.ToString()).ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;

    /// <returns>Every fault of the settings.</returns>
    public static IEnumerable<Finding> Check(MailSettings settings) =>
        [
            .. TransportFaults(settings),
            .. Address(
                "Mail:From",
                "Whom letters come from",
                settings.From,
                settings.Sender?.Address),
            .. Address(
                "Mail:ReturnPath",
                "The address for mail that cannot be delivered",
                settings.ReturnPath,
                EmailAddresses.ReadAlone(settings.ReturnPath)),
            .. settings.NoticesTo.Length > 0
                ? Address(
                    "Mail:NoticesTo",
                    "Who is told by mail of what waits",
                    settings.NoticesTo,
                    EmailAddresses.ReadAlone(settings.NoticesTo))
                : [],
            .. Named(settings),
        ];

    /// <summary>Message-ID and return path must leave room for a token.</summary>
    private static IEnumerable<Finding> Named(MailSettings settings)
    {
        if (settings.Sender is { } from
            && EmailAddresses.Domain(from.Address).Length > SentMessageId.LongestDomain)
            yield return MailFaults.SenderDomainTooLong(EmailAddresses.Domain(from.Address));
        if (!settings.ReturnPathPerAttempt)
            yield break;
        if (MailRoute.Parse(settings.Transport).Route is MailRoute.SendGrid)
            yield return MailFaults.ReturnPathOfSendGrid();
        else if (EmailAddresses.ReadAlone(settings.ReturnPath) is { } path && !TokenAddress.IsUsable(path))
            yield return MailFaults.ReturnPathWithoutRoom(path);
    }

    /// <returns>Faults that prevent the transport from being created.</returns>
    public static IEnumerable<Finding> TransportFaults(MailSettings settings)
    {
        var (route, fault) = MailRoute.Parse(settings.Transport);
        if (fault is not null)
            yield return fault;
        if (route is MailRoute.Smtp && settings.Encryption is not ("auto" or "starttls" or "none"))
            yield return MailFaults.UnknownEncryption(settings.Encryption);
        if (route is MailRoute.Smtp)
            foreach (var trust in TlsTrust.Of(settings).Faults())
                yield return trust;
        if (route is MailRoute.SendGrid && string.IsNullOrWhiteSpace(settings.SendGridApiKey))
            yield return SettingFaults.MissingSetting("Mail:SendGridApiKey", "SendGrid's key");
        if (route is MailRoute.SendGrid && !IsUsable(settings.SendGridUrl))
            yield return MailFaults.SendGridUrlUnusable(settings.SendGridUrl);
        if (!SendGridEventKeys.AreReadable(settings.SendGridEventKey))
            yield return MailFaults.SendGridEventKeyUnreadable();
        foreach (var signing in Signing(settings, route))
            yield return signing;
        if (settings.Timeout < TimeSpan.Zero || settings.Timeout > TimeSpan.FromHours(1))
            yield return MailFaults.SettingOutOfRange(
                "Mail:Timeout",
                "The time one step of an exchange may take is not between nothing and an hour.",
                "Write it as 00:01:00 for one minute, or leave it out.");
        if (settings.Connections is < 0 or > 1000)
            yield return MailFaults.SettingOutOfRange(
                "Mail:Connections",
                "The number of connections to the mail server is not from 0 to 1000.",
                "Write how many the mail server allows at once, or 0 for no limit of the service's own.");
        if (settings.EhloName.Length > 0 && !IsName(settings.EhloName))
            yield return MailFaults.NotAName("Mail:EhloName", settings.EhloName);
        if (settings.MaxMessageBytes < 0)
            yield return MailFaults.SettingOutOfRange(
                "Mail:MaxMessageBytes",
                "The largest message cannot be smaller than nothing.",
                "Write a number of bytes, or 0 for the way out's own limit.");
    }

    private static IEnumerable<Finding> Signing(MailSettings settings, MailRoute? route)
    {
        if (route is MailRoute.SendGrid or MailRoute.Pickup)
        {
            var given = new[]
            {
                ("Mail:DkimKey", settings.DkimKey),
                ("Mail:DkimSelector", settings.DkimSelector),
                ("Mail:DkimDomain", settings.DkimDomain),
            };
            if (given.FirstOrDefault(setting => setting.Item2.Length > 0) is ({ } name, _))
                yield return MailFaults.SignedElsewhere(
                    name,
                    route is MailRoute.SendGrid ? "SendGrid" : "the server that collects them from the folder");
            yield break;
        }

        if (settings.DkimKey.Length == 0)
        {
            if (settings.DkimSelector.Length > 0 || settings.DkimDomain.Length > 0)
                yield return SettingFaults.MissingSetting("Mail:DkimKey", "The key that letters are signed with");
            yield break;
        }

        if (DkimKey.Read(settings.DkimKey) is not { } key)
            yield return MailFaults.DkimKeyUnreadable();
        else if (key.Bits is > 0 and < DkimKey.Shortest)
            yield return MailFaults.DkimKeyTooShort(key.Bits);
        if (settings.DkimSelector.Length == 0)
            yield return SettingFaults.MissingSetting(
                "Mail:DkimSelector",
                "The name of the key that letters are signed with");
        else if (!IsName(settings.DkimSelector))
            yield return MailFaults.NotAName("Mail:DkimSelector", settings.DkimSelector);
        if (settings.DkimDomain.Length > 0 && !IsName(settings.DkimDomain))
            yield return MailFaults.NotAName("Mail:DkimDomain", settings.DkimDomain);
        else if (settings.Sender is { } from
            && MessageSigner.DomainOf(settings) is { } domain
            && !MessageSigner.Aligns(domain, EmailAddresses.Domain(from.Address)))
            yield return MailFaults.DkimDomainNotAligned(domain, EmailAddresses.Domain(from.Address));
    }

    private static bool IsName(string text) =>
        // The limits of names in the DNS (RFC 1035, 2.3.4). Names of keys may have an underscore.
        text.Length <= 253
        && text.Split('.')
            .All(label =>
                label.Length is > 0 and <= 63
                && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));

    // Every request contains the API key: it must never be sent unencrypted over a network.
    private static bool IsUsable(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (
            uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && LoopbackNames.IsLoopback(uri.Host))
        );

    private static IEnumerable<Finding> Address(string setting, string what, string value, string? address) =>
        string.IsNullOrWhiteSpace(value) ? [SettingFaults.MissingSetting(setting, what)]
        : address is null || EmailAddresses.NeedsUtf8(address) ? [MailFaults.SettingIsNoAddress(setting, value)]
        : [];
}
