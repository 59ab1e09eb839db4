using Distribution.Intake;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>A letter and all that would be erased with it.</summary>
/// <param name="Reaches">How far each has come, by its id.</param>
internal sealed record EraseView(
    DistributionRecord Letter,
    IReadOnlyList<DistributionRecord> Family,
    IReadOnlyDictionary<string, Reach> Reaches)
{
    public bool IsAtRest => Eraser.IsAtRest(Family);
}

/// <summary>The erasure of letters, and of the names of a mission's people.</summary>
internal static class ErasureEndpoints
{
    /// <param name="forms">The group of all forms.</param>
    /// <param name="mission">The group of the forms that are about one mission's letter.</param>
    public static void MapErasure(
        this IEndpointRouteBuilder endpoints,
        RouteGroupBuilder forms,
        RouteGroupBuilder mission)
    {
        endpoints.MapMethods("/erased", ReadMethods.Read, async (Erasures erasures, CancellationToken cancellation) =>
            Pages.Show<ErasedPage, IReadOnlyList<ErasedLetter>>(await erasures.All(cancellation)));
        endpoints.MapLetter().MapMethods("/erase", ReadMethods.Read, Ask);
        // Not in the group of a letter: who presses twice is told that it is erased already.
        forms.MapPost($"{DeskEndpoints.Distribution}/erase", Erase).Asks("Erase a letter", Roles.Send);
        mission
            .MapPost(
                "/erase-names",
                (HttpContext http, RetentionPolicy retention) =>
                    ActResult.Of(
                        retention.EraseNames(
                            http.Letter().Id,
                            http.Mission().Id,
                            SignedIn.NameOf(http.User),
                            http.RequestAborted),
                        Say($"The names of this mission's people are erased, and what they wrote."),
                        Say($"Nothing was erased: the letter itself had been erased when you pressed."),
                        Addresses.Letter(http.Letter().Id, http.Mission().Id)))
            .Asks("Erase the names of a mission's people", Roles.Send);
    }

    private static async Task<IResult> Ask(
        HttpContext http,
        DistributionRecords distributions,
        Eraser eraser,
        ReachReader reaches,
        CancellationToken cancellation)
    {
        var family = await eraser.Family(http.Letter().Id, cancellation);
        return Pages.Show<ErasePage, EraseView>(
            new(
                http.Letter(),
                family,
                await reaches.OfMany(family, await distributions.All(cancellation), _ => true, cancellation)));
    }

    private static async Task<ActResult> Erase(
        string id,
        [FromForm] string? confirmed,
        HttpContext http,
        Eraser eraser,
        Erasures erasures,
        CancellationToken cancellation)
    {
        // Also after the first press of two: the erasure keeps a line from which this is known.
        if (await http.FindLetter() is null)
            return await erasures.Find(id, cancellation) is null
                ? ActResult.NotThere()
                : ActResult.Unchanged(Say($"This letter had been erased already when you pressed."), Addresses.Erased);
        if (confirmed is not "yes")
            return ActResult.Unchanged(Say($"Nothing was erased: tick the box first."), Addresses.Erase(id));
        if (await eraser.Erase(id, SignedIn.NameOf(http.User), cancellation))
            return ActResult.Done(Say($"The letter is erased, with all that belonged to it."), Addresses.Erased);
        // Read after the press: the words go by how things are now.
        var family = await eraser.Family(id, cancellation);
        if (Eraser.IsAtRest(family) && await eraser.IsInHand(family, cancellation))
            return ActResult.Unchanged(
                Say($"Nothing was erased: some of its letters were being handed over when you pressed. Press again in some minutes."),
                Addresses.Erase(id));
        return Eraser.IsAtRest(family)
            ? ActResult.Unchanged(
                Say($"Not all of it is erased: some of it was being changed when you pressed. Press again to erase the rest."),
                Addresses.Erase(id))
            : ActResult.Unchanged(
                Say($"Nothing was erased: something of it is still to be sent, to be released, or to be reminded of. Stop that first, or wait for it."),
                Addresses.Erase(id));
    }
}
