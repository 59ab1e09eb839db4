using System.Security.Claims;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Desk;

/// <summary>The forms for what comes after a letter: holding back, reminders, sending again, addenda.</summary>
internal static class FollowUpEndpoints
{
    /// <param name="forms">The group whose forms require our antiforgery token.</param>
    /// <param name="distribution">The route pattern of a distribution's page.</param>
    public static void MapFollowUps(this IEndpointRouteBuilder forms, string distribution)
    {
        forms
            .MapPost(
                $"{distribution}/hold-back",
                (
                    string id,
                    ClaimsPrincipal user,
                    DistributionRecords distributions,
                    Releases releases,
                    CancellationToken cancellation) =>
                    Decide(id, "hold-back", distributions, releases.HoldBack, user, cancellation))
            .Asks("Hold a letter back", Roles.Keep);
        forms
            .MapPost(
                $"{distribution}/remind",
                (
                    string id,
                    ClaimsPrincipal user,
                    DistributionRecords distributions,
                    ReminderSender reminders,
                    CancellationToken cancellation) =>
                    Decide(id, "remind", distributions, reminders.RemindNow, user, cancellation))
            .Asks("Remind the silent missions", Roles.Send);
        forms
            .MapPost(
                $"{distribution}/stop-reminders",
                (
                    string id,
                    ClaimsPrincipal user,
                    DistributionRecords distributions,
                    ReminderSender reminders,
                    CancellationToken cancellation) =>
                    Decide(id, "stop-reminders", distributions, reminders.Stop, user, cancellation))
            .Asks("Stop reminders", Roles.Keep);
        forms
            .MapPost(
                $"{distribution}/resend-unreached",
                (
                    string id,
                    [FromForm] string? also,
                    ClaimsPrincipal user,
                    DistributionRecords distributions,
                    Resends resends,
                    CancellationToken cancellation) =>
                    Decide(
                        id,
                        "resend-unreached",
                        distributions,
                        async (letter, by, stop) =>
                            await resends.ResendToUnreached(letter, by, stop, also is "yes") > 0,
                        user,
                        cancellation,
                        "#missions"))
            .Asks("Send again to the missions not reached", Roles.Send);
        forms
            .MapPost(
                $"{distribution}/send-never-sent",
                (
                    string id,
                    [FromForm] string? confirmed,
                    [FromForm] string? also,
                    ClaimsPrincipal user,
                    DistributionRecords distributions,
                    Resends resends,
                    CancellationToken cancellation) =>
                    Decide(
                        id,
                        confirmed is "yes" ? "send-never-sent" : "confirm-never-sent",
                        distributions,
                        async (letter, by, stop) =>
                            confirmed is "yes" && await resends.SendToNeverSent(letter, by, stop, also is "yes") > 0,
                        user,
                        cancellation,
                        "#missions"))
            .Asks("Send to the missions a stop left out", Roles.Send);
        forms.MapPost($"{distribution}/addenda", Add).Asks("Prepare an addendum", Roles.Keep);
    }

    private static async Task<IResult> Decide(
        string id,
        string late,
        DistributionRecords distributions,
        Func<string, string, CancellationToken, Task<bool>> decide,
        ClaimsPrincipal user,
        CancellationToken cancellation,
        string then = "#after") =>
        await distributions.Find(id, cancellation) is null
            ? Pages.NotFound()
            : Pages.SeeOther(
                await decide(id, SignedIn.NameOf(user), cancellation)
                    ? Addresses.Distribution(id) + then
                    : $"{Addresses.Distribution(id)}?late={late}");

    private static async Task<IResult> Add(
        string id,
        [FromForm] string? mission,
        [FromForm] string? language,
        ClaimsPrincipal user,
        DistributionRecords distributions,
        Addenda addenda,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return Pages.NotFound();
        return await addenda.Prepare(
            id,
            mission ?? "",
            string.IsNullOrEmpty(language) ? null : language,
            SignedIn.PersonOf(user),
            cancellation) switch
        {
            AddendumResult.Prepared prepared => Pages.SeeOther(Addresses.Distribution(prepared.DistributionId)),
            AddendumResult.Refused refused => Pages.Message(
                StatusCodes.Status409Conflict,
                "Nothing was prepared",
                refused.Words),
            _ => throw new InvalidOperationException("An addendum is prepared or refused."),
        };
    }
}
