using System.Globalization;
using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The forms for a letter on its way: going on, stopping, and once more to a mission.</summary>
internal static class SendingEndpoints
{
    /// <param name="letter">The group of the forms that are about one letter.</param>
    public static void MapSending(this RouteGroupBuilder letter)
    {
        letter
            .MapDecision(
                "/resume",
                (Releases releases) => releases.Resume,
                Say($"Sending goes on."),
                Say($"This letter was not on hold when you pressed, so nothing was changed."))
            .Asks("Go on with a letter on hold", Roles.Send);
        letter
            .MapDecision(
                "/withdraw",
                (Stops stops) => stops.Withdraw,
                Say($"Stopped. What had left cannot be called back; nothing more is sent."),
                Say($"There was nothing left to stop when you pressed: every letter had left, or sending had been stopped before."))
            .Asks("Stop a letter", Roles.Keep);
    }

    /// <param name="mission">The group of the forms that are about one mission's letter.</param>
    public static void MapResends(this RouteGroupBuilder mission)
    {
        mission.MapPost("/resend", Resend).Asks("Send a letter again to a mission", Roles.Send);
        mission
            .MapPost(
                "/send-again",
                (HttpContext http, Resends resends) =>
                    Settle(
                        http,
                        resends.SendAgain,
                        Say($"The same message is offered to its mail server once more."),
                        Say($"Nothing was sent by your press: it has been decided or become known meanwhile what becomes of this letter, or its distribution was stopped or superseded.")))
            .Asks("Send again what may not have been sent", Roles.Send);
        mission
            .MapPost(
                "/vouch",
                (HttpContext http, Resends resends) =>
                    Settle(
                        http,
                        resends.Vouch,
                        Say($"It is recorded in your name that the mission has the letter."),
                        Say($"Nothing was changed: it has become known meanwhile what became of this letter.")))
            .Asks("Say that a mission has a letter", Roles.Send);
    }

    /// <param name="also">Whether the mission gets it although it has acknowledged: <c>yes</c>.</param>
    /// <param name="attempts">
    /// How many messages the mission had been sent when the page was shown: a second press sends no third message.
    /// </param>
    private static async Task<ActResult> Resend(
        [FromForm] string? also,
        [FromForm] string? attempts,
        HttpContext http,
        Resends resends,
        Acknowledgements acknowledgements,
        CancellationToken cancellation)
    {
        var (letter, mission) = (http.Letter(), http.Mission());
        var seen = int.TryParse(attempts, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        if (await resends.Resend(
                letter.Id,
                mission.Id,
                SignedIn.NameOf(http.User),
                also is "yes",
                seen,
                cancellation))
            return ActResult.Done(
                Say($"The letter goes to {mission.Said} once more."),
                Addresses.Letter(letter.Id, mission.Id));
        return ActResult.Unchanged(
            also is not "yes"
            && await acknowledgements.Find(letter.AcknowledgedUnder, mission.Id, cancellation) is { Stands: not null }
                ? Say($"Nothing was sent: the mission has acknowledged the letter. Tick that it shall get it once more all the same.")
                : Say($"Nothing was sent: the letter is on its way or was sent once more already, or its distribution was stopped or superseded."),
            Addresses.Letter(letter.Id, mission.Id));
    }

    private static Task<ActResult> Settle(
        HttpContext http,
        Func<string, string, string, CancellationToken, Task<bool>> settle,
        Phrase done,
        Phrase unchanged)
    {
        var (letter, mission) = (http.Letter().Id, http.Mission().Id);
        return ActResult.Of(
            settle(letter, mission, SignedIn.NameOf(http.User), http.RequestAborted),
            done,
            unchanged,
            Addresses.Letter(letter, mission));
    }
}
