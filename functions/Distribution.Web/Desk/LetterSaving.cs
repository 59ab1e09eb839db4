using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.CoverLetters;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>A press of a button in the form of a letter.</summary>
/// <param name="Button">What it does: <c>check</c>, or <c>take</c> of <c>take:KEY</c>.</param>
/// <param name="What">What that is done with: <c>KEY</c>; empty where the button names nothing.</param>
/// <param name="Files">The files that were chosen, without those that a system keeps for itself.</param>
internal sealed record LetterPress(
    HttpRequest Request,
    IFormCollection Form,
    Person By,
    string Button,
    string What,
    IReadOnlyList<ChosenFile> Files)
{
    public static async Task<LetterPress> Of(HttpRequest request, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        var pressed = form[TypedLetterForm.Do].ToString().Split(':', 2);
        var by = SignedIn.PersonOf(request.HttpContext.User);
        var chosen = await ChosenFiles.Of(request, LetterFormView.FilesField, by, cancellation);
        return new(
            request,
            form,
            by,
            pressed[0],
            pressed is [_, var what] ? what : "",
            [.. chosen.Where(file => !ToolFiles.Is(file.Name))]);
    }

    /// <summary>What the field of a letter's form says; empty for nothing.</summary>
    public string Field(string name) => Form[name].ToString();

    public bool WantsCheck => Button == "check";
}

