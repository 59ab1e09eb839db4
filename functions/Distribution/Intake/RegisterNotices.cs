using Distribution.Common;
using Distribution.Register;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// Tells the secretariat what became of uploaded registers, and which files in their container are not read.
/// </summary>
internal sealed class RegisterNotices(UploadReports reports, Notices notices, TimeProvider clock)
{
    /// <summary>
    /// How the ids begin of notices about files whose names are not read; the hash of the name follows.
    /// </summary>
    private const string StrangerPrefix = "unread-register-";

    /// <summary>
    /// The names of files in the container that are not read, as they were last reported; null before the first look.
    /// </summary>
    private IReadOnlySet<string>? strangers;

    public async Task TellOfRefused(UploadedRegister upload, CancellationToken cancellation)
    {
        await Report(
            upload,
            PreflightReport.OfRegister(upload.File.Name, upload.Reading.Faults, clock.GetUtcNow()),
            cancellation);
        await Add(
            upload,
            $"The uploaded register was not taken over; the one in use stays. {upload.Faults[0]}",
            cancellation);
    }

    public Task TellOfWaiting(UploadedRegister upload, CancellationToken cancellation) =>
        Report(upload, PreflightReport.OfWaitingRegister(upload, clock.GetUtcNow()), cancellation);

    /// <param name="isFirst">Whether it replaced the list that the service came with.</param>
    public async Task TellOfTakenOver(UploadedRegister upload, bool isFirst, CancellationToken cancellation)
    {
        if (Remarks(upload, isFirst) is { Length: > 0 } remarks)
            await Add(upload, $"The uploaded register is in use. Look at this: {remarks}", cancellation);
    }

    /// <summary>Removes what was said of earlier uploads.</summary>
    public async Task Forget(CancellationToken cancellation)
    {
        foreach (var notice in await notices.All(cancellation))
            if (notice.IsOfRegister)
                await notices.Remove(notice.Id, cancellation);
        await reports.RemoveAll(RegisterContainer.AnyUpload, cancellation);
    }

    /// <summary>Whether every file that is not read was reported.</summary>
    public bool KnowsStrangers(IReadOnlyDictionary<string, RegisterFile> listed) =>
        strangers?.SetEquals(Strangers(listed)) is true;

    /// <summary>
    /// Reports files that were put into the container under a name that is not read, until they are gone. One that lay
    /// there when the last upload was examined is left alone.
    /// </summary>
    public async Task TellOfStrangers(
        IReadOnlyDictionary<string, RegisterFile> listed,
        ExaminedMark? mark,
        CancellationToken cancellation)
    {
        var now = Strangers(listed).ToHashSet();
        if (strangers?.SetEquals(now) is true)
            return;
        foreach (var notice in await notices.All(cancellation))
            if (notice.Id.StartsWith(StrangerPrefix, StringComparison.Ordinal)
                && now.All(name => notice.Id != StrangerId(name)))
                await notices.Remove(notice.Id, cancellation);
        foreach (var name in now.Where(name => strangers?.Contains(name) is not true))
            if (mark?.At is null || listed[name].At > mark.At)
                await notices.Add(
                    new(
                        StrangerId(name),
                        clock.GetUtcNow(),
                        null,
                        $"The file “{UnsafeCharacters.Briefly(name)}” in the container {ResourceNames.Register} is not read. If it is a register, upload it as {RegisterContainer.UploadedWorkbook} or {RegisterContainer.Uploaded}; otherwise delete it."),
                    cancellation);
        strangers = now;
    }

    private static IEnumerable<string> Strangers(IReadOnlyDictionary<string, RegisterFile> listed) =>
        listed.Keys.Where(RegisterContainer.IsStranger);

    private static string StrangerId(string name) => $"{StrangerPrefix}{Sha256Hex.Of(name)}";

    private async Task Report(UploadedRegister upload, string report, CancellationToken cancellation)
    {
        await Forget(cancellation);
        await reports.Save(upload.File.Name, report, cancellation);
    }

    private Task<bool> Add(UploadedRegister upload, string text, CancellationToken cancellation) =>
        notices.Add(
            // By the version of the file: the same upload, examined again, has one notice.
            new($"{Notice.OfRegister}{Sha256Hex.Of(upload.File.Version)}", clock.GetUtcNow(), null, text),
            cancellation);

    /// <summary>What to look at in a register that was taken over by itself; empty for nothing.</summary>
    private static string Remarks(UploadedRegister upload, bool isFirst)
    {
        var gone = isFirst && upload.Reading.Register is { } register
            ? RegisterChanges.Between(RegisterCsv.Seed(), register).Gone
            : [];
        var missing = gone.Count > 0 && upload.Reading.Register!.Missions.Count > gone.Count
            ? $"It has {EnglishText.Counted(upload.Reading.Register.Missions.Count, "mission")}; of the list that this service came with, {EnglishText.Counted(gone.Count, "mission")} {(gone.Count == 1 ? "is" : "are")} not among them: {EnglishText.Listed([.. gone.Take(8).Select(mission => mission.Name), .. gone.Count > 8 ? [$"{gone.Count - 8} more"] : (string[])[]])}."
            : "";
        return string.Join(
            " ",
            ((string[])[missing, .. upload.Reading.Faults.Take(5).Select(fault => $"{fault}")])
                .Where(words => words.Length > 0));
    }
}
