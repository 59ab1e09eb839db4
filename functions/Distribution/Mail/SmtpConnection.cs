using Distribution.Common;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Distribution.Mail;

/// <summary>
/// One connection to a mail server, used for one letter at a time (not thread-safe). If the server refuses a mailbox,
/// the letter is still sent to the others.
/// </summary>
internal sealed class SmtpConnection : SmtpClient
{
    /// <summary>The longest envelope id (ENVID) a server takes, in characters (RFC 3461).</summary>
    private const int LongestEnvelopeId = 100;

    private static readonly TimeSpan GoodbyeWithin = TimeSpan.FromSeconds(2);

    private readonly SmtpPatience patience;
    private readonly TimeProvider time;
    private readonly MessageSigner? signer;
    private readonly Dictionary<string, SmtpResponse> refusals = new(StringComparer.OrdinalIgnoreCase);
    private LimitedStream? stream;
    private bool asksForReports = true;

    private Func<string?> certificateFault = () => null;

    /// <param name="ehloName">What this machine calls itself.</param>
    /// <param name="signer">Null where letters leave unsigned.</param>
    public SmtpConnection(string ehloName, SmtpPatience patience, TimeProvider time, MessageSigner? signer)
    {
        (this.patience, this.time, this.signer) = (patience, time, signer);
        LocalDomain = ehloName;
    }

    /// <summary>Whether a report is asked for of letters that arrived, too.</summary>
    public bool AsksForSuccess { get; init; }

    /// <summary>
    /// What is wrong with the server's certificate, in words; null where it is trusted, or none was shown.
    /// </summary>
    public string? CertificateFault => certificateFault();

    /// <summary>How many mailboxes the server refused for the present letter.</summary>
    public int RefusalCount => refusals.Count;

    /// <summary>Whether the server has accepted the sender (MAIL FROM) of the present letter.</summary>
    public bool SenderAccepted { get; private set; }

    /// <summary>Whether the server has said that it closes the connection (421).</summary>
    public bool IsClosing { get; set; }

    /// <summary>
    /// Whether the connection was used before: an idle connection may have been closed by the server.
    /// </summary>
    public bool IsUsed { get; set; }

    public long IdleSince { get; set; }

    /// <summary>Whether the server has greeted us, so that what it refuses is what we said since.</summary>
    public bool WasGreeted => stream is { HasWritten: true };

    /// <summary>Whether the server has said anything at all.</summary>
    public bool WasAnswered => stream is { HasHeard: true };

    /// <returns>What the server answered where it refused the mailbox; null where it did not.</returns>
    /// <param name="mailbox">In ASCII, as <see cref="EmailAddresses.ReadAlone"/> returns it.</param>
    public SmtpResponse? RefusalOf(string mailbox) => refusals.GetValueOrDefault(mailbox);

