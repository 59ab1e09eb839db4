using System.Collections.Immutable;
using Distribution.Intake.Malware;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>Freezes a sound letter and puts its distribution on record.</summary>
internal sealed class DistributionFreezer(
    FrozenContents contents,
    IEnumerable<IFreezeStep> steps,
    DistributionRecords distributions,
    SentAlready sentAlready,
    ReleaseHash hash,
    ISendingPlan plan)
{
    /// <param name="upload">The record of its folder, with this version among its versions.</param>
    /// <param name="files">Those of its files that are not stored yet.</param>
    /// <param name="before">
    /// The same distribution before this examination changed anything; null if there was none.
    /// </param>
    /// <param name="isInterrupted">Whether an earlier examination of the same letter was interrupted here.</param>
    /// <returns>
    /// The distribution as it is on record now: waiting, released, scheduled, or discarded by a person.
    /// </returns>
    public async Task<DistributionRecord> Freeze(
        Upload upload,
        CheckedLetter checkedLetter,
        LetterFiles files,
        DistributionRecord? before,
        bool isInterrupted,
        CancellationToken cancellation)
    {
        var id = checkedLetter.Id;
        // What is stored counts from here on: another worker may have frozen the same letter first.
        var (content, isNew) = await contents.Freeze(id, checkedLetter.Content, files, cancellation);
        foreach (var step in steps)
            await step.Freeze(id, content, isNew && before is null, cancellation);

        var letter = content.Letter;
        // Asked only where it would leave by itself, and no record says whether it has left.
        if (before is null
            && letter.Release == ReleaseRule.Automatic
            && await sentAlready.Find(upload, checkedLetter, wasFrozen: !isNew && !isInterrupted, cancellation)
                is { } finding)
            checkedLetter = checkedLetter with { Warnings = [.. checkedLetter.Warnings, finding] };
        if (letter.Release == ReleaseRule.Automatic && !IsFirst(upload, checkedLetter))
            checkedLetter = checkedLetter with
            {
                Warnings = [.. checkedLetter.Warnings, IntakeFaults.NotTheFirstVersion(letter.File)],
            };
        var prepared = new AuditEntry(
            upload.ExaminedAt,
            Act.Prepared,
            null,
            $"content {checkedLetter.ContentHash}, register {checkedLetter.RegisterHash}, {ScannedBy(checkedLetter.Scans)}");
        var distribution = new DistributionRecord(
            id,
            upload.Folder,
            upload.Versions.ToList().IndexOf(id) + 1,
            letter.Process,
            letter.DraftLabel,
            letter.Sequence,
            letter.Date,
            letter.Subject,
            checkedLetter.ContentHash,
            checkedLetter.RegisterHash,
            content.Roster.Count,
            content.Enclosures,
            checkedLetter.Warnings,
            letter.Proof,
            DistributionState.AwaitingRelease,
            upload.ExaminedAt,
            Follows: content.Follows,
            SendAt: letter.SendAt)
        {
            Acts = [prepared],
            Scans = checkedLetter.Scans,
            Sources = checkedLetter.Sources,
            Reminders = [.. letter.Reminders.Select((moment, place) => new PlannedReminder(place + 1, moment))],
        };
        // Released within the record that is added: it is never on record in between, waiting for a person.
        if (MayLeaveByItself(upload, checkedLetter, letter))
            distribution = await Release(distribution, letter, upload.ExaminedAt, cancellation);

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
                        // What was said of lost records stays true, and is found only once.
                        Warnings =
                        [
                            .. checkedLetter.Warnings,
                            .. found.Warnings.Where(warning => warning.Number == IntakeFaults.SentAlreadyNumber),
                        ],
                        Scans = checkedLetter.Scans,
                        Sources = distribution.Sources,
                    }).With(prepared),
                cancellation)
            ?? (await distributions.Find(id, cancellation))!;
    }

    /// <summary>
    /// Never a second version of a folder by itself, nor a letter with findings that a person must confirm.
    /// </summary>
    private static bool MayLeaveByItself(Upload upload, CheckedLetter checkedLetter, LetterSource letter) =>
        IsFirst(upload, checkedLetter)
        && letter.Release == ReleaseRule.Automatic
        && !checkedLetter
            .Warnings.Concat(DateFindings.AtRelease(letter, upload.ExaminedAt))
            .Any(finding => finding.NeedsAPerson);

    private static bool IsFirst(Upload upload, CheckedLetter checkedLetter) => upload.Versions[0] == checkedLetter.Id;

    private async Task<DistributionRecord> Release(
        DistributionRecord distribution,
        LetterSource letter,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        var by = $"{letter.File} {DistributionRecord.Automatic}";
        distribution = distribution with { ReleasedContent = await hash.Of(distribution, cancellation) };
        return letter.SendAt is null
            ? distribution.LetGo(by, now, plan.SlotSize(distribution.MissionCount)).With(new(now, Act.Released, by, ""))
            : (distribution with { State = DistributionState.Scheduled, ReleasedBy = by }).With(
                new(now, Act.Scheduled, by, ""));
    }

    private static int TimesDiscarded(DistributionRecord? distribution) =>
        distribution?.Acts.Count(entry => entry.Act == Act.Discarded) ?? 0;

    private static string ScannedBy(ImmutableList<FileScan> scans) =>
        scans is [var first, ..] ? $"no malware found by {first.Scanner}" : "not scanned for malware";
}
