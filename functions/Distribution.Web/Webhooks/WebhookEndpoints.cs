using System.Security.Cryptography;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Web.Webhooks;

/// <summary>
/// Where providers say what became of letters, and hand over what missions reply. SendGrid repeats, for a day or three,
/// what is not answered with 2xx: so that is the answer to all that would be no better the next time, and another only
/// where the next time may find a key put right, a record made, or storage back.
/// </summary>
internal static class WebhookEndpoints
{
    private const string SendGrid = "/events/sendgrid";

    private const string Inbound = "/inbound/sendgrid";

    private const long MostBytes = 4 * 1024 * 1024;

    /// <summary>SendGrid takes messages of 30 MB, and posts little beside them.</summary>
    private const long MostInboundBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan EventsRepeated = TimeSpan.FromHours(25);

    private static readonly TimeSpan MailRepeated = TimeSpan.FromHours(73);

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: SendGrid has no account here, and its signature is what lets it in.
        var webhooks = endpoints.MapGroup("").AllowAnonymous();
        webhooks.WithRequestTimeout(RateLimits.Time);
        webhooks.MapPost(SendGrid, Handle)
            // No antiforgery token on purpose: no cookie lets anyone in here, so another site has nothing to borrow.
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .RequireRateLimiting(RateLimits.Webhooks);
        webhooks.Map(SendGrid, Pages.NotFound);
        webhooks.MapPost(Inbound, Receive)
            // No antiforgery token on purpose, as above.
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MostInboundBytes))
            .RequireRateLimiting(RateLimits.Webhooks);
        webhooks.Map(Inbound, Pages.NotFound);
    }

    private static async Task<IResult> Handle(
        HttpRequest request,
        SendGridSignatures signatures,
        IOptions<MailSettings> mail,
        SendGridEventHandler desk,
        ILogger<SendGridEventHandler> logger,
        CancellationToken cancellation)
    {
        var keys = mail.Value.SendGridEventKey;
        if (string.IsNullOrWhiteSpace(keys))
            return Pages.NotFound();
        if (signatures.Fault(request.Headers, EventsRepeated) is { } fault)
            return TurnAway(logger, SendGrid, fault, "Mail:SendGridEventKey");
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (BadHttpRequestException refused)
        {
            return Refused(logger, SendGrid, refused);
        }

        var content = body.GetBuffer().AsMemory(0, (int)body.Length);
        using var hash = SendGridSignatures.Begin(request.Headers);
        hash.AppendData(content.Span);
        if (!SendGridSignatures.Fit(keys, request.Headers, hash.GetHashAndReset()))
            return TurnAway(
                logger,
                SendGrid,
                "Its signature was made with another key, or over another body",
                "Mail:SendGridEventKey");

        if (await desk.Handle(content, cancellation) is not { } tally)
        {
            logger.LogError(
                "SendGrid signed {Bytes} bytes that are no list of events; nothing of it could be taken in",
                content.Length);
            return Results.Text(
                "That is no list of events. Nothing of it was taken in, and sending it again would not help.");
        }

        if (tally.Unread > 0)
            logger.LogWarning(
                "SendGrid's events: {Tally}. What is unreadable says nothing of any letter and is not asked for again",
                tally);
        else
            logger.LogInformation("SendGrid's events: {Tally}", tally);
        return Results.Text(
            $"{tally}.",
            statusCode: tally.Early > 0 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static async Task<IResult> Receive(
        HttpRequest request,
        SendGridSignatures signatures,
        IOptions<InboundSettings> settings,
        InboundParse parse,
        ILogger<InboundParse> logger,
        CancellationToken cancellation)
    {
        var keys = settings.Value.SendGridKey;
        if (string.IsNullOrWhiteSpace(keys))
            return Pages.NotFound();
        if (signatures.Fault(request.Headers, MailRepeated) is { } fault)
            return TurnAway(logger, Inbound, fault, "Inbound:SendGridKey");
        await using var body = TemporaryFiles.Open();
        using var hash = SendGridSignatures.Begin(request.Headers);
        try
        {
            await Copy(request.Body, body, hash, cancellation);
        }
        catch (BadHttpRequestException refused)
        {
            return Refused(logger, Inbound, refused);
        }

        var signed = hash.GetHashAndReset();
        if (!SendGridSignatures.Fit(keys, request.Headers, signed))
            return TurnAway(
                logger,
                Inbound,
                "Its signature was made with another key, or over another body",
                "Inbound:SendGridKey");
        body.Position = 0;
        if (await parse.Handle(request.ContentType, body, Convert.ToHexStringLower(signed)[..32], cancellation) is
            { } problem)
        {
            logger.LogError("A message from SendGrid could not be taken. {Problem}", problem);
            return Results.Text(problem, statusCode: StatusCodes.Status400BadRequest);
        }

        return Results.Text("Taken.");
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

    /// <summary>Anyone can send too much: that is no failure of ours.</summary>
    private static IResult Refused(ILogger logger, string route, BadHttpRequestException refused)
    {
        logger.LogWarning("A request to {Route} was turned away: {Problem}", route, refused.Message);
        return Results.StatusCode(refused.StatusCode);
    }

    private static IResult TurnAway(ILogger logger, string route, string fault, string setting)
    {
        Telemetry.RecordTurnedAway(route);
        logger.LogWarning(
            "A request to {Route} was turned away. {Fault}. If it came from SendGrid, check {Setting} and this machine's clock; SendGrid repeats it for a day or more",
            route,
            fault,
            setting);
        return Results.Text($"{fault}.", statusCode: StatusCodes.Status401Unauthorized);
    }
}
