using System.Security.Claims;
using Distribution.Intake;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Desk;

/// <summary>A letter and all that would be erased with it.</summary>
/// <param name="Reaches">How far each has come, by its id.</param>
internal sealed record EraseView(
    DistributionRecord Letter,
    IReadOnlyList<DistributionRecord> Family,
    IReadOnlyDictionary<string, Reach> Reaches,
    bool Unconfirmed)
{
    public bool IsAtRest => Eraser.IsAtRest(Family);
}

/// <summary>The erasure of letters, and of the names of a mission's people.</summary>
internal static class ErasureEndpoints
{
    public static void MapErasure(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        const string Distribution = DeskEndpoints.Distribution;
        endpoints.MapMethods("/erased", ReadMethods.Read, async (Erasures erasures, CancellationToken cancellation) =>
            Pages.Show<ErasedPage, IReadOnlyList<ErasedLetter>>(await erasures.All(cancellation)));
        endpoints.MapMethods(
            $"{Distribution}/erase",
            ReadMethods.Read,
            (
                string id,
                DistributionRecords distributions,
                Eraser eraser,
                DeskReader desk,
                CancellationToken cancellation) =>
                Ask(id, unconfirmed: false, distributions, eraser, desk, cancellation));
        forms.MapPost($"{Distribution}/erase", Erase).Asks("Erase a letter", Roles.Send);
        forms
            .MapPost($"{Distribution}/letters/{{mission}}/erase-names", EraseNames)
            .Asks("Erase the names of a mission's people", Roles.Send);
    }

    private static async Task<IResult> Ask(
        string id,
        bool unconfirmed,
        DistributionRecords distributions,
        Eraser eraser,
        DeskReader desk,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is not { } letter)
            return Pages.NotFound();
        var family = await eraser.Family(id, cancellation);
        return Pages.Show<ErasePage, EraseView>(
            new(
                letter,
                family,
                await desk.Reaches(family, await distributions.All(cancellation), cancellation),
                unconfirmed),
            unconfirmed ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private static async Task<IResult> Erase(
        string id,
        [FromForm] string? confirmed,
        ClaimsPrincipal user,
        DistributionRecords distributions,
        Eraser eraser,
        DeskReader desk,
        CancellationToken cancellation)
    {
        if (confirmed is not "yes" || !await eraser.Erase(id, SignedIn.NameOf(user), cancellation))
            return await Ask(id, confirmed is not "yes", distributions, eraser, desk, cancellation);
        return Pages.SeeOther(Addresses.Erased);
    }

    private static async Task<IResult> EraseNames(
        string id,
        string mission,
        ClaimsPrincipal user,
        RetentionPolicy desk,
        CancellationToken cancellation) =>
        await desk.EraseNames(id, mission, SignedIn.NameOf(user), cancellation)
            ? Pages.SeeOther($"{Addresses.Letter(id, mission)}#acknowledgement")
            : Pages.NotFound();
}
