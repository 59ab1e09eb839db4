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
    /// <param name="known">The fingerprint of the folder's files that the author knows of; empty for a new letter, and where none was kept.</param>
    public async Task<PlacedLetter> Put(
        Stored<UnfinishedLetter> letter,
        IReadOnlyList<FinishedFile> files,
        Person author,
        string known,
        CancellationToken cancellation)
    {
        var folder = letter.Value.Target;
        using var hold = await FolderHold.Of([folder], turns, cancellation);
        var now = await FolderListing.Now(drafts, folder, cancellation);
        var there = now.Files;
        if (letter.Value.Folder is null ? there.Count > 0 : await HasOthers())
            return new(null, now.Fingerprint);
        // From here on the folder is this letter's: where storage fails in between, the next press goes on with it.
        var claimed = letter.Value.Folder is null
            ? await letters.Replace(letter.Value with { Folder = folder, FolderFiles = now.Fingerprint }, letter.ETag, cancellation) ?? letter
            : letter;
        var brought = files.Select(file => new SignedOffFile(BlobNames.Of(folder, file.Name), BinaryData.FromBytes(file.Content).ToStream())).ToList();
        var listings = await signedOff.Put(brought, there.Where(file => !brought.Exists(other => other.Name == file.Name)), author, hold, there);
        if (listings is [])
        {
            // Another service was faster: the letter is a new one as before.
            var again = letter.Value.Folder is null
                ? await letters.Replace(letter.Value, claimed.ETag, CancellationToken.None)
                : null;
            return new(null, (await FolderListing.Now(drafts, folder, CancellationToken.None)).Fingerprint) { Version = again?.ETag };
        }

        // It is in its folder, where everybody finds it: what is left here would be a second one.
        await letters.Remove(claimed, CancellationToken.None);
        var address = listings is [var listing]
            && (await uploads.Find(folder, CancellationToken.None))?.Value is { State: UploadState.Accepted, DistributionId: { } id } upload
            && upload.Files == listing.Fingerprint
                ? Addresses.Distribution(id)
                : Addresses.Upload(folder, listings is [var waiting] ? waiting.Fingerprint : null);
        return new(address, "");

        // Where the author knows of no files, what is there has to be what an earlier press has left of this very letter.
        async Task<bool> HasOthers()
        {
            if (known.Length > 0 || letter.Value.FolderFiles is not { } opened)
                return known.Length > 0 && known != now.Fingerprint;
            if (opened == now.Fingerprint)
                return false;
            foreach (var file in there)
                if (files.FirstOrDefault(own => BlobNames.Of(folder, own.Name) == file.Name) is not { } own
                    || await drafts.Read(file, cancellation) is not { } stored
                    || !stored.Span.SequenceEqual(own.Content.Span))
                    return true;
            return false;
        }
    }

    /// <summary>The fingerprint of the files in the folder that a letter was opened from; null for a letter that was not.</summary>
    public async Task<string?> FilesNow(UnfinishedLetter letter, CancellationToken cancellation) =>
        letter is { Folder: { } folder, FolderFiles: not null } ? (await FolderListing.Now(drafts, folder, cancellation)).Fingerprint : null;
}

/// <summary>What came of putting a letter into its folder.</summary>
/// <param name="Address">The address of what it has become; null where the folder is another's by now, or has other files.</param>
/// <param name="FolderFiles">The fingerprint of those.</param>
internal sealed record PlacedLetter(string? Address, string FolderFiles)
{
    /// <summary>The version of the letter in the making, where it was saved anew; null where it was not.</summary>
    public string? Version { get; init; }
}
