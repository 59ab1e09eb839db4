using Distribution.Intake;
using Distribution.Letters;
using Distribution.Web.Desk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Missions;

internal static class DocumentEndpoints
{
    private const string Link = LinkVisit.Link + MissionDocuments.Page;

    public static void MapMissionDocuments(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: missions have no accounts, and the signed token in the address lets them in.
        var documents = endpoints.MapGroup("").AllowAnonymous().WithMetadata(new OpenToMissions());
        documents.MapMethods(Link, ReadMethods.Read, Show).WithRequestTimeout(RateLimits.Time);
        documents.MapPost(Link, Take)
            // No antiforgery token on purpose: no cookie gives access here, so another site cannot misuse one (CSRF).
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.MissionForm))
            // A large file takes its time on a slow line; the server ends a connection that takes nothing.
            .RequireRateLimiting(RateLimits.Answers);
    }

    private static async Task<IResult> Show(
        LinkVisit visit,
        MissionDocuments desk,
        MissionLinks links,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Show(visit, cancellation) is { } view
            ? Pages.Show<DocumentsPage, DocumentsView>(view)
            : MissionEndpoints.Mended(visit.Path + MissionDocuments.Page, links, request);

    private static async Task<IResult> Take(
        LinkVisit visit,
        [FromForm] string? document,
        [FromForm] string? seal,
        MissionDocuments desk,
        FrozenContents contents,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Take(visit, document ?? "", seal ?? "", cancellation) switch
        {
            null => MissionEndpoints.Invalid(request),
            { Document: { } taken } => await Downloads.ByWayOfFile(
                async target =>
                {
                    await taken.Write(contents, target, cancellation);
                    return true;
                },
                taken.ContentType,
                taken.File),
            { View: var view } => Pages.Show<DocumentsPage, DocumentsView>(view, StatusCodes.Status422UnprocessableEntity),
        };
}
