using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web;

internal static class MissionEndpoints
{
    private const string Link = "/acknowledge/{distribution}/{mission}/{token}";

    private const long MostBytes = 16 * 1024;

    public static void MapMissions(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: missions have no accounts, and the signed token in the address is what lets them in.
        var missions = endpoints.MapGroup("").AllowAnonymous();
        missions.MapMethods(Link, Methods.Read, Show);
        missions.MapPost(Link, Acknowledge)
            // No antiforgery token on purpose: no cookie lets anyone in here, so another site has nothing to borrow.
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        missions.MapMethods("/acknowledge/proof", Methods.Read, () => Pages.Message(
            StatusCodes.Status200OK,
            "This is a proof",
            "The letter you followed this link from was sent to be read before its release.",
            "In a mission's own letter, this link leads to the page on which it acknowledges receipt. Here it acknowledges nothing."));
        // Open to everyone on purpose: whoever holds a letter may ask whether it is genuine, and learns nothing of who received it.
        missions.MapMethods("/verify", Methods.Read, async (string? hash, string? reference, VerifyDesk desk, CancellationToken cancellation) =>
            Pages.Show<VerifyPage, VerifyView>(await desk.Look(hash, reference, cancellation)));
        // Mail programs cut long links: what is left of one gets the same words as a forged one.
        missions.Map("/acknowledge/{**rest}", Invalid);
    }

    private static async Task<IResult> Show(
        string distribution, string mission, string token, AcknowledgeDesk desk, CancellationToken cancellation) =>
        await desk.Open(distribution, mission, token, cancellation) is { } view
            ? Pages.Show<AcknowledgePage, AcknowledgeView>(view)
            : Invalid();

    private static async Task<IResult> Acknowledge(
        string distribution, string mission, string token, [FromForm] string? name, [FromForm] string? function,
        AcknowledgeDesk desk, HttpRequest request, CancellationToken cancellation)
    {
        if (await desk.Open(distribution, mission, token, cancellation) is not { } view)
            return Invalid();
        if (view.Acknowledged is null)
        {
            var form = AcknowledgeDesk.Check(name, function, view.Words);
            if (!form.IsSound)
                return Pages.Show<AcknowledgePage, AcknowledgeView>(view with { Form = form }, StatusCodes.Status422UnprocessableEntity);
            await desk.Record(distribution, mission, form, cancellation);
        }

        return Pages.SeeOther(request.PathBase + request.Path);
    }

    private static IResult Invalid() => Pages.Message(
        StatusCodes.Status404NotFound,
        "This link is not valid",
        "Mail programs sometimes cut long links in two. Copy the whole link from the letter into the address line of your browser.",
        "If that does not help, write to the contact named in the letter.");
}
