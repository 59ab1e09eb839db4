using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Missions;

internal static class ForwardEndpoints
{
    private const string Link = LinkVisit.Link + ForwardView.Page;

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
        LinkVisit visit,
        string? sent,
        MissionForwarding desk,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Show(visit, sent, FormStep.Of(request), cancellation) is { } view
            ? Pages.Show<ForwardPage, ForwardView>(view)
            : MissionEndpoints.Invalid(request);

    private static async Task<IResult> Ask(
        LinkVisit visit,
        [FromForm] string? name,
        [FromForm] string? address,
        [FromForm] string? seal,
        [FromForm] string? website,
        [FromForm] string? back,
        MissionForwarding desk,
        HttpRequest request,
        CancellationToken cancellation)
    {
        var post = new ForwardPost(name ?? "", address ?? "", seal ?? "", website ?? "", back is not null);
        var answer = await desk.Handle(visit, post, cancellation);
        return FormStep.Answer<ForwardPage, ForwardView>(
            answer,
            request,
            visit.Language,
            Pages.Itself(
                request,
                place: null,
                (ForwardView.Sent, answer?.Recorded),
                (PageLanguage.Parameter, visit.Language)));
    }
}
