using MailKit;
using MailKit.Net.Smtp;
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

    private readonly MessageSigner? signer;
    private readonly Dictionary<string, SmtpResponse> refusals = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="signer">Null where letters leave unsigned.</param>
    // Asks for headers only in bounces (RET=HDRS): they identify the letter without its enclosures.
    public SmtpConnection(MessageSigner? signer) =>
        (this.signer, DeliveryStatusNotificationType) = (signer, DeliveryStatusNotificationType.HeadersOnly);

    /// <summary>Whether a report is asked for of letters that arrived, too.</summary>
    public bool AsksForSuccess { get; init; }

    /// <summary>The mailboxes the server refused for the present letter, with its responses.</summary>
    public IReadOnlyDictionary<string, SmtpResponse> Refusals => refusals;

    /// <summary>Whether the server has accepted the sender (MAIL FROM) of the present letter.</summary>
    public bool SenderAccepted { get; private set; }

    /// <summary>
    /// Whether the connection was used before: an idle connection may have been closed by the server.
    /// </summary>
    public bool IsUsed { get; set; }

    public long IdleSince { get; set; }

    public bool TakesUtf8 => Capabilities.HasFlag(SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime);

    public Task<string> HandOver(
        MimeMessage message,
        bool international,
        MailboxAddress sender,
        IReadOnlyList<MailboxAddress> recipients,
        HandOverProgress handOver)
    {
        refusals.Clear();
        SenderAccepted = false;
        return SendAsync(
            new FormatOptions { International = international },
            message,
            sender,
            recipients,
            handOver.Token,
            handOver);
    }

    /// <summary>Probes whether the server accepts the sender (MAIL FROM), then resets the session (RSET).</summary>
    public async Task<SmtpResponse> Probe(string sender, CancellationToken cancellation)
    {
        var response = await SendCommandAsync(
            $"MAIL FROM:<{new MailboxAddress(null, sender).GetAddress(idnEncode: true)}>",
            cancellation);
        await SendCommandAsync("RSET", cancellation);
        return response;
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
        signer?.Sign(options, message);
    }

    /// <summary>The envelope id (ENVID) is the Message-ID, so that delivery reports (DSN) name the letter.</summary>
    protected override string? GetEnvelopeId(MimeMessage message) =>
        message.MessageId is { Length: > 0 and <= LongestEnvelopeId } id
        && id.All(character => character is > ' ' and <= '~')
            ? id
            : null;

    protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(
        MimeMessage message,
        MailboxAddress mailbox) =>
        DeliveryStatusNotification.Failure
        | DeliveryStatusNotification.Delay
        | (AsksForSuccess ? DeliveryStatusNotification.Success : 0);

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        SenderAccepted = true;

    protected override void OnRecipientNotAccepted(
        MimeMessage message,
        MailboxAddress mailbox,
        SmtpResponse response) => refusals[mailbox.Address] = response;
}
