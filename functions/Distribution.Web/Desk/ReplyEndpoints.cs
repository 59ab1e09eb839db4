using System.Security.Claims;
using Distribution.Common;
using Distribution.Tracking.Inbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

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
            async (string? q, string? after, RepliesReader reader, CancellationToken cancellation) =>
                Pages.Show<RepliesPage, RepliesView>(await reader.Of(q, after, cancellation)));
        endpoints.MapMethods(Reply, ReadMethods.Read, One);
        // What a mission sends back may quote its link, with which whoever has it acknowledges.
        endpoints.MapMethods($"{Reply}/message.eml", ReadMethods.Read, Message).RequireAuthorization(Roles.Keep);
        endpoints
            .MapMethods($"{Reply}/files/{{place:int:min(0)}}", ReadMethods.Read, File)
            .RequireAuthorization(Roles.Keep);
        forms.MapPost($"{Reply}/match", Match).Asks("Say which letter a reply answers", Roles.Keep);
        forms
            .MapPost(
                $"{Reply}/set-aside",
                async (string id, HttpContext http, ReplyFiling filing) =>
                    Came(
                        await filing.SetAside(id, SignedIn.NameOf(http.User), http.RequestAborted),
                        Say($"The message is set aside: it is about no letter of ours.")))
            .Asks("Set a reply aside", Roles.Keep);
        forms
            .MapPost(
                $"{Reply}/take-back",
                async (string id, HttpContext http, ReplyFiling filing) =>
                    await filing.TakeBack(id, SignedIn.NameOf(http.User), http.RequestAborted) switch
                    {
                        ReplyOutcome.Done => ActResult.Done(
                            Say($"The message is back among those to be read, and acknowledges nothing."),
                            Addresses.Replies),
                        ReplyOutcome.Overtaken => ActResult.Done(
                            Say($"The message is back among those to be read. The acknowledgement stays as it is: a person has corrected it since."),
                            Addresses.Replies),
                        _ => ActResult.Unchanged(
                            Say($"Nothing was changed: this message waited already when you pressed."),
                            Addresses.Replies),
                    })
            .Asks("Put a reply back to be read", Roles.Keep);
        forms.MapPost(Addresses.ReplyPile, Pile).Asks("Decide on a pile of replies", Roles.Keep);
    }

    /// <summary>All there is of a message that waits, with the choice of any letter.</summary>
    private static async Task<IResult> One(string id, RepliesReader reader, CancellationToken cancellation) =>
        await reader.One(id, cancellation) is { } view
            ? Pages.Show<ReplyPage, ReplyView>(view)
            : Pages.Message(
                StatusCodes.Status404NotFound,
                new Message(
                    Say($"This message does not wait any more"),
                    [
                        Say($"Somebody has decided on it, or there is none at this address."),
                        Say($"Look for it among the messages that came."),
                    ])
                {
                    LeadsToFront = true,
                });

    /// <param name="distribution">The letter that is chosen.</param>
    /// <param name="mission">The mission's name or id as it is typed.</param>
    /// <param name="to">
    /// Instead of both, as a button has it: the ids of letter and mission, separated by a space.
    /// </param>
    /// <param name="keep">Likewise, to keep the reply with the mission without acknowledging anything.</param>
    private static async Task<ActResult> Match(
        string id,
        [FromForm] string? distribution,
        [FromForm] string? mission,
        [FromForm] string? to,
        [FromForm] string? keep,
        ClaimsPrincipal user,
        ReplyFiling filing,
        CancellationToken cancellation)
    {
        // Neither id can have a space in it, so that one value of a button holds both.
        if ((keep ?? to)?.Split(' ') is [var letter, var offered])
            (distribution, mission) = (letter, offered);
        return Came(
            await filing.Match(
                id,
                distribution ?? "",
                mission ?? "",
                keep is null,
                SignedIn.NameOf(user),
                cancellation),
            keep is null
                ? Say($"The message is recorded as the mission's acknowledgement.")
                : Say($"The message is kept with its mission, and acknowledges nothing."));
    }

    /// <summary>
    /// Applies one decision to every ticked message. Each message is decided by itself; where someone else has decided
    /// first, that decision stays.
    /// </summary>
    /// <param name="form">
    /// <c>reply</c> for each message: its id and, where a mission is suggested, the ids of the letter and of the
    /// mission, separated by spaces. And <c>act</c>: <c>acknowledge</c>, <c>keep</c> or <c>aside</c>.
    /// </param>
    private static async Task<ActResult> Pile(
        IFormCollection form,
        ClaimsPrincipal user,
        ReplyFiling filing,
        CancellationToken cancellation)
    {
        var by = SignedIn.NameOf(user);
        var act = form["act"].ToString();
        var ticked = form["reply"].OfType<string>().Distinct().ToList();
        List<ReplyOutcome> outcomes = [];
        // One after the other: two messages of one mission change the same record of its acknowledgement.
        foreach (var reply in ticked.Take(MostTicked))
            outcomes.Add((act, reply.Split(' ')) switch
            {
                ("aside", [var id, ..]) => await filing.SetAside(id, by, cancellation),
                ("acknowledge" or "keep", [var id, var distribution, var mission]) => await filing.Match(
                    id,
                    distribution,
                    mission,
                    act == "acknowledge",
                    by,
                    cancellation),
                _ => ReplyOutcome.Unknown,
            });
        if (outcomes is [])
            return ActResult.Unchanged(
                Say($"Nothing was changed: tick the messages first that you decide on."),
                Addresses.Replies);
        List<Phrase> words =
        [
            .. outcomes.Where(outcome => outcome != ReplyOutcome.Done)
                .CountBy(outcome => outcome)
                .Select(left => outcomes.Count == 1
                    ? Against(left.Key)
                    : Say(
                        left.Value,
                        $"{left.Value} message left as it was. {Against(left.Key)}",
                        $"{left.Value} messages left as they were. {Against(left.Key)}")),
            .. ticked.Count - MostTicked is > 0 and var more
                ?
                [
                    Say(
                        more,
                        $"{more} more was left: one press decides on {MostTicked} at the most.",
                        $"{more} more were left: one press decides on {MostTicked} at the most."),
                ]
                : (Phrase[])[],
        ];
        var done = outcomes.Count(outcome => outcome == ReplyOutcome.Done);
        return done == 0
            ? ActResult.Unchanged(Phrase.Sentences(words), Addresses.Replies)
            : ActResult.Done(
                Phrase.Sentences(
                    words.Prepend(
                        act switch
                        {
                            "acknowledge" =>
                                Say(
                                    done,
                                    $"{done} message is recorded as its mission's acknowledgement.",
                                    $"{done} messages are recorded as their missions' acknowledgements."),
                            "keep" =>
                                Say(
                                    done,
                                    $"{done} message is kept with its mission, and acknowledges nothing.",
                                    $"{done} messages are kept with their missions, and acknowledge nothing."),
                            _ => Say(done, $"{done} message is set aside.", $"{done} messages are set aside."),
                        })),
                Addresses.Replies);
    }

    private static ActResult Came(ReplyOutcome outcome, Phrase done) =>
        outcome == ReplyOutcome.Done
            ? ActResult.Done(done, Addresses.Replies)
            : ActResult.Unchanged(Against(outcome), Addresses.Replies);

    /// <summary>Why a message was left as it was.</summary>
    private static Phrase Against(ReplyOutcome outcome) => outcome switch
    {
        ReplyOutcome.Decided => Say($"Nothing was changed: someone had decided on this message already."),
        ReplyOutcome.TooEarly =>
            Say($"Nothing was recorded: this message came before that letter left, so it cannot acknowledge it. Keep it with the mission, or choose the letter it is about."),
        _ =>
            Say($"Nothing was changed: there is no mission of that name on the letter's roster, or the message waits no more. Choose the mission's name from the list."),
    };

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
        using var message = await ReadableMessage.Load(stored, cancellation);
        // Files within what Outlook or S/MIME wrapped are counted like the others, as the page does.
        ReadableMessage.Open(message);
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
                Say($"This file is not handed out"), (IReadOnlyList<string>)[withheld.Why])
            // Whatever it says it is: a browser saves this type and shows none of it.
            : Results.Bytes(whole.ToArray(), "application/octet-stream", name);
    }
}
