using System.Globalization;
using System.Net;
using System.Text.Json;
using Distribution.Common;
using Distribution.Register;
using SendGrid;
using SendGrid.Helpers.Mail;
using static Distribution.Common.Phrase;

namespace Distribution.Mail;

/// <summary>
/// Sends mail through SendGrid's <c>mail/send</c>: one request for each letter, never retried here, with all tracking
/// off. SendGrid has no separate envelope, so To and Cc contain only the addresses of this try. The return path is the
/// one of SendGrid's authenticated domain.
/// </summary>
internal sealed class SendGridTransport : IMailTransport
{
    private const string SendGrid = "SendGrid";

    /// <summary>The largest message SendGrid takes, in bytes.</summary>
    private const long Limit = 30_000_000;

    /// <summary>Of a whole request, the message's upload included, where <c>Mail:Timeout</c> sets no other.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A longer Retry-After of SendGrid is cut to this. The backoff of <c>Dispatch:RetryDelays</c> may still be longer.
    /// </summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(1);

    private readonly MailSettings settings;
    private readonly TimeProvider time;
    private readonly HttpMessageHandler handler;
    private readonly bool ownsHandler;

    /// <param name="handler">
    /// Owned and disposed by the caller; null to create one. It must never retry a request: a retry could send a letter
    /// twice.
    /// </param>
    public SendGridTransport(MailSettings settings, TimeProvider time, HttpMessageHandler? handler = null)
    {
        this.settings = settings;
        this.time = time;
        ownsHandler = handler is null;
        // A followed redirect would be a second request. Idle connections are closed before SendGrid closes them: if a
        // letter was lost on a closed connection, that could not be distinguished from a letter that SendGrid took.
        this.handler = handler ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }

    private string Host => new Uri(settings.SendGridUrl).Host;

    public string Description => $"SendGrid at {Host}";

    public bool LeavesTheMachine => !LoopbackNames.IsLoopback(Host);

    /// <summary>It writes names as they are, without the encoding that mail asks for beyond ASCII.</summary>
    public bool CarriesEveryName => false;

    public long MaxMessageBytes => settings.MaxMessageBytes > 0 ? Math.Min(settings.MaxMessageBytes, Limit) : Limit;

    public async Task Probe(CancellationToken cancellation)
    {
        using var handOver = new HandOverProgress(cancellation);
        try
        {
            var response = await Client(handOver, [])
                .RequestAsync(BaseClient.Method.GET, urlPath: "scopes", cancellationToken: handOver.Token);
            var body = await response.Body.ReadAsStringAsync(cancellation);
            if (response.StatusCode != HttpStatusCode.OK)
                throw Fault(response.StatusCode, Words(response.StatusCode, Errors(body)));
            if (!MaySend(body))
                throw new SenderFaultException(
                    "SendGrid's key may not send mail. Give it the permission “Mail Send”, or put another into Mail:SendGridApiKey.",
                    passes: false);
        }
        catch (Exception exception)
            when (exception is HttpRequestException
                || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Unreachable(exception);
        }
    }

