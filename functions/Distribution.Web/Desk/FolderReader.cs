using Distribution.Common;
using Distribution.Intake;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Gathers what the page of an uploaded folder shows.</summary>
internal sealed class FolderReader(
    Uploads uploads,
    Drafts drafts,
    Examination examination,
    ExaminationProgress progress,
    LetterPreparation preparations,
    RegisterInUse registers,
    IOptions<IntakeSettings> intake)
{
    /// <param name="folder">The folder as people name it: <c>gcm/draft-rev-1</c>.</param>
    /// <param name="files">
    /// The fingerprint of the files a person has just uploaded; null where they look at the folder as it is.
    /// </param>
    /// <returns>Null where there is no such folder.</returns>
    public async Task<FolderView?> Of(string folder, string? files, CancellationToken cancellation)
    {
        var known = (await uploads.All(cancellation))
            .FirstOrDefault(upload => upload.Value.Folder.ToString() == folder)
            ?.Value;
        // One that cannot be read is not in the list: asked for by itself, it says so.
        if (known is null && Named(folder) is { } unlisted)
            known = (await uploads.Find(unlisted, cancellation))?.Value;
        // The record of all misplaced files is that of no folder, so there is nothing to list.
        if (known?.Folder == Examination.Misplaced)
            return new(known.Folder, known, WaitsUntil: null);
        // A folder that has not been examined yet has no record. It is looked for in storage only where somebody has
        // just uploaded into it.
        if ((known?.Folder ?? (files is null ? null : Named(folder))) is not { } place)
            return null;
        var listing = await FolderListing.Now(drafts, place, cancellation);
        if (known is null && listing.Files is [])
            return null;
        return new FolderView(place, known, known?.FirstSeen + intake.Value.WaitFor)
        {
            Checking =
                known is not null
                && await examination.IsCurrent(known, listing, await registers.Current(cancellation), cancellation)
                    ? null
                    : progress.Of(place) ?? Say($"Waiting to be checked"),
            Files = files,
            // By the fingerprint of the upload: a person who waits for the check of their own files must not be told of
            // another's.
            IsOvertaken = files is not null && files != listing.Fingerprint,
            Prepared = known is null ? null : await Prepared(known, cancellation),
        };
    }

    /// <returns>How far its letters are typeset; null where nothing is being prepared.</returns>
    public async Task<Phrase?> Prepared(Upload upload, CancellationToken cancellation)
    {
        if (upload.Preparation is not { } preparation)
            return null;
        var made = await preparations.CountMade(preparation, cancellation);
        return Say(
            made,
            $"{made} of {preparation.Letters} letters is typeset",
            $"{made} of {preparation.Letters} letters are typeset");
    }

    private static UploadFolder? Named(string folder) => folder.Split('/') switch
    {
        [var process, BlobNames.StandingFolder, var file] => new(process, file, IsStanding: true),
        [var process, var revision] => new(process, revision),
        _ => null,
    };
}
