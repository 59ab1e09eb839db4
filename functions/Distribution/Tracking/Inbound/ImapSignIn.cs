using Distribution.Mail;
using MailKit.Net.Imap;
using MailKit.Security;

namespace Distribution.Tracking.Inbound;

/// <summary>The return mailbox's server offers no encryption, so the password would be sent in clear text.</summary>
internal sealed class UnsafeSignInException() : Exception("The server offers no encryption.");

/// <summary>
/// Signs in to the return mailbox. The connection is encrypted, unless the server is on this machine or the settings
/// allow clear text.
/// </summary>
internal static class ImapSignIn
{
    /// <exception cref="UnsafeSignInException">The password would be sent in clear text over a network.</exception>
    public static async Task SignIn(ImapClient client, InboundSettings settings, CancellationToken cancellation)
    {
        var server = ImapServer.Parse(settings.ImapServer).Server!;
        await client.ConnectAsync(server.Host, server.Port, (server.IsEncrypted, settings.Encryption) switch
        {
            (true, _) => SecureSocketOptions.SslOnConnect,
            (_, "starttls") => SecureSocketOptions.StartTls,
            (_, "none") => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTlsWhenAvailable,
        }, cancellation);
        if (!client.IsSecure && !server.IsOnThisMachine && settings.Encryption != "none")
            throw new UnsafeSignInException();
        await client.AuthenticateAsync(settings.User, settings.Password, cancellation);
    }
}
