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

    private static async Task<IResult> Message(string id, Replies replies, CancellationToken cancellation) =>
        await replies.Message(id, cancellation) is { } message
            ? Results.Stream(message, "application/octet-stream", $"reply-{id}.eml")
            : Pages.NotFound();

    private static async Task<IResult> File(string id, int place, Replies replies, CancellationToken cancellation)
    {
        if (await replies.Message(id, cancellation) is not { } stored)
            return Pages.NotFound();
        using var message = await MimeMessage.LoadAsync(InboundDesk.Careful, stored, cancellation);
        return ReceivedReply.File(message, place) is var (name, content)
            ? Results.Stream(content, "application/octet-stream", name)
            : Pages.NotFound();
    }
}
