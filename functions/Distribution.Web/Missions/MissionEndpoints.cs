using Distribution.Letters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Missions;

internal static class MissionEndpoints
{
    private const string Link = "/acknowledge/{distribution}/{mission}/{token}";

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
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.MissionForm))
            .RequireRateLimiting(RateLimits.Answers);
        missions.MapMethods(
            "/acknowledge/proof",
            ReadMethods.Read,
            () =>
                Pages.Message(
                    StatusCodes.Status200OK,
                    Say($"This is a proof"),
                    Say($"The letter you followed this link from was sent to be read before its release."),
                    Say($"In a mission's own letter, this link leads to the page on which it acknowledges receipt. Here it acknowledges nothing.")
                ));
        // Open to everyone on purpose: anyone who has a letter may ask whether it is genuine. The answer does not say
        // who received it.
        missions.MapMethods(
            "/verify",
            ReadMethods.Read,
            async (string? hash, string? reference, VerificationLookup desk, CancellationToken cancellation) =>
                Pages.Show<VerifyPage, VerifyView>(await desk.Find(hash, reference, cancellation)));
        // Mail programs cut long links, break them, and add signs to them. Where the token is whole, the link opens; a
        // cut link gets the same answer as a forged one.
        missions.Map(
            "/acknowledge/{**rest}",
            (string? rest, MissionLinks links, HttpRequest request) => Mended(rest ?? "", links, request));
    }

    private static async Task<IResult> Show(
        string distribution,
        string mission,
        string token,
        string? act,
        MissionLinkHandler desk,
        MissionLinks links,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Show(distribution, mission, token, Wished(act), AgentOf(request), cancellation) is { } view
            ? Pages.Show<AcknowledgePage, AcknowledgeView>(view)
            : Mended($"{distribution}/{mission}/{token}", links, request);

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
            null => Invalid(request),
            { View: { } view, IsTaken: var taken } => Pages.Show<AcknowledgePage, AcknowledgeView>(
                view, taken ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity),
            _ => Pages.SeeOther(request.PathBase + request.Path),
        };
    }

    private static MissionAct? Wished(string? act) =>
        Enum.TryParse<MissionAct>(act, ignoreCase: true, out var wished) ? wished : null;

    private static string AgentOf(HttpRequest request) => request.Headers.UserAgent.ToString();

    /// <summary>Leads a visitor whose mail program has changed the link to the link as it was signed.</summary>
    private static IResult Mended(string path, MissionLinks links, HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? links.Whole(path) is { } whole
                && MissionLinks.Path(whole.Distribution, whole.Mission, whole.Token) is var signed
                && signed != request.Path.ToUriComponent().TrimEnd('/')
                ? Pages.SeeOther(request.PathBase + signed)
                : Invalid(request)
            : Invalid(request);

    private static IResult Invalid(HttpRequest request) =>
        Pages.Show<SixLanguagesPage, SixLanguages>(CutLink.Here.For(request), StatusCodes.Status404NotFound);
}
