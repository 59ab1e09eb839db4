using System.Security.Cryptography;
using Distribution.Mail;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Web.Webhooks;

/// <summary>
/// The webhooks: providers report here what became of letters, and hand over what missions reply. SendGrid retries, for
/// one to three days, what is answered with 5xx. Mail that is answered with 4xx it drops at once, without a word to its
/// sender or to us. So the answer is 2xx where a retry would change nothing, and 503 where a retry may find a corrected
/// key, a new record, or storage working again. Only a body that is too large gets a 4xx.
/// </summary>
internal static class WebhookEndpoints
{
    private const string SendGrid = "/events/sendgrid";

    private const string Inbound = "/inbound/sendgrid";

    /// <summary>How long SendGrid retries events: a day, and an hour to spare.</summary>
    private static readonly TimeSpan EventsRepeated = TimeSpan.FromHours(25);

    /// <summary>How long SendGrid retries mail: three days, and an hour to spare.</summary>
    private static readonly TimeSpan MailRepeated = TimeSpan.FromHours(73);

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: SendGrid has no account here, and its signature is what lets it in.
        var webhooks = endpoints.MapGroup("").AllowAnonymous();
        webhooks.WithRequestTimeout(RateLimits.Time);
        webhooks.MapPost(SendGrid, Handle)
            // No antiforgery token on purpose: no cookie gives access here, so another site cannot misuse one (CSRF).
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.Events))
            .RequireRateLimiting(RateLimits.Webhooks);
        webhooks.Map(SendGrid, Pages.NotFound);
        webhooks.MapPost(Inbound, Receive)
            // No antiforgery token on purpose, as above.
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.InboundMail))
            .RequireRateLimiting(RateLimits.Webhooks);
        webhooks.Map(Inbound, Pages.NotFound);
    }

    private static async Task<IResult> Handle(
        HttpRequest request,
        SendGridSignatures signatures,
        IOptions<MailSettings> mail,
        SendGridEventHandler desk,
        TurnedAwayLog turnedAway,
        ILogger<SendGridEventHandler> logger,
        CancellationToken cancellation)
    {
        var way = new WayIn(SendGrid, mail.Value.SendGridEventKey ?? "", "Mail:SendGridEventKey", EventsRepeated);
        if (Refusal(request, way, signatures, turnedAway) is { } refusal)
            return refusal;
        // In memory: 5 MB at the most, and read once.
        using var body = new MemoryStream();
        if ((await Read(request, way, body, turnedAway, cancellation)).Refusal is { } refused)
            return refused;
        var content = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (await desk.Handle(content, cancellation) is not { } tally)
        {
            logger.LogError(
                "SendGrid signed {Bytes} bytes that are no list of events; nothing of it could be taken in",
                content.Length);
            // 200 on purpose: a retry would bring the same bytes.
            return Results.Text(
                "That is no list of events. Nothing of it was taken in, and sending it again would not help.");
        }

        if (tally.Unread > 0)
            logger.LogWarning(
                "SendGrid's events: {Tally}. What is unreadable says nothing of any letter and is not asked for again",
                tally);
        else
            logger.LogInformation("SendGrid's events: {Tally}", tally);
        // 503 where an event is about an attempt that is not on record yet, so that SendGrid retries it.
        return Results.Text(
            $"{tally}.",
            statusCode: tally.Early > 0 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static async Task<IResult> Receive(
        HttpRequest request,
        SendGridSignatures signatures,
        IOptions<InboundSettings> settings,
        InboundParse parse,
        TurnedAwayLog turnedAway,
        ILogger<InboundParse> logger,
        CancellationToken cancellation)
    {
        var way = new WayIn(Inbound, settings.Value.SendGridKey ?? "", "Inbound:SendGridKey", MailRepeated);
        if (Refusal(request, way, signatures, turnedAway) is { } refusal)
            return refusal;
        // On disk: up to 32 MB each, several at a time, and read twice.
        await using var body = TemporaryFiles.Open();
        var (refused, signed) = await Read(request, way, body, turnedAway, cancellation);
        if (refused is not null)
            return refused;
        body.Position = 0;
        // Named by the hash of what was signed: the same message sent again takes the same name, and is there once.
        if (await parse.Handle(request.ContentType, body, Convert.ToHexStringLower(signed)[..32], cancellation) is
            { } problem)
        {
            logger.LogError("A message from SendGrid could not be read. {Problem}", problem);
            // 200 on purpose: a retry would bring the same bytes.
            return Results.Text($"{problem} It is kept for a person, and sending it again would not help.");
        }

        return Results.Text("Taken.");
    }

    /// <returns>
    /// The answer to a request whose headers turn it away already; null where its body is worth reading.
    /// </returns>
    private static IResult? Refusal(
        HttpRequest request,
        WayIn way,
        SendGridSignatures signatures,
        TurnedAwayLog turnedAway) =>
        string.IsNullOrWhiteSpace(way.Keys)
            ? Unchecked(request, way, turnedAway)
        : signatures.Fault(request.Headers, way.Repeated) is { } fault ? TurnAway(turnedAway, way, fault)
        : null;

    /// <summary>Reads a body that SendGrid has signed.</summary>
    /// <param name="to">Where the body is written to.</param>
    /// <returns>
    /// The answer where it is turned away, else null; and the SHA-256 hash of all that is signed.
    /// </returns>
    private static async Task<(IResult? Refusal, byte[] Signed)> Read(
        HttpRequest request,
        WayIn way,
        Stream to,
        TurnedAwayLog turnedAway,
        CancellationToken cancellation)
    {
        using var hash = SendGridSignatures.Begin(request.Headers);
        try
        {
            await Copy(request.Body, to, hash, cancellation);
        }
        catch (BadHttpRequestException refused)
        {
            return (Refused(turnedAway, way.Route, refused), []);
        }

        var signed = hash.GetHashAndReset();
        return SendGridSignatures.Fit(way.Keys, request.Headers, signed)
            ? (null, signed)
            : (TurnAway(turnedAway, way, "Its signature was made with another key, or over another body"), []);
    }

    private static async Task Copy(Stream from, Stream to, IncrementalHash hash, CancellationToken cancellation)
    {
        var piece = new byte[81920];
        for (int read; (read = await from.ReadAsync(piece, cancellation)) > 0;)
        {
            hash.AppendData(piece.AsSpan(0, read));
            await to.WriteAsync(piece.AsMemory(0, read), cancellation);
        }
    }

    private static IResult Refused(TurnedAwayLog turnedAway, string route, BadHttpRequestException refused)
    {
        var words = $"{refused.Message.TrimEnd('.')}.";
        turnedAway.Add(route, words);
        return Results.Text(
            words,
            statusCode: refused.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? refused.StatusCode
                : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>
    /// Where no key is set, an unsigned request is not logged: scanners send such requests to any address. The answer
    /// asks SendGrid to come again all the same.
    /// </summary>
    private static IResult Unchecked(HttpRequest request, WayIn way, TurnedAwayLog turnedAway)
    {
        const string NoKey = "No key is set that its signature could be checked with";
        return request.Headers.ContainsKey(SendGridSignatures.SignatureHeader)
            ? TurnAway(turnedAway, way, NoKey)
            : Results.Text($"{NoKey}.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult TurnAway(TurnedAwayLog turnedAway, WayIn way, string fault)
    {
        turnedAway.Add(
            way.Route,
            $"{fault}. If it came from SendGrid, check {way.Setting} and this machine's clock; SendGrid repeats it for a day or more.");
        return Results.Text($"{fault}.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="Keys">The public keys its requests are signed with; empty where the way in is closed.</param>
    /// <param name="Setting">The name of the setting with the keys.</param>
    /// <param name="Repeated">How long SendGrid retries a request.</param>
    private sealed record WayIn(string Route, string Keys, string Setting, TimeSpan Repeated);
}