    public async Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage message, CancellationToken cancellation)
    {
        try
        {
            MimeMessages.RefuseControlCharacters(message);
        }
        catch (Exception exception) when (MimeMessages.IsUnwritable(exception))
        {
            return MailboxOutcome.Unwritable(message, exception);
        }

        // Random names, so that no text of a letter can hold one of them.
        var places = message.Enclosures.Select(enclosure => ($"enclosure-{Guid.NewGuid():n}", enclosure)).ToList();
        using var handOver = new HandOverProgress(cancellation);
        try
        {
            var response = await Client(handOver, places).SendEmailAsync(Request(message, places), handOver.Token);
            return await Outcomes(message, response);
        }
        catch (Exception exception) when (exception is not SenderFaultException)
        {
            return handOver switch
            {
                // Before all else: once the whole letter may be there, neither a stop nor a timeout means that it was
                // not sent.
                { MayBeComplete: true } => MailboxOutcome.All(
                    message,
                    MailboxResult.Unknown,
                    Say($"The whole letter was sent to {SendGrid}, and its answer never came: {exception.Message}").ForRecord),
                _ when exception is OperationCanceledException && cancellation.IsCancellationRequested =>
                    throw new OperationCanceledException(
                        "Stopped before the letter was handed over.",
                        exception,
                        cancellation),
                { HasBegun: true } => MailboxOutcome.All(
                    message,
                    MailboxResult.TryLater,
                    Say($"The connection to {SendGrid} was lost before the letter was handed over: {exception.Message}").ForRecord),
                _ when exception is HttpRequestException or OperationCanceledException => throw Unreachable(exception),
                _ => MailboxOutcome.All(
                    message,
                    MailboxResult.TryLater,
                    Say($"The letter could not be handed over to {SendGrid}: {exception.Message}").ForRecord),
            };
        }
    }

    public ValueTask DisposeAsync()
    {
        if (ownsHandler)
            handler.Dispose();
        return ValueTask.CompletedTask;
    }

    // One client for each letter, over one shared handler (connection pool): the client has the letter's enclosures,
    // and nothing of them is kept afterwards.
    private SendGridClient Client(HandOverProgress handOver, IReadOnlyList<(string, EncodedEnclosure)> places) =>
        new(
            new HttpClient(new EnclosureStreaming(handler, places, handOver), disposeHandler: false)
            {
                Timeout = settings.Timeout > TimeSpan.Zero ? settings.Timeout : DefaultTimeout,
            },
            new SendGridClientOptions { ApiKey = settings.SendGridApiKey, Host = settings.SendGridUrl });

    private static Dictionary<string, string> Headers(OutgoingMessage letter)
    {
        // Only headers that SendGrid does not set itself: it refuses a request with one of its own, such as To or
        // Reply-To.
        Dictionary<string, string> headers = new()
        {
            ["Message-ID"] = $"<{letter.MessageId}>",
            ["Content-Language"] = letter.Language,
        };
        foreach (var (name, value) in letter.AutomaticHeaders)
            headers[name] = value;
        if (letter.InReplyTo is { } earlier)
            (headers["In-Reply-To"], headers["References"]) = ($"<{earlier}>", $"<{earlier}>");
        return headers;
    }

    private static SendGridMessage Request(
        OutgoingMessage letter,
        IReadOnlyList<(string Placeholder, EncodedEnclosure Enclosure)> places)
    {
        // SendGrid refuses a request in which an address occurs twice, in To and Cc together.
        var mailboxes = letter.Mailboxes.DistinctBy(mailbox => mailbox.Address, StringComparer.OrdinalIgnoreCase)
            .Where(mailbox => letter.Envelope.Contains(mailbox.Address, StringComparer.OrdinalIgnoreCase)).ToList();
        var to = mailboxes.Where(mailbox => mailbox.Field == MailboxField.To).ToList();
        var cc = mailboxes.Except(to).ToList();
        // It also refuses a message without To. That happens if only Cc mailboxes are left to send to.
        if (to.Count == 0)
            (to, cc) = (cc, to);
        var names = PlainName.OfAll(places.Select(place => place.Enclosure.FileName));
        return new()
        {
            From = new(letter.From.Address, letter.From.Name),
            // SendGrid takes either reply_to or reply_to_list, never both.
            ReplyTo = letter.ReplyTo is [var only] ? Address(only) : null,
            ReplyTos = letter.ReplyTo is [_] ? null : [.. letter.ReplyTo.Select(Address)],
            Subject = letter.Subject,
            PlainTextContent = letter.Text,
            HtmlContent = letter.Html,
            Personalizations =
            [
                new()
                {
                    Tos = Addresses(to),
                    Ccs = cc.Count == 0 ? null : Addresses(cc),
                    CustomArgs = new()
                    {
                        ["distribution"] = letter.DistributionId,
                        ["mission"] = letter.MissionId,
                        ["message_id"] = letter.MessageId,
                    },
                },
            ],
            Headers = Headers(letter),
            Attachments =
                places.Count == 0
                    ? null
                    :
                    [
                        .. places.Zip(names, (place, name) => new Attachment
                        {
                            Content = place.Placeholder,
                            Filename = name,
                            // SendGrid drops the charset of a text or writes a wrong one, and mail programs then show
                            // other signs.
                            Type = place.Enclosure.ContentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
                                ? "application/octet-stream"
                                : place.Enclosure.ContentType,
                            Disposition = "attachment",
                        }),
                    ],
            MailSettings = letter.PassesSuppression ? new() { BypassBounceManagement = new() { Enable = true } } : null,
            TrackingSettings = new()
            {
                ClickTracking = new() { Enable = false, EnableText = false },
                OpenTracking = new() { Enable = false },
                SubscriptionTracking = new() { Enable = false },
                Ganalytics = new() { Enable = false },
            },
        };

        static EmailAddress Address(Correspondent person) => new(person.Address, person.Name);

        List<EmailAddress> Addresses(List<Mailbox> entries) =>
            [.. entries.Select(mailbox => new EmailAddress(mailbox.Address, letter.MissionTitle))];
    }

    private async Task<IReadOnlyList<MailboxOutcome>> Outcomes(OutgoingMessage letter, Response response)
    {
        var code = response.StatusCode;
        if (code == HttpStatusCode.Accepted)
            return MailboxOutcome.All(
                letter,
                MailboxResult.Accepted,
                response.Headers.TryGetValues("X-Message-Id", out var ids)
                    ? $"202 Accepted, X-Message-Id {string.Join(", ", ids)}"
                    : "202 Accepted");

        var errors = Errors(await response.Body.ReadAsStringAsync());
        var words = Words(code, errors);
        return (int)code switch
        {
            429 => MailboxOutcome.All(letter, MailboxResult.TryLater, words, Patience(response)),
            408 => MailboxOutcome.All(letter, MailboxResult.TryLater, words),
            // SendGrid may have taken it before it failed.
            >= 500 => MailboxOutcome.All(letter, MailboxResult.Unknown, words),
            // An error about the sender's address is our fault, not a mission's.
            400
                when errors.Any(error =>
                    error.Field is "from" || error.Field?.StartsWith("from.", StringComparison.Ordinal) == true) =>
                    throw new SenderFaultException(
                        $"SendGrid takes no letters from {letter.From.Address}: “{words}”. Set Mail:From to an address it knows.",
                        passes: false),
            400 or 413 or 415 or 422 => MailboxOutcome.All(letter, MailboxResult.Refused, words),
            _ => throw Fault(code, words),
        };
    }

    private TimeSpan? Patience(Response response)
    {
        var now = time.GetUtcNow();
        TimeSpan? wait =
            response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now
            // SendGrid's own header: when its limit begins anew, in seconds since 1970.
            : response.Headers.TryGetValues("X-RateLimit-Reset", out var resets)
            && long.TryParse(resets.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) - now
            : null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestPatience ? LongestPatience : wait;
    }

    private SenderFaultException Fault(HttpStatusCode code, string words) =>
        (int)code switch
        {
            401 or 403 => new(
                $"SendGrid refused the key or the sender: “{words}”. Check Mail:SendGridApiKey, its permission “Mail Send”, and that Mail:From is a sender SendGrid knows.",
                passes: false),
            408 or 429 or >= 500 => new(
                $"SendGrid takes no requests just now: “{words}”. Sending goes on when it does.",
                passes: true),
            _ => new(
                $"SendGrid did not answer as it should at {Host}: “{words}”. Check Mail:SendGridUrl.",
                passes: false),
        };

    private SenderFaultException Unreachable(Exception exception) =>
        new(
            $"SendGrid cannot be reached at {Host}: {SingleLine.Of(exception.Message).TrimEnd('.')}. Check this machine's way to the internet and Mail:SendGridUrl.",
            passes: true,
            exception);

    private static string Words(HttpStatusCode code, IReadOnlyList<(string Message, string? Field)> errors) =>
        SingleLine.Of(
            $"{(int)code} {string.Join("; ", errors.Select(error => error.Field is null ? error.Message : $"{error.Message} ({error.Field})"))}"
        );

    private static IReadOnlyList<(string Message, string? Field)> Errors(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return
            [
                .. document
                    .RootElement.GetProperty("errors")
                    .EnumerateArray()
                    .Select(error =>
                        (
                            error.GetProperty("message").GetString() ?? "",
                            error.TryGetProperty("field", out var field) ? field.GetString() : null)),
            ];
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Not SendGrid's error format, for example from a proxy: the text is used as it is.
            return [(body, null)];
        }
    }

    private static bool MaySend(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document
                .RootElement.GetProperty("scopes")
                .EnumerateArray()
                .Any(scope => scope.GetString() == "mail.send");
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }
}
