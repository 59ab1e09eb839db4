using System.IO.Compression;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>
/// Writing a letter at the desk: the form, which is kept as one types, until the letter is in its folder.
/// </summary>
internal static class LetterFormEndpoints
{
    private const string One = Addresses.NewLetter + "/{id}";

    public static void MapLetterForm(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(Addresses.NewLetter, ReadMethods.Read, Begin).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods(One, ReadMethods.Read, Show).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods($"{One}/page-1.pdf", ReadMethods.Read, FirstPage).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods($"{One}/findings", ReadMethods.Read, Findings).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods($"{One}/folder.zip", ReadMethods.Read, Folder).RequireAuthorization(Roles.Keep);
        forms.MapPost(Addresses.NewLetter, Begun).Asks("Begin a letter", Roles.Keep);
        forms.MapPost(
            One,
            (string id, HttpRequest request, LetterSaving saving, CancellationToken cancellation) =>
                saving.Press(id, request, cancellation))
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.PlainForm))
            .Asks("Write a letter", Roles.Keep);
        // Saving as one types is no act on record; the press that puts the letter into its folder is.
        forms.MapPut($"{One}/keep", Keep).RequireAuthorization(Roles.Keep);
        forms.MapPost($"{One}/discard", Discard).Asks("Discard a letter in the making", Roles.Keep);
    }

    private static async Task<IResult> Begin(
        string? corrects,
        string? like,
        LetterBeginnings beginnings,
        UnfinishedLetters letters,
        DistributionRecords distributions,
        CancellationToken cancellation)
    {
        return Pages.Show<LetterBeginPage, LetterBeginView>(
            new(
                await beginnings.Processes(cancellation),
                await letters.All(cancellation),
                await Letter(corrects),
                await Letter(like)));

        async Task<DistributionRecord?> Letter(string? id) =>
            // It comes from an address, and would be a key of the table.
            id is { Length: > 0 and <= 200 }
                && id.All(sign => char.IsLetterOrDigit(sign) || sign is '_' or '.' or '~' or '-')
                ? await distributions.Find(id, cancellation)
                : null;
    }

    private static async Task<ActResult> Begun(
        [FromForm] string? process,
        [FromForm] string? folder,
        [FromForm] string? corrects,
        [FromForm] string? correction,
        [FromForm] string? like,
        HttpContext http,
        LetterBeginnings beginnings,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var (by, now) = (SignedIn.PersonOf(http.User), clock.GetUtcNow());
        var letter = corrects is { Length: > 0 }
                ? await beginnings.Correcting(corrects, correction ?? "", by, cancellation)
            : like is { Length: > 0 } ? await beginnings.Like(like, by, cancellation)
            : folder is { Length: > 0 }
            ? folder.Split('/') is [var of, var revision]
                ? await beginnings.From(new(of, revision), by, cancellation)
                : null
            : process is { Length: > 0 } ? await beginnings.After(process, by, cancellation)
            : await beginnings.Anew(by, cancellation);
        return letter is null
            ? ActResult.NotThere()
            : letter.BegunAt < now
            ? ActResult.Unchanged(
                Say($"This folder is open in the form already, saved last by {letter.SavedBy.Name} on {DeskText.Time(letter.SavedAt)}: go on here."),
                Addresses.Unfinished(letter.Id))
            : ActResult.Done(
                Say($"A letter is begun. It is kept as you write it, and nothing can leave from here."),
                Addresses.Unfinished(letter.Id));
    }

    private static async Task<IResult> Show(
        string id,
        UnfinishedLetters letters,
        LetterPlacing placing,
        RegisterInUse registers,
        CancellationToken cancellation) =>
        await letters.Find(id, cancellation) is { } found
            ? Pages.Show<LetterFormPage, LetterFormView>(
                new(found.Value, found.ETag, await registers.TryCurrent(cancellation))
                {
                    FolderFiles = await placing.FilesNow(found.Value, cancellation) ?? ""
                })
            // Whoever goes back in the browser's history after the last press comes here.
            : Pages.Message(
                StatusCodes.Status404NotFound,
                new Message(
                    Say($"This letter is not being written any more"),
                    [Say($"It was put into its folder, and then stands among the letters, or it was discarded.")])
                {
                    LeadsToFront = true,
                });

    private static async Task<IResult> Keep(
        string id,
        HttpRequest request,
        UnfinishedLetters letters,
        RegisterInUse registers,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var language = ReaderLanguage.Of(request.HttpContext);
        var form = await request.ReadFormAsync(cancellation);
        var register = await registers.TryCurrent(cancellation);
        var turn = TypedLetterForm.TurnOf(form);
        // Anew, where somebody else saves it at this very moment.
        while (await letters.Find(id, cancellation) is { } found)
        {
            var typed = TypedLetterForm.Read(found.Value, form, register);
            if (typed.Texts.Any(text => text.Length > TypedLetterForm.LongestText))
                return Results.Json(
                    new { words = TypedLetterForm.TooLong.In(language) },
                    statusCode: StatusCodes.Status422UnprocessableEntity);
            // Another page has saved the very same: nothing to ask anybody, and nothing to write.
            if (form[TypedLetterForm.Version] != found.ETag
                && TypedLetterForm.Differences(typed, found.Value).Count == 0)
                return Results.Json(new { version = found.ETag });
            // As one types there is no page to show both on: the script says who was first, and the next press shows
            // it.
            if (!TypedLetterForm.IsMadeFrom(found, form))
                return Results.Json(
                    new { by = found.Value.SavedBy.Name, at = DeskText.Time(found.Value.SavedAt).In(language) },
                    statusCode: StatusCodes.Status409Conflict);
            var kept = typed with
            {
                SavedBy = SignedIn.PersonOf(request.HttpContext.User),
                SavedAt = clock.GetUtcNow(),
                SavedFrom = turn,
            };
            if (await letters.Save(found, kept, isPress: false, cancellation) is { } saved)
                return Results.Json(new
                {
                    version = saved.ETag,
                    at = DeskText.Time(kept.SavedAt).In(language),
                    recipients = new LetterRecipients(kept, register).Count.In(language),
                });
        }

        return Results.Json(new { gone = true }, statusCode: StatusCodes.Status404NotFound);
    }

    /// <summary>What the one check finds in the letter as it was saved last, by the fields of the form.</summary>
    private static async Task<IResult> Findings(
        string id,
        HttpContext http,
        UnfinishedLetterCheck check,
        RegisterInUse registers,
        CancellationToken cancellation)
    {
        // Where there is no answer, what the page says stays.
        if (await registers.TryCurrent(cancellation) is not { } register
            || await check.WhileTyping(id, SignedIn.PersonOf(http.User).Key, cancellation) is not { } found)
            return Results.NoContent();
        var language = ReaderLanguage.Of(http);
        var view = new LetterFormView(found.Letter, "", register) { Findings = found.Findings };
        return Results.Json(view.Places.ToDictionary(
            place => place.Name,
            place => view.Said(place.Name).Select(said =>
                new { words = said.Words.In(language), warns = said.IsWarning, lacks = said.IsLack })));
    }

    private static async Task<ActResult> Discard(
        string id,
        [FromForm] string? version,
        HttpContext http,
        UnfinishedLetters letters,
        CancellationToken cancellation)
    {
        if (await letters.Find(id, cancellation) is not { } found)
            return ActResult.NotThere();
        http.Detail(found.Value.Called);
        // The version that was shown, and not the one that is there: nobody discards what they have not read.
        return found.ETag == version && await letters.Remove(found, cancellation)
            ? ActResult.Done(
                Say($"{found.Value.Called} is discarded, with the files that were brought for it."),
                Addresses.Front)
            : ActResult.Unchanged(
                Say($"Nothing was discarded: the letter was changed since this page was opened. Look at it first."),
                Addresses.Unfinished(id));
    }

    /// <summary>The folder that the letter would be, as it was saved last.</summary>
    private static Task<IResult> Folder(
        string id,
        UnfinishedLetters letters,
        UnfinishedLetterCheck check,
        CancellationToken cancellation) =>
        Downloads.ByWayOfFile(
            async target =>
            {
                if (await letters.Find(id, cancellation) is not { } found
                    || await check.Files(found.Value, cancellation) is not { } files)
                    return false;
                await using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
                foreach (var file in files)
                {
                    await using var entry = await archive
                        .CreateEntry(BlobNames.Of(found.Value.Target, file.Name))
                        .OpenAsync(cancellation);
                    await entry.WriteAsync(file.Content, cancellation);
                }

                return true;
            },
            "application/zip",
            "letter.zip");

    /// <summary>A mission's letter as it was saved last, in one of its languages.</summary>
    private static async Task<IResult> FirstPage(
        string id,
        string? mission,
        [FromQuery(Name = "in")] string? language,
        HttpContext http,
        LetterPreviews previews,
        CancellationToken cancellation)
    {
        switch (await previews.Make(id, SignedIn.PersonOf(http.User).Key, mission ?? "", language ?? "", cancellation))
        {
            case LetterPreview.Shown shown:
                return Downloads.Inline(http.Response, "page-1.pdf", shown.Pdf);
            case LetterPreview.NotYet not:
                // The page stands in the frame in which the letter would be shown.
                http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Framed;
                return Pages.Message(
                    StatusCodes.Status422UnprocessableEntity,
                    Say($"The letter cannot be shown yet"),
                    not.Found,
                    [.. not.Why]);
            case LetterPreview.Gone:
                return Pages.NotFound();
            default:
                // A frame stays as it is.
                return Results.NoContent();
        }
    }
}
