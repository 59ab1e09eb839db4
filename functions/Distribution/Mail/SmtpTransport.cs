using System.Net.Sockets;
using Distribution.Common;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using static Distribution.Common.Phrase;

namespace Distribution.Mail;

/// <summary>
/// Sends mail over SMTP. Connections are kept and reused. There are at most as many as letters in flight at once, so
/// the sender's concurrency limits them.
/// </summary>
internal sealed class SmtpTransport(MailRoute.Smtp server, MailSettings settings, TimeProvider time) : IMailTransport
{
    private const long DefaultLimit = 25_000_000;

    private readonly MessageSigner? signer = MessageSigner.Of(settings);
    private readonly SmtpPatience patience = new(settings.Timeout);
    private readonly string ehloName =
        settings.EhloName.Length > 0 ? settings.EhloName
        : settings.Sender is { } from ? EmailAddresses.Domain(from.Address)
        : Environment.MachineName;

    private readonly SmtpFaults faults = new($"{server.Host}, port {server.Port}", server, settings);
    private SmtpConnections? connections;
    private long advertised;
    private volatile bool hasAccepted;

    private SmtpConnections Connections => LazyInitializer.EnsureInitialized(ref connections, () => new(Open, time));

    private string Place => $"{server.Host}, port {server.Port}";

    public string Description => $"SMTP server {Place}";

    public string? Advice =>
        connections?.Allowed is { } allowed
            ? $"The mail server {Place} takes no more than {EnglishText.Counted(allowed, "connection")} at once, so letters leave more slowly. Set Mail:Connections to {allowed}, or have its administrator allow more."
            : null;

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

    public Task Probe(CancellationToken cancellation) =>
        Use(
            async connection =>
            {
                try
                {
                    return await FaultFound(connection, cancellation) is { } fault ? throw fault : true;
                }
                catch (Exception exception) when (IsLoss(exception))
                {
                    throw connection.IsUsed ? new StaleConnectionException(exception) : faults.Unreachable(exception);
                }
            },
            cancellation);

