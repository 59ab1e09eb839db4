using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Intake;
using Microsoft.AspNetCore.Http;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>
/// Puts the files of the upload form into their folders, or says why not. What is refused is refused as a whole; where
/// storage fails in between, some are there.
/// </summary>
internal sealed class UploadSaving(
    Drafts drafts,
    StagedFiles staged,
    ExaminationTurns turns,
    SignedOffFiles signedOff,
    DeskUploads authors,
    Uploads uploads)
{
    /// <param name="mayReplace">
    /// Whether the person has said that files which are there already shall be replaced.
    /// </param>
    public async Task<ActResult> Press(
        ChosenFolder chosen,
        bool mayReplace,
        HttpContext http,
        CancellationToken cancellation)
    {
        var person = SignedIn.PersonOf(http.User);
        var problems = chosen.Problems();
        // Without a process or a revision, each name would be at fault for that alone.
        var faults = problems is [] ? chosen.NameFaults() : [];
        if (problems.Count + faults.Count > 0)
            return ActResult.Unfinished(
                Say($"Nothing was uploaded. Put right what stands below, and choose the files again."),
                await UploadFormView.Show(chosen, uploads, cancellation, problems, faults));

        // Until all of it is there, nobody examines it in this process or uploads into the same folder: two pages that
        // upload at once do so one after the other, and the second is asked whether it shall replace the first.
        using var hold = await FolderHold.Of(chosen.Folders, turns, cancellation);
        var there = await chosen.There(drafts, cancellation);
        if (there.Count > 0 && !mayReplace)
            return chosen.Folders is [var folder] && await IsBefore(chosen, folder, there, person, cancellation)
                ? await AlreadyUploaded(chosen, folder, cancellation)
                : ActResult.Unfinished(
                    Say(there.Count, $"Nothing was uploaded: the folder holds a file of this name already.", $"Nothing was uploaded: the folder holds files of these names already."),
                    await UploadFormView.Show(
                        chosen,
                        uploads,
                        cancellation,
                        there: [.. there.Select(file => Say($"{file.File}, {Amounts.Size(file.Length)}"))]));

        await using var open = await OpenFiles.Open(chosen.Files, staged, cancellation);
        if (open.Problems.Count > 0)
            return ActResult.Unfinished(
                Say($"Nothing was uploaded, because not all of it arrived as it was sent."),
                await UploadFormView.Show(chosen, uploads, cancellation, open.Problems));
        http.Detail(Say($"{chosen.Process}/{chosen.Revision}: {Listed(chosen.Files.Select(file => Plain(file.Name)))}"));
        var listings = await signedOff.Put(
            [.. open.Streams.Zip(chosen.Names, (content, name) => new SignedOffFile(name, content))],
            // A new file takes the place of the one whose name looks the same, and is not put beside it.
            there.Where(file => !chosen.Names.Contains(file.Name)),
            person,
            hold);
        // As in SignedOffFiles, it is done to its end: the files are in their folders.
        foreach (var file in chosen.Staged)
            await staged.Remove(file, CancellationToken.None);
        return ActResult.Done(
            Uploaded(chosen, listings),
            listings is [var only] ? await PageOf(only.Folder, only.Fingerprint, CancellationToken.None) : Addresses.Front);
    }

    /// <returns>
    /// The address of the letter that exactly these files have become; null where they are still being checked, or have
    /// not become one.
    /// </returns>
    public async Task<string?> Became(UploadFolder folder, string files, CancellationToken cancellation) =>
        (await uploads.Find(folder, cancellation))?.Value
            is { State: UploadState.Accepted, DistributionId: { } id } upload
        && upload.Files == files
            ? Addresses.Distribution(id)
            : null;

    private async Task<string> PageOf(UploadFolder folder, string files, CancellationToken cancellation) =>
        await Became(folder, files, cancellation) ?? Addresses.Upload(folder, files);

    private async Task<ActResult> AlreadyUploaded(
        ChosenFolder chosen,
        UploadFolder folder,
        CancellationToken cancellation)
    {
        foreach (var file in chosen.Staged)
            await staged.Remove(file, cancellation);
        var listed = (await FolderListing.Now(drafts, folder, cancellation)).Fingerprint;
        return ActResult.Unchanged(
            Say($"These files were uploaded into {Plain($"{folder}")} already when you pressed."),
            await PageOf(folder, listed, cancellation));
    }

    private static Phrase Uploaded(ChosenFolder chosen, IReadOnlyList<FolderListing> listings)
    {
        var where = listings is [var one] ? $"{one.Folder}" : chosen.Process;
        var done = Say(
            chosen.Names.Count,
            $"{chosen.Names.Count} file is uploaded into {where}",
            $"{chosen.Names.Count} files are uploaded into {where}");
        return chosen.OfTools is []
            ? Say($"{done}.")
            : Say($"{done}; left out as made by a system or a program for itself: {Listed(chosen.OfTools.Select(file => Plain(UnsafeCharacters.Briefly(file.Name))))}.");
    }

    /// <summary>
    /// Whether the same person has uploaded these very files last, as by the same button pressed twice.
    /// </summary>
    private async Task<bool> IsBefore(
        ChosenFolder chosen,
        UploadFolder folder,
        IReadOnlyList<DraftFile> there,
        Person person,
        CancellationToken cancellation)
    {
        var now = await FolderListing.Now(drafts, folder, cancellation);
        if (await authors.That(now, cancellation) is not { } last
            || !last.Author.Is(person)
            || last.Files.Count != chosen.Files.Count
            || there.Count != chosen.Files.Count
            || (await uploads.Find(folder, cancellation))?.Value.State == UploadState.Discarded)
            return false;
        foreach (var (file, name) in chosen.Files.Zip(chosen.Names))
            if (there.FirstOrDefault(other => other.Name == name) is not { } held
                || await drafts.Read(held, cancellation) is not { } stored
                || Sha256Hex.Of(stored.Span) != await HashOf(file, cancellation))
                return false;
        return true;
    }

    private static async Task<string> HashOf(ChosenFile file, CancellationToken cancellation)
    {
        if (file.Staged is { } sent)
            return sent.Sha256;
        await using var content = file.Form!.OpenReadStream();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }
}
