using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using MimeKit;

namespace Distribution.Web;

/// <summary>
/// The replies that wait for a person, and every reply as a file. What strangers wrote is only ever saved: nothing of it is shown as anything but text.
/// </summary>
internal static class ReplyEndpoints
{
    // What no record's key can be is no page.
    private const string Reply = @"/replies/{id:maxlength(200):regex(^[\w.~-]+$)}";

    public static void MapReplies(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods("/replies", Methods.Read, async (string? late, RepliesReader reader, CancellationToken cancellation) =>
            Pages.Show<RepliesPage, RepliesView>(await reader.Waiting(late, cancellation)));
        endpoints.MapMethods($"{Reply}/message.eml", Methods.Read, Message);
        endpoints.MapMethods($"{Reply}/files/{{place:int:min(0)}}", Methods.Read, File);
        forms.MapPost($"{Reply}/match", Match).Asks("Say which letter a reply answers", Roles.Keep);
        forms.MapPost($"{Reply}/set-aside", async (string id, ClaimsPrincipal user, ReplyDesk desk, CancellationToken cancellation) =>
            Decided(await desk.SetAside(id, SignedIn.NameOf(user), cancellation), SignedIn.NameOf(user), null)).Asks("Set a reply aside", Roles.Keep);
    }

    private static async Task<IResult> Match(
        string id, [FromForm] string? distribution, [FromForm] string? mission, ClaimsPrincipal user, ReplyDesk desk, CancellationToken cancellation) =>
        Decided(await desk.Match(id, distribution ?? "", mission ?? "", SignedIn.NameOf(user), cancellation), SignedIn.NameOf(user), distribution);

    private static IResult Decided(ReplyDecision? decision, string by, string? distribution) => Pages.SeeOther(
        decision is null ? $"{Addresses.Replies}?late=unknown"
        : decision.Recorder != by || (distribution is not null && decision.DistributionId != distribution) ? $"{Addresses.Replies}?late=decided"
        : Addresses.Replies);

    private static async Task<IResult> Message(string id, Replies replies, ReplyScan scan, CancellationToken cancellation) =>
        await replies.Message(id, cancellation) is { } message
            ? await HandOut($"reply-{id}.eml", message, scan, cancellation)
            : Pages.NotFound();

    private static async Task<IResult> File(string id, int place, Replies replies, ReplyScan scan, CancellationToken cancellation)
    {
        if (await replies.Message(id, cancellation) is not { } stored)
            return Pages.NotFound();
        using var message = await MimeMessage.LoadAsync(InboundDesk.Careful, stored, cancellation);
        return ReceivedReply.File(message, place) is var (name, content)
            ? await HandOut(name, content, scan, cancellation)
            : Pages.NotFound();
    }

    private static async Task<IResult> HandOut(string name, Stream content, ReplyScan scan, CancellationToken cancellation)
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
