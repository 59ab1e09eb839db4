using Distribution.Mail;
using MailKit.Net.Imap;
using MailKit.Security;

namespace Distribution.Tracking.Inbound;

/// <summary>The return mailbox's server cannot be signed in to as the settings say.</summary>
/// <param name="words">What it does, and what to do: the rest of a sentence that begins with the server.</param>
internal sealed class ImapServerException(string words, Exception? inner = null) : Exception(words, inner);

/// <summary>
/// Signs in to the return mailbox. The connection is encrypted, unless the server is on this machine or the settings
/// allow clear text.
/// </summary>
internal static class ImapSignIn
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(30);

    /// <summary>For greeting, encryption and sign-in together, each answer for itself.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>A large message over a slow line is one answer.</summary>
    private static readonly TimeSpan MessageWithin = TimeSpan.FromMinutes(2);

    /// <summary>The largest message that is read, and what the protocol adds, in bytes.</summary>
    private const long LongestAnswer = InboundMailHandler.Largest + 5_000_000;

    /// <returns>A client that is signed in.</returns>
    /// <exception cref="ImapServerException">
    /// The server is not to be trusted, or does not take a sign-in as the settings say.
    /// </exception>
    public static async Task<ImapClient> SignIn(
        InboundSettings settings,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var server = ImapServer.Parse(settings.ImapServer).Server!;
        var client = new ImapClient();
        var certificateFault = TlsTrust.Of(settings).Apply(client, server.Host);
        LimitedStream? stream = null;
        try
        {
            stream = await LimitedStream.Connect(server.Host, server.Port, ConnectWithin, clock, cancellation);
            stream.WriteWithin = AnswerWithin;
            stream.AnswerWithin = () => AnswerWithin;
            await client.ConnectAsync(stream, server.Host, server.Port, (server.IsEncrypted, settings.Encryption) switch
            {
                (true, _) => SecureSocketOptions.SslOnConnect,
                (_, "starttls") => SecureSocketOptions.StartTls,
                (_, "none") => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTlsWhenAvailable,
            }, cancellation);
            // Both are asked before the password leaves. LOGINDISABLED (RFC 9051): the server takes none in the clear.
            if (!client.IsSecure && client.Capabilities.HasFlag(ImapCapabilities.LoginDisabled))
                throw new ImapServerException(
                    "takes no log-in before the connection is encrypted. Set Inbound:Encryption to starttls, or use imaps://.");
            if (!client.IsSecure && !server.IsOnThisMachine && settings.Encryption != "none")
                throw new ImapServerException(
                    "offers no encryption, and the password would travel in the clear. Use imaps://, or set Inbound:Encryption to none if the network is your own.");
            await client.AuthenticateAsync(settings.User, settings.Password, cancellation);
            // From here on messages are fetched, which are long answers.
            stream.AnswerWithin = () => MessageWithin;
            stream.LongestAnswer = LongestAnswer;
            return client;
        }
        catch (Exception fault)
        {
            client.Dispose();
            if (stream is not null)
                await stream.DisposeAsync();
            if (Reason(fault, server, stream, certificateFault()) is { } reason)
                throw new ImapServerException(reason, fault);
            throw;
        }
    }

    private static string? Reason(
        Exception fault,
        ImapServer server,
        LimitedStream? stream,
        string? certificateFault) =>
        fault switch
        {
            SslHandshakeException when certificateFault is not null =>
                $"could not be reached safely: {certificateFault}",
            SslHandshakeException when server.IsEncrypted =>
                "does not speak TLS from the first byte on this port, or no version of it that is safe. Write imap:// in Inbound:ImapServer if the port begins in the clear (143), or name the port that is encrypted (often 993).",
            SslHandshakeException =>
                "broke off the encryption (STARTTLS). Ask its administrator which versions of TLS it takes; set Inbound:Encryption to none only if the network is your own.",
            ImapProtocolException or TimeoutException
                when !server.IsEncrypted
                    && stream is { HasWritten: false }
                    && (fault is TimeoutException || stream.HasHeard) =>
                "does not greet in the clear. Write imaps:// in Inbound:ImapServer if the port is encrypted from the first byte (often 993); else check that it is a mailbox's server.",
            EndlessAnswerException =>
                "sent more than any answer needs and did not come to an end. Check that Inbound:ImapServer names a mailbox's server.",
            _ => null,
        };
}
