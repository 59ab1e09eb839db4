using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The forms for a letter that waits for its release.</summary>
internal static class ReleaseEndpoints
{
    /// <summary>The prefix of the name of a field for a reason; the key of the finding it is about follows.</summary>
    public const string Reason = "reason-";

    /// <param name="letter">The group of the forms that are about one letter.</param>
    public static void MapRelease(this RouteGroupBuilder letter)
    {
        letter.MapPost("/release", Release).Asks("Release or approve a letter", Roles.Send);
        letter
            .MapPost(
                "/take-approval-back",
                (HttpContext http, Releases releases) =>
                    ActResult.Of(
                        releases.WithdrawApproval(
                            http.Letter().Id,
                            SignedIn.PersonOf(http.User),
                            http.RequestAborted),
                        Say($"Your approval is taken back."),
                        Say($"There was no approval of yours to take back when you pressed."),
                        Addresses.Distribution(http.Letter().Id)))
            .Asks("Take an approval back", Roles.Send);
        letter.MapPost("/renew", Renew).Asks("Check a letter again with today's register", Roles.Keep);
        letter
            .MapDecision(
                "/discard",
                (Discards discards) => discards.DiscardLetter,
                Say($"This letter is discarded, and will not be sent."),
                Say($"Nothing was discarded: this letter did not wait for release any more when you pressed."))
            .Asks("Discard a letter", Roles.Keep);
    }

    private static async Task<ActResult> Release(
        [FromForm] string? content,
        [FromForm] string? step,
        [FromForm] string? register,
        HttpContext http,
        DistributionRecords distributions,
        Releases releases,
        StatusReader reader,
        IOptions<ReleaseSettings> settings,
        CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var word = new ReleaseRequest(
            content ?? "",
            [.. form["tick"].OfType<string>()],
            form.Where(field => field.Key.StartsWith(Reason, StringComparison.Ordinal))
                .ToDictionary(field => field.Key[Reason.Length..], field => field.Value.ToString()),
            register,
            Enum.TryParse(step, out ReleaseStep shown) ? shown : null,
            settings.Value.UndoFor);
        var id = http.Letter().Id;
        // A form that does not say what its button said releases nothing: its meaning is not guessed.
        var outcome = word.Step is null
            ? ReleaseOutcome.OtherStep
            : await releases.Release(id, SignedIn.PersonOf(http.User), word, cancellation);
        // After the press: the words say when it leaves, or who was faster.
        var now = await distributions.Find(id, cancellation) ?? http.Letter();
        var words = Words(outcome, now);
        if (outcome is ReleaseOutcome.Released or ReleaseOutcome.Approved)
            return ActResult.Done(words, Addresses.Distribution(id));
        return outcome is ReleaseOutcome.OtherStep or ReleaseOutcome.Unconfirmed or ReleaseOutcome.RegisterChanged
            && await reader.Of(id, MissionQuery.Read(_ => null), null, cancellation) is { Review: { } review } view
            // What was ticked of other content says nothing of what waits now.
            && review.Content == word.Content
                ? ActResult.Unfinished(
                    words,
                    Pages.Show<StatusPage, StatusView>(
                        view with { Entered = word },
                        StatusCodes.Status422UnprocessableEntity))
                : ActResult.Unchanged(words, Addresses.Distribution(id));
    }

