using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Storage;

namespace Distribution.Web.Desk;

/// <summary>Puts a letter in the making into its folder, as an upload at the desk does.</summary>
internal sealed class LetterPlacing(
    Drafts drafts,
    Uploads uploads,
    UnfinishedLetters letters,
    ExaminationTurns turns,
    SignedOffFiles signedOff)
{
    /// <param name="letter">The version that was checked.</param>
    /// <param name="files">Those that were checked, the letter last.</param>
    /// <returns>The address of what it has become; null if a new letter's folder is another's by now.</returns>
    public async Task<string?> Put(
        Stored<UnfinishedLetter> letter,
        IReadOnlyList<FinishedFile> files,
        Person author,
        CancellationToken cancellation)
    {
        var folder = letter.Value.Target;
        using var hold = await FolderHold.Of([folder], turns, cancellation);
        var there = (await FolderListing.Now(drafts, folder, cancellation)).Files;
        if (letter.Value.Folder is null && there.Count > 0)
            return null;
        var brought = files.Select(file => new SignedOffFile(BlobNames.Of(folder, file.Name), BinaryData.FromBytes(file.Content).ToStream())).ToList();
        var listings = await signedOff.Put(brought, there.Where(file => !brought.Exists(other => other.Name == file.Name)), author, hold);
        // It is in its folder, where everybody finds it: what is left here would be a second one.
        await letters.Remove(letter, CancellationToken.None);
        return listings is [var listing]
            && (await uploads.Find(folder, CancellationToken.None))?.Value is { State: UploadState.Accepted, DistributionId: { } id } upload
            && upload.Files == listing.Fingerprint
                ? Addresses.Distribution(id)
                : Addresses.Upload(folder, listings is [var waiting] ? waiting.Fingerprint : null);
    }
}
