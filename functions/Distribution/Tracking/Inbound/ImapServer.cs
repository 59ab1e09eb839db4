using Distribution.Common;

namespace Distribution.Tracking.Inbound;

/// <summary>The parsed setting <c>Inbound:ImapServer</c>.</summary>
/// <param name="Host">A host name or an IP address, without brackets.</param>
/// <param name="IsEncrypted">Whether TLS is used from the first byte (<c>imaps://</c>).</param>
internal sealed record ImapServer(string Host, int Port, bool IsEncrypted)
{
    public bool IsOnThisMachine => LoopbackNames.IsLoopback(Host);

    /// <returns>
    /// The server, or the fault that says why the setting is not usable. Exactly one of the two is null.
    /// </returns>
    public static (ImapServer? Server, Finding? Fault) Parse(string setting)
    {
        var text = setting.Trim();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("imap" or "imaps")
            || uri.Host.Length == 0
            || uri.PathAndQuery is not ("/" or "")
            || uri.Fragment.Length > 0)
            return (
                null,
                // The fault stands in the log and on a page, so it must not repeat a password.
                InboundFaults.UnknownImapServer(
                    uri?.UserInfo is { Length: > 0 } secret ? text.Replace(secret, "…", StringComparison.Ordinal) : text
                ));
        if (uri.UserInfo.Length > 0)
            return (null, InboundFaults.ImapServerWithCredentials());
        var encrypted = uri.Scheme == "imaps";
        // Uri knows no usual port of these schemes: they are those of RFC 9051 and RFC 8314.
        return (new(uri.IdnHost, uri.Port > 0 ? uri.Port : encrypted ? 993 : 143, encrypted), null);
    }
}