    /// <param name="now">The letter after the press.</param>
    private static Phrase Words(ReleaseOutcome outcome, DistributionRecord now) => outcome switch
    {
        ReleaseOutcome.Released when now is { ReleasedAt: null, LeavesAt: { } leaves } =>
            Say($"Released: it leaves at {DeskText.Clock(leaves)}, to {DeskText.Missions(now.MissionCount)}. Until then you can undo it on this page."),
        ReleaseOutcome.Released when now is { ReleasedAt: null, SendAt: { } hour } =>
            Say($"Released: it leaves on {DeskText.Time(hour)}, to {DeskText.Missions(now.MissionCount)}."),
        ReleaseOutcome.Released => Say($"Released: it is being sent to {DeskText.Missions(now.MissionCount)}."),
        ReleaseOutcome.Approved => Say($"Approved in your name. Nothing is sent before another person sends it."),
        ReleaseOutcome.IsAuthor => Say($"Nothing was sent: you uploaded this letter, so another person must send it."),
        ReleaseOutcome.HasApproved =>
            Say($"Nothing was sent: you have approved this letter already, and another person must send it."),
        ReleaseOutcome.OtherStep when now.State == DistributionState.AwaitingRelease =>
            Say($"Nothing was sent or approved: who stands behind this letter has changed since you opened the page, so your button would have done something else than it said. Read what it says now, and press it if you mean that."),
        ReleaseOutcome.Unconfirmed =>
            Say($"Nothing was sent: this letter leaves only when you have confirmed what stands above the button, and given the reasons it asks for."),
        ReleaseOutcome.TooMuchToConfirm =>
            Say($"Nothing was sent: there is too much to confirm. Correct the letter, and upload it again."),
        ReleaseOutcome.OtherContent =>
            Say($"Nothing was sent: what you looked at is not what waits here now. Look at it again."),
        ReleaseOutcome.BeingExamined =>
            Say($"Nothing was sent: the folder is being checked again, because a file in it, a template or a setting has changed."),
        ReleaseOutcome.Overtaken when !now.IsLetter =>
            Say($"Nothing was sent: the letter that this is an addendum to was stopped or superseded."),
        ReleaseOutcome.Overtaken =>
            Say($"Nothing was sent: the folder has become another version, or holds something that cannot be sent."),
        ReleaseOutcome.RegisterChanged =>
            Say($"Nothing was sent: who gets this letter has changed since you opened the page. See what is another now, and say how it shall be sent."),
        ReleaseOutcome.TooLate or ReleaseOutcome.OtherStep => TooLate(now),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static Phrase TooLate(DistributionRecord now) => now switch
    {
        { ReleasedAt: { } at, ReleasedBy: not null } =>
            Say($"This letter had been released already, by {DeskText.Releaser(now)} on {DeskText.Time(at)}. Your press sent nothing a second time."),
        { State: DistributionState.Scheduled, LeavesAt: { } leaves, ReleasedBy: not null } =>
            Say($"This letter had been released already, by {DeskText.Releaser(now)}, and leaves at {DeskText.Clock(leaves)}. Your press changed nothing."),
        { State: DistributionState.Scheduled, SendAt: { } hour, ReleasedBy: not null } =>
            Say($"This letter had been released already, by {DeskText.Releaser(now)}, and leaves on {DeskText.Time(hour)}. Your press changed nothing."),
        { State: DistributionState.Replaced } =>
            Say($"Nothing was sent. This version has been replaced, and can no longer be released."),
        { State: DistributionState.Discarded } =>
            Say($"Nothing was sent. This letter was discarded, and can no longer be released."),
        { State: DistributionState.AwaitingRelease } =>
            Say($"Nothing was sent: this letter was prepared again while you pressed. Look at it again."),
        _ => Say($"Nothing was sent: this letter did not wait for release any more when you pressed."),
    };

    private static async Task<ActResult> Renew(
        HttpContext http,
        Uploads uploads,
        DraftUploads examined,
        CancellationToken cancellation)
    {
        var letter = http.Letter();
        if (letter is not { State: DistributionState.AwaitingRelease, IsLetter: true })
            return ActResult.Unchanged(
                Say($"Nothing was checked again. Only a letter that waits for release can be."),
                Addresses.Distribution(letter.Id));
        // While the person waits: the page that follows shows what came of it.
        await examined.Renew(letter.Folder, cancellation);
        return (await uploads.Find(letter.Folder, cancellation))?.Value
            is { State: UploadState.Accepted, DistributionId: { } renewed, Files.Length: > 0 }
            ? ActResult.Done(
                renewed == letter.Id
                    ? Say($"Checked again: it is as it was.")
                    : Say($"Checked again: the folder has become this letter."),
                Addresses.Distribution(renewed))
            : ActResult.Done(
                Say($"{letter.Folder} was checked again, and this is what came of it."),
                Addresses.Upload(letter.Folder));
    }
}
