using System.IO.Compression;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Writing a letter at the desk: the form, which is kept as one types, until the letter is in its folder.</summary>
internal static class LetterFormEndpoints
{
    private const string One = Addresses.NewLetter + "/{id}";

    private static readonly Phrase TooLong =
        Say($"The text has more than {TypedLetterForm.LongestText:N0} characters, which no letter has: what is long is a document, and goes among the documents.");

    public static void MapLetterForm(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(Addresses.NewLetter, ReadMethods.Read, Begin).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods(One, ReadMethods.Read, Show).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods($"{One}/page-1.pdf", ReadMethods.Read, FirstPage).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods($"{One}/findings", ReadMethods.Read, Findings).RequireAuthorization(Roles.Keep);
        endpoints.MapMethods($"{One}/folder.zip", ReadMethods.Read, Folder).RequireAuthorization(Roles.Keep);
        forms.MapPost(Addresses.NewLetter, Begun).Asks("Begin a letter", Roles.Keep);
        forms.MapPost(One, Save)
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
            id is { Length: > 0 and <= 200 } && id.All(sign => char.IsLetterOrDigit(sign) || sign is '_' or '.' or '~' or '-')
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
        var letter = corrects is { Length: > 0 } ? await beginnings.Correcting(corrects, correction ?? "", by, cancellation)
            : like is { Length: > 0 } ? await beginnings.Like(like, by, cancellation)
            : folder is { Length: > 0 }
            ? folder.Split('/') is [var of, var revision] ? await beginnings.From(new(of, revision), by, cancellation) : null
            : process is { Length: > 0 } ? await beginnings.After(process, by, cancellation)
            : await beginnings.Anew(by, cancellation);
        return letter is null
            ? ActResult.NotThere()
            : letter.BegunAt < now
            ? ActResult.Unchanged(Say($"This folder is open in the form already, saved last by {letter.SavedBy.Name} on {DeskText.Time(letter.SavedAt)}: go on here."), Addresses.Unfinished(letter.Id))
            : ActResult.Done(Say($"A letter is begun. It is kept as you write it, and nothing can leave from here."), Addresses.Unfinished(letter.Id));
    }

    private static async Task<IResult> Show(string id, UnfinishedLetters letters, LetterPlacing placing, RegisterInUse registers, CancellationToken cancellation) =>
        await letters.Find(id, cancellation) is { } found
            ? Form(new(found.Value, found.ETag, await Register(registers, cancellation)) { FolderFiles = await placing.FilesNow(found.Value, cancellation) ?? "" })
            // Whoever goes back in the browser's history after the last press comes here.
            : Pages.Message(
                StatusCodes.Status404NotFound,
                new Message(
                    Say($"This letter is not being written any more"),
                    [Say($"It was put into its folder, and then stands among the letters, or it was discarded.")])
                {
                    LeadsToFront = true,
                });

    private static IResult Form(LetterFormView view, int status = StatusCodes.Status200OK) =>
        Pages.Show<LetterFormPage, LetterFormView>(view, status);

    /// <returns>Null where it cannot be read: the form says so, and loses nothing.</returns>
    private static async Task<Distribution.Register.MissionRegister?> Register(RegisterInUse registers, CancellationToken cancellation)
    {
        try
        {
            return await registers.Current(cancellation);
        }
        catch (UnreadableRecordException)
        {
            return null;
        }
    }