    /// <summary>Connects, encrypts as told, and introduces this machine (EHLO).</summary>
    public async Task Open(
        string host,
        int port,
        SecureSocketOptions security,
        TlsTrust trust,
        CancellationToken cancellation)
    {
        certificateFault = trust.Apply(this, host);
        stream = await LimitedStream.Connect(host, port, patience.Connection, time, cancellation);
        stream.AnswerWithin = () => patience.Session;
        stream.WriteWithin = patience.Block;
        try
        {
            await ConnectAsync(stream, host, port, security, cancellation);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <returns>The server's last words about the letter.</returns>
    /// <remarks>
    /// A server that announces delivery reports (DSN) and refuses to be asked for them (501, 555) is offered the letter
    /// once more without that.
    /// </remarks>
    public async Task<string> HandOver(
        MimeMessage message,
        MailboxAddress sender,
        IReadOnlyList<MailboxAddress> recipients,
        HandOverProgress handOver)
    {
        try
        {
            return await HandOverOnce(message, sender, recipients, handOver);
        }
        catch (SmtpCommandException refused) when (AsksForReports && IsOfParameters(refused))
        {
            asksForReports = false;
            try
            {
                return await HandOverOnce(message, sender, recipients, handOver);
            }
            finally
            {
                // Where the same mailbox is refused without that too, it was not for that.
                asksForReports = refused.Mailbox is { } mailbox && RefusalOf(Ascii(mailbox)) is not null;
            }
        }
    }

    /// <summary>
    /// Asks whether the server accepts letters from a sender, and letters to it (MAIL FROM, RCPT TO), then resets the
    /// session (RSET). A server that wants a log-in may say so only when it hears of a recipient.
    /// </summary>
    /// <returns>The answers; the second is null where the first is a refusal.</returns>
    public async Task<(SmtpResponse Sender, SmtpResponse? Recipient)> Probe(
        string address,
        CancellationToken cancellation)
    {
        stream!.AnswerWithin = () => patience.Command;
        var mailbox = new MailboxAddress(null, address).GetAddress(idnEncode: true);
        var sender = await SendCommandAsync($"MAIL FROM:<{mailbox}>", cancellation);
        var recipient =
            (int)sender.StatusCode is >= 200 and < 300
                ? await SendCommandAsync($"RCPT TO:<{mailbox}>", cancellation)
                : null;
        IsClosing = (int)(recipient ?? sender).StatusCode == 421;
        // After 421 the server takes no further command (RFC 5321, 3.8).
        if (!IsClosing)
            await SendCommandAsync("RSET", cancellation);
        return (sender, recipient);
    }

    /// <returns>Whether the server still answers.</returns>
    public async Task<bool> Answers(CancellationToken cancellation)
    {
        stream!.AnswerWithin = () => patience.Session;
        try
        {
            await NoOpAsync(cancellation);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Any error means that the connection cannot be used; a new one replaces it.
            return false;
        }
    }

    /// <summary>Says goodbye (QUIT), as far as the server listens.</summary>
    public async Task Quit()
    {
        using var late = new CancellationTokenSource(GoodbyeWithin);
        try
        {
            await DisconnectAsync(quit: IsConnected && !IsClosing, late.Token);
        }
        catch (Exception)
        {
            // Nothing depends on QUIT, so a failure is ignored.
        }
    }

    /// <summary>
    /// Signs last, after MailKit has chosen the encodings for this server: a later change would break the signature.
    /// </summary>
    protected override void Prepare(
        FormatOptions options,
        MimeMessage message,
        EncodingConstraint constraint,
        int maxLineLength)
    {
        base.Prepare(options, message, constraint, maxLineLength);
        // Where the letter is offered once more, it bears a signature already.
        message.Headers.RemoveAll(HeaderId.DkimSignature);
        signer?.Sign(options, message);
    }

    /// <summary>The envelope id (ENVID) is the Message-ID, so that delivery reports (DSN) name the letter.</summary>
    protected override string? GetEnvelopeId(MimeMessage message) =>
        asksForReports
        && message.MessageId is { Length: > 0 and <= LongestEnvelopeId } id
        && id.All(character => character is > ' ' and <= '~')
            ? id
            : null;

    protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(
        MimeMessage message,
        MailboxAddress mailbox) =>
        asksForReports
            ? DeliveryStatusNotification.Failure
                | DeliveryStatusNotification.Delay
                | (AsksForSuccess ? DeliveryStatusNotification.Success : 0)
            : null;

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        SenderAccepted = true;

    /// <exception cref="SmtpCommandException">
    /// It may be the parameters of the command that are refused, not the mailbox.
    /// </exception>
    protected override void OnRecipientNotAccepted(
        MimeMessage message,
        MailboxAddress mailbox,
        SmtpResponse response)
    {
        // The library's own method throws. It is not called, so that the letter goes on to the other mailboxes.
        refusals[Ascii(mailbox)] = response;
        IsClosing |= (int)response.StatusCode == 421;
        var refused = new SmtpCommandException(
            SmtpErrorCode.RecipientNotAccepted,
            response.StatusCode,
            mailbox,
            response.Response);
        if (AsksForReports && IsOfParameters(refused))
            throw refused;
    }

    private bool AsksForReports => asksForReports && Capabilities.HasFlag(SmtpCapabilities.Dsn);

    private Task<string> HandOverOnce(
        MimeMessage message,
        MailboxAddress sender,
        IReadOnlyList<MailboxAddress> recipients,
        HandOverProgress handOver)
    {
        refusals.Clear();
        SenderAccepted = false;
        stream!.AnswerWithin = () => handOver.MayBeComplete ? patience.FinalDot : patience.Command;
        // MailKit shows every address in Unicode. With SMTPUTF8 it would send a domain beyond ASCII that way too, and
        // the next server on the way may not take it.
        Capabilities &= ~SmtpCapabilities.UTF8;
        // Only headers in bounces (RET=HDRS): they identify the letter without its enclosures.
        DeliveryStatusNotificationType = asksForReports
            ? DeliveryStatusNotificationType.HeadersOnly
            : DeliveryStatusNotificationType.Unspecified;
        return SendAsync(new FormatOptions(), message, sender, recipients, handOver.Token, handOver);
    }

    private static bool IsOfParameters(SmtpCommandException refused) =>
        // 555 is the code for parameters that are not known (RFC 5321, 4.1.1.11); some servers say 501, a fault of
        // syntax.
        refused.ErrorCode is SmtpErrorCode.SenderNotAccepted or SmtpErrorCode.RecipientNotAccepted
        && (int)refused.StatusCode is 501 or 555;

    private static string Ascii(MailboxAddress mailbox) =>
        EmailAddresses.ReadAlone(mailbox.Address) ?? mailbox.Address;
}
