using Distribution.Common;

namespace Distribution.Mail;

/// <summary>The parsed setting <c>Mail:Transport</c>.</summary>
internal abstract record MailRoute
{
    /// <param name="Host">A name or an address, without brackets.</param>
    /// <param name="IsEncrypted">Encrypted from the first byte (<c>smtps://</c>).</param>
    public sealed record Smtp(string Host, int Port, bool IsEncrypted) : MailRoute;

    public sealed record SendGrid : MailRoute;

    /// <param name="Folder">As written: relative to the working folder, or absolute.</param>
    public sealed record Pickup(string Folder) : MailRoute;

    /// <returns>The route, or the fault of the setting.</returns>
    public static (MailRoute? Route, Finding? Fault) Parse(string transport)
    {
        const string pickup = "pickup:";
        var text = transport.Trim();
        if (text.Equals("sendgrid", StringComparison.OrdinalIgnoreCase))
            return (new SendGrid(), null);
        if (text.StartsWith(pickup, StringComparison.OrdinalIgnoreCase)
            && text[pickup.Length..].Trim() is { Length: > 0 } folder)
            return (new Pickup(folder), null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("smtp" or "smtps")
            || uri.Host.Length == 0
            || uri.PathAndQuery is not ("/" or "")
            || uri.Fragment.Length > 0)
            return (
                null,
                // A password in the address must not be shown in a log or on the console.
                MailFaults.UnknownTransport(uri?.UserInfo is { Length: > 0 } secret ? text.Replace(secret, "…") : text)
            );
        if (uri.UserInfo.Length > 0)
            return (null, MailFaults.TransportWithCredentials());
        var encrypted = uri.Scheme == "smtps";
        // Uri knows no default port for these schemes: 25 (RFC 5321), or 465 where TLS begins with the first byte (RFC
        // 8314).
        return (new Smtp(uri.IdnHost, uri.Port > 0 ? uri.Port : encrypted ? 465 : 25, encrypted), null);
    }
}