    private static async Task<IResult> Keep(
        string id,
        HttpRequest request,
        UnfinishedLetters letters,
        RegisterInUse registers,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        if (await letters.Find(id, cancellation) is not { } found)
            return Results.Json(new { gone = true }, statusCode: StatusCodes.Status404NotFound);
        var language = ReaderLanguage.Of(request.HttpContext);
        var form = await request.ReadFormAsync(cancellation);
        var register = await Register(registers, cancellation);
        var typed = TypedLetterForm.Read(found.Value, form, register);
        if (typed.Texts.Any(text => text.Length > TypedLetterForm.LongestText))
            return Results.Json(new { words = TooLong.In(language) }, statusCode: StatusCodes.Status422UnprocessableEntity);
        if (form[TypedLetterForm.Version] != found.ETag)
            return TypedLetterForm.Differences(typed, found.Value).Count == 0
                ? Results.Json(new { version = found.ETag })
                : Results.Json(
                    new { by = found.Value.SavedBy.Name, at = DeskText.Time(found.Value.SavedAt).In(language) },
                    statusCode: StatusCodes.Status409Conflict);
        var now = clock.GetUtcNow();
        return await letters.Save(found, typed with { SavedBy = SignedIn.PersonOf(request.HttpContext.User), SavedAt = now }, isPress: false, cancellation)
            is { } saved
                ? Results.Json(Kept(new(typed, register), saved.ETag))
                // Saved elsewhere at this very moment: the next try is told by whom.
                : Results.Json(new { }, statusCode: StatusCodes.Status409Conflict);

        object Kept(LetterRecipients recipients, string version) => new
        {
            version,
            at = DeskText.Time(now).In(language),
            recipients = recipients.Count.In(language),
        };
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
        if (await Register(registers, cancellation) is not { } register
            || await check.WhileTyping(id, SignedIn.PersonOf(http.User).Key, cancellation) is not { } found)
            return Results.NoContent();
        var language = ReaderLanguage.Of(http);
        var view = new LetterFormView(found.Letter, "", register) { Findings = found.Findings };
        return Results.Json(view.Places.ToDictionary(
            place => place.Name,
            place => view.Said(place.Name).Select(said => new { words = said.Words.In(language), warns = said.IsWarning, lacks = said.IsLack })));
    }

