using Distribution.Intake.Malware;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Intake;

/// <summary>
/// Puts on record what an examination found: the folder waits, is rejected with a report, or becomes a distribution.
/// Every method names the ETag of the folder's record that it started from; if another examination of the folder was
/// first, nothing is changed.
/// </summary>
internal sealed class ExaminationRecorder(
    Uploads uploads,
    UploadReports reports,
    DistributionRecords distributions,
    DistributionFreezer freezer,
    VersionReplacement versions,
    Notices notices,
    ILogger<ExaminationRecorder> logger)
{
    public async Task Wait(Upload upload, string? version, CancellationToken cancellation)
    {
        // Saved first: from then on nothing of the folder can be released, and the timer withdraws what this worker
        // leaves.
        if (await uploads.Save(upload, version, cancellation) is not null)
            await Withdraw(upload, cancellation);
    }

    public async Task Reject(Upload upload, string? version, CancellationToken cancellation)
    {
        upload = upload with
        {
            State = UploadState.Rejected,
            Faults = LetterFaults.AtMost($"{upload.Folder}", upload.Faults),
        };
        // Where another examination was first, no report is written: it would be one of an older state.
        if (await uploads.Save(upload, version, cancellation) is null)
            return;
        await reports.Save(
            upload.Folder.ToString(),
            PreflightReport.Text(upload.Folder, upload.Faults, upload.ExaminedAt),
            cancellation);
        await Withdraw(upload, cancellation);
        logger.LogInformation(
            "Upload {Folder} rejected: {Faults}",
            upload.Folder,
            string.Join(" ", upload.Faults.Select(fault => fault.Code)));
    }

    /// <summary>Tells the secretariat of malware, whatever becomes of the folder meanwhile.</summary>
    public async Task Notify(
        UploadFolder folder,
        IEnumerable<Infection> infections,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        foreach (var (file, finding) in infections)
        {
            logger.LogWarning(
                "The upload {Folder} holds malware: {Finding} in {File}, sha256 {Hash}",
                folder,
                finding,
                file.Name,
                file.Hash);
            await notices.Add(
                new(
                    // One notice for the same bytes at the same place, however often they are examined.
                    $"malware-{FolderListing.Of([$"{folder}", file.Name, file.Hash])[..16]}",
                    now,
                    null,
                    $"The malware scanner found {finding} in {file.Name} of {folder}. Nothing was sent. Do not open the file; have the machine it came from checked."
                ),
                cancellation);
        }
    }

    /// <summary>The folder holds content that was already released from it: no new distribution is created.</summary>
    /// <returns>The released distribution; null if another examination of the folder was first (race).</returns>
    public async Task<DistributionRecord?> Recognise(
        Upload upload,
        DistributionRecord released,
        string? version,
        CancellationToken cancellation)
    {
        // Before the record is saved: once that says accepted, no run of the timer looks for versions to replace.
        await versions.Replace(upload, released.Id, _ => Replacement.ReleasedBefore, cancellation);
        upload = upload with { DistributionId = released.Id, Faults = released.Warnings };
        if (await uploads.Save(upload, version, cancellation) is null)
            return null;
        await reports.Remove($"{upload.Folder}", cancellation);
        return released;
    }

    /// <summary>
    /// The letter is in order, and the rest of its letters is typeset in the queue. Until then nothing of the folder
    /// can be released.
    /// </summary>
    /// <returns>False if another examination of the folder was first (race).</returns>
    public async Task<bool> Prepare(Upload upload, string? version, CancellationToken cancellation)
    {
        if (await uploads.Save(upload, version, cancellation) is null)
            return false;
        await reports.Remove($"{upload.Folder}", cancellation);
        await Withdraw(upload, cancellation);
        return true;
    }

    /// <summary>Freezes the letter and puts its distribution on record.</summary>
    /// <param name="files">Those of its files that are not stored yet.</param>
    /// <param name="earlier">
    /// Every distribution that was on record when it was checked; null where it is not known.
    /// </param>
    /// <returns>
    /// The distribution; null if another examination of the folder was first (race), or a person discarded it
    /// meanwhile.
    /// </returns>
    public async Task<DistributionRecord?> Accept(
        Upload upload,
        CheckedLetter letter,
        LetterFiles files,
        Stored<Upload>? previous,
        CancellationToken cancellation,
        IReadOnlyList<DistributionRecord>? earlier = null)
    {
        var id = letter.Id;
        upload = upload with
        {
            DistributionId = id,
            Versions = upload.Versions.Contains(id) ? upload.Versions : [.. upload.Versions, id],
            Faults = letter.Warnings,
        };
        // A person discarded exactly this content while an earlier examination was running. It stays discarded,
        // although that examination never finished.
        if (previous is { Value: { State: UploadState.Discarded, Files: "" } aside } && aside.DistributionId == id)
        {
            await uploads.Save(upload with { State = UploadState.Discarded }, previous.ETag, cancellation);
            return null;
        }

        var before = await Before(id, earlier, cancellation);
        // Saved first without fingerprints: after a crash the folder is examined again, and meanwhile nothing of it can
        // be released.
        if (await uploads.Save(upload with { Files = "", Surroundings = "" }, previous?.ETag, cancellation)
            is not { } begun)
            return null;

        // The older version is replaced first, so that two versions never wait for release at the same time.
        await versions.Replace(upload, id, old => Replacement.ByVersion(old, letter.ContentHash), cancellation);
        var isInterrupted = previous is { Value: { Files: "" } left } && left.Versions.Contains(id);
        var distribution = await freezer.Freeze(upload, letter, files, before, isInterrupted, cancellation);
        if (distribution.State == DistributionState.Discarded)
            upload = upload with { State = UploadState.Discarded };
        if (await uploads.Save(upload, begun, cancellation) is null)
        {
            await GiveWay(upload, id, cancellation);
            return null;
        }

        if (distribution.State == DistributionState.Discarded)
            return null;
        // Only a folder that was examined before can have a report.
        if (previous is not null)
            await reports.Remove($"{upload.Folder}", cancellation);
        return distribution;
    }

    /// <summary>
    /// The distribution as it was when its letter was checked, so that what a person did with it since counts as done
    /// since.
    /// </summary>
    /// <returns>Null where there was none, or is none any more.</returns>
    private async Task<DistributionRecord?> Before(
        string id,
        IReadOnlyList<DistributionRecord>? earlier,
        CancellationToken cancellation)
    {
        var listed = earlier?.FirstOrDefault(other => other.Id == id);
        // A record that cannot be read is on no list, and must not be taken for none.
        return earlier is not null && listed is null && !distributions.IsLeftOut(id) ? null
            : await distributions.Find(id, cancellation) is { } found ? listed ?? found
            : null;
    }

    /// <summary>
    /// Removes the record of an upload whose files were deleted; a letter from it that was not released can no longer
    /// be released.
    /// </summary>
    public async Task Forget(Upload upload, CancellationToken cancellation)
    {
        // The record goes last: a worker that stops before leaves it to the next run, which finds the folder still
        // gone.
        await versions.Replace(upload, null, _ => Replacement.TakenAway, cancellation);
        await reports.Remove(upload.Folder.ToString(), cancellation);
        await uploads.Remove(upload.Folder, cancellation);
    }

    /// <summary>
    /// Makes sure that no version of a folder that waits or was rejected can be sent. Idempotent: the worker that saved
    /// the record may have stopped before it did so.
    /// </summary>
    /// <returns>Whether there was nothing left to replace, nor can be.</returns>
    public Task<bool> Withdraw(Upload upload, CancellationToken cancellation) =>
        versions.Replace(upload, null, _ => Replacement.By(upload), cancellation);

    /// <summary>
    /// Another examination continued from our saved beginning and may have looked for our distribution before it was
    /// stored.
    /// </summary>
    private async Task GiveWay(Upload upload, string id, CancellationToken cancellation)
    {
        var found = await uploads.Find(upload.Folder, cancellation);
        if (found?.Value.DistributionId != id)
            await versions.Replace(
                upload with { Versions = [id] },
                null,
                _ => found is null ? Replacement.TakenAway : Replacement.By(found.Value),
                cancellation);
        else if (found.Value is { State: UploadState.Discarded, Files: "" })
            await uploads.Save(upload with { State = UploadState.Discarded }, found.ETag, cancellation);
    }
}
