using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Missions;

internal static class ForwardEndpoints
{
    private const string Link = "/acknowledge/{distribution}/{mission}/{token}" + ForwardView.Page;

    public static void MapMissionForwarding(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: missions have no accounts, and the signed token in the address lets them in.
        var forwarding = endpoints.MapGroup("").AllowAnonymous().WithMetadata(new OpenToMissions());
        forwarding.WithRequestTimeout(RateLimits.Time);
        forwarding.MapMethods(Link, ReadMethods.Read, Show);
        forwarding.MapPost(Link, Ask)
            // No antiforgery token on purpose: no cookie gives access here, so another site cannot misuse one (CSRF).
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.MissionForm))
            .RequireRateLimiting(RateLimits.Answers);
    }

    private static async Task<IResult> Show(
        string distribution,
        string mission,
        string token,
        string? sent,
        string? lang,
        MissionForwarding desk,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Show(distribution, mission, token, sent, FormStep.Of(request), lang, AgentOf(request), cancellation) is { } view
            ? Pages.Show<ForwardPage, ForwardView>(view)
            : MissionEndpoints.Invalid(request);

    private static async Task<IResult> Ask(
        string distribution,
        string mission,
        string token,
        [FromForm] string? name,
        [FromForm] string? address,
        [FromForm] string? seal,
        [FromForm] string? website,
        [FromForm] string? back,
        string? lang,
        MissionForwarding desk,
        HttpRequest request,
        CancellationToken cancellation)
    {
        var post = new ForwardPost(name ?? "", address ?? "", seal ?? "", website ?? "", back is not null);
        return await desk.Handle(distribution, mission, token, post, lang, AgentOf(request), cancellation) switch
        {
            null => MissionEndpoints.Invalid(request),
            { View: { } step, IsTaken: true }
                when (step.Stage == ForwardStage.Confirm ? new FormStep(step.Seal, IsBack: false) : new(post.Seal, IsBack: true))
                    .Redirect(request, lang) is { } shown => shown,
            { View: { } view, IsTaken: var taken } => FormStep.Answer<ForwardPage, ForwardView>(view with { IsAnswer = true }, taken, request.HttpContext.Response),
            { Recorded: var id } => Pages.SeeOther(
                request.PathBase
                + request.Path
                + PageLanguage.Query((ForwardView.Sent, id), (PageLanguage.Parameter, PageLanguage.Chosen(lang)))),
        };
    }

    private static string AgentOf(HttpRequest request) => request.Headers.UserAgent.ToString();
}