    /// <summary>Whatever fails: the page comes back with what was typed.</summary>
    private static async Task<ActResult> Save(
        string id,
        HttpRequest request,
        UnfinishedLetters letters,
        UnfinishedLetterCheck check,
        StagedFiles staged,
        RegisterInUse registers,
        AddressBook addressBook,
        LetterPlacing placing,
        LetterBeginnings beginnings,
        TimeProvider clock,
        ILogger<LetterPlacing> logger,
        CancellationToken cancellation)
    {
        var user = SignedIn.PersonOf(request.HttpContext.User);
        var form = await request.ReadFormAsync(cancellation);
        if (await letters.Find(id, cancellation) is not { } found)
            return form.ContainsKey(LetterFormView.TextField) ? await KeptAnew() : ActResult.NotThere();
        try
        {
            return await Saved(found);
        }
        catch (Exception failure) when (StorageFailures.IsStorages(failure))
        {
            logger.LogError(failure, "A letter in the making could not be saved or put into its folder");
            return ActResult.Unfinished(
                Say($"Storage failed, and not all of it was done. What you typed stands below: look whether it is saved, and press again in a minute."),
                Form(
                    new(TypedLetterForm.Read(found.Value, form, null), form[TypedLetterForm.Version].ToString(), null),
                    StatusCodes.Status503ServiceUnavailable));
        }

        async Task<ActResult> Saved(Stored<UnfinishedLetter> found)
        {
            var register = await Register(registers, cancellation);
            var typed = TypedLetterForm.Read(found.Value, form, register);
            var chosen = (await ChosenFiles.Of(request, LetterFormView.FilesField, user, cancellation)).Where(file => !ToolFiles.Is(file.Name)).ToList();
            var view = new LetterFormView(typed, found.ETag, register) { Sent = ChosenFiles.Entries(chosen), FolderFiles = form[TypedLetterForm.FolderFiles].ToString() };
            if (typed.Texts.Any(text => text.Length > TypedLetterForm.LongestText))
                return ActResult.Unfinished(
                    Say($"Nothing was saved: the text is too long."),
                    Form(view with { Version = form[TypedLetterForm.Version].ToString(), Problems = [TooLong] }, StatusCodes.Status422UnprocessableEntity));
            if (form[TypedLetterForm.Version] != found.ETag && TypedLetterForm.Differences(typed, found.Value) is { Count: > 0 } differences)
                return Conflict(view, found.Value, differences);

            var bytes = typed.Files.Where(file => !chosen.Exists(other => other.Name == file.Name)).Sum(file => file.Length) + chosen.Sum(file => file.Length);
            List<Phrase> problems = bytes > RequestLimits.Upload
                ? [Say($"The files have {Amounts.SizeAbove(RequestLimits.Upload, bytes)} together, and a letter has no more than {Amounts.Size(RequestLimits.Upload)}: none of the new ones was taken.")]
                : await Add(chosen);
            typed = Pressed(typed, form[TypedLetterForm.Do].ToString());
            var wantsCheck = form[TypedLetterForm.Do] == "check";
            if (form[TypedLetterForm.Do].ToString().Split(':', 2) is ["take", var source] && typed.Files.Find(file => file.Key == source) is { } taken
                && await letters.ReadFile(id, taken.Sha256, cancellation) is { } document)
                typed = TakeApart(typed, taken, document, problems);
            var putIn = form[TypedLetterForm.Do] == TypedLetterForm.PutIn
                ? await addressBook.Put(typed, form[TypedLetterForm.Book].ToString(), form[TypedLetterForm.BookPlace].ToString(), TypedLetterForm.Signatories, cancellation)
                : form[TypedLetterForm.Do] == TypedLetterForm.PutPhrase ? await addressBook.PutPhrase(typed, form[TypedLetterForm.ChosenPhrase].ToString(), form[TypedLetterForm.PhraseInto].ToString(), cancellation)
                : null;
            typed = putIn?.Letter ?? typed;
            var translation = form[TypedLetterForm.Do] == TypedLetterForm.Translate && LetterTranslation.Lacking(typed).FirstOrDefault(language => language == form[TypedLetterForm.TranslateInto]) is { } into
                ? await Translated(into)
                : null;
            if (translation is not null)
                typed = typed with { Files = typed.Files.Add(translation) };
            if (wantsCheck || form[TypedLetterForm.Do] == "save")
                typed = CoverLetterFields.WithoutWhatTheLetterHas(typed);

            var earlier = form[TypedLetterForm.Do].ToString().Split(':', 2) is [TypedLetterForm.Restore, var version] ? version : null;
            var mine = typed with { SavedBy = user, SavedAt = clock.GetUtcNow() };
            var saved = await letters.Save(found, mine, isPress: true, cancellation);
            if (earlier is not null && saved is not null)
                return await Restored(saved, earlier);
            if (saved is null)
                return await letters.Find(id, cancellation) is { } now
                    ? Conflict(view with { Letter = typed, Version = now.ETag }, now.Value, TypedLetterForm.Differences(typed, now.Value))
                    : ActResult.NotThere();
            typed = mine;
            foreach (var file in chosen.Select(file => file.Staged).OfType<StagedFile>())
                await staged.Remove(file, cancellation);
            view = view with { Letter = typed, Version = saved.ETag, Problems = problems, Sent = [] };
            if (problems.Count > 0)
                return ActResult.Unfinished(Say($"All that was typed is saved, but not every file could be taken."), Form(view, StatusCodes.Status422UnprocessableEntity));
            if (putIn is not null)
                return putIn.IsDone
                    ? ActResult.Done(Say($"Saved. {putIn.Words}"), Addresses.Unfinished(id))
                    : ActResult.Unchanged(Say($"Saved. {putIn.Words}"), Addresses.Unfinished(id));
            if (translation is not null)
                return ActResult.Done(
                    Say($"Saved. {TypedLetterForm.TranslationLabel(translation)} stands beside the letter. What it does not say in its own words is as in the letter."),
                    Addresses.Unfinished(id));
            if (form[TypedLetterForm.Do] == TypedLetterForm.Translate)
                return ActResult.Unchanged(Say($"Saved. No translation was begun: choose its language first."), Addresses.Unfinished(id));
            if (!wantsCheck)
                return ActResult.Done(Say($"Saved."), Addresses.Unfinished(id));
            // What was just taken out of a file or a pasted text is looked at first, with what was left out.
            if (typed.Notes != found.Value.Notes && typed.Text != TypedLetterForm.Read(found.Value, form, register).Text)
                return ActResult.Done(Say($"Saved. Look at what became of the text, and press “Check and show” again."), Addresses.Unfinished(id));
            request.HttpContext.Detail(Say($"{Plain($"{typed.Target}")}: {typed.Called}"));
            if (await check.Files(typed, cancellation) is not { } files)
                return ActResult.Unfinished(
                    Say($"Saved. A file of this letter is gone: take it out of the list, and choose it again."),
                    Form(view, StatusCodes.Status422UnprocessableEntity));
            switch (await check.Check(typed, files, cancellation))
            {
                case CheckResult.Refused refused:
                    return Refused(refused.Faults);
                case CheckResult.Waits { Unscanned: null, Missing: var missing, Near: var near }:
                    return ActResult.Unfinished(
                        Say($"Saved, and not put into its folder: something is missing."),
                        Form(view with { Problems = [.. missing.Select(file => Say($"The letter names the file {file}, which is not among the documents: add it.")), .. near.Values.Select(MisnamedFiles.Hint)] }, StatusCodes.Status422UnprocessableEntity));
                case CheckResult.ReleasedBefore released:
                    return ActResult.Unfinished(
                        Say($"Saved, and not put into its folder: this very letter was released already."),
                        Form(view with { Problems = [Say($"{released.Distribution.DraftLabel} was released from {released.Distribution.Folder} with exactly this content: change what shall be different.")] }, StatusCodes.Status422UnprocessableEntity));
                default:
                    var placed = await placing.Put(saved, files, user, view.FolderFiles, cancellation);
                    view = view with { Version = placed.Version ?? view.Version };
                    if (placed.Address is null && typed.Folder is not null)
                        return ActResult.Unfinished(
                            Say($"Saved, and not put into its folder: the files there have changed meanwhile. Look at them before you press again."),
                            Form(view with { FolderFiles = placed.FolderFiles }, StatusCodes.Status409Conflict));
                    return placed.Address is { } address
                        ? ActResult.Done(
                            typed.LeavesByItself
                                ? Say($"{typed.Called} is in its folder, {typed.Target}. It asks to leave by itself, and does so unless something has to be confirmed.")
                                : Say($"{typed.Called} is in its folder, {typed.Target}, and nothing leaves before it is released."),
                            address)
                        : Refused([UnfinishedLetterFaults.FolderTaken($"{typed.Target}", typed.Called)]);
            }

            ActResult Refused(IReadOnlyList<Finding> faults) => ActResult.Unfinished(
                Mending(faults.Count(fault => !fault.IsWarning)),
                Form(view with { Findings = faults }, StatusCodes.Status422UnprocessableEntity));

            // What stands there now is a version as well, so that the press can be taken back.
            async Task<ActResult> Restored(Stored<UnfinishedLetter> now, string version)
            {
                if (await letters.ReadVersion(now.Value, version, cancellation) is not { } restored)
                    return ActResult.Unchanged(Say($"Saved. That version is not kept any more: choose another one."), Addresses.Unfinished(id));
                var at = restored.SavedAt;
                restored = restored with { SavedBy = user, SavedAt = now.Value.SavedAt.AddTicks(1), Notes = [], ToldAt = null };
                return await letters.Save(now, restored, isPress: true, cancellation) is not null
                    ? ActResult.Done(Say($"The letter is as it was saved on {DeskText.Time(at)}. What stood here before is kept among the versions."), Addresses.Unfinished(id))
                    : ActResult.Unchanged(Say($"Nothing was changed: the letter was saved by somebody else at this moment. Look at it, and press again."), Addresses.Unfinished(id));
            }

            async Task<UnfinishedFile> Translated(string language)
            {
                var (begun, content) = LetterTranslation.Begun(language);
                await letters.PutFile(id, begun.Sha256, BinaryData.FromBytes(content).ToStream(), cancellation);
                return await addressBook.Signed(typed, begun, language, cancellation);
            }

            async Task<List<Phrase>> Add(IReadOnlyList<ChosenFile> files)
            {
                await using var open = await OpenFiles.Open(files, staged, cancellation);
                if (open.Problems.Count > 0)
                    return open.Problems;
                List<Phrase> wrong = [];
                foreach (var (file, stream) in files.Zip(open.Streams))
                {
                    var names = FileNames.FaultsOfFile(file.Name, Location.In(UnsafeCharacters.Briefly(file.Name))).Select(fault => Plain($"{fault}")).ToList();
                    if (file.Name == BlobNames.Letter)
                        names.Add(Say($"letter.md is made of this form: open a folder that has one from its page, or type what it says here."));
                    wrong.AddRange(names);
                    if (names.Count > 0)
                        continue;
                    using var memory = new MemoryStream();
                    await stream.CopyToAsync(memory, cancellation);
                    ReadOnlyMemory<byte> content = memory.GetBuffer().AsMemory(0, (int)memory.Length);
                    var added = UnfinishedFiles.Look(file.Name, content);
                    await letters.PutFile(id, added.Sha256, BinaryData.FromBytes(content).ToStream(), cancellation);
                    var former = typed.Files.Find(known => FileNames.AsSeen(known.Name) == FileNames.AsSeen(file.Name));
                    typed = former is null
                        ? typed with { Files = typed.Files.Add(added) }
                        : typed with { Files = typed.Files.Replace(former, added with { Title = former.Title, Role = former.Role, Label = former.Label }) };
                    // A letter in Word is the cover letter while there is no text yet; later a person says so.
                    if (typed.Text.Trim().Length == 0 && UnfinishedFiles.CoverLetter(file.Name, content) is not null)
                        typed = TakeApart(typed, added, content, wrong);
                }

                return wrong;
            }
        }

        // Whoever discarded it, or put it into its folder, did not know what is being typed here.
        async Task<ActResult> KeptAnew()
        {
            var anew = await beginnings.Anew(user, cancellation);
            var begun = await letters.Find(anew.Id, cancellation);
            await letters.Replace(TypedLetterForm.Read(anew, form, await Register(registers, cancellation)), begun!.ETag, cancellation);
            return ActResult.Unchanged(
                Say($"The letter that you were writing was discarded, or put into its folder, meanwhile. What you typed is kept here, as a letter of its own and without documents."),
                Addresses.Unfinished(anew.Id));
        }
    }

