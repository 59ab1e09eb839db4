using Distribution.Common;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>
/// The register in use. An uploaded register replaces it by itself only if the same missions are in it and nothing in
/// it has to be looked at; otherwise it waits for a person (<see cref="Confirm"/>). One with faults is reported and
/// never replaces a good one. Letters are examined and sent by the register in use, whatever waits.
/// </summary>
/// <remarks>
/// The first register of a secretariat needs nobody: what it replaces is the list that the product came with, whose
/// mailboxes are placeholders. Once a letter was made with that list, it counts as a register in use like any other.
/// </remarks>
internal sealed class RegisterInUse(
    RegisterContainer files,
    RegisterNotices notices,
    DistributionRecords distributions,
    RegisterHistory history,
    IOptions<ReleaseSettings> release,
    TimeProvider clock)
{
    /// <summary>
    /// How many rounds a change may take. One of a mission needs two, more where others change the register at the same
    /// moment.
    /// </summary>
    private const int MostTries = 8;

    private static readonly RegisterChanges None = new([], [], []);

    // A large register is read once, and not by everybody who asks for it at one moment.
    private readonly SemaphoreSlim reading = new(1);

    // What was read last, with the ETag it had: reading takes longer than asking for an ETag.
    private Known<MissionRegister>? current;
    private Known<ExaminedMark>? examined;
    private Known<(RegisterReading Reading, RegisterEdit? Edit)>? uploaded;

    /// <returns>The last good register; the built-in one if none was uploaded.</returns>
    /// <exception cref="UnreadableRecordException">
    /// It is not what was written, and the upload it was taken from is not there either.
    /// </exception>
    public async Task<MissionRegister> Current(CancellationToken cancellation) =>
        await Current(await files.Version(RegisterContainer.InUse, cancellation), cancellation);

    /// <returns>The same; null where it cannot be read, which a notice tells the secretariat.</returns>
    public async Task<MissionRegister?> TryCurrent(CancellationToken cancellation)
    {
        try
        {
            return await Current(cancellation);
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return null;
        }
    }

    /// <returns>
    /// The register in use as it is stored; null where none was uploaded and the built-in one is in use.
    /// </returns>
    public Task<StoredRegister?> Stored(CancellationToken cancellation) => files.ReadInUse(cancellation);

    /// <returns>The file of the register in use: the built-in one where none was uploaded.</returns>
    public async Task<ReadOnlyMemory<byte>> Content(CancellationToken cancellation) =>
        (await Stored(cancellation))?.Content ?? RegisterCsv.SeedContent;

    /// <returns>A mission's row in that file; null where it has no such mission.</returns>
    public async Task<MissionRow?> Row(string missionId, CancellationToken cancellation) =>
        MissionRow.Find(await Content(cancellation), missionId);

    /// <summary>
    /// Takes over a newly uploaded register, as <see cref="AdoptUploaded(CancellationToken)"/> does. One listing shows
    /// that there is none.
    /// </summary>
    /// <returns>The register in use then.</returns>
    public async Task<MissionRegister> Refresh(CancellationToken cancellation)
    {
        var listed = await files.Files(cancellation);
        var mark = await Examined(listed, cancellation);
        if (IsDealtWith(listed, mark))
            return await Current(listed.GetValueOrDefault(RegisterContainer.InUse)?.Version, cancellation);
        await AdoptUploaded(listed, mark, cancellation);
        return await Current(cancellation);
    }

    /// <summary>
    /// The register that was uploaded last, as a page shows it: held against the one in use at this moment.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    public async Task<UploadedRegister?> Uploaded(CancellationToken cancellation)
    {
        var listed = await files.Files(cancellation);
        return Latest(listed, await Examined(listed, cancellation)) is { } file
            ? await Compare(file, listed.ContainsKey(RegisterContainer.InUse), cancellation)
            : null;
    }

    /// <summary>
    /// Checks a newly uploaded register and puts it into use, if nobody has to confirm it. It is marked as examined
    /// last: after a crash it is checked again, and the same notice is not added twice.
    /// </summary>
    /// <returns>What became of it; null if nothing new was uploaded.</returns>
    public async Task<UploadedRegister?> AdoptUploaded(CancellationToken cancellation)
    {
        var listed = await files.Files(cancellation);
        return await AdoptUploaded(listed, await Examined(listed, cancellation), cancellation);
    }

    /// <summary>Puts an uploaded register that waits into use, as a person says who has looked at it.</summary>
    /// <param name="hash">The hash of the register that the person looked at.</param>
    /// <param name="inUse">The hash of the one it was compared with.</param>
    public async Task<RegisterConfirmation> Confirm(
        string hash,
        string inUse,
        Person by,
        CancellationToken cancellation)
    {
        var listed = await files.Files(cancellation);
        if (Latest(listed, await Examined(listed, cancellation)) is not { } file)
            return RegisterConfirmation.NotThere;
        // Asked before the comparison: what is put into use after it has another ETag, and the write below is refused.
        var before = await files.Version(RegisterContainer.InUse, cancellation);
        if (await Compare(file, before is not null, cancellation) is not { } upload || upload.Hash != hash)
            return RegisterConfirmation.Changed;
        if (upload.State == UploadedRegisterState.InUse)
            return RegisterConfirmation.InUseAlready;
        if (upload.InUse != inUse)
            return RegisterConfirmation.Changed;
        if (NeedsSecond && upload.Edit?.By.Is(by) is true)
            return RegisterConfirmation.IsOwn;
        if (!await PutIntoUse(upload, before, by, cancellation))
            return (await Current(cancellation)).Hash == hash
                ? RegisterConfirmation.InUseAlready
                : RegisterConfirmation.Changed;
        await Settle(upload.File, null, cancellation);
        return RegisterConfirmation.Done;
    }

    private async Task<ExaminedMark?> Examined(
        IReadOnlyDictionary<string, RegisterFile> listed,
        CancellationToken cancellation)
    {
        if (!listed.TryGetValue(RegisterContainer.ExaminedMark, out var mark))
            return null;
        if (examined?.Version != mark.Version && await files.Examined(cancellation) is { } read)
            examined = new(mark.Version, read);
        return examined?.Value;
    }

    /// <summary>
    /// The upload that counts: the last of those there are. One that is older than the last that was examined is a
    /// leftover, and does not come back when the newer file is deleted.
    /// </summary>
    private static RegisterFile? Latest(IReadOnlyDictionary<string, RegisterFile> listed, ExaminedMark? mark) =>
        listed.Values
            .Where(file => RegisterContainer.IsUpload(file.Name))
            .Where(file => mark?.At is null || file.Version == mark.Upload || file.At >= mark.At)
            .OrderByDescending(file => file.At)
            // Storage tells times in whole seconds: of two of one second every worker takes the same.
            .ThenBy(file => file.Name, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Whether nothing was uploaded or deleted since the last examination.</summary>
    private bool IsDealtWith(IReadOnlyDictionary<string, RegisterFile> listed, ExaminedMark? mark) =>
        (Latest(listed, mark)?.Version ?? "") == (mark?.Upload ?? "")
        && notices.KnowsStrangers(listed);

    /// <param name="version">The ETag of the file of the register in use; null if there is no file.</param>
    private async Task<MissionRegister> Current(string? version, CancellationToken cancellation)
    {
        if (version is null)
            return RegisterCsv.Seed();
        await reading.WaitAsync(cancellation);
        try
        {
            if (current?.Version != version && await files.ReadInUse(cancellation) is { } file)
                current = new(
                    file.Version,
                    file.IsAsWritten
                    && (AsUploaded(file)
                        ?? RegisterCsv.ReadInUse(RegisterContainer.InUse, file.Content)) is { } register
                        ? register
                        : await Restored(file, cancellation)
                            ?? throw await files.CannotBeRead(RegisterContainer.InUse, file.Version, cancellation));
            return current!.Value;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <returns>
    /// What was read of the upload, where that is what was put into use: a large one takes its memory once.
    /// </returns>
    private MissionRegister? AsUploaded(StoredRegister file) =>
        uploaded?.Value.Reading.Register is { } register && register.Hash == Sha256Hex.Of(file.Content.Span)
            ? register
            : null;

    private async Task<UploadedRegister?> AdoptUploaded(
        IReadOnlyDictionary<string, RegisterFile> listed,
        ExaminedMark? mark,
        CancellationToken cancellation)
    {
        await notices.TellOfStrangers(listed, mark, cancellation);
        if (Latest(listed, mark) is not { } file)
        {
            // What was uploaded last is deleted, and with it goes what was said of it.
            if (mark is { Upload.Length: > 0 })
                await Settle(null, mark, cancellation);
            return null;
        }

        var before = listed.GetValueOrDefault(RegisterContainer.InUse)?.Version;
        if (file.Version == mark?.Upload
            || await Compare(file, before is not null, cancellation) is not { } upload)
            return null;
        switch (upload.State)
        {
            case UploadedRegisterState.Refused:
                await notices.TellOfRefused(upload, cancellation);
                break;
            case UploadedRegisterState.Waits:
                await notices.TellOfWaiting(upload, cancellation);
                break;
            case UploadedRegisterState.Due when !await PutIntoUse(upload, before, null, cancellation):
                // Another worker has put one into use; the next run looks again.
                return null;
            default:
                await Settle(file, mark, cancellation);
                // Who changes one mission at the desk is not told each time what has stood in the others.
                if (upload.Edit is null)
                    await notices.TellOfTakenOver(upload, isFirst: before is null, cancellation);
                return upload with { State = UploadedRegisterState.InUse };
        }

        await files.MarkExamined(new(file.Version, file.At), cancellation);
        return upload;
    }

    /// <summary>Reads an upload and holds it against the register in use.</summary>
    /// <param name="hasEarlier">Whether a register was uploaded before and is in use.</param>
    /// <returns>Null if the file was replaced or deleted since it was listed.</returns>
    private async Task<UploadedRegister?> Compare(RegisterFile file, bool hasEarlier, CancellationToken cancellation)
    {
        // Another request may set the field meanwhile; this one goes on with what it has read.
        var known = uploaded;
        if (known?.Version != file.Version)
        {
            if (await files.Read(file.Name, cancellation) is not { } read || read.Version != file.Version)
                return null;
            uploaded = known = new(file.Version, (RegisterCsv.Read(file.Name, read.Content), read.Edit));
        }

        var ((reading, edit), inUse) = (known.Value, await Current(cancellation));
        if (hasEarlier && Sha256Hex.Of(reading.Content.Span) == inUse.Hash)
            return new(file, reading, None, inUse.Hash, UploadedRegisterState.InUse) { Edit = edit };
        if (reading.Register is not { } register)
            return new(file, reading, None, inUse.Hash, UploadedRegisterState.Refused);
        var isOfOneMission = edit?.MissionId is not null;
        var changes = isOfOneMission || hasEarlier || await distributions.All(cancellation) is not []
            ? RegisterChanges.Between(inUse, register)
            : None;
        var isShownFirst =
            (isOfOneMission && NeedsSecond)
            // What was chosen at the desk is looked at by whoever chose it; what one person brings, by another.
            || (changes.Changed is not [] && !isOfOneMission && (edit is not null || NeedsSecond));
        return new(
            file,
            reading,
            changes,
            inUse.Hash,
            changes.Any || reading.ToConfirm.Any() || isShownFirst
                ? UploadedRegisterState.Waits
                : UploadedRegisterState.Due)
        {
            Edit = edit,
        };
    }

    /// <summary>Puts an upload into use, and keeps what it changed.</summary>
    /// <param name="before">The ETag of the one in use; null if there was none.</param>
    /// <returns>False if another one was put into use in the meantime.</returns>
    private async Task<bool> PutIntoUse(
        UploadedRegister upload,
        string? before,
        Person? confirmedBy,
        CancellationToken cancellation)
    {
        if (!await files.PutIntoUse(upload.Reading.Content, before, confirmedBy, cancellation))
            return false;
        var now = clock.GetUtcNow();
        await history.Add(
            [
                .. upload.Changes.Gone.Select(mission => Of(mission, came: false, [])),
                .. upload.Changes.New.Select(mission => Of(mission, came: true, [])),
                .. upload.Changes.Changed.Select(changed => Of(changed.After, came: null, changed.What)),
            ],
            cancellation);
        return true;

        RecordedChange Of(Mission mission, bool? came, IReadOnlyList<ParticularDifference> what) =>
            new(mission.Id, now, upload.Edit?.By.Name, confirmedBy?.Name, upload.Edit?.Reason ?? "", came, what);
    }

    /// <summary>
    /// Uploads a whole register at the desk. One that another person brought and that waits is not overwritten: what
    /// they changed would be lost unseen.
    /// </summary>
    /// <returns>
    /// Whether it was taken, and what became of it; where it was not, the register that waits. Null for an upload that
    /// the timer looks at next.
    /// </returns>
    public async Task<(bool IsTaken, UploadedRegister? Upload)> Upload(
        ReadOnlyMemory<byte> content,
        Person by,
        CancellationToken cancellation)
    {
        for (var tries = 0; ; tries++)
        {
            var listed = await files.Files(cancellation);
            if (Latest(listed, await Examined(listed, cancellation)) is { } latest
                && await Compare(latest, listed.ContainsKey(RegisterContainer.InUse), cancellation)
                    is { State: UploadedRegisterState.Waits } waiting
                && (tries == MostTries || waiting.Edit is not { MissionId: null } edit || !edit.By.Is(by)))
                return (false, waiting);
            if (tries == MostTries)
                return (false, null);
            if (await files.Upload(content, listed, new(by, null, ""), cancellation))
                return (true, await AdoptUploaded(cancellation));
        }
    }

    /// <summary>
    /// Deletes an uploaded register that waits, as a person says who has looked at it; the one in use stays.
    /// </summary>
    /// <param name="hash">The hash of the register that the person looked at.</param>
    public async Task<RegisterConfirmation> Decline(string hash, CancellationToken cancellation)
    {
        var listed = await files.Files(cancellation);
        if (Latest(listed, await Examined(listed, cancellation)) is not { } file)
            return RegisterConfirmation.NotThere;
        if (await Compare(file, listed.ContainsKey(RegisterContainer.InUse), cancellation) is not { } upload
            || upload.Hash != hash)
            return RegisterConfirmation.Changed;
        if (upload.State != UploadedRegisterState.Waits)
            return RegisterConfirmation.InUseAlready;
        if (!await files.Delete(file, cancellation))
            return RegisterConfirmation.Changed;
        // Takes away what was said of it, and marks that nothing waits.
        await AdoptUploaded(cancellation);
        return RegisterConfirmation.Done;
    }

    /// <summary>Whether what one person changes at the desk is confirmed by another, as a letter is released.</summary>
    private bool NeedsSecond => release.Value.People > 1;

    /// <summary>
    /// Changes one mission in the register in use: by the same check as an upload, and like one it waits for a person
    /// where it has to. What others change at the same moment is kept.
    /// </summary>
    /// <param name="wanted">The mission's row as it is to be.</param>
    /// <param name="shown">The <see cref="MissionRow.Hash"/> of the row that the form was filled in with.</param>
    /// <param name="edit">Names the mission.</param>
    /// <exception cref="ArgumentException">It names none.</exception>
    /// <exception cref="UnreadableRecordException">The register in use cannot be read.</exception>
    public async Task<RegisterEditing> Edit(
        MissionRow wanted,
        string shown,
        RegisterEdit edit,
        CancellationToken cancellation)
    {
        var missionId = edit.MissionId ?? throw new ArgumentException("The edit names no mission.", nameof(edit));
        var isUploaded = false;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var listed = await files.Files(cancellation);
            var mark = await Examined(listed, cancellation);
            if (Latest(listed, mark) is { } latest)
            {
                if (latest.Version != mark?.Upload)
                    // What was uploaded last is dealt with first, so that the change is made in what is in use by then.
                    await AdoptUploaded(listed, mark, cancellation);
                if (await Compare(latest, listed.ContainsKey(RegisterContainer.InUse), cancellation) is not { } known)
                    continue;
                if (known.State == UploadedRegisterState.Waits)
                    return new(
                        isUploaded && known.Edit == edit.OnOneLine
                            ? RegisterEditingState.Waits
                            : RegisterEditingState.AnotherWaits,
                        []);
            }

            // Throws where the one in use cannot be read.
            await Current(cancellation);
            var content = await Content(cancellation);
            if (MissionRow.Find(content, missionId) is not { } now)
                return new(RegisterEditingState.Gone, []);
            if (now.Hash == wanted.Hash)
                return new(isUploaded ? RegisterEditingState.Done : RegisterEditingState.Nothing, []);
            if (now.Hash != shown)
                return new(RegisterEditingState.Changed, []);
            var changed = wanted.In(content, missionId)!;
            if (FaultsOf(content, changed) is { Count: > 0 } faults)
                return new(RegisterEditingState.Refused, faults);
            if (!await files.Upload(changed, listed, edit, cancellation))
                continue;
            // The next round puts it into use, unless it waits or another worker has done so, and looks at what is
            // there.
            isUploaded = true;
        }

        return new(RegisterEditingState.Changed, []);
    }

    /// <summary>What would keep the register in use from being changed so; none where it can be.</summary>
    /// <param name="wanted">The row of a mission that the register has, as it is to be.</param>
    public async Task<IReadOnlyList<Finding>> FaultsOf(
        MissionRow wanted,
        string missionId,
        CancellationToken cancellation)
    {
        var content = await Content(cancellation);
        return wanted.In(content, missionId) is { } changed ? FaultsOf(content, changed) : [];
    }

    /// <summary>
    /// The faults of a changed register, with what else the change brought; none where it has no fault.
    /// </summary>
    private static IReadOnlyList<Finding> FaultsOf(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> changed)
    {
        var reading = RegisterCsv.Read(RegisterContainer.InUse, changed);
        if (reading.Register is not null)
            return [];
        var known = RegisterCsv.Read(RegisterContainer.InUse, before).Faults.Select(fault => $"{fault}").ToHashSet();
        return [.. reading.Faults.Where(fault => !fault.IsWarning || !known.Contains($"{fault}"))];
    }

    /// <summary>
    /// Puts the last upload into use again, if the damaged register in use was taken from it; never one that waits.
    /// </summary>
    /// <returns>Null where there is no such upload.</returns>
    private async Task<MissionRegister?> Restored(StoredRegister damaged, CancellationToken cancellation)
    {
        var listed = await files.Files(cancellation);
        var mark = await Examined(listed, cancellation);
        if (Latest(listed, mark) is not { } file || await files.Read(file.Name, cancellation) is not { } upload)
            return null;
        var content = RegisterWorkbook.IsWorkbook(upload.Content.Span)
            ? RegisterCsv.Read(file.Name, upload.Content).Content
            : upload.Content;
        // A version that noted no sum let no register wait, so what it had examined and could read was in use.
        var isIt = damaged.Sum is { } sum
            ? sum == Sha256Hex.Of(content.Span)
            : mark is { At: null } && mark.Upload == upload.Version;
        return isIt
            && RegisterCsv.ReadInUse(RegisterContainer.InUse, content) is { } register
            && await files.PutIntoUse(
                content,
                damaged.Version,
                // Only the name of the person who confirmed it is on record.
                damaged.ConfirmedBy is { } name ? new(name, name) : null,
                cancellation)
                ? register
                : null;
    }

    /// <summary>
    /// Removes what was said of earlier uploads, and marks this one as examined. A notice of a register goes when its
    /// register does.
    /// </summary>
    /// <param name="file">The upload that is in use now; null if the last one was deleted.</param>
    /// <param name="mark">The mark so far.</param>
    private async Task Settle(RegisterFile? file, ExaminedMark? mark, CancellationToken cancellation)
    {
        await notices.Forget(cancellation);
        await files.MarkExamined(file is null ? new("", mark?.At) : new(file.Version, file.At), cancellation);
    }

    private sealed record Known<T>(string Version, T Value);
}
