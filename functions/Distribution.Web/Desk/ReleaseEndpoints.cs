using System.Security.Claims;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Desk;

/// <summary>The forms for a letter that waits for its release.</summary>
internal static class ReleaseEndpoints
{
    /// <summary>The prefix of the name of a field for a reason; the key of the finding it is about follows.</summary>
    public const string Reason = "reason-";

    /// <param name="forms">The group whose forms require our antiforgery token.</param>
    /// <param name="distribution">The route pattern of a distribution's page.</param>
    public static void MapRelease(this IEndpointRouteBuilder forms, string distribution)
    {
        forms.MapPost($"{distribution}/release", Release).Asks("Release or approve a letter", Roles.Send);
        forms.MapPost($"{distribution}/take-approval-back", WithdrawApproval).Asks("Take an approval back", Roles.Send);
        forms.MapPost($"{distribution}/renew", Renew).Asks("Check a letter again with today's register", Roles.Keep);
        forms.MapPost($"{distribution}/discard", Discard).Asks("Discard a letter", Roles.Keep);
    }

    private static async Task<IResult> Release(
        string id,
        [FromForm] string? content,
        [FromForm] string? step,
        [FromForm] string? register,
        HttpRequest request,
        ClaimsPrincipal user,
        DistributionRecords distributions,
        Releases releases,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return Pages.NotFound();
        var form = await request.ReadFormAsync(cancellation);
        var word = new ReleaseRequest(
            content ?? "",
            [.. form["tick"].OfType<string>()],
            form.Where(field => field.Key.StartsWith(Reason, StringComparison.Ordinal))
                .ToDictionary(field => field.Key[Reason.Length..], field => field.Value.ToString()),
            register,
            Enum.TryParse(step, out ReleaseStep shown) ? shown : null);
        // A form that does not say what its button said releases nothing: its meaning is not guessed.
        var outcome = word.Step is null
            ? ReleaseOutcome.OtherStep
            : await releases.Release(id, SignedIn.PersonOf(user), word, cancellation);
        request.HttpContext.Detail(Words(outcome));
        return Pages.SeeOther(Addresses.Distribution(id) + outcome switch
        {
            ReleaseOutcome.Released => "",
            ReleaseOutcome.Approved => "#release",
            ReleaseOutcome.IsAuthor => "?late=author#release",
            ReleaseOutcome.HasApproved => "?late=approved#release",
            ReleaseOutcome.OtherStep => "?late=step#release",
            ReleaseOutcome.Unconfirmed or ReleaseOutcome.TooMuchToConfirm => "?late=confirm#release",
            ReleaseOutcome.OtherContent => "?late=content",
            ReleaseOutcome.BeingExamined => "?late=examined",
            ReleaseOutcome.Overtaken => "?late=overtaken",
            ReleaseOutcome.RegisterChanged => "?late=register#release",
            _ => "?late=release",
        });
    }

    /// <summary>For the record of acts.</summary>
    private static string Words(ReleaseOutcome outcome) => outcome switch
    {
        ReleaseOutcome.Released => "released",
        ReleaseOutcome.Approved => "approved",
        ReleaseOutcome.IsAuthor => "not released: its author asked",
        ReleaseOutcome.HasApproved => "not released: approved by the same person before",
        ReleaseOutcome.OtherStep => "not released: the press would have done something else than the button said",
        ReleaseOutcome.Unconfirmed => "not released: something was not confirmed",
        ReleaseOutcome.TooMuchToConfirm => "not released: too much to confirm",
        ReleaseOutcome.OtherContent => "not released: other content was looked at",
        ReleaseOutcome.BeingExamined => "not released: its folder was being checked again",
        ReleaseOutcome.Overtaken => "not released: the folder had become something else",
        ReleaseOutcome.RegisterChanged => "not released: the register had changed",
        ReleaseOutcome.TooLate => "not released: it did not wait any more",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static async Task<IResult> WithdrawApproval(
        string id,
        ClaimsPrincipal user,
        DistributionRecords distributions,
        Releases releases,
        CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is null
            ? Pages.NotFound()
            : Pages.SeeOther(
                await releases.WithdrawApproval(id, SignedIn.PersonOf(user), cancellation)
                    ? $"{Addresses.Distribution(id)}#release"
                    : $"{Addresses.Distribution(id)}?late=take-back");

    private static async Task<IResult> Renew(
        string id,
        DistributionRecords distributions,
        Uploads uploads,
        DraftUploads examined,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is not { } distribution)
            return Pages.NotFound();
        if (distribution is not { State: DistributionState.AwaitingRelease, IsLetter: true })
            return Pages.SeeOther($"{Addresses.Distribution(id)}?late=renew");
        await examined.Renew(distribution.Folder, cancellation);
        return Pages.SeeOther(
            (await uploads.Find(distribution.Folder, cancellation))?.Value
                is { State: UploadState.Accepted, DistributionId: { } renewed, Files.Length: > 0 }
                ? Addresses.Distribution(renewed)
                : Addresses.Upload(distribution.Folder));
    }

    private static async Task<IResult> Discard(
        string id,
        ClaimsPrincipal user,
        DistributionRecords distributions,
        Discards discards,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return Pages.NotFound();
        return Pages.SeeOther(
            await discards.DiscardLetter(id, SignedIn.NameOf(user), cancellation)
                ? Addresses.Distribution(id)
                : $"{Addresses.Distribution(id)}?late=discard");
    }
}