    private static UnfinishedLetter TakeApart(UnfinishedLetter letter, UnfinishedFile file, ReadOnlyMemory<byte> content, List<Phrase> problems)
    {
        var reading = Intake.CoverLetters.WordLetter.Read(file.Name, content);
        if (reading.Fault is { } fault)
        {
            problems.Add(Plain($"{fault.Place}: {fault.Words} {fault.Remedy}"));
            return letter;
        }

        return CoverLetterFields.Put(
            letter with { Files = letter.Files.Replace(letter.Files.Find(known => known.Key == file.Key)!, file with { IsTakenApart = true }) },
            Intake.CoverLetters.CoverLetterReader.Read(reading.Read!),
            $"“{UnsafeCharacters.Briefly(file.Name)}”");
    }

    /// <summary>What a button in the list of files does.</summary>
    private static UnfinishedLetter Pressed(UnfinishedLetter letter, string what) =>
        what.Split(':', 2) is not [var act, var key] || letter.Files.Find(file => file.Key == key) is not { } file ? letter
        : act == "remove" ? letter with { Files = letter.Files.Remove(file) }
        : act == "enclose" ? letter with { Files = letter.Files.Replace(file, file with { IsTakenApart = false }) }
        : act == "first" ? letter with { Files = letter.Files.Remove(file).Insert(0, file) }
        : letter;

