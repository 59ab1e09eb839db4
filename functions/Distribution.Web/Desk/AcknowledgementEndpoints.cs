using Distribution.Common;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The forms with which the secretariat records what it knows of a mission's acknowledgement.</summary>
internal static class AcknowledgementEndpoints
{
    /// <param name="mission">The group of the forms that are about one mission's letter.</param>
    public static void MapAcknowledgements(this RouteGroupBuilder mission)
    {
        mission.MapPost("/acknowledgement", Record).Asks("Record an acknowledgement", Roles.Keep);
        mission.MapPost("/call", Call).Asks("Record a telephone call", Roles.Keep);
        mission.MapPost("/acknowledgement/withdraw", Withdraw).Asks("Withdraw an acknowledgement", Roles.Keep);
    }

    private static Task<ActResult> Record(
        [FromForm] string? form,
        [FromForm] string? after,
        [FromForm] string? how,
        [FromForm] string? by,
        [FromForm] string? function,
        [FromForm] string? date,
        [FromForm] string? time,
        [FromForm] string? words,
        HttpContext http,
        RecordedAcknowledgements acknowledgements,
        MissionLetterReader reader,
        CancellationToken cancellation) =>
        Enter(
            new(how ?? "", by ?? "", function ?? "", date ?? "", time ?? "", words ?? ""),
            form,
            after,
            http,
            acknowledgements,
            reader,
            cancellation);

    /// <summary>
    /// Records a telephone call that has just been made: its time is now, and where nobody gave a name the mission
    /// itself said so.
    /// </summary>
    private static Task<ActResult> Call(
        [FromForm] string? form,
        [FromForm] string? after,
        [FromForm] string? by,
        [FromForm] string? words,
        HttpContext http,
        RecordedAcknowledgements acknowledgements,
        MissionLetterReader reader,
        TimeProvider clock,
        CancellationToken cancellation) =>
        Enter(
            AcknowledgementEntry.Blank(clock.GetUtcNow()) with
            {
                // A call without a name is still one from the mission; who took it is on record anyway.
                By = string.IsNullOrWhiteSpace(by) ? http.Mission().Name : by,
                Words = words ?? "",
            },
            form,
            after,
            http,
            acknowledgements,
            reader,
            cancellation);

    private static async Task<ActResult> Enter(
        AcknowledgementEntry entry,
        string? form,
        string? after,
        HttpContext http,
        RecordedAcknowledgements acknowledgements,
        MissionLetterReader reader,
        CancellationToken cancellation)
    {
        var outcome = await acknowledgements.Record(
            http.Letter().Id,
            http.Mission().Id,
            FormId(form),
            // The step that the page showed as the last one: where another was recorded since, nothing is changed.
            after is "" ? null : after,
            entry,
            SignedIn.NameOf(http.User),
            cancellation);
        return await Came(
            http,
            outcome,
            Say($"It is recorded in your name that the mission has acknowledged."),
            reader,
            view => view with { Entry = entry });
    }

    private static async Task<ActResult> Withdraw(
        [FromForm] string? form,
        [FromForm] string? after,
        [FromForm] string? words,
        HttpContext http,
        RecordedAcknowledgements acknowledgements,
        MissionLetterReader reader,
        CancellationToken cancellation)
    {
        var outcome = await acknowledgements.Withdraw(
            http.Letter().Id,
            http.Mission().Id,
            FormId(form),
            after is "" ? null : after,
            words ?? "",
            SignedIn.NameOf(http.User),
            cancellation);
        return await Came(
            http,
            outcome,
            Say($"It is recorded in your name that the acknowledgement does not hold."),
            reader,
            view => view with { Entry = view.Entry with { Words = words ?? "" }, IsWithdrawal = true });
    }

    /// <param name="done">What is said once it is recorded.</param>
    /// <param name="typed">Puts what was typed into the page with the form.</param>
    private static async Task<ActResult> Came(
        HttpContext http,
        AcknowledgementOutcome outcome,
        Phrase done,
        MissionLetterReader reader,
        Func<LetterView, LetterView> typed)
    {
        var (letter, mission) = (http.Letter(), http.Mission());
        var page = Addresses.Letter(letter.Id, mission.Id);
        if (outcome.Problems is not [])
            return await reader.Preview(letter.Id, mission.Id, http.RequestAborted) is { } view
                ? ActResult.Unfinished(
                    Say(
                        outcome.Problems.Count,
                        $"Nothing has been recorded yet: {outcome.Problems.Count} answer to put right.",
                        $"Nothing has been recorded yet: {outcome.Problems.Count} answers to put right."),
                    Pages.Show<LetterPage, LetterView>(
                        typed(view) with
                        {
                            EntryProblems = outcome.Problems,
                        },
                        StatusCodes.Status422UnprocessableEntity))
                : ActResult.NotThere();
        return outcome.Taken switch
        {
            RecordingResult.Recorded => ActResult.Done(done, page),
            RecordingResult.Before => ActResult.Unchanged(
                Say($"This was recorded already when you pressed, and stands on record once."),
                page),
            RecordingResult.Full => ActResult.Unchanged(
                Say($"Nothing was changed: so much has been recorded of this mission's acknowledgement that its record holds no more. Keep what is still to be said on paper."),
                page),
            // Refused by the room below without a reason in words; the letter itself says which one it is.
            _ when letter.ReleasedAt is null => ActResult.Unchanged(
                Say($"Nothing was recorded: this letter has not been released, so no mission can have acknowledged it."),
                page),
            _ when letter.IsReminder => ActResult.Unchanged(
                Say($"Nothing was recorded: a mission acknowledges the letter, and this is a reminder of it. Record it with the letter."),
                page),
            _ => ActResult.Unchanged(
                Say($"Nothing was changed: something else has been recorded of this mission's acknowledgement meanwhile. Look at it below, and enter yours again if it still holds."),
                page),
        };
    }

    /// <summary>The form's id as the page served it; a form without one gets a new id.</summary>
    private static string FormId(string? form) =>
        Guid.TryParse(form, out var id) ? id.ToString("n") : Guid.NewGuid().ToString("n");
}
