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
    DeskUploads authors,
    ExaminationTurns turns,
    SignedOffFiles signedOff)
{
    /// <summary>
    /// Where a button is pressed twice, the first press puts the letter into its folder: the second one finds it there,
    /// and must neither take it for another letter nor write it anew.
    /// </summary>
    /// <param name="files">The letter's own.</param>
    /// <param name="known">As for <see cref="Put"/>.</param>
    /// <returns>The address of what it has become; null where no press has put it there.</returns>
    public async Task<string?> PutBefore(
        Stored<UnfinishedLetter> letter,
        IReadOnlyList<FinishedFile> files,
        string known,
        CancellationToken cancellation)
    {
        using var hold = await FolderHold.Of([letter.Value.Target], turns, cancellation);
        var now = await FolderListing.Now(drafts, letter.Value.Target, cancellation);
        return HasChanged(letter.Value, known, now) && await AreOwn(files, now, cancellation)
            ? await PutBefore(letter, files, now, cancellation)
            : null;
    }

    /// <param name="letter">The version that was checked.</param>
    /// <param name="files">Those that were checked, the letter last.</param>
    /// <param name="known">
    /// The fingerprint of the folder's files that the author knows of; empty for a new letter, and where none was kept.
    /// </param>
    public async Task<PlacedLetter> Put(
        Stored<UnfinishedLetter> letter,
        IReadOnlyList<FinishedFile> files,
        Person author,
        string known,
        CancellationToken cancellation)
    {
        var folder = letter.Value.Target;
        // Held until the files are in: a folder that is examined in between would be a letter of which some files are
        // missing.
        using var hold = await FolderHold.Of([folder], turns, cancellation);
        var now = await FolderListing.Now(drafts, folder, cancellation);
        var there = now.Files;
        if (HasChanged(letter.Value, known, now))
        {
            var areOwn = await AreOwn(files, now, cancellation);
            if (areOwn && await PutBefore(letter, files, now, cancellation) is { } address)
                return new(address, "");
            // Goes on only where the folder is the letter's already and its author knows of no files in it: then an
            // earlier press has left these very files.
            if (!areOwn || letter.Value.Folder is null || known.Length > 0)
                return new(null, now.Fingerprint);
        }

        // From here on the folder is this letter's: where storage fails in between, the next press goes on with it.
        var claimed = letter.Value.Folder is null
            ? await letters.Replace(
                    letter.Value with { Folder = folder, FolderFiles = now.Fingerprint },
                    letter.ETag,
                    cancellation)
                ?? letter
            : letter;
        var brought = files
            .Select(file =>
                new SignedOffFile(BlobNames.Of(folder, file.Name), BinaryData.FromBytes(file.Content).ToStream()))
            .ToList();
        var listings = await signedOff.Put(
            brought,
            there.Where(file => !brought.Exists(other => other.Name == file.Name)),
            author,
            hold,
            there);
        if (listings is [])
        {
            // Another service was faster: the letter is a new one as before.
            var again = letter.Value.Folder is null
                ? await letters.Replace(letter.Value, claimed.ETag, CancellationToken.None)
                : null;
            return new(null, (await FolderListing.Now(drafts, folder, CancellationToken.None)).Fingerprint)
            {
                Version = again?.ETag
            };
        }

        // It is in its folder, where everybody finds it: what is left here would be a second one.
        await letters.Remove(claimed, CancellationToken.None);
        return new(await AddressOf(folder, listings is [var listing] ? listing.Fingerprint : null), "");
    }

    /// <summary>
    /// Whether files have been put into the folder, or taken out of it, that its author does not know of.
    /// </summary>
    private static bool HasChanged(UnfinishedLetter letter, string known, FolderListing now) =>
        letter.Folder is null ? now.Files.Count > 0
        : known.Length > 0 ? known != now.Fingerprint
        : letter.FolderFiles is { } opened && opened != now.Fingerprint;

    /// <summary>Whether all that is in the folder is the letter's own.</summary>
    private async Task<bool> AreOwn(
        IReadOnlyList<FinishedFile> files,
        FolderListing now,
        CancellationToken cancellation)
    {
        foreach (var file in now.Files)
            if (files.FirstOrDefault(own => BlobNames.Of(now.Folder, own.Name) == file.Name) is not { } own
                || await drafts.Read(file, cancellation) is not { } stored
                || !stored.Span.SequenceEqual(own.Content.Span))
                return false;
        return true;
    }

    /// <param name="now">The folder, in which nothing is but files of the letter.</param>
    private async Task<string?> PutBefore(
        Stored<UnfinishedLetter> letter,
        IReadOnlyList<FinishedFile> files,
        FolderListing now,
        CancellationToken cancellation)
    {
        // Who brought it is recorded last: a press that stopped before is to be done anew.
        if (now.Files.Count != files.Count || await authors.That(now, cancellation) is null)
            return null;
        // Not cancelled from here on: the letter is in its folder, and would stand in two places.
        await letters.Remove(letter, CancellationToken.None);
        return await AddressOf(now.Folder, now.Fingerprint);
    }

    /// <param name="fingerprint">Of the folder's files as they were put there; null where it is not known.</param>
    private async Task<string> AddressOf(UploadFolder folder, string? fingerprint) =>
        (await uploads.Find(folder, CancellationToken.None))?.Value
            is { State: UploadState.Accepted, DistributionId: { } id } upload
        && upload.Files == fingerprint
            ? Addresses.Distribution(id)
            : Addresses.Upload(folder, fingerprint);

    /// <summary>
    /// The fingerprint of the files in the folder that a letter was opened from; null for a letter that was not.
    /// </summary>
    public async Task<string?> FilesNow(UnfinishedLetter letter, CancellationToken cancellation) =>
        letter is { Folder: { } folder, FolderFiles: not null }
            ? (await FolderListing.Now(drafts, folder, cancellation)).Fingerprint
            : null;
}

/// <summary>What came of putting a letter into its folder.</summary>
/// <param name="Address">
/// The address of what it has become; null where the folder is another's by now, or has other files.
/// </param>
/// <param name="FolderFiles">The fingerprint of those.</param>
internal sealed record PlacedLetter(string? Address, string FolderFiles)
{
    /// <summary>The version of the letter in the making, where it was saved anew; null where it was not.</summary>
    public string? Version { get; init; }
}
