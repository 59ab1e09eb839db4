using System.Collections.Concurrent;
using System.Net.Sockets;
using Distribution.Common;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Distribution.Mail;

/// <summary>
/// Sends mail over SMTP. Connections are pooled and reused. There are at most as many as letters in flight at once, so
/// the sender's concurrency limits them.
/// </summary>
internal sealed class SmtpTransport(MailRoute.Smtp server, MailSettings settings, TimeProvider time) : IMailTransport
{
    private const long DefaultLimit = 25_000_000;

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly MessageSigner? signer = MessageSigner.Of(settings);
    private readonly ConcurrentStack<SmtpConnection> idle = new();
    private long advertised;

    private string Place => $"{server.Host}, port {server.Port}";

    public string Description => $"SMTP server {Place}";

    public bool LeavesTheMachine => !LoopbackNames.IsLoopback(server.Host);

    /// <summary>
    /// The smaller of the setting and the server's limit (SIZE), in bytes. If only one is known, that one; if neither,
    /// 25 MB. Each new connection, for a probe or a letter, updates the server's limit.
    /// </summary>
    public long MaxMessageBytes => (settings.MaxMessageBytes, Interlocked.Read(ref advertised)) switch
    {
        (0, 0) => DefaultLimit,
        (0, var said) => said,
        (var set, 0) => set,
        var (set, said) => Math.Min(set, said),
    };

    public async Task Probe(CancellationToken cancellation)
    {
        var connection = await Open(cancellation);
        var kept = false;
        try
        {
            var answer = await connection.Probe(settings.ReturnPath, cancellation);
            if (!IsGood(answer.StatusCode))
                throw (int)answer.StatusCode is 530
                    ? LoginWanted(Words(answer))
                    : SenderRefused(settings.ReturnPath, answer.StatusCode, Words(answer));
            kept = connection.IsConnected;
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            throw Unreachable(exception);
        }
        finally
        {
            Release(connection, kept);
        }
    }

