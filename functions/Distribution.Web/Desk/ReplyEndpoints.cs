using System.Security.Claims;
using Distribution.Tracking.Inbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using MimeKit;

namespace Distribution.Web.Desk;

/// <summary>
/// The replies that wait for a person, and every reply as a file. What outsiders wrote is only ever downloaded: pages
/// show it as text and as nothing else.
/// </summary>
internal static class ReplyEndpoints
{
    // An id that cannot be the key of a record matches no route.
    private const string Reply = @"/replies/{id:maxlength(200):regex(^[\w.~-]+$)}";

    private const int MostTicked = 200;

    public static void MapReplies(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(
            Addresses.Replies,
            ReadMethods.Read,
            async (string? q, string? late, RepliesReader reader, CancellationToken cancellation) =>
                Pages.Show<RepliesPage, RepliesView>(await reader.Of(q, late, cancellation)));
        endpoints.MapMethods($"{Reply}/message.eml", ReadMethods.Read, Message);
        endpoints.MapMethods($"{Reply}/files/{{place:int:min(0)}}", ReadMethods.Read, File);
        forms.MapPost($"{Reply}/match", Match).Asks("Say which letter a reply answers", Roles.Keep);
        forms
            .MapPost(
                $"{Reply}/set-aside",
                async (string id, ClaimsPrincipal user, ReplyFiling desk, CancellationToken cancellation) =>
                    Decided(await desk.SetAside(id, SignedIn.NameOf(user), cancellation)))
            .Asks("Set a reply aside", Roles.Keep);
        forms.MapPost(Addresses.ReplyPile, Pile).Asks("Decide on a pile of replies", Roles.Keep);
    }

    /// <param name="keep"><c>yes</c> to keep the reply with the mission without acknowledging anything.</param>
    private static async Task<IResult> Match(
        string id,
        [FromForm] string? distribution,
        [FromForm] string? mission,
        [FromForm] string? keep,
        ClaimsPrincipal user,
        ReplyFiling desk,
        CancellationToken cancellation) =>
        Decided(
            await desk.Match(
                id,
                distribution ?? "",
                mission ?? "",
                keep is not "yes",
                SignedIn.NameOf(user),
                cancellation));

    /// <summary>
    /// Applies one decision to every ticked message. Each message is decided by itself; where someone else has decided
    /// first, that decision stays.
    /// </summary>
    /// <param name="form">
    /// <c>reply</c> for each message: its id and, where a mission is suggested, the ids of the letter and of the
    /// mission, separated by spaces. And <c>act</c>: <c>acknowledge</c>, <c>keep</c> or <c>aside</c>.
    /// </param>
    private static async Task<IResult> Pile(
        IFormCollection form,
        ClaimsPrincipal user,
        ReplyFiling desk,
        CancellationToken cancellation)
    {
        var by = SignedIn.NameOf(user);
        var act = form["act"].ToString();
        var worst = ReplyOutcome.Done;
        foreach (var ticked in form["reply"].OfType<string>().Distinct().Take(MostTicked))
        {
            var outcome = (act, ticked.Split(' ')) switch
            {
                ("aside", [var id, ..]) => await desk.SetAside(id, by, cancellation),
                ("acknowledge" or "keep", [var id, var distribution, var mission]) => await desk.Match(
                    id,
                    distribution,
                    mission,
                    act == "acknowledge",
                    by,
                    cancellation),
                _ => ReplyOutcome.Unknown,
            };
            worst = outcome == ReplyOutcome.Done ? worst : outcome;
        }

        return Decided(worst);
    }

    private static IResult Decided(ReplyOutcome outcome) => Pages.SeeOther(outcome switch
    {
        ReplyOutcome.Done => Addresses.Replies,
        ReplyOutcome.Decided => $"{Addresses.Replies}?late=decided",
        ReplyOutcome.TooEarly => $"{Addresses.Replies}?late=early",
        _ => $"{Addresses.Replies}?late=unknown",
    });

    private static async Task<IResult> Message(
        string id,
        Replies replies,
        ReplyScan scan,
        CancellationToken cancellation) =>
        await replies.Message(id, cancellation) is { } message
            ? await HandOut($"reply-{id}.eml", message, scan, cancellation)
            : Pages.NotFound();

    private static async Task<IResult> File(
        string id,
        int place,
        Replies replies,
        ReplyScan scan,
        CancellationToken cancellation)
    {
        if (await replies.Message(id, cancellation) is not { } stored)
            return Pages.NotFound();
        using var message = await MimeMessage.LoadAsync(InboundMailHandler.Careful, stored, cancellation);
        return ReceivedReply.File(message, place) is var (name, content)
            ? await HandOut(name, content, scan, cancellation)
            : Pages.NotFound();
    }

    private static async Task<IResult> HandOut(
        string name,
        Stream content,
        ReplyScan scan,
        CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        await content.CopyToAsync(whole, cancellation);
        return await scan.Check(name, whole.GetBuffer().AsMemory(0, (int)whole.Length), cancellation) is { } withheld
            ? Pages.Message(
                withheld.Passes ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity,
                "This file is not handed out", withheld.Why)
            : Results.Bytes(whole.ToArray(), "application/octet-stream", name);
    }
}
