using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>
/// Examines the present state of an upload folder: it waits, is rejected with a report, or becomes a distribution with
/// frozen content and roster. Idempotent: the same files with the same register, template and <c>PublicUrl</c> are one
/// distribution, and content that was released from this folder before does not become another one.
/// </summary>
internal sealed class Examination(
    Drafts drafts,
    Uploads uploads,
    UploadReports reports,
    DistributionRecords distributions,
    FrozenContents contents,
    IEnumerable<IFreezeStep> freezeSteps,
    EarlierLetters earlierLetters,
    Notices notices,
    Templates templates,
    IEnumerable<IPreflightCheck> checks,
    MalwareCheck malware,
    LetterTypesetter printer,
    ExaminationProgress progress,
    ExaminationInputs surroundings,
    ReleaseHash hash,
    IOptions<IntakeSettings> settings,
    IOptions<SiteSettings> site,
    TimeProvider clock,
    ILogger<Examination> logger)
{
    /// <summary>A pseudo-folder for files whose names are in no folder.</summary>
    public static readonly UploadFolder Misplaced = new(ResourceNames.Drafts, "misplaced files");

    /// <param name="files">The files in the folder, as listed just now.</param>
    /// <param name="standing">The process's standing letter, if the folder uses it; else null.</param>
    /// <param name="previous">
    /// The folder's last record. Of two examinations that start from the same record, only one succeeds (ETag).
    /// </param>
    /// <param name="isAsked">True if a person asked for it: the folder is examined even if nothing has changed.</param>
    /// <returns>The distribution this folder has just become, or null.</returns>
    public async Task<DistributionRecord?> Examine(
        UploadFolder folder,
        IReadOnlyList<DraftFile> files,
        DraftFile? standing,
        Stored<Upload>? previous,
        MissionRegister register,
        CancellationToken cancellation,
        bool isAsked = false)
    {
        var upload = AsItIs(new(folder, files, standing), previous, register);
        var now = upload.ExaminedAt;
        if (previous is not null && !isAsked && await IsSettled(previous.Value, upload, cancellation))
        {
            // The worker that saved this record may have crashed before it replaced the version before: do that now.
            if (previous.Value.State != UploadState.Accepted)
                await Supersede(previous.Value, null, _ => Replacement.By(previous.Value), cancellation);
            return null;
        }

        var result = await Check(upload, files, standing, HasNewFiles(previous?.Value, upload), register, cancellation);
        if (result is Changed)
            return null;
        if (result is Waiting(var missing, var unscanned))
        {
            // The scanner gets its full time even if files arrived late.
            var since =
                previous is { Value.State: UploadState.Waiting }
                && previous.Value.ScanWaits is null == unscanned is null
                    ? previous.Value.FirstSeen
                    : now;
            if (now < since + settings.Value.WaitFor)
            {
                upload = upload with
                {
                    State = UploadState.Waiting,
                    FirstSeen = since,
                    WaitingFor = missing,
                    ScanWaits = unscanned,
                };
                if (await uploads.Save(upload, previous?.ETag, cancellation) is not null)
                    await Supersede(upload, null, _ => Replacement.By(upload), cancellation);
                return null;
            }

            result = new Faulty(unscanned is null
                ? [.. missing.Select(file => IntakeFaults.NeverArrived($"{folder}", file, settings.Value.WaitFor))]
                : [MalwareFaults.NeverScanned($"{folder}", unscanned, settings.Value.WaitFor)]);
        }

        if (result is Faulty(var faults))
        {
            await Reject(upload with { State = UploadState.Rejected, Faults = faults }, previous?.ETag, cancellation);
            return null;
        }

        var distribution = result is Known known
            ? await Recognise(upload, known.Distribution, previous?.ETag, cancellation)
            : await Accept(upload, (Sound)result, register, previous, cancellation);
        if (distribution is null)
            return null;
        await reports.Remove(folder.ToString(), cancellation);
        return distribution;
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
            await Reject(
                AsItIs(listing, found, register) with
                {
                    State = UploadState.Rejected,
                    Faults = [IntakeFaults.BrokenOff($"{listing.Folder}", reference)],
                },
                found?.ETag,
                cancellation);
    }

    private Upload AsItIs(FolderListing listing, Stored<Upload>? previous, MissionRegister register)
    {
        var now = clock.GetUtcNow();
        return new(
            listing.Folder, UploadState.Accepted,
            Files: listing.Fingerprint,
            Surroundings: surroundings.With(listing.Standing),
            now, now, [], [], null, previous?.Value.Versions ?? [], Register: register.Hash);
    }

    /// <summary>
    /// Whether files have changed since the last examination. An examination that crashed stored no fingerprint; it had
    /// already seen the files, so they do not count as new.
    /// </summary>
    private static bool HasNewFiles(Upload? before, Upload now) =>
        before is null || (before.Files.Length > 0 && before.Files != now.Files);

    private async Task<bool> IsSettled(Upload before, Upload now, CancellationToken cancellation) =>
        await IsCurrent(before, now, cancellation)
        && (
            before.State != UploadState.Waiting
            || (before.ScanWaits is null && now.ExaminedAt < before.FirstSeen + settings.Value.WaitFor));

    /// <summary>Whether the record of a folder is up to date, so that the folder need not be examined again.</summary>
    public Task<bool> IsCurrent(
        Upload before,
        FolderListing listing,
        MissionRegister register,
        CancellationToken cancellation) => IsCurrent(before, AsItIs(listing, null, register), cancellation);

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
        IReadOnlyList<Fault> faults,
        Stored<Upload>? previous,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var files = FolderListing.Of(faults.Select(fault => fault.ToString()));
        if (previous?.Value.Files != files)
            await Reject(
                new(Misplaced, UploadState.Rejected, files, "", now, now, [], faults, null, []),
                previous?.ETag,
                cancellation);
    }

    /// <summary>
    /// Removes the record of an upload whose files were deleted; a letter from it that was not released can no longer
    /// be released.
    /// </summary>
    public async Task Forget(Upload upload, CancellationToken cancellation)
    {
        await Supersede(upload, null, _ => Replacement.TakenAway, cancellation);
        await reports.Remove(upload.Folder.ToString(), cancellation);
        await uploads.Remove(upload.Folder, cancellation);
    }

    private async Task Reject(Upload upload, string? version, CancellationToken cancellation)
    {
        upload = upload with { Faults = LetterFaults.AtMost($"{upload.Folder}", upload.Faults) };
        if (await uploads.Save(upload, version, cancellation) is null)
            return;
        await reports.Save(
            upload.Folder.ToString(),
            PreflightReport.Text(upload.Folder, upload.Faults, upload.ExaminedAt),
            cancellation);
        await Supersede(upload, null, _ => Replacement.By(upload), cancellation);
        logger.LogInformation(
            "Upload {Folder} rejected: {Faults}",
            upload.Folder,
            string.Join(" ", upload.Faults.Select(fault => fault.Code)));
    }

    /// <summary>Replaces all unsent versions of the folder, so that they can no longer be sent.</summary>
    /// <param name="present">The id of the version that stays; null if none does.</param>
    /// <param name="reason">Gives the reason for each replaced version.</param>
    private async Task Supersede(
        Upload upload,
        string? present,
        Func<DistributionRecord, Replacement> reason,
        CancellationToken cancellation)
    {
        foreach (var other in upload.Versions.Where(version => version != present))
        {
            if (await distributions.Find(other, cancellation) is not { } before)
                continue;
            var (why, remedy) = reason(before);
            if (await distributions.Change(
                    other,
                    stale =>
                        stale.State is DistributionState.AwaitingRelease or DistributionState.Scheduled
                            ? (stale with { State = DistributionState.Replaced }).With(
                                new(upload.ExaminedAt, Act.Replaced, null, why))
                            : null,
                    cancellation)
                    is not null
                && before is { State: DistributionState.Scheduled, SendAt: { } hour })
                await notices.Add(
                    new(
                        $"replaced-{other}",
                        upload.ExaminedAt,
                        other,
                        $"{before.DraftLabel} had been released to leave on {NewYorkTime.Words(hour)} New York time. {char.ToUpperInvariant(why[0])}{why[1..]}, so it will not leave. {remedy}"
                    ),
                    cancellation);
        }
    }

    private async Task<Result> Check(
        Upload upload,
        IReadOnlyList<DraftFile> files,
        DraftFile? standing,
        bool hasNewFiles,
        MissionRegister register,
        CancellationToken cancellation)
    {
        progress.Report(upload.Folder, "Reading the files");
        var reading = await UploadReading.Of(
            upload.Folder,
            files,
            standing,
            DateOnly.FromDateTime(NewYorkTime.At(clock.GetUtcNow()).DateTime),
            drafts.Read,
            cancellation);
        switch (reading)
        {
            case UploadReading.Changed: return new Changed();
            case UploadReading.Waits waits: return new Waiting(waits.For);
            case UploadReading.Faulty faulty: return new Faulty(faulty.Faults);
        }

        var read = (UploadReading.Whole)reading;
        foreach (var version in upload.Versions)
            if (await distributions.Find(version, cancellation) is { IsLetGo: true } released
                && released.ContentHash == read.ContentHash)
                return new Known(released);

        progress.Report(upload.Folder, "Looking for malware");
        var findings = await malware.Check(
            upload.Folder,
            read,
            standing is null ? files : [.. files, standing],
            cancellation);
        if (findings.Faults is not [])
            return new Faulty([.. read.Faults, .. findings.Faults]);

        progress.Report(upload.Folder, "Checking the letter and its enclosures");
        List<Fault> faults =
        [
            .. read.Faults,
            .. hasNewFiles ? DateFindings.AtUpload(read.Letter, clock.GetUtcNow()) : [],
        ];
        var template = TryLoad(read.Letter.Template, faults);
        var earlier = await earlierLetters.Superseded(upload.Folder.Process, read.Letter, faults, cancellation);
        var (roster, audienceFaults) = earlier is null
            ? Audience.Select(register, read.Letter.Audience, Location.In(read.Letter.File, field: "audience"))
            : (await earlierLetters.RosterOf(earlier, register, cancellation), []);
        faults.AddRange(audienceFaults);
        var sameLabel = await earlierLetters.SameLabel(
            upload.Folder.Process,
            read.Letter,
            read.Enclosures,
            cancellation);
        if (sameLabel is not null)
            faults.Add(
                IntakeFaults.LabelSentBefore(
                    Location.In(read.Letter.File, field: "draft"),
                    read.Letter.DraftLabel,
                    sameLabel.ReleasedAt ?? sameLabel.SendAt!.Value));
        var preflight = new Preflight(
            upload.Folder.IsStanding,
            read.Letter,
            template,
            read.Enclosures,
            roster,
            read.Translations,
            read.Images);
        faults.AddRange(checks.SelectMany(check => check.Check(preflight)));
        faults.AddRange(read.Unnamed);
        if (template is null || faults.Exists(fault => !fault.IsWarning))
            return new Faulty(faults);
        if (findings.WaitsBecause is { } why)
            return new Waiting([], why);

        var id = DistributionId.For(
            upload.Folder,
            FolderListing.Of([read.ContentHash, register.Hash, template.Hash, site.Value.PublicUrl]));
        progress.Report(upload.Folder, $"Typesetting the letters to {EnglishText.Counted(roster.Count, "mission")}");
        try
        {
            var printed = await printer.Typeset(preflight, VerificationReference.For(id), cancellation);
            return printed.Faults is []
                ? new Sound(
                    id,
                    read,
                    template,
                    roster,
                    printed.Letters,
                    faults,
                    earlier is null ? null : new(read.Letter.Supersedes!.Kind, earlier.Id),
                    [.. findings.Scans])
                : new Faulty([.. faults, .. printed.Faults]);
        }
        catch (TypesetterException unavailable)
        {
            logger.LogError(unavailable, "The letters of {Folder} could not be typeset", upload.Folder);
            return new Faulty([.. faults, LetterFaults.TypesetterUnavailable($"{upload.Folder}", unavailable)]);
        }
    }

    /// <summary>The folder holds content that was already released from it: no new distribution is created.</summary>
    /// <returns>The released distribution; null if another examination of the folder was first (race).</returns>
    private async Task<DistributionRecord?> Recognise(
        Upload upload,
        DistributionRecord released,
        string? version,
        CancellationToken cancellation)
    {
        await Supersede(upload, released.Id, _ => Replacement.ReleasedBefore, cancellation);
        return
            await uploads.Save(
                upload with
                {
                    DistributionId = released.Id,
                    Faults = released.Warnings,
                },
                version,
                cancellation)
                is null
            ? null
            : released;
    }

    /// <returns>
    /// The distribution; null if another examination of the folder was first (race), or a person discarded it
    /// meanwhile.
    /// </returns>
    private async Task<DistributionRecord?> Accept(
        Upload upload,
        Sound sound,
        MissionRegister register,
        Stored<Upload>? previous,
        CancellationToken cancellation)
    {
        var id = sound.Id;
        upload = upload with
        {
            DistributionId = id,
            Versions = upload.Versions.Contains(id) ? upload.Versions : [.. upload.Versions, id],
            Faults = sound.Warnings,
        };
        // A person discarded exactly this content while an earlier examination was running. It stays discarded,
        // although that examination never finished.
        if (previous is { Value: { State: UploadState.Discarded, Files: "" } aside } && aside.DistributionId == id)
        {
            await uploads.Save(upload with { State = UploadState.Discarded }, previous.ETag, cancellation);
            return null;
        }

        var before = await distributions.Find(id, cancellation);
        // Saved first without fingerprints: after a crash the folder is examined again, and meanwhile nothing of it can
        // be released.
        if (await uploads.Save(upload with { Files = "", Surroundings = "" }, previous?.ETag, cancellation)
            is not { } begun)
            return null;

        // The older version is replaced first, so that two versions never wait for release at the same time.
        await Supersede(upload, id, old => Replacement.ByVersion(old, sound.Read.ContentHash), cancellation);
        var distribution = await Record(upload, sound, register, before, cancellation);
        if (distribution.State == DistributionState.Discarded)
            upload = upload with { State = UploadState.Discarded };
        if (await uploads.Save(upload, begun, cancellation) is not null)
            return distribution.State == DistributionState.Discarded ? null : distribution;
        // Another examination continued from our saved beginning and may have looked for our distribution before it was
        // stored.
        var found = await uploads.Find(upload.Folder, cancellation);
        if (found?.Value.DistributionId != id)
            await Supersede(
                upload with { Versions = [id] },
                null,
                _ => found is null ? Replacement.TakenAway : Replacement.By(found.Value),
                cancellation);
        else if (found.Value is { State: UploadState.Discarded, Files: "" })
            await uploads.Save(upload with { State = UploadState.Discarded }, found.ETag, cancellation);
        return null;
    }

    /// <param name="before">
    /// The same distribution before this examination changed anything; null if there was none.
    /// </param>
    private async Task<DistributionRecord> Record(
        Upload upload,
        Sound sound,
        MissionRegister register,
        DistributionRecord? before,
        CancellationToken cancellation)
    {
        var (id, letter) = (sound.Id, sound.Read.Letter);
        var content = await contents.Freeze(
            id,
            new FrozenContent(
                letter,
                sound.Read.Translations,
                [.. sound.Read.Enclosures.Select(file => Enclosure.Of(file, letter))],
                sound.Template,
                sound.Roster,
                [.. sound.Printed.Select(letter => letter.Pdf)],
                VerificationReference.For(id),
                sound.Follows),
            sound.Read.Sources, sound.Read.Enclosures, sound.Printed, cancellation);
        foreach (var step in freezeSteps)
            await step.Freeze(id, content, cancellation);

        var prepared = new AuditEntry(
            upload.ExaminedAt,
            Act.Prepared,
            null,
            $"content {sound.Read.ContentHash}, register {register.Hash}, {ScannedBy(sound.Scans)}");
        var distribution = new DistributionRecord(
            id,
            upload.Folder,
            upload.Versions.ToList().IndexOf(id) + 1,
            letter.Process,
            letter.DraftLabel,
            letter.Sequence,
            letter.Date,
            letter.Subject,
            sound.Read.ContentHash,
            register.Hash,
            content.Roster.Count,
            content.Enclosures,
            sound.Warnings,
            letter.Proof,
            DistributionState.AwaitingRelease,
            upload.ExaminedAt,
            Follows: sound.Follows,
            SendAt: letter.SendAt)
        {
            Acts = [prepared],
            Scans = sound.Scans,
            Sources = [.. sound.Read.Sources.Select(source => new SourceFile(source.Name, source.Hash))],
            Reminders = [.. letter.Reminders.Select((moment, place) => new PlannedReminder(place + 1, moment))],
        };
        // Never automatic: a second version of a folder, and a letter with findings that a person must confirm.
        if (upload.Versions[0] == id
            && letter.Release == ReleaseRule.Automatic
            && !sound
                .Warnings.Concat(DateFindings.AtRelease(letter, upload.ExaminedAt))
                .Any(finding => finding.NeedsAPerson))
        {
            var by = $"{letter.File} (release: automatic)";
            distribution = distribution with { ReleasedContent = await hash.Of(distribution, cancellation) };
            distribution = letter.SendAt is null
                ? distribution.LetGo(by, upload.ExaminedAt).With(new(upload.ExaminedAt, Act.Released, by, ""))
                : (distribution with { State = DistributionState.Scheduled, ReleasedBy = by }).With(
                    new(upload.ExaminedAt, Act.Scheduled, by, ""));
        }

        if (await distributions.Add(distribution, cancellation))
            return distribution;
        // The same content was uploaded again. Earlier approvals no longer count: those people did not see what the
        // folder held in between. If a person discarded it during the examination, that decision is kept.
        return await distributions.Change(
                id,
                found => found.IsLetGo || TimesDiscarded(found) > TimesDiscarded(before)
                    ? null
                    : (found.WaitAgain() with
                    {
                        Warnings = sound.Warnings,
                        Scans = sound.Scans,
                        Sources = distribution.Sources,
                    }).With(prepared),
                cancellation)
            ?? (await distributions.Find(id, cancellation))!;
    }

    private static int TimesDiscarded(DistributionRecord? distribution) =>
        distribution?.Acts.Count(entry => entry.Act == Act.Discarded) ?? 0;

    private static string ScannedBy(ImmutableList<FileScan> scans) =>
        scans is [var first, ..] ? $"no malware found by {first.Scanner}" : "not scanned for malware";

    private TemplateSet? TryLoad(string name, List<Fault> faults)
    {
        try
        {
            return templates.Load(name);
        }
        catch (LetterFaultException unusable)
        {
            faults.AddRange(unusable.Faults);
            return null;
        }
    }

    private abstract record Result;

    /// <summary>A file changed during the examination; its own event starts another one.</summary>
    private sealed record Changed : Result;

    /// <param name="Unscanned">Why there is no malware scanner's verdict yet; null where files are missing.</param>
    private sealed record Waiting(IReadOnlyList<string> Missing, string? Unscanned = null) : Result;

    private sealed record Faulty(IReadOnlyList<Fault> Faults) : Result;

    /// <summary>The same content has been released from this folder already.</summary>
    private sealed record Known(DistributionRecord Distribution) : Result;

    private sealed record Sound(
        string Id,
        UploadReading.Whole Read,
        TemplateSet Template,
        IReadOnlyList<Mission> Roster,
        IReadOnlyList<TypesetLetter> Printed,
        IReadOnlyList<Fault> Warnings,
        FollowUp? Follows,
        ImmutableList<FileScan> Scans) : Result;
}