    private static Phrase Mending(int faults) =>
        Say(faults, $"Saved, and not put into its folder: {faults} fault must be mended first.", $"Saved, and not put into its folder: {faults} faults must be mended first.");

    private static ActResult Conflict(LetterFormView mine, UnfinishedLetter theirs, IReadOnlyList<FieldDifference> differences) =>
        ActResult.Unfinished(
            Say($"Not saved yet: {theirs.SavedBy.Name} saved this letter on {DeskText.Time(theirs.SavedAt)}, after this page was opened."),
            Form(
                // Saved last is theirs, whatever stands in the fields.
                mine with { Letter = mine.Letter with { SavedBy = theirs.SavedBy, SavedAt = theirs.SavedAt }, Differences = differences, SavedSince = theirs },
                StatusCodes.Status409Conflict));

    private static async Task<ActResult> Discard(string id, [FromForm] string? version, HttpContext http, UnfinishedLetters letters, CancellationToken cancellation)
    {
        if (await letters.Find(id, cancellation) is not { } found)
            return ActResult.NotThere();
        http.Detail(found.Value.Called);
        return found.ETag == version && await letters.Remove(found, cancellation)
            ? ActResult.Done(Say($"{found.Value.Called} is discarded, with the files that were brought for it."), Addresses.Front)
            : ActResult.Unchanged(Say($"Nothing was discarded: the letter was changed since this page was opened. Look at it first."), Addresses.Unfinished(id));
    }

    /// <summary>The folder that the letter would be, as it was saved last.</summary>
    private static Task<IResult> Folder(string id, UnfinishedLetters letters, UnfinishedLetterCheck check, CancellationToken cancellation) =>
        Downloads.ByWayOfFile(
            async target =>
            {
                if (await letters.Find(id, cancellation) is not { } found || await check.Files(found.Value, cancellation) is not { } files)
                    return false;
                await using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
                foreach (var file in files)
                {
                    await using var entry = await archive.CreateEntry(BlobNames.Of(found.Value.Target, file.Name)).OpenAsync(cancellation);
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
                http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Framed;
                return Pages.Message(StatusCodes.Status422UnprocessableEntity, Say($"The letter cannot be shown yet"), not.Found, [.. not.Why]);
            case LetterPreview.Gone:
                return Pages.NotFound();
            default:
                // A frame stays as it is.
                return Results.NoContent();
        }
    }
}
