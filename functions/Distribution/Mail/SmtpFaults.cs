using Distribution.Common;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Distribution.Mail;

/// <summary>
/// What keeps this machine from sending by an SMTP server, each as a sentence for the status page that says what to do.
/// </summary>
/// <param name="place">The server: its name and port.</param>
internal sealed class SmtpFaults(string place, MailRoute.Smtp server, MailSettings settings)
{
    /// <param name="exception">Why no connection could be made.</param>
    /// <param name="connection">As far as it had come.</param>
    public SenderFaultException OfConnecting(Exception exception, SmtpConnection connection) =>
        exception switch
        {
            // A server that cannot reach its directory answers the log-in with 454 (RFC 4954, 6).
            AuthenticationException { InnerException: SmtpCommandException answer }
                when IsTemporary(answer.StatusCode) => Later(
                $"cannot check the log-in just now: “{Words(answer)}”. Sending goes on when it can.",
                exception),
            AuthenticationException or SaslException => Lasting(
                $"refused the log-in: “{SingleLine.Of(exception.Message)}”. {SignInRemedy.OfSending(server.Host)}",
                exception),
            SslHandshakeException when connection.CertificateFault is { } fault => Lasting(
                $"could not be reached safely: {fault}",
                exception),
            SslHandshakeException when server.IsEncrypted => Lasting(
                "does not speak TLS from the first byte on this port, or no version of it that is safe. Write smtp:// in Mail:Transport if the port begins in the clear (587, 25), or name the port that is encrypted (often 465).",
                exception),
            SslHandshakeException => Lasting(
                $"broke off the encryption (STARTTLS): {Innermost(exception)}. Ask its administrator which versions of TLS it takes; set Mail:Encryption to none only if the network is your own.",
                exception),
            SmtpProtocolException or TimeoutException
                when !server.IsEncrypted && !connection.WasGreeted && SaidNoGreeting(exception, connection) => new(
                $"The mail server {place} does not greet in the clear. Write smtps:// in Mail:Transport if the port is encrypted from the first byte (often 465); else check that it is a mail server.",
                passes: true,
                exception),
            // The library throws this where STARTTLS is required and not offered.
            NotSupportedException => Lasting(
                $"lacks what the settings ask for: {SingleLine.Of(exception.Message)} Check Mail:Encryption and the port.",
                exception),
            SmtpCommandException answer when IsTemporary(answer.StatusCode) => Later(
                $"takes no mail just now: “{Words(answer)}”. Sending goes on when it does.",
                exception),
            SmtpCommandException answer when connection.WasGreeted => Lasting(
                $"does not take the name “{connection.LocalDomain}” that this machine gives itself: “{Words(answer)}”. {RefusalRemedy.EhloName}",
                exception),
            SmtpCommandException answer => Lasting(
                $"turns this machine away: “{Words(answer)}”. Ask its administrator to let it send.",
                exception),
            _ => Unreachable(exception),
        };

    public SenderFaultException Unreachable(Exception exception) =>
        new(
            $"The mail server {place} cannot be reached: {SingleLine.Of(exception.Message).TrimEnd('.')}. Check that it runs and that Mail:Transport names it rightly.",
            passes: true,
            exception);

    public SenderFaultException LoginWanted(string words) =>
        Lasting(
            $"wants a log-in or encryption first: “{SingleLine.Of(words)}”. Set Mail:User and Mail:Password, and Mail:Encryption.");

    public SenderFaultException SenderRefused(string sender, SmtpStatusCode code, string words) =>
        IsTemporary(code)
            ? Later($"takes no letters from {SingleLine.Of(sender)} just now: “{words}”. Sending goes on when it does.")
            : Lasting(
                $"takes no letters from {SingleLine.Of(sender)}: “{words}”. {RefusalRemedy.For(words) ?? "Set Mail:ReturnPath to an address it accepts."}");

    /// <summary>The server refuses mail to the return path, which is how it says that it takes none from us.</summary>
    public SenderFaultException ReturnPathRefused(string words) =>
        Lasting(
            $"takes no mail for {SingleLine.Of(settings.ReturnPath)}: “{words}”. {RefusalRemedy.For(words) ?? "Set Mail:ReturnPath to a mailbox that exists, so that letters can come back."}");

    public SenderFaultException NoEncryption() =>
        Lasting(
            "offers no encryption, and the password would travel in the clear. Use smtps:// or another port, or set Mail:Encryption to none if the network is your own.");

    /// <param name="isOfferedEncrypted">Whether the server offers STARTTLS, and it was not used.</param>
    public SenderFaultException NoLogin(bool isOfferedEncrypted) =>
        Lasting(
            isOfferedEncrypted
                ? "offers no log-in before the connection is encrypted. Set Mail:Encryption to starttls."
                : "offers no log-in. Clear Mail:User, or use the port where it does (often 587).");

    public SenderFaultException TooLarge(string words) =>
        new(
            $"A letter is larger than the mail server {place} takes: “{words}”. Send smaller files, or ask its administrator to raise the limit.",
            passes: false);

    public static SenderFaultException NoReturnPath(string returnPath) =>
        new($"“{SingleLine.Of(returnPath)}” is not one email address. Correct Mail:ReturnPath.", passes: false);

    public static bool IsTemporary(SmtpStatusCode code) => (int)code is >= 400 and < 500;

    public static string Words(SmtpResponse response) =>
        SingleLine.Of($"{(int)response.StatusCode} {response.Response}");

    public static string Words(SmtpCommandException exception) =>
        SingleLine.Of($"{(int)exception.StatusCode} {exception.Message}");

    /// <summary>
    /// Whether it waits for us to begin, as a server does that expects TLS, or what it says is no greeting. One that
    /// hangs up at once is another matter.
    /// </summary>
    private static bool SaidNoGreeting(Exception exception, SmtpConnection connection) =>
        exception is TimeoutException || connection.WasAnswered;

    private static string Innermost(Exception exception) =>
        SingleLine.Of(exception.GetBaseException().Message).TrimEnd('.');

    /// <summary>The server answers, and may take letters later.</summary>
    private SenderFaultException Later(string words, Exception? exception = null) =>
        new($"The mail server {place} {words}", passes: true, exception) { IsAnswer = true };

    private SenderFaultException Lasting(string words, Exception? exception = null) =>
        new($"The mail server {place} {words}", passes: false, exception) { IsAnswer = true };
}
