using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;

namespace Distribution.Web.Desk;

/// <summary>A file that a person signs off.</summary>
/// <param name="Name">Its name in the container <c>drafts</c>: <c>gcm/draft-rev-1/letter.md</c>.</param>
internal sealed record SignedOffFile(string Name, Stream Content);

/// <summary>
/// Puts files that a person has signed off into their folders, with the person on record as the one who brought them,
/// and has them examined.
/// </summary>
internal sealed class SignedOffFiles(
    Drafts drafts,
    DeskUploads authors,
    DraftUploads examined,
    RegisterInUse registers,
    ExaminationInputs surroundings,
    TimeProvider clock)
{
    /// <param name="files">The letter last, so that its enclosures are there when it is examined.</param>
    /// <param name="replaced">What is taken out of the folders for them.</param>
    /// <param name="hold">Holds the folders; it is released before they are examined.</param>
    /// <param name="known">
    /// What is in the folder as far as is known: other services may put something there at the same moment. Null to
    /// take the place of whatever is there.
    /// </param>
    /// <returns>
    /// The folders as they are then; none where something unknown is there: what was put beside it is taken back, and
    /// what it took the place of is there again.
    /// </returns>
    public async Task<IReadOnlyList<FolderListing>> Put(
        IReadOnlyList<SignedOffFile> files,
        IEnumerable<DraftFile> replaced,
        Person author,
        FolderHold hold,
        IReadOnlyList<DraftFile>? known = null)
    {
        // It is done to its end, also where the browser has gone: a folder of which one half is replaced would be
        // examined as a letter that nobody wrote.
        var cancellation = CancellationToken.None;
        Dictionary<string, string> stored = [];
        Dictionary<string, ReadOnlyMemory<byte>> former = [];
        foreach (var file in files)
        {
            // Kept in memory until all is in: it is what goes back where another service was faster.
            if (known?.FirstOrDefault(other => other.Name == file.Name) is { } there
                && await drafts.Read(there, cancellation) is { } held)
                former[file.Name] = held;
            var version = known is null
                ? await drafts.Upload(file.Name, file.Content, cancellation)
                : await drafts.Replace(
                    file.Name,
                    await BinaryData.FromStreamAsync(file.Content, cancellation),
                    VersionIn(known, file.Name),
                    cancellation);
            // Somebody else has changed that file since it was listed: storage refused the write by its ETag.
            if (version is null)
            {
                foreach (var (name, own) in stored)
                    if (former.TryGetValue(name, out var before))
                        // By the version that was written here: what another service has put there since then stays.
                        await drafts.Replace(name, BinaryData.FromBytes(before), own, cancellation);
                    else
                        await drafts.Remove(new(name, own, 0), cancellation);
                return [];
            }

            stored[file.Name] = version;
        }

        foreach (var file in replaced)
            // After the new files, so that a folder is never without a letter in between.
            await drafts.Remove(file, cancellation);

        // Each file of a standing folder becomes a letter of its own, so one upload may be into several folders. A
        // standing letter belongs to none: it is a part of each letter of the standing folder.
        var brought = files.Select(file => (file.Name, Place: BlobNames.Place(file.Name))).ToList();
        List<FolderListing> listings = [];
        foreach (var folder in brought.Select(file => file.Place.Folder).OfType<UploadFolder>().Distinct())
        {
            var listing = await FolderListing.Now(drafts, folder, cancellation);
            listings.Add(listing);
            var parts = brought
                .Where(file => file.Place.Folder == folder || (file.Place.IsStandingLetter && folder.IsStanding))
                .Select(file => file.Name)
                .ToList();
            IReadOnlyList<DraftFile> listed =
            [
                .. listing.Files,
                .. listing.Standing is { } standing ? [standing] : (DraftFile[])[]
            ];
            // If somebody else has replaced these files in the meantime, nobody is recorded as the author of what is
            // there now.
            if (parts.All(name => listed.Any(file => file.Name == name && file.Version == stored[name])))
                await authors.Add(
                    new(
                        folder,
                        author,
                        clock.GetUtcNow(),
                        [.. parts.Select(name => name.Split('/')[^1])],
                        listing.Fingerprint,
                        (await registers.Current(cancellation)).Hash,
                        await surroundings.With(listing.Standing, cancellation)),
                    cancellation);
        }

        // Before the examination, which takes its own turn for the same folders.
        hold.Release();
        // Examining the standing letter examines the whole standing folder.
        foreach (
            var name in brought.Exists(file => file.Place.IsStandingLetter)
                ? brought.Where(file => file.Place.Folder is not { IsStanding: true }).Select(file => file.Name)
                : brought.Select(file => file.Name))
            if (BlobNames.Place(name).Folder is not { } folder
                || brought.FindLast(file => file.Place.Folder == folder).Name == name)
                await examined.Examine(name, cancellation);
        return listings;
    }

    private static string? VersionIn(IEnumerable<DraftFile> files, string name) =>
        files.FirstOrDefault(file => file.Name == name)?.Version;
}