/// <summary>
/// What a press in the form of a letter does: whatever the button says, what was typed is saved. Whatever fails, the
/// page comes back with it.
/// </summary>
internal sealed class LetterSaving(
    UnfinishedLetters letters,
    UnfinishedLetterCheck check,
    StagedFiles staged,
    RegisterInUse registers,
    AddressBook addressBook,
    LetterPlacing placing,
    LetterBeginnings beginnings,
    TimeProvider clock,
    ILogger<LetterSaving> logger)
{
    /// <summary>A letter as a press leaves it.</summary>
    /// <param name="Problems">Why a file could not be taken, each a sentence.</param>
    /// <param name="Done">What to answer once it is saved; null for nothing of its own.</param>
    private sealed record ChangedLetter(UnfinishedLetter Letter, IReadOnlyList<Phrase> Problems, ActResult? Done);

    /// <summary>Carries out a press of a button in the form.</summary>
    /// <param name="id">Of the letter in the making; where it is gone, what was typed is kept as a new one.</param>
    public async Task<ActResult> Press(string id, HttpRequest request, CancellationToken cancellation)
    {
        var press = await LetterPress.Of(request, cancellation);
        // Read anew and tried again as long as somebody else saves in between; it ends when the letter is gone or
        // saved.
        while (await letters.Find(id, cancellation) is { } found)
            if (await Saved(found, press, cancellation) is { } result)
                return result;
        return press.Form.ContainsKey(LetterFormView.TextField)
            ? await KeptAnew(press, cancellation)
            : ActResult.NotThere();
    }

    /// <returns>
    /// Null where something else was saved at this very moment, such as by the same button pressed twice.
    /// </returns>
    private async Task<ActResult?> Saved(
        Stored<UnfinishedLetter> found,
        LetterPress press,
        CancellationToken cancellation)
    {
        // As it comes back where storage fails: before it is saved, and after.
        var view = new LetterFormView(
            TypedLetterForm.Read(found.Value, press.Form, null),
            press.Field(TypedLetterForm.Version),
            null)
        {
            Sent = ChosenFiles.Entries(press.Files),
            FolderFiles = press.Field(TypedLetterForm.FolderFiles),
        };
        try
        {
            var register = await registers.TryCurrent(cancellation);
            view = view with { Letter = TypedLetterForm.Read(found.Value, press.Form, register), Register = register };
            return await Saved(found, view, press, saved => view = saved, cancellation);
        }
        catch (Exception failure) when (StorageFailures.IsStorages(failure))
        {
            logger.LogError(failure, "A letter in the making could not be saved or put into its folder");
            return ActResult.Unfinished(
                view.Version == press.Field(TypedLetterForm.Version) && press.Files.Any(file => file.Staged is null)
                    ? Say($"Storage failed, and not all of it was done. What you typed stands below: look whether it is saved, choose the files again, and press again in a minute.")
                    : Say($"Storage failed, and not all of it was done. What you typed stands below: look whether it is saved, and press again in a minute."),
                Form(view, StatusCodes.Status503ServiceUnavailable));
        }
    }

    /// <param name="view">The form as it was sent.</param>
    /// <param name="isSaved">Is told of the form as soon as what was typed is saved.</param>
    private async Task<ActResult?> Saved(
        Stored<UnfinishedLetter> found,
        LetterFormView view,
        LetterPress press,
        Action<LetterFormView> isSaved,
        CancellationToken cancellation)
    {
        var typed = view.Letter;
        if (typed.Texts.Any(text => text.Length > TypedLetterForm.LongestText))
            return ActResult.Unfinished(
                Say($"Nothing was saved: the text is too long."),
                Form(view with { Problems = [TypedLetterForm.TooLong] }, StatusCodes.Status422UnprocessableEntity));
        if (!TypedLetterForm.IsMadeFrom(found, press.Form)
            && TypedLetterForm.Differences(typed, found.Value) is { Count: > 0 } differences)
            return Conflict(view with { Version = found.ETag }, found.Value, differences);

        var changed = await Changed(typed, press, cancellation);
        var mine = changed.Letter with
        {
            SavedBy = press.By,
            SavedAt = clock.GetUtcNow(),
            // What the press itself has put into the fields, the page does not show yet.
            SavedFrom = TypedLetterForm.Differences(typed, changed.Letter).Count == 0
                ? TypedLetterForm.TurnOf(press.Form)
                : null,
        };
        // Against the version that was read above: the ETag tells whether it is still that one.
        if (await letters.Save(found, mine, isPress: true, cancellation) is not { } saved)
            return null;
        view = view with { Letter = mine, Version = saved.ETag, Problems = changed.Problems, Sent = [] };
        // From here on what was typed is safe, and a failure below must not say that it may be lost.
        isSaved(view);
        if (press is { Button: TypedLetterForm.Restore, What: var version })
            return await Restored(saved, version, press.By, cancellation);
        foreach (var file in press.Files.Select(file => file.Staged).OfType<StagedFile>())
            // Only once the letter that names the files is saved: until then a press that fails finds them again.
            await staged.Remove(file, cancellation);
        if (changed.Problems.Count > 0)
            return ActResult.Unfinished(
                Say($"All that was typed is saved, but not every file could be taken."),
                Form(view, StatusCodes.Status422UnprocessableEntity));
        if (changed.Done is { } done)
            return done;
        if (!press.WantsCheck)
            return ActResult.Done(Say($"Saved."), Addresses.Unfinished(mine.Id));
        // What was just taken out of a file or a pasted text is looked at first, with what was left out.
        if (mine.Notes != found.Value.Notes && mine.Text != typed.Text)
            return ActResult.Done(
                Say($"Saved. Look at what became of the text, and press “Check and show” again."),
                Addresses.Unfinished(mine.Id));
        press.Request.HttpContext.Detail(Say($"{Plain($"{mine.Target}")}: {mine.Called}"));
        return await Placed(saved, view, press.By, cancellation);
    }

    /// <summary>Checks a letter that is saved, and puts it into its folder.</summary>
    private async Task<ActResult> Placed(
        Stored<UnfinishedLetter> saved,
        LetterFormView view,
        Person author,
        CancellationToken cancellation)
    {
        var letter = view.Letter;
        if (await check.Files(letter, cancellation) is not { } files)
            return ActResult.Unfinished(
                Say($"Saved. A file of this letter is gone: take it out of the list, and choose it again."),
                Form(view, StatusCodes.Status422UnprocessableEntity));
        // Before the check, which would hold the letter against itself where it is in its folder already.
        if (await placing.PutBefore(saved, files, view.FolderFiles, cancellation) is { } before)
            return InItsFolder(before);
        switch (await check.Check(letter, files, cancellation))
        {
            case CheckResult.Refused refused:
                return Refused(view, refused.Faults);
            case CheckResult.Waits { Unscanned: null, Missing: var missing, Near: var near }:
                return ActResult.Unfinished(
                    Say($"Saved, and not put into its folder: something is missing."),
                    Form(
                        view with
                        {
                            Problems =
                            [
                                .. missing.Select(file =>
                                    Say($"The letter names the file {file}, which is not among the documents: add it.")),
                                .. near.Values.Select(MisnamedFiles.Hint)
                            ]
                        },
                        StatusCodes.Status422UnprocessableEntity));
            case CheckResult.ReleasedBefore released:
                return ActResult.Unfinished(
                    Say($"Saved, and not put into its folder: this very letter was released already."),
                    Form(
                        view with
                        {
                            Problems = [Say($"{released.Distribution.DraftLabel} was released from {released.Distribution.Folder} with exactly this content: change what shall be different.")]
                        },
                        StatusCodes.Status422UnprocessableEntity));
        }

        var placed = await placing.Put(saved, files, author, view.FolderFiles, cancellation);
        view = view with { Version = placed.Version ?? view.Version };
        if (placed.Address is { } address)
            return InItsFolder(address);
        return letter.Folder is null
            ? Refused(view, [UnfinishedLetterFaults.FolderTaken($"{letter.Target}", letter.Called)])
            : ActResult.Unfinished(
                Say($"Saved, and not put into its folder: the files there have changed meanwhile. Look at them before you press again."),
                Form(view with { FolderFiles = placed.FolderFiles }, StatusCodes.Status409Conflict));

        ActResult InItsFolder(string address) => ActResult.Done(
            letter.LeavesByItself
                ? Say($"{letter.Called} is in its folder, {letter.Target}. It asks to leave by itself, and does so unless something has to be confirmed.")
                : Say($"{letter.Called} is in its folder, {letter.Target}, and nothing leaves before it is released."),
            address);
    }

    /// <summary>What stands there now is a version as well, so that the press can be taken back.</summary>
    private async Task<ActResult> Restored(
        Stored<UnfinishedLetter> now,
        string version,
        Person by,
        CancellationToken cancellation)
    {
        var page = Addresses.Unfinished(now.Value.Id);
        if (await letters.ReadVersion(now.Value, version, cancellation) is not { } restored)
            return ActResult.Unchanged(Say($"Saved. That version is not kept any more: choose another one."), page);
        var at = restored.SavedAt;
        restored = restored with
        {
            SavedBy = by,
            // After the version that it takes the place of, so that the list of versions keeps its order.
            SavedAt = now.Value.SavedAt.AddTicks(1),
            SavedFrom = null,
            Notes = [],
            ToldAt = null,
        };
        return await letters.Save(now, restored, isPress: true, cancellation) is not null
            ? ActResult.Done(
                Say($"The letter is as it was saved on {DeskText.Time(at)}. What stood here before is kept among the versions."),
                page)
            : ActResult.Unchanged(
                Say($"Nothing was changed: the letter was saved by somebody else at this moment. Look at it, and press again."),
                page);
    }

    /// <summary>What a press does with the letter, before it is saved.</summary>
    private async Task<ChangedLetter> Changed(
        UnfinishedLetter letter,
        LetterPress press,
        CancellationToken cancellation)
    {
        var page = Addresses.Unfinished(letter.Id);
        var chosen = press.Files;
        List<Phrase> problems = [];
        // A file that takes the place of one of that name counts once.
        var bytes = chosen.Sum(file => file.Length)
            + letter.Files.Where(file => chosen.All(other => other.Name != file.Name)).Sum(file => file.Length);
        if (bytes > RequestLimits.Upload)
            problems.Add(Say($"The files have {Amounts.SizeAbove(RequestLimits.Upload, bytes)} together, and a letter has no more than {Amounts.Size(RequestLimits.Upload)}: none of the new ones was taken."));
        else
            letter = await With(chosen, letter, problems, cancellation);
        var file = letter.Files.Find(known => known.Key == press.What);
        ActResult? done = null;
        switch (press.Button)
        {
            case "check" or "save":
                letter = CoverLetterFields.WithoutWhatTheLetterHas(letter);
                break;
            case "remove" when file is not null:
                letter = letter with { Files = letter.Files.Remove(file) };
                break;
            case "enclose" when file is not null:
                letter = letter with { Files = letter.Files.Replace(file, file with { IsTakenApart = false }) };
                break;
            case "first" when file is not null:
                letter = letter with { Files = letter.Files.Remove(file).Insert(0, file) };
                break;
            case "take" when file is not null
                && await letters.ReadFile(letter.Id, file.Sha256, cancellation) is { } document:
                letter = TakeApart(letter, file, document, problems);
                break;
            case TypedLetterForm.PutIn:
                Take(await addressBook.Put(
                    letter,
                    press.Field(TypedLetterForm.Book),
                    press.Field(TypedLetterForm.BookPlace),
                    TypedLetterForm.Signatories,
                    cancellation));
                break;
            case TypedLetterForm.PutPhrase:
                Take(await addressBook.PutPhrase(
                    letter,
                    press.Field(TypedLetterForm.ChosenPhrase),
                    press.Field(TypedLetterForm.PhraseInto),
                    cancellation));
                break;
            case TypedLetterForm.Translate
                when LetterTranslation.Lacking(letter).Contains(press.Field(TypedLetterForm.TranslateInto)):
                var translation = await Translated(letter, press.Field(TypedLetterForm.TranslateInto), cancellation);
                letter = letter with { Files = letter.Files.Add(translation) };
                done = ActResult.Done(
                    Say($"Saved. {TypedLetterForm.TranslationLabel(translation)} stands beside the letter. What it does not say in its own words is as in the letter."),
                    page);
                break;
            case TypedLetterForm.Translate:
                done = ActResult.Unchanged(Say($"Saved. No translation was begun: choose its language first."), page);
                break;
        }

        return new(letter, problems, done);

        void Take(PutIn put)
        {
            letter = put.Letter;
            done = put.IsDone
                ? ActResult.Done(Say($"Saved. {put.Words}"), page)
                : ActResult.Unchanged(Say($"Saved. {put.Words}"), page);
        }
    }

    private async Task<UnfinishedFile> Translated(
        UnfinishedLetter letter,
        string language,
        CancellationToken cancellation)
    {
        var (begun, content) = LetterTranslation.Begun(language);
        await letters.PutFile(letter.Id, begun.Sha256, BinaryData.FromBytes(content).ToStream(), cancellation);
        return await addressBook.Signed(letter, begun, language, cancellation);
    }

    /// <summary>The letter with the files that were chosen.</summary>
    /// <param name="problems">Those of a file that could not be taken are added.</param>
    private async Task<UnfinishedLetter> With(
        IReadOnlyList<ChosenFile> files,
        UnfinishedLetter letter,
        List<Phrase> problems,
        CancellationToken cancellation)
    {
        // What an earlier press has taken in is not kept among those that were sent any more.
        files =
        [
            .. files.Where(file =>
                !letter.Files.Exists(known => known.Name == file.Name && known.Sha256 == file.Staged?.Sha256)),
        ];
        await using var open = await OpenFiles.Open(files, staged, cancellation);
        problems.AddRange(open.Problems);
        if (open.Problems.Count > 0)
            return letter;
        foreach (var (file, stream) in files.Zip(open.Streams))
        {
            var names = FileNames.FaultsOfFile(file.Name, Location.In(UnsafeCharacters.Briefly(file.Name)))
                .Select(fault => Plain($"{fault}"))
                .ToList();
            if (file.Name == BlobNames.Letter)
                names.Add(Say($"letter.md is made of this form: open a folder that has one from its page, or type what it says here."));
            problems.AddRange(names);
            if (names.Count > 0)
                continue;
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory, cancellation);
            ReadOnlyMemory<byte> content = memory.GetBuffer().AsMemory(0, (int)memory.Length);
            var added = UnfinishedFiles.Look(file.Name, content);
            // Stored before the letter names it: a letter must never name a file that is not there.
            await letters.PutFile(letter.Id, added.Sha256, BinaryData.FromBytes(content).ToStream(), cancellation);
            var former = letter.Files.Find(known => FileNames.AsSeen(known.Name) == FileNames.AsSeen(file.Name));
            letter = former is null
                ? letter with { Files = letter.Files.Add(added) }
                : letter with
                {
                    Files = letter.Files.Replace(
                        former,
                        added with { Title = former.Title, Role = former.Role, Label = former.Label })
                };
            // A letter in Word is the cover letter while there is no text yet; later a person says so.
            if (letter.Text.Trim().Length == 0 && UnfinishedFiles.CoverLetter(file.Name, content) is not null)
                letter = TakeApart(letter, added, content, problems);
        }

        return letter;
    }

    private static UnfinishedLetter TakeApart(
        UnfinishedLetter letter,
        UnfinishedFile file,
        ReadOnlyMemory<byte> content,
        List<Phrase> problems)
    {
        var reading = WordLetter.Read(file.Name, content);
        if (reading.Fault is { } fault)
        {
            problems.Add(Plain($"{fault.Place}: {fault.Words} {fault.Remedy}"));
            return letter;
        }

        return CoverLetterFields.Put(
            letter with
            {
                Files = letter.Files.Replace(
                    letter.Files.Find(known => known.Key == file.Key)!,
                    file with { IsTakenApart = true })
            },
            CoverLetterReader.Read(reading.Read!),
            $"“{UnsafeCharacters.Briefly(file.Name)}”");
    }

    /// <summary>Whoever discarded it, or put it into its folder, did not know what is being typed here.</summary>
    private async Task<ActResult> KeptAnew(LetterPress press, CancellationToken cancellation)
    {
        var anew = await beginnings.Anew(press.By, cancellation);
        // For its version: it is written over with what was typed.
        var begun = await letters.Find(anew.Id, cancellation);
        var register = await registers.TryCurrent(cancellation);
        await letters.Replace(TypedLetterForm.Read(anew, press.Form, register), begun!.ETag, cancellation);
        return ActResult.Unchanged(
            Say($"The letter that you were writing was discarded, or put into its folder, meanwhile. What you typed is kept here, as a letter of its own and without documents."),
            Addresses.Unfinished(anew.Id));
    }

    private static ActResult Refused(LetterFormView view, IReadOnlyList<Finding> faults) =>
        ActResult.Unfinished(
            Mending(faults.Count(fault => !fault.IsWarning)),
            Form(view with { Findings = faults }, StatusCodes.Status422UnprocessableEntity));

    private static Phrase Mending(int faults) =>
        Say(
            faults,
            $"Saved, and not put into its folder: {faults} fault must be mended first.",
            $"Saved, and not put into its folder: {faults} faults must be mended first.");

    private static ActResult Conflict(
        LetterFormView mine,
        UnfinishedLetter theirs,
        IReadOnlyList<FieldDifference> differences) =>
        ActResult.Unfinished(
            Say($"Not saved yet: {theirs.SavedBy.Name} saved this letter on {DeskText.Time(theirs.SavedAt)}, after this page was opened."),
            Form(
                // Saved last is theirs, whatever stands in the fields.
                mine with
                {
                    Letter = mine.Letter with { SavedBy = theirs.SavedBy, SavedAt = theirs.SavedAt },
                    Differences = differences,
                    SavedSince = theirs
                },
                StatusCodes.Status409Conflict));

    private static IResult Form(LetterFormView view, int status) =>
        Pages.Show<LetterFormPage, LetterFormView>(view, status);
}
