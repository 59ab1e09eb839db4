using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Missions;

internal static class MissionEndpoints
{
    private const string Link = "/acknowledge/{distribution}/{mission}/{token}";

    private const long MostBytes = 32 * 1024;

    public static void MapMissions(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: missions have no accounts, and the signed token in the address is what lets them
        // in.
        var missions = endpoints.MapGroup("").AllowAnonymous();
        missions.WithRequestTimeout(RateLimits.Time);
        missions.MapMethods(Link, ReadMethods.Read, Show);
        missions.MapPost(Link, Acknowledge)
            // No antiforgery token on purpose: no cookie gives access here, so another site cannot misuse one (CSRF).
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .RequireRateLimiting(RateLimits.Answers);
        missions.MapMethods(
            "/acknowledge/proof",
            ReadMethods.Read,
            () =>
                Pages.Message(
                    StatusCodes.Status200OK,
                    "This is a proof",
                    "The letter you followed this link from was sent to be read before its release.",
                    "In a mission's own letter, this link leads to the page on which it acknowledges receipt. Here it acknowledges nothing."
                ));
        // Open to everyone on purpose: anyone who has a letter may ask whether it is genuine. The answer does not say
        // who received it.
        missions.MapMethods(
            "/verify",
            ReadMethods.Read,
            async (string? hash, string? reference, VerificationLookup desk, CancellationToken cancellation) =>
                Pages.Show<VerifyPage, VerifyView>(await desk.Find(hash, reference, cancellation)));
        // Mail programs cut long links. A cut link gets the same answer as a forged one.
        missions.Map("/acknowledge/{**rest}", Invalid);
    }

    private static async Task<IResult> Show(
        string distribution,
        string mission,
        string token,
        string? act,
        MissionLinkHandler desk,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Show(distribution, mission, token, Wished(act), AgentOf(request), cancellation) is { } view
            ? Pages.Show<AcknowledgePage, AcknowledgeView>(view)
            : Invalid();

    private static async Task<IResult> Acknowledge(
        string distribution,
        string mission,
        string token,
        [FromForm] string? name,
        [FromForm] string? function,
        [FromForm] string? reference,
        [FromForm] string? seal,
        [FromForm] string? website,
        [FromForm] string? back,
        MissionLinkHandler desk,
        HttpRequest request,
        CancellationToken cancellation)
    {
        var post = new MissionPost(
            name ?? "",
            function ?? "",
            reference ?? "",
            seal ?? "",
            website ?? "",
            back is not null);
        return await desk.Handle(distribution, mission, token, post, AgentOf(request), cancellation) switch
        {
            null => Invalid(),
            { View: { } view, IsTaken: var taken } => Pages.Show<AcknowledgePage, AcknowledgeView>(
                view, taken ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity),
            _ => Pages.SeeOther(request.PathBase + request.Path),
        };
    }

    private static MissionAct? Wished(string? act) =>
        Enum.TryParse<MissionAct>(act, ignoreCase: true, out var wished) ? wished : null;

    private static string AgentOf(HttpRequest request) => request.Headers.UserAgent.ToString();

    private static IResult Invalid() =>
        Pages.Message(
            StatusCodes.Status404NotFound,
            "This link is not valid",
            "Mail programs sometimes cut long links in two. Copy the whole link from the letter into the address line of your browser.",
            "If that does not help, write to the contact named in the letter.");
}