    /// <remarks>
    /// Until a first letter is accepted, it is not known whether the server takes any from us: a refusal is believed
    /// only where the server takes mail to the return path.
    /// </remarks>
    public Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage message, CancellationToken cancellation) =>
        Use(
            async connection =>
            {
                var outcomes = await Send(connection, message, cancellation);
                if (outcomes.Any(outcome => outcome.Result == MailboxResult.Accepted))
                    hasAccepted = true;
                else if (!hasAccepted
                    && connection is { IsClosing: false, RefusalCount: > 0 }
                    && outcomes.All(outcome => outcome.Result == MailboxResult.Refused)
                    && await OwnFault(connection, cancellation) is { } fault)
                    throw fault;
                return outcomes;
            },
            cancellation);

    public async Task CloseIdle()
    {
        if (connections is not null)
            await connections.CloseIdle();
    }

    public async ValueTask DisposeAsync() => await CloseIdle();

    private async Task<T> Use<T>(Func<SmtpConnection, Task<T>> carryOut, CancellationToken cancellation)
    {
        // Two turns at the most: only a connection that was used before can be stale.
        for (var fresh = false; ; fresh = true)
        {
            var connection = await Connections.Rent(cancellation, fresh);
            var kept = false;
            try
            {
                var result = await carryOut(connection);
                kept = true;
                return result;
            }
            catch (StaleConnectionException)
            {
                // The server closes, or had closed, a connection that was used before, so nothing was handed over; try
                // once more on a new one.
            }
            catch (SenderFaultException)
            {
                kept = true;
                throw;
            }
            finally
            {
                Connections.Release(connection, kept && !connection.IsClosing);
            }
        }
    }

    private async Task<IReadOnlyList<MailboxOutcome>> Send(
        SmtpConnection connection,
        OutgoingMessage letter,
        CancellationToken cancellation)
    {
        if (EmailAddresses.ReadAlone(letter.ReturnPath) is not { } sender)
            throw SmtpFaults.NoReturnPath(letter.ReturnPath);
        var recipients = letter.Envelope
            .Where(address => !EmailAddresses.NeedsUtf8(address))
            .Select(EmailAddresses.ReadAlone).OfType<string>()
            .Select(address => new MailboxAddress(null, address)).ToList();
        if (recipients.Count == 0)
            // Each address has an answer of its own, so none gets this one.
            return Settle(connection, letter, MailboxResult.TryLater, "");

        MimeMessage message;
        try
        {
            message = MimeMessages.Create(letter);
        }
        catch (Exception exception) when (MimeMessages.IsUnwritable(exception))
        {
            return MailboxOutcome.Unwritable(letter, exception);
        }

        using var _ = message;
        using var late = new CancellationTokenSource(SmtpPatience.Letter, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        using var handOver = new HandOverProgress(stop.Token);
        try
        {
            var words = await connection.HandOver(
                message,
                new MailboxAddress(null, sender),
                recipients,
                handOver);
            return Settle(connection, letter, MailboxResult.Accepted, $"250 {words}");
        }
        // The library throws this for 530, and leaves the code out of its message.
        catch (ServiceNotAuthenticatedException exception)
        {
            throw faults.LoginWanted($"530 {exception.Message}");
        }
        catch (SmtpCommandException exception) when (exception.ErrorCode == SmtpErrorCode.SenderNotAccepted)
        {
            connection.IsClosing = (int)exception.StatusCode == 421;
            throw OfSender(connection, letter, exception);
        }
        catch (SmtpCommandException exception)
        {
            connection.IsClosing |= (int)exception.StatusCode == 421;
            if (connection is { IsClosing: true, IsUsed: true } && !handOver.HasBegun)
                throw new StaleConnectionException(exception);
            return Settle(
                connection,
                letter,
                Judge(exception.StatusCode, handOver.MayBeComplete),
                SmtpFaults.Words(exception));
        }
        // Before all else: once the whole letter may be there, neither a stop nor a loss means that it was not sent.
        catch (Exception exception) when (handOver.MayBeComplete)
        {
            return Settle(
                connection,
                letter,
                MailboxResult.Unknown,
                Say($"The whole letter was sent to {Place}, and its answer never came: {exception.Message}").ForRecord);
        }
        catch (Exception exception) when (IsStop(exception, cancellation))
        {
            throw new OperationCanceledException(
                "Stopped before the letter was handed over.",
                exception,
                cancellation);
        }
        // The server has said nothing about this letter: it is taken to have closed the connection while nobody used
        // it.
        catch (Exception exception)
            when (IsLoss(exception)
                && connection is { IsUsed: true, SenderAccepted: false, RefusalCount: 0 })
        {
            throw new StaleConnectionException(exception);
        }
        catch (Exception exception)
        {
            return Settle(
                connection,
                letter,
                MailboxResult.TryLater,
                NotHandedOver(exception, late.IsCancellationRequested).ForRecord);
        }
    }

    /// <summary>Why the server does not take mail from the return path.</summary>
    private Exception OfSender(SmtpConnection connection, OutgoingMessage letter, SmtpCommandException exception) =>
        (int)exception.StatusCode switch
        {
            421 when connection.IsUsed => new StaleConnectionException(exception),
            // Every letter of the distribution has the same enclosures, so no mission is at fault: the distribution is
            // paused instead.
            _ when IsTooLarge(exception) => faults.TooLarge(SmtpFaults.Words(exception)),
            _ => faults.SenderRefused(letter.ReturnPath, exception.StatusCode, SmtpFaults.Words(exception)),
        };

    private Phrase NotHandedOver(Exception exception, bool isLate) =>
        isLate
            ? Say($"The mail server {Place} took so long that the letter was not handed over within {Amounts.Span(SmtpPatience.Letter)}.")
        : IsLoss(exception)
            ? Say($"The connection to {Place} was lost before the letter was handed over: {exception.Message}")
        : Say($"The letter could not be handed over to {Place}: {exception.Message}");

    /// <summary>
    /// The outcome for each address of the envelope: what the server said of it alone, or else what became of the
    /// letter.
    /// </summary>
    private static IReadOnlyList<MailboxOutcome> Settle(
        SmtpConnection connection,
        OutgoingMessage letter,
        MailboxResult result,
        string words) =>
        [
            .. letter.Envelope.Select(address =>
                EmailAddresses.ReadAlone(address) is not { } plain
                    ? new MailboxOutcome(
                        address,
                        MailboxResult.Refused,
                        Say($"This is not an email address.").ForRecord)
                : EmailAddresses.NeedsUtf8(address)
                    ? new MailboxOutcome(
                        address,
                        MailboxResult.Refused,
                        Say($"Not every mail server takes letters beyond A to Z before the @ (ASCII). Ask the mission for an address in plain letters.").ForRecord)
                : connection.RefusalOf(plain) is { } refusal
                    ? new MailboxOutcome(
                        address,
                        Judge(refusal.StatusCode, complete: false),
                        SmtpFaults.Words(refusal))
                : new MailboxOutcome(address, result, SingleLine.Of(words))),
        ];

    private async Task<SmtpConnection> Open(CancellationToken cancellation)
    {
        var connection = new SmtpConnection(ehloName, patience, time, signer)
        {
            AsksForSuccess = settings.SuccessReports,
        };
        try
        {
            await connection.Open(server.Host, server.Port, Security, TlsTrust.Of(settings), cancellation);
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
            throw faults.OfConnecting(exception, connection);
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
        // The library would send the password in the clear where the server offers no encryption.
        if (!connection.IsSecure && LeavesTheMachine && settings.Encryption != "none")
            throw faults.NoEncryption();
        if (!connection.Capabilities.HasFlag(SmtpCapabilities.Authentication))
            throw faults.NoLogin(connection.Capabilities.HasFlag(SmtpCapabilities.StartTLS) && !connection.IsSecure);
        await connection.AuthenticateAsync(settings.User, settings.Password, cancellation);
    }

    /// <returns>
    /// What keeps every letter from being taken; null where a probe finds nothing, or gets no answer.
    /// </returns>
    private async Task<SenderFaultException?> OwnFault(SmtpConnection connection, CancellationToken cancellation)
    {
        try
        {
            return await FaultFound(connection, cancellation);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            // A probe without an answer says nothing about us, so the refusal of the letter stands.
            connection.IsClosing = true;
            return null;
        }
    }

    private async Task<SenderFaultException?> FaultFound(SmtpConnection connection, CancellationToken cancellation)
    {
        var (sender, recipient) = await connection.Probe(settings.ReturnPath, cancellation);
        return FaultOf(
            sender,
            recipient,
            isLoginOffered: settings.User.Length == 0
                && (connection.Capabilities.HasFlag(SmtpCapabilities.Authentication)
                    || (connection.Capabilities.HasFlag(SmtpCapabilities.StartTLS) && !connection.IsSecure)));
    }

    /// <summary>
    /// What the answers to a probe say of us. That the return path is refused for now says nothing: other mailboxes may
    /// be taken.
    /// </summary>
    /// <param name="isLoginOffered">Whether the server offers a log-in, now or once encrypted, and none is set.</param>
    private SenderFaultException? FaultOf(SmtpResponse sender, SmtpResponse? recipient, bool isLoginOffered) =>
        ((int)sender.StatusCode, (int?)recipient?.StatusCode) switch
        {
            (530, _) => faults.LoginWanted(SmtpFaults.Words(sender)),
            (_, null) => faults.SenderRefused(settings.ReturnPath, sender.StatusCode, SmtpFaults.Words(sender)),
            (_, >= 200 and < 300) => null,
            (_, 530) => faults.LoginWanted(SmtpFaults.Words(recipient)),
            (_, 421) => faults.SenderRefused(settings.ReturnPath, recipient.StatusCode, SmtpFaults.Words(recipient)),
            // Postfix's usual words on a submission port: "554 5.7.1 … Client host rejected: Access denied".
            (_, >= 500 and < 600) when isLoginOffered && IsOfPolicy(recipient) =>
                faults.LoginWanted(SmtpFaults.Words(recipient)),
            (_, >= 400 and < 500) when RefusalRemedy.For(SmtpFaults.Words(recipient)) is null => null,
            _ => faults.ReturnPathRefused(SmtpFaults.Words(recipient)),
        };

    /// <summary>Whether the code says that we may not, and not that there is no such mailbox.</summary>
    private static bool IsOfPolicy(SmtpResponse response) =>
        response.Response.StartsWith("5.7.", StringComparison.Ordinal);

    private static bool IsTooLarge(SmtpCommandException exception) =>
        // 552 is the code of SMTP for it (RFC 1870), 5.3.4 the enhanced one (RFC 3463), which comes with other codes
        // too.
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

    private static bool IsLoss(Exception exception) =>
        exception
            is IOException
                or SocketException
                or TimeoutException
                or SmtpProtocolException
                or ServiceNotConnectedException;

    private sealed class StaleConnectionException(Exception inner) : Exception(inner.Message, inner);
}