    public async Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage message, CancellationToken cancellation)
    {
        var connection = await Rent(cancellation);
        while (true)
        {
            var kept = false;
            try
            {
                var outcomes = await Send(connection, message, cancellation);
                kept = connection.IsConnected;
                return outcomes;
            }
            catch (StaleConnectionException)
            {
                // The server had closed the idle connection, so nothing of this letter was sent; try once more on a new
                // one.
            }
            catch (SenderFaultException)
            {
                kept = connection.IsConnected;
                throw;
            }
            finally
            {
                Release(connection, kept);
            }
            connection = await Open(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (idle.TryPop(out var connection))
            using (connection)
                await Quit(connection);
    }

    private async Task<IReadOnlyList<MailboxOutcome>> Send(
        SmtpConnection connection,
        OutgoingMessage letter,
        CancellationToken cancellation)
    {
        if (EmailAddresses.ReadAlone(letter.ReturnPath) is not { } sender)
            throw new SenderFaultException(
                $"“{SingleLine.Of(letter.ReturnPath)}” is not one email address. Correct Mail:ReturnPath.",
                passes: false);
        var international = letter.Envelope.Any(EmailAddresses.NeedsUtf8) && connection.TakesUtf8;
        var recipients = letter.Envelope
            .Where(address => international || !EmailAddresses.NeedsUtf8(address))
            .Select(EmailAddresses.ReadAlone).OfType<string>()
            .Select(address => new MailboxAddress(null, address)).ToList();
        if (recipients.Count == 0)
            return Settle(MailboxResult.TryLater, "");

        MimeMessage message;
        try
        {
            message = MimeMessages.Create(letter, international);
        }
        catch (Exception exception) when (MimeMessages.IsUnwritable(exception))
        {
            return MailboxOutcome.Unwritable(letter, exception);
        }

        using var _ = message;
        using var handOver = new HandOverProgress(cancellation);
        try
        {
            var words = await connection.HandOver(
                message,
                international,
                new MailboxAddress(null, sender),
                recipients,
                handOver);
            return Settle(MailboxResult.Accepted, $"250 {words}");
        }
        catch (ServiceNotAuthenticatedException exception)
        {
            throw LoginWanted($"530 {exception.Message}");
        }
        catch (SmtpCommandException exception) when (exception.ErrorCode == SmtpErrorCode.SenderNotAccepted)
        {
            return (int)exception.StatusCode switch
            {
                421 when connection.IsUsed => throw new StaleConnectionException(exception),
                // Every letter of the distribution has the same enclosures, so no mission is at fault: the distribution
                // is paused instead.
                _ when IsTooLarge(exception) => throw TooLarge(Words(exception)),
                _ => throw SenderRefused(letter.ReturnPath, exception.StatusCode, Words(exception)),
            };
        }
        catch (SmtpCommandException exception)
        {
            return Settle(Judge(exception.StatusCode, handOver.MayBeComplete), Words(exception));
        }
        catch (Exception exception)
        {
            if (handOver.MayBeComplete)
                return Settle(
                    MailboxResult.Unknown,
                    $"The whole letter was sent to {Place}, and its answer never came: {exception.Message}");
            if (IsStop(exception, cancellation))
                throw new OperationCanceledException(
                    "Stopped before the letter was handed over.",
                    exception,
                    cancellation);
            if (IsLoss(exception) && connection.IsUsed && !connection.SenderAccepted && connection.Refusals.Count == 0)
                throw new StaleConnectionException(exception);
            return Settle(MailboxResult.TryLater, IsLoss(exception)
                ? $"The connection to {Place} was lost before the letter was handed over: {exception.Message}"
                : $"The letter could not be handed over to {Place}: {exception.Message}");
        }

        IReadOnlyList<MailboxOutcome> Settle(MailboxResult result, string words) =>
            [
                .. letter.Envelope.Select(address =>
                    EmailAddresses.ReadAlone(address) is not { } plain
                        ? new MailboxOutcome(address, MailboxResult.Refused, "This is not an email address.")
                    : EmailAddresses.NeedsUtf8(address) && !international
                        ? new MailboxOutcome(
                            address,
                            MailboxResult.Refused,
                            $"The mail server {Place} takes only plain letters (ASCII) before the @ of an address.")
                    : connection.Refusals.GetValueOrDefault(plain) is { } refusal
                        ? new MailboxOutcome(address, Judge(refusal.StatusCode, complete: false), Words(refusal))
                    : new MailboxOutcome(address, result, SingleLine.Of(words))),
            ];
    }

    private async Task<SmtpConnection> Rent(CancellationToken cancellation)
    {
        while (idle.TryPop(out var connection))
        {
            var age = time.GetElapsedTime(connection.IdleSince);
            if (age < KeptFor && (age < FreshFor || await Answers(connection, cancellation)))
                return connection;
            using (connection)
                await Quit(connection);
        }
        return await Open(cancellation);
    }

    private void Release(SmtpConnection connection, bool kept)
    {
        connection.IsUsed = true;
        connection.IdleSince = time.GetTimestamp();
        if (kept)
            idle.Push(connection);
        else
            connection.Dispose();
    }

    private async Task<SmtpConnection> Open(CancellationToken cancellation)
    {
        var connection = new SmtpConnection(signer)
        {
            Timeout = (int)settings.Timeout.TotalMilliseconds,
            AsksForSuccess = settings.SuccessReports,
        };
        try
        {
            await connection.ConnectAsync(server.Host, server.Port, Security, cancellation);
            if (settings.User.Length > 0)
                await LogIn(connection, cancellation);
            if (connection.Capabilities.HasFlag(SmtpCapabilities.Size))
                Interlocked.Exchange(ref advertised, connection.MaxSize);
            return connection;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            if (exception is SenderFaultException || IsStop(exception, cancellation))
                throw;
            throw Fault(exception);
        }
    }

    private SecureSocketOptions Security => (server.IsEncrypted, settings.Encryption) switch
    {
        (true, _) => SecureSocketOptions.SslOnConnect,
        (_, "starttls") => SecureSocketOptions.StartTls,
        (_, "none") => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTlsWhenAvailable,
    };

    private async Task LogIn(SmtpConnection connection, CancellationToken cancellation)
    {
        if (!connection.IsSecure && LeavesTheMachine && settings.Encryption != "none")
            throw new SenderFaultException(
                $"The mail server {Place} offers no encryption, and the password would travel in the clear. Use smtps:// or another port, or set Mail:Encryption to none if the network is your own.",
                passes: false);
        if (!connection.Capabilities.HasFlag(SmtpCapabilities.Authentication))
            throw new SenderFaultException(
                $"The mail server {Place} offers no log-in. Clear Mail:User, or use the port where it does (often 587).",
                passes: false);
        await connection.AuthenticateAsync(settings.User, settings.Password, cancellation);
    }

    private SenderFaultException Fault(Exception exception) =>
        exception switch
        {
            AuthenticationException { InnerException: SmtpCommandException answer }
                when IsTemporary(answer.StatusCode) => new(
                $"The mail server {Place} cannot check the log-in just now: “{Words(answer)}”. Sending goes on when it can.",
                passes: true,
                exception),
            AuthenticationException or SaslException => new(
                $"The mail server {Place} refused the log-in: “{SingleLine.Of(exception.Message)}”. Check Mail:User and Mail:Password.",
                passes: false,
                exception),
            SslHandshakeException => new(
                $"The mail server {Place} could not be reached safely: its encryption or its certificate is not in order. Check the server's name and certificate, and Mail:Encryption.",
                passes: false,
                exception),
            NotSupportedException => new(
                $"The mail server {Place} lacks what the settings ask for: {SingleLine.Of(exception.Message)} Check Mail:Encryption and the port.",
                passes: false,
                exception),
            SmtpCommandException answer when IsTemporary(answer.StatusCode) => new(
                $"The mail server {Place} takes no mail just now: “{Words(answer)}”. Sending goes on when it does.",
                passes: true,
                exception),
            SmtpCommandException answer => new(
                $"The mail server {Place} turns this machine away: “{Words(answer)}”. Ask its administrator to let it send.",
                passes: false,
                exception),
            _ => Unreachable(exception),
        };

    private SenderFaultException Unreachable(Exception exception) =>
        new(
            $"The mail server {Place} cannot be reached: {SingleLine.Of(exception.Message).TrimEnd('.')}. Check that it runs and that Mail:Transport names it rightly.",
            passes: true,
            exception);

    private SenderFaultException LoginWanted(string words) =>
        new(
            $"The mail server {Place} wants a log-in or encryption first: “{SingleLine.Of(words)}”. Set Mail:User and Mail:Password, and Mail:Encryption.",
            passes: false);

    private SenderFaultException SenderRefused(string sender, SmtpStatusCode code, string words) =>
        IsTemporary(code)
            ? new(
                $"The mail server {Place} takes no letters from {SingleLine.Of(sender)} just now: “{words}”. Sending goes on when it does.",
                passes: true)
            : new(
                $"The mail server {Place} takes no letters from {SingleLine.Of(sender)}: “{words}”. Set Mail:ReturnPath to an address it accepts.",
                passes: false);

    private static async Task<bool> Answers(SmtpConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.NoOpAsync(cancellation);
            return true;
        }
        catch (Exception exception) when (IsStop(exception, cancellation))
        {
            connection.Dispose();
            throw;
        }
        catch (Exception)
        {
            // Any error means that the connection cannot be used; a new one replaces it.
            return false;
        }
    }

    private static async Task Quit(SmtpConnection connection)
    {
        connection.Timeout = Math.Min(connection.Timeout, 2_000);
        try
        {
            await connection.DisconnectAsync(quit: connection.IsConnected);
        }
        catch (Exception)
        {
            // Nothing depends on QUIT, so a failure is ignored.
        }
    }

    private SenderFaultException TooLarge(string words) =>
        new(
            $"A letter is larger than the mail server {Place} takes: “{words}”. Send smaller files, or ask its administrator to raise the limit.",
            passes: false);

    private static bool IsTooLarge(SmtpCommandException exception) =>
        (int)exception.StatusCode is 552
        || (
            (int)exception.StatusCode is >= 500 and < 600
            && exception.Message.StartsWith("5.3.4", StringComparison.Ordinal));

    private static bool IsStop(Exception exception, CancellationToken cancellation) =>
        exception is OperationCanceledException && cancellation.IsCancellationRequested;

    private static MailboxResult Judge(SmtpStatusCode code, bool complete) => (int)code switch
    {
        // After the final dot the server should answer 250; any other 2yz means the same.
        >= 200 and < 300 when complete => MailboxResult.Accepted,
        >= 400 and < 500 => MailboxResult.TryLater,
        >= 500 and < 600 => MailboxResult.Refused,
        _ => complete ? MailboxResult.Unknown : MailboxResult.TryLater,
    };

    private static bool IsGood(SmtpStatusCode code) => (int)code is >= 200 and < 300;

    private static bool IsTemporary(SmtpStatusCode code) => (int)code is >= 400 and < 500;

    private static bool IsLoss(Exception exception) =>
        exception
            is IOException
                or SocketException
                or TimeoutException
                or SmtpProtocolException
                or ServiceNotConnectedException;

    private static string Words(SmtpResponse response) =>
        SingleLine.Of($"{(int)response.StatusCode} {response.Response}");

    private static string Words(SmtpCommandException exception) =>
        SingleLine.Of($"{(int)exception.StatusCode} {exception.Message}");

    private sealed class StaleConnectionException(Exception inner) : Exception(inner.Message, inner);
}
