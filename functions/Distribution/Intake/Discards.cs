namespace Distribution.Intake;

/// <summary>
/// Discards what is not to be sent: letters that were never released, uploads with faults, misplaced files. The files
/// are not deleted, and a folder is examined again when one of its files changes. The record of a letter says who
/// discarded it.
/// </summary>
internal sealed class Discards(
    Uploads uploads,
    DistributionRecords distributions,
    UploadReports reports,
    TimeProvider clock)
{
    /// <returns>False if it no longer waits for release.</returns>
    public async Task<bool> DiscardLetter(string distributionId, string by, CancellationToken cancellation)
    {
        // The letter before its folder: where a worker stops in between, the letter cannot be released any more, and
        // its folder is as it was.
        var discarded = await distributions.Change(
            distributionId,
            waiting =>
                waiting.State == DistributionState.AwaitingRelease
                    ? (waiting with { State = DistributionState.Discarded, Approvals = [] }).With(
                        new(clock.GetUtcNow(), Act.Discarded, by, ""))
                    : null,
            cancellation);
        if (discarded is { IsLetter: true })
            await Folder(
                discarded.Folder,
                upload => upload.State == UploadState.Accepted && upload.DistributionId == distributionId,
                cancellation);
        return discarded is not null;
    }

    /// <param name="files">The fingerprint of the files whose faults the person looked at.</param>
    /// <returns>False if the folder has changed since.</returns>
    public async Task<bool> DiscardUpload(UploadFolder folder, string files, CancellationToken cancellation)
    {
        if (!await Folder(
                folder,
                upload =>
                    upload.State is UploadState.Rejected or UploadState.Waiting or UploadState.Preparing
                    && upload.Files == files,
                cancellation))
            return false;
        await reports.Remove(folder.ToString(), cancellation);
        return true;
    }

    private async Task<bool> Folder(UploadFolder folder, Func<Upload, bool> isMeant, CancellationToken cancellation)
    {
        // Another worker may save the record in between: it is read again, and discarded only if it is still what was
        // meant.
        while (await uploads.Find(folder, cancellation) is { } stored && isMeant(stored.Value))
            if (await uploads.Save(stored.Value with { State = UploadState.Discarded }, stored.ETag, cancellation)
                is not null)
                return true;
        return false;
    }
}
