using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The forms for what comes after a letter: holding back, reminders, sending again, addenda.</summary>
internal static class FollowUpEndpoints
{
    /// <param name="letter">The group of the forms that are about one letter.</param>
    public static void MapFollowUps(this RouteGroupBuilder letter)
    {
        letter.MapPost("/hold-back", HoldBack).Asks("Hold a letter back, or undo its release", Roles.Keep);
        letter.MapPost("/remind", Remind).Asks("Remind the silent missions", Roles.Send);
        letter
            .MapDecision(
                "/stop-reminders",
                (ReminderSender reminders) => reminders.Stop,
                Say($"Stopped: no further reminder of this letter leaves."),
                Say($"There were no reminders left to stop when you pressed."))
            .Asks("Stop reminders", Roles.Keep);
        letter.MapPost("/resend-unreached", ResendUnreached).Asks("Send again to the missions not reached", Roles.Send);
        letter
            .MapPost("/send-never-sent", SendNeverSent)
            .Asks("Send to the missions a stop left out", Roles.Send);
        letter.MapPost("/addenda", Add).Asks("Prepare an addendum", Roles.Keep);
    }

    private static async Task<ActResult> HoldBack(
        HttpContext http,
        Releases releases,
        DistributionRecords distributions,
        CancellationToken cancellation)
    {
        var letter = http.Letter();
        var page = Addresses.Distribution(letter.Id);
        return await releases.HoldBack(letter.Id, SignedIn.NameOf(http.User), cancellation)
            ? ActResult.Done(
                // As it was before the press: held back, it has no such hour any more.
                letter.LeavesAt is null
                    ? Say($"Held back: it does not leave at its hour, and waits for release again.")
                    : Say($"Undone: nothing has been sent. It waits for release again, and everyone who stands behind it must look at it anew."),
                page)
            : ActResult.Unchanged(TooLate(await distributions.Find(letter.Id, cancellation) ?? letter), page);
    }

    /// <param name="now">The letter after a press that came too late to hold it back.</param>
    private static Phrase TooLate(DistributionRecord now) => now switch
    {
        { ReleasedAt: { } at, State.IsUnderWay: true } =>
            Say($"Too late: it began to leave at {DeskText.Clock(at)}. “Stop sending” on this page keeps back what has not left; a correction puts right what has."),
        { ReleasedAt: { } at } =>
            Say($"Too late: it left at {DeskText.Clock(at)}, and cannot be called back. A correction puts right what is wrong in it."),
        { State: DistributionState.AwaitingRelease } =>
            Say($"It had been held back already when you pressed: nothing has been sent, and it waits for release."),
        _ => Say($"This letter was not waiting to leave any more when you pressed, so nothing was changed."),
    };

    /// <param name="reminders">
    /// How many reminders the letter had when the page was shown: a second press sends no second reminder.
    /// </param>
    /// <param name="again">
    /// <c>yes</c> where the person says that missions are to get a second reminder on one day.
    /// </param>
    private static async Task<ActResult> Remind(
        [FromForm] string? reminders,
        [FromForm] string? again,
        HttpContext http,
        ReminderSender sender,
        ReachReader reaches,
        CancellationToken cancellation)
    {
        var letter = http.Letter();
        var seen = int.TryParse(reminders, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : -1;
        // Without a number that can be read it is -1, which no letter has: such a form reminds nobody.
        return seen != letter.Reminders.Count
            ? ActResult.Unchanged(
                Say($"No reminder was sent by your press: the letter's reminders have changed since you opened the page. Look at them below, and press again if one more shall leave."),
                Addresses.Distribution(letter.Id))
            : again is not "yes" && await reaches.RemindedToday(letter, cancellation) is { } reminded
            ? ActResult.Unchanged(
                Say($"No reminder was sent: there is a reminder of today already, of {OfHour(reminded)} New York time. Tick first that they are to get one more."),
                Addresses.Distribution(letter.Id))
            : await ActResult.Of(
                sender.RemindNow(letter.Id, SignedIn.NameOf(http.User), seen, cancellation),
                Say($"A reminder goes to the missions that have the letter and are silent."),
                letter.StandsFirm
                    ? Say($"No reminder was sent: no mission that has the letter is silent, or a reminder was sent or stopped when you pressed.")
                    : Say($"No reminder was sent: only a letter that was released, and neither stopped nor superseded, is reminded of."),
                Addresses.Distribution(letter.Id));
    }

    private static async Task<ActResult> ResendUnreached(
        [FromForm] string? also,
        HttpContext http,
        Resends resends,
        CancellationToken cancellation)
    {
        var id = http.Letter().Id;
        var by = SignedIn.NameOf(http.User);
        return await resends.ResendToUnreached(id, by, also is "yes", cancellation) is > 0 and var count
            ? ActResult.Done(
                Say(
                    count,
                    $"The letter goes once more to {count} mission it did not reach.",
                    $"The letter goes once more to {count} missions it did not reach."),
                Addresses.Distribution(id))
            : ActResult.Unchanged(
                Say($"Nothing was sent again: there is no mission the letter did not reach, it is on its way to them already, or its distribution was stopped or superseded."),
                Addresses.Distribution(id));
    }

    private static async Task<ActResult> SendNeverSent(
        [FromForm] string? confirmed,
        [FromForm] string? also,
        HttpContext http,
        Resends resends,
        CancellationToken cancellation)
    {
        var letter = http.Letter();
        if (confirmed is not "yes")
            return ActResult.Unchanged(
                Say($"Nothing was sent: tick first that it is right that they get it after all."),
                Addresses.Distribution(letter.Id));
        var by = SignedIn.NameOf(http.User);
        return await resends.SendToNeverSent(letter.Id, by, cancellation, also is "yes") is > 0 and var count
            ? ActResult.Done(
                Say(
                    count,
                    $"The letter goes to {count} mission it was not sent to.",
                    $"The letter goes to {count} missions it was not sent to."),
                Addresses.Distribution(letter.Id))
            : ActResult.Unchanged(
                Resends.AgainstNeverSent(letter) is { } objection
                    ? Say($"Nothing was sent. {objection}")
                    : Say($"Nothing was sent: there is no mission left that was never sent to, or it is on its way to them already."),
                Addresses.Distribution(letter.Id));
    }

    private static async Task<ActResult> Add(
        [FromForm] string? mission,
        [FromForm] string? language,
        HttpContext http,
        Addenda addenda,
        CancellationToken cancellation)
    {
        var id = http.Letter().Id;
        return await addenda.Prepare(
            id,
            mission ?? "",
            string.IsNullOrEmpty(language) ? null : language,
            SignedIn.PersonOf(http.User),
            cancellation) switch
        {
            AddendumResult.Prepared prepared => ActResult.Done(
                Say($"The addendum is prepared. Look at it here: nothing of it is sent before it is released."),
                Addresses.Distribution(prepared.DistributionId)),
            AddendumResult.Refused refused => ActResult.Unchanged(
                Say($"Nothing was prepared. {refused.Words}"),
                Addresses.Distribution(id)),
            _ => throw new InvalidOperationException("An addendum is prepared or refused."),
        };
    }
}
