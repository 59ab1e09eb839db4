using Distribution.Common;
using Distribution.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The desk's notes on a mission.</summary>
internal static class MissionNoteEndpoints
{
    public static void MapMissionNotes(this RouteGroupBuilder forms)
    {
        forms.MapPost($"{Addresses.MissionList}/{{id}}/notes", Add).Asks("Note something about a mission", Roles.Keep);
        forms.MapPost($"{Addresses.MissionList}/{{id}}/notes/{{note}}/erase", Erase).Asks("Erase a note", Roles.Keep);
    }

    /// <param name="form">The form's id as the page served it: a second press adds nothing.</param>
    private static async Task<ActResult> Add(
        string id,
        [FromForm] string? form,
        [FromForm] string? words,
        HttpContext http,
        MissionPages pages,
        MissionNotes notes,
        CancellationToken cancellation)
    {
        if (await pages.Of(id, 0, cancellation) is not { } view)
            return ActResult.NotThere();
        var typed = (words ?? "").ReplaceLineEndings("\n").Trim();
        if (typed.Length == 0 || typed.Length > MissionNotes.Longest)
            return typed.Length == 0
                ? Again(
                    Say($"Nothing was kept: write the note first."),
                    Say($"Write what the others of the desk should know of this mission."))
                : Again(
                    Say($"Nothing was kept: the note is too long."),
                    Say($"Make it shorter: {MissionNotes.Longest} characters at most. It has {typed.Length}."));
        // The note itself does not go into the record of acts, from which nothing is erased.
        return await notes.Add(
            Guid.TryParse(form, out var shown) ? shown : Guid.NewGuid(),
            id,
            SignedIn.NameOf(http.User),
            typed,
            cancellation) switch
        {
            NoteOutcome.Kept =>
                ActResult.Done(Say($"The note is kept for everyone of the desk."), Addresses.Mission(id)),
            NoteOutcome.KeptBefore => ActResult.Unchanged(
                Say($"This note was kept already when you pressed, and stands here once."),
                Addresses.Mission(id)),
            _ => Again(
                Say($"Nothing was kept: there are too many notes."),
                Say($"There are {MissionNotes.MostOfOne} notes on this mission, and that is the most. Erase one that is of no use any more, and keep yours then.")),
        };

        ActResult Again(Phrase said, Phrase problem) =>
            ActResult.Unfinished(
                said,
                Pages.Show<MissionPage, MissionView>(
                    view with { Note = words ?? "", NoteProblem = problem },
                    StatusCodes.Status422UnprocessableEntity));
    }

    private static Task<ActResult> Erase(string id, string note, MissionNotes notes, CancellationToken cancellation) =>
        ActResult.Of(
            Guid.TryParse(note, out var named) ? notes.Erase(id, named, cancellation) : Task.FromResult(false),
            Say($"The note is erased."),
            Say($"Nothing was changed: the note had been erased already when you pressed."),
            Addresses.Mission(id));
}
