using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Distribution.Web;

/// <summary>
/// Where providers say what became of letters. SendGrid repeats, for a day, whatever is not answered with 2xx: so that is the answer to all that
/// would be no better the next time, and another only where the next time may find a key put right, a record made, or storage back.
/// </summary>
internal static class WebhookEndpoints
{
    private const string SendGrid = "/events/sendgrid";

    private const long MostBytes = 4 * 1024 * 1024;

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: SendGrid has no account here, and its signature is what lets it in.
        var webhooks = endpoints.MapGroup("").AllowAnonymous();
        webhooks.MapPost(SendGrid, Hear)
            // No antiforgery token on purpose: no cookie lets anyone in here, so another site has nothing to borrow.
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        webhooks.Map(SendGrid, Pages.NotFound);
    }

    private static async Task<IResult> Hear(
        HttpRequest request, SendGridSignatures signatures, SendGridDesk desk, ILogger<SendGridDesk> logger, CancellationToken cancellation)
    {
        if (!signatures.AreChecked)
            return Pages.NotFound();
        if (signatures.Fault(request.Headers) is { } fault)
            return TurnAway(logger, fault);
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (BadHttpRequestException refused)
        {
            // Anyone can send too much: that is no failure of ours.
            logger.LogWarning("A request to {Route} was turned away: {Problem}", SendGrid, refused.Message);
            return Results.StatusCode(refused.StatusCode);
        }

        var content = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!signatures.Fit(request.Headers, content.Span))
            return TurnAway(logger, "Its signature was made with another key, or over another body");

        if (await desk.Hear(content, cancellation) is not { } tally)
        {
            logger.LogError("SendGrid signed {Bytes} bytes that are no list of events; nothing of it could be taken in", content.Length);
            return Results.Text("That is no list of events. Nothing of it was taken in, and sending it again would not help.");
        }

        if (tally.Unread > 0)
            logger.LogWarning("SendGrid's events: {Tally}. What is unreadable says nothing of any letter and is not asked for again", tally);
        else
            logger.LogInformation("SendGrid's events: {Tally}", tally);
        return Results.Text($"{tally}.", statusCode: tally.Early > 0 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static IResult TurnAway(ILogger logger, string fault)
    {
        logger.LogWarning(
            "A request to {Route} was turned away. {Fault}. If it came from SendGrid, check Mail:SendGridEventKey and this machine's clock; SendGrid repeats it for a day",
            SendGrid, fault);
        return Results.Text($"{fault}.", statusCode: StatusCodes.Status401Unauthorized);
    }
}
