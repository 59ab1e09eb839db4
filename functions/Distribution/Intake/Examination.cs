using System.Collections.Concurrent;
using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters.Settings;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>Why a folder is looked at.</summary>
internal enum ExaminationReason
{
    /// <summary>One of its files was uploaded: it is examined if it has changed.</summary>
    Event,

    /// <summary>It is also examined if it waits for the malware scanner, or has waited too long.</summary>
    Timer,

    /// <summary>A person asked for it: it is examined even if nothing has changed.</summary>
    Person,
}

/// <summary>
/// Examines the present state of an upload folder: it waits, is rejected with a report, or becomes a distribution with
/// frozen content and roster. <see cref="LetterCheck"/> finds out which; this class decides whether a check is due, and
/// how long a folder may wait; <see cref="ExaminationRecorder"/> puts the result on record. Idempotent: the same files
/// with the same register, template and <c>PublicUrl</c> are one distribution, and content that was released from this
/// folder before does not become another one.
/// </summary>
internal sealed class Examination(
    Drafts drafts,
    Uploads uploads,
    DistributionRecords distributions,
    EarlierLetters earlierLetters,
    ExaminationClaims claims,
    LetterCheck check,
    ExaminationRecorder recorder,
    LetterPreparation preparation,
    ExaminationProgress progress,
    ExaminationInputs surroundings,
    DeskHolidays holidays,
    WordConfirmations confirmations,
    IOptions<IntakeSettings> settings,
    TimeProvider clock)
{
    /// <summary>A pseudo-folder for files whose names are in no folder.</summary>
    public static readonly UploadFolder Misplaced = new(ResourceNames.Drafts, "misplaced files");

    // Folders stay for years: what has nothing left to replace is not asked about at each run of the timer.
    private readonly ConcurrentDictionary<UploadFolder, string> seenTo = new();

    /// <param name="listing">The folder, as listed just now.</param>
    /// <param name="previous">
    /// The folder's last record. Of two examinations that start from the same record, only one succeeds (ETag).
    /// </param>
    /// <returns>The distribution this folder has just become, or null.</returns>
    public async Task<DistributionRecord?> Examine(
        FolderListing listing,
        Stored<Upload>? previous,
        MissionRegister register,
        ExaminationReason reason,
        CancellationToken cancellation)
    {
        var upload = await AsItIs(listing, previous, register, cancellation);
        if (previous is not null && await IsSettled(previous.Value, upload, reason, cancellation))
        {
            // The worker that saved this record may have crashed before it replaced the version before: do that now.
            if (previous.Value.State != UploadState.Accepted
                && (!seenTo.TryGetValue(listing.Folder, out var seen) || seen != previous.ETag)
                && await recorder.Withdraw(previous.Value, cancellation))
                seenTo[listing.Folder] = previous.ETag;
            return previous.Value.State == UploadState.Preparing
                ? await preparation.Continue(previous, cancellation)
                : null;
        }

        // Another worker that is examining this very state puts it on record; if it stops, the timer comes back to it.
        if (await claims.Take(upload, cancellation) is not { } claim)
            return null;
        try
        {
            // Where another worker has just finished, its result counts.
            return (await uploads.Find(listing.Folder, cancellation))?.ETag == previous?.ETag
                ? await Check(listing, upload, previous, register, cancellation)
                : null;
        }
        finally
        {
            await claims.Release(listing.Folder, claim);
        }
    }

    private async Task<DistributionRecord?> Check(
        FolderListing listing,
        Upload upload,
        Stored<Upload>? previous,
        MissionRegister register,
        CancellationToken cancellation)
    {
        var result = await check.Check(
            new(listing, drafts.Read, register, earlierLetters)
            {
                Versions = upload.Versions,
                Days = await holidays.Now(cancellation),
                ConfirmedWords = await confirmations.All(cancellation),
                HasNewFiles = HasNewFiles(previous?.Value, upload),
                TypesetAtMost = settings.Value.TypesetAtOnce,
                Progress = step => progress.Report(listing.Folder, step),
            },
            cancellation);
        switch (result)
        {
            case CheckResult.Waits waits:
                await WaitOrReject(listing, upload, waits, previous, cancellation);
                return null;
            case CheckResult.Refused refused:
                await recorder.Notify(listing.Folder, refused.Infections, upload.ExaminedAt, cancellation);
                await recorder.Reject(upload with { Faults = refused.Faults }, previous?.ETag, cancellation);
                return null;
            case CheckResult.ReleasedBefore known:
                return await recorder.Recognise(upload, known.Distribution, previous?.ETag, cancellation);
            case CheckResult.Sound { IsWhole: false } sound:
                await preparation.Begin(upload, sound, previous, cancellation);
                return null;
            case CheckResult.Sound sound:
                return await recorder.Accept(upload, sound.Letter, sound.Files, previous, cancellation, sound.Before);
            // A file changed during the examination; its own event starts another one.
            default:
                return null;
        }
    }

    private async Task WaitOrReject(
        FolderListing listing,
        Upload upload,
        CheckResult.Waits waits,
        Stored<Upload>? previous,
        CancellationToken cancellation)
    {
        var (missing, unscanned) = waits;
        // The scanner gets its full time even if files arrived late.
        var since =
            previous is { Value.State: UploadState.Waiting } && previous.Value.ScanWaits is null == unscanned is null
                ? previous.Value.FirstSeen
                : upload.ExaminedAt;
        if (upload.ExaminedAt < since + settings.Value.WaitFor)
            await recorder.Wait(
                upload with
                {
                    State = UploadState.Waiting,
                    FirstSeen = since,
                    WaitingFor = missing,
                    Near = waits.Near.Count > 0 ? waits.Near : null,
                    ScanWaits = unscanned,
                },
                previous?.ETag,
                cancellation);
        else
            await recorder.Reject(
                upload with
                {
                    Faults = unscanned is null
                        ?
                        [
                            .. missing.Select(file => file is BlobNames.Letter or BlobNames.StandingLetter
                                ? IntakeFaults.LetterNeverArrived(
                                    $"{upload.Folder}",
                                    file == BlobNames.StandingLetter ? BlobNames.Of(upload.Folder, file) : file,
                                    [.. listing.Files.Select(there => there.File)],
                                    settings.Value.WaitFor)
                                : IntakeFaults.NeverArrived(
                                    $"{upload.Folder}",
                                    file,
                                    waits.Near.GetValueOrDefault(file),
                                    settings.Value.WaitFor)),
                        ]
                        : [MalwareFaults.NeverScanned($"{upload.Folder}", unscanned, settings.Value.WaitFor)],
                },
                previous?.ETag,
                cancellation);
    }

    /// <summary>
    /// The examination failed with an internal error: the folder is rejected with an explanation, so that it does not
    /// block others.
    /// </summary>
    public async Task BrokenOff(
        FolderListing listing,
        Stored<Upload>? previous,
        MissionRegister register,
        string reference,
        CancellationToken cancellation)
    {
        // Read again: what this examination had begun is on record and is rejected with it; the result of another
        // examination since then is kept.
        var found = await uploads.Find(listing.Folder, cancellation);
        if (found?.ETag == previous?.ETag || found is { Value: { State: UploadState.Accepted, Files: "" } })
            await recorder.Reject(
                await AsItIs(listing, found, register, cancellation) with
                {
                    Faults = [IntakeFaults.BrokenOff($"{listing.Folder}", reference)],
                },
                found?.ETag,
                cancellation);
    }

    private async Task<Upload> AsItIs(
        FolderListing listing,
        Stored<Upload>? previous,
        MissionRegister register,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return new(
            listing.Folder, UploadState.Accepted,
            Files: listing.Fingerprint,
            Surroundings: await surroundings.With(listing.Standing, cancellation),
            now, now, [], [], null, previous?.Value.Versions ?? [], Register: register.Hash);
    }

    /// <summary>
    /// Whether files have changed since the last examination. An examination that crashed stored no fingerprint; it had
    /// already seen the files, so they do not count as new.
    /// </summary>
    private static bool HasNewFiles(Upload? before, Upload now) =>
        before is null || (before.Files.Length > 0 && before.Files != now.Files);

    private async Task<bool> IsSettled(
        Upload before,
        Upload now,
        ExaminationReason reason,
        CancellationToken cancellation) =>
        reason != ExaminationReason.Person
        && await IsCurrent(before, now, cancellation)
        && (
            reason == ExaminationReason.Event
            || before.State != UploadState.Waiting
            // The scanner is asked again at each run; a file that is missing brings its folder back by its own event.
            || (before.ScanWaits is null && now.ExaminedAt < before.FirstSeen + settings.Value.WaitFor));

    /// <summary>Whether the record of a folder is up to date, so that the folder need not be examined again.</summary>
    public async Task<bool> IsCurrent(
        Upload before,
        FolderListing listing,
        MissionRegister register,
        CancellationToken cancellation) =>
        await IsCurrent(before, await AsItIs(listing, null, register, cancellation), cancellation);

    /// <summary>
    /// Whether the folder is a letter already, made of these very files. Then the events of its other files need not
    /// read the register.
    /// </summary>
    public async Task<bool> IsAccepted(Upload? before, FolderListing listing, CancellationToken cancellation) =>
        before is { State: UploadState.Accepted }
        && before.Files == listing.Fingerprint
        && before.Surroundings == await surroundings.With(listing.Standing, cancellation);

    private async Task<bool> IsCurrent(Upload before, Upload now, CancellationToken cancellation)
    {
        if (before.Files != now.Files)
            return false;
        if (before.State == UploadState.Discarded)
            return true;
        // A changed register does not change a letter that waits for release: its page shows the difference, and a
        // person decides.
        if (before.Surroundings == now.Surroundings
            && (before.State == UploadState.Accepted || before.Register == now.Register))
            return true;
        // A letter that was released, or that a person has discarded, is not examined again because of a later template
        // or standing letter.
        return before is { State: UploadState.Accepted, DistributionId: { } id }
            && await distributions.Find(id, cancellation)
                is { IsLetGo: true }
                    or { State: DistributionState.Discarded };
    }

    /// <summary>Reports files whose names are in no folder: they are never processed.</summary>
    public async Task ReportMisplaced(
        IReadOnlyList<Finding> faults,
        Stored<Upload>? previous,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var files = FolderListing.Of(faults.Select(fault => fault.ToString()));
        if (previous?.Value.Files != files)
            await recorder.Reject(
                new(Misplaced, UploadState.Rejected, files, "", now, now, [], faults, null, []),
                previous?.ETag,
                cancellation);
    }

    /// <inheritdoc cref="ExaminationRecorder.Forget"/>
    public Task Forget(Upload upload, CancellationToken cancellation) => recorder.Forget(upload, cancellation);
}
