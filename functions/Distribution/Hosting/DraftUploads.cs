using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Hosting;

/// <summary>
/// Handles uploads: an event names one file, the timer looks at all. Either may come late, twice or never.
/// </summary>
internal sealed class DraftUploads(
    Drafts drafts,
    Uploads uploads,
    RegisterInUse registers,
    Examination examination,
    LetterPreparation preparation,
    LetterQueue letterQueue,
    ProofSender proofs,
    ExaminationTurns turns,
    ExaminationProgress progress,
    ILogger<DraftUploads> logger)
{
    /// <summary>
    /// Examines the folder that an uploaded file belongs to. Events for several of its files may arrive together: the
    /// folder is examined once for each of its states, and always in its last one.
    /// </summary>
    /// <param name="blobName">The file's name within the container: <c>process/revision/file</c>.</param>
    public async Task Examine(string blobName, CancellationToken cancellation)
    {
        foreach (var folder in await FoldersOf(blobName, cancellation))
        {
            // The turn comes before everything that is read: what waits here for another examination reads what that
            // one wrote.
            using var turn = await turns.Enter(folder, cancellation);
            try
            {
                // The record is read before the listing: if another worker records a result in between, the record has
                // changed, and this examination gives way.
                var previous = await uploads.Find(folder, cancellation);
                if (await FolderListing.Now(drafts, folder, cancellation) is { Files: not [] } listing
                    && !await examination.IsAccepted(previous?.Value, listing, cancellation))
                    await Examine(
                        listing,
                        previous,
                        await registers.Current(cancellation),
                        ExaminationReason.Event,
                        cancellation);
            }
            catch (UnreadableRecordException unreadable)
            {
                // Nobody knows what the folder has become already, so it is left alone.
                logger.LogWarning(unreadable, "The upload {Folder} is not examined", folder);
            }
        }
    }

    /// <summary>
    /// Takes over an uploaded register, then examines every folder that changed since its last examination, or still
    /// waits; reports files in wrong places, and forgets folders whose files were deleted.
    /// </summary>
    /// <returns>
    /// What the files were by which every folder was found to be settled: as long as nothing changes there is nothing
    /// to do. Null where files are new, a folder waits, or one is being examined elsewhere.
    /// </returns>
    /// <exception cref="AggregateException">
    /// Some folders could not be examined for now; the others were.
    /// </exception>
    public async Task<string?> ExamineAll(CancellationToken cancellation)
    {
        // Read the upload records before listing files: a folder that is examined in between then has a newer ETag, and
        // this run leaves it alone.
        var (known, leftOut) = await uploads.ByFolder(cancellation);
        // Before any folder, so that letters of this run go by a register that was just uploaded.
        var register = await registers.Refresh(cancellation);
        var listed = await drafts.List(null, cancellation);
        var folders = FolderListing.All(listed);
        List<Exception> failures = [];
        var isSettled = true;
        // A folder whose record cannot be read is left alone: nobody knows what it has become already.
        foreach (var listing in folders.Where(listing => !leftOut.Contains(Uploads.Row(listing.Folder))))
        {
            // A folder that an event has brought into examination holds up nothing: the next run looks at it again.
            using var turn = turns.TryEnter(listing.Folder);
            var previous = known.GetValueOrDefault(listing.Folder);
            isSettled &= turn is not null && previous?.Value.IsSettledWith(listing) is true;
            if (turn is not null
                && await Examine(listing, previous, register, ExaminationReason.Timer, cancellation) is { } failure)
                failures.Add(failure);
        }

        var misplaced = listed
            .Where(file => !file.IsFolder)
            .Select(file => BlobNames.Place(file.Name))
            .Where(place => place.Folder is null)
            .SelectMany(place => place.Faults)
            .ToList();
        if (misplaced is not [])
            await examination.ReportMisplaced(misplaced, known.GetValueOrDefault(Examination.Misplaced), cancellation);

        foreach (var upload in known.Values.Select(stored => stored.Value))
            if (!(
                    upload.Folder == Examination.Misplaced
                        ? misplaced is not []
                        : folders.Any(found => found.Folder == upload.Folder)))
                await examination.Forget(upload, cancellation);
        if (failures is not [])
            throw new AggregateException(failures);
        return isSettled ? FolderListing.Of(listed) : null;
    }

    /// <summary>Examines a folder again with today's register, even if its files have not changed.</summary>
    public async Task Renew(UploadFolder folder, CancellationToken cancellation)
    {
        using var turn = await turns.Enter(folder, cancellation);
        if (await uploads.Find(folder, cancellation) is { Value.State: not UploadState.Discarded } previous
            && await FolderListing.Now(drafts, folder, cancellation) is { Files: not [] } listing)
            await Examine(
                listing,
                previous,
                await registers.Current(cancellation),
                ExaminationReason.Person,
                cancellation);
    }

    /// <summary>
    /// Typesets some letters of an upload, as a message of the queue asks; the last one ends its examination.
    /// </summary>
    /// <inheritdoc cref="LetterPreparation.Typeset(string, CancellationToken)"/>
    public async Task Prepare(string message, CancellationToken cancellation)
    {
        if (await preparation.Typeset(message, cancellation) is { } distribution)
            await Begin(distribution, cancellation);
    }

    /// <summary>The folder of a file; every file of the standing folder for a standing letter.</summary>
    private async Task<IReadOnlyList<UploadFolder>> FoldersOf(string blobName, CancellationToken cancellation) =>
        BlobNames.Place(blobName) switch
        {
            { Folder: { } folder } => [folder],
            { IsStandingLetter: true, Process: { } process } =>
            [
                .. FolderListing
                    .All(await drafts.List($"{process}/{BlobNames.StandingFolder}/", cancellation))
                    .Select(listing => listing.Folder),
            ],
            // The timer reports files whose names lead into no folder.
            _ => [],
        };

    /// <returns>Why it has to be examined again later; null where it is done, or was reported.</returns>
    private async Task<Exception?> Examine(
        FolderListing listing,
        Stored<Upload>? previous,
        MissionRegister register,
        ExaminationReason reason,
        CancellationToken cancellation)
    {
        var folder = listing.Folder;
        try
        {
            if (await examination.Examine(listing, previous, register, reason, cancellation)
                is not { } distribution)
                return null;
            await Begin(distribution, cancellation);
            return null;
        }
        catch (Exception storage)
            when (!cancellation.IsCancellationRequested
                && (StorageFailures.Pass(storage) || UnreadableRecordException.IsWhy(storage)))
        {
            logger.LogWarning(storage, "The upload {Folder} could not be examined for now", folder);
            return new IOException($"The upload {folder} could not be examined for now.", storage);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // A folder whose examination fails must not block the others.
            // The report of the upload names it, and so does the log, which alone has the exception.
            var reference = Guid.NewGuid().ToString("n")[..8];
            logger.LogError(fault, "The examination of {Folder} broke off; reference {Reference}", folder, reference);
            await examination.BrokenOff(listing, previous, register, reference, cancellation);
            return null;
        }
        finally
        {
            // However it ended: a page that waits would otherwise say for ever that the folder is being checked.
            progress.End(folder);
        }
    }

    private Task Begin(DistributionRecord distribution, CancellationToken cancellation) =>
        // A letter that leaves by itself is released already. Where the process stops right here, the timer queues it.
        distribution.State == DistributionState.Released
            ? letterQueue.Queue(distribution, cancellation)
            : proofs.RequestDue(distribution, cancellation);
}
