using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution;

/// <summary>
/// Examines an upload folder as it is now: it waits, is rejected with a report, or becomes a distribution with content and
/// roster frozen. The same content any number of times is one distribution.
/// </summary>
internal sealed class Examination(
    Drafts drafts,
    Uploads uploads,
    Reports reports,
    Distributions distributions,
    Dispatches dispatches,
    FrozenContents contents,
    Verifications verifications,
    Templates templates,
    IEnumerable<IPreflightCheck> checks,
    LetterPrinter printer,
    IOptions<IntakeSettings> settings,
    TimeProvider clock,
    ILogger<Examination> logger)
{
    /// <summary>Stands for files whose names lead into no folder.</summary>
    public static readonly UploadFolder Misplaced = new(Names.Drafts, "misplaced files");

    /// <summary>More than any mail server takes; larger uploads are not read at all.</summary>
    private const long MostBytes = 64 * 1024 * 1024;

    /// <param name="files">What is in the folder, as listed just now.</param>
    /// <param name="standing">The process's standing letter, where the folder is served by it.</param>
    /// <param name="previous">What became of the folder before. Of two examinations that start from the same one, one alone comes to something.</param>
    /// <returns>The distribution this folder has just become, or null.</returns>
    public async Task<Distribution?> Examine(
        UploadFolder folder, IReadOnlyList<DraftFile> files, DraftFile? standing, Stored<Upload>? previous, Register register, CancellationToken cancellation)
    {
        var upload = AsItIs(folder, files, standing, previous, register);
        var now = upload.ExaminedAt;
        if (previous is not null && await IsSettled(previous.Value, upload, cancellation))
            return null;

        var result = await Look(upload, files, standing, register, cancellation);
        if (result is Changed)
            return null;
        if (result is Waiting(var missing))
        {
            var since = previous is { Value.State: UploadState.Waiting } ? previous.Value.FirstSeen : now;
            if (now < since + settings.Value.WaitFor)
            {
                if (await uploads.Save(upload with { State = UploadState.Waiting, FirstSeen = since, WaitingFor = missing }, previous?.Version, cancellation) is not null)
                    await Supersede(upload, null, cancellation);
                return null;
            }

            result = new Faulty([.. missing.Select(file => Faults.NeverArrived($"{folder}", file, settings.Value.WaitFor))]);
        }

        if (result is Faulty(var faults))
        {
            await Reject(upload with { State = UploadState.Rejected, Faults = faults }, previous?.Version, cancellation);
            return null;
        }

        var distribution = result is Known known
            ? known.Distribution
            : await Accept(upload, (Sound)result, register, previous?.Version, cancellation);
        if (distribution is null)
            return null;
        await Supersede(upload, distribution.Id, cancellation);
        var record = await uploads.Find(folder, cancellation);
        await uploads.Save(
            upload with { DistributionId = distribution.Id, Versions = record?.Value.Versions ?? [], Faults = distribution.Warnings }, record?.Version, cancellation);
        await reports.Remove(folder.ToString(), cancellation);
        return distribution;
    }

    /// <summary>An examination that broke off for a reason of the system's own: the folder is put aside with words, so that no other suffers by it.</summary>
    public Task BrokenOff(UploadFolder folder, IReadOnlyList<DraftFile> files, DraftFile? standing, Stored<Upload>? previous, Register register, string reference, CancellationToken cancellation) =>
        Reject(
            AsItIs(folder, files, standing, previous, register) with { State = UploadState.Rejected, Faults = [Faults.BrokenOff($"{folder}", reference)] },
            previous?.Version, cancellation);

    private Upload AsItIs(UploadFolder folder, IReadOnlyList<DraftFile> files, DraftFile? standing, Stored<Upload>? previous, Register register)
    {
        var now = clock.GetUtcNow();
        return new(
            folder, UploadState.Accepted,
            Files: Fingerprint(files.Select(file => $"{file.Name} {file.Version}")),
            Surroundings: Fingerprint([standing?.Version ?? "", register.Hash, templates.Version]),
            now, now, [], [], null, previous?.Value.Versions ?? []);
    }

    private async Task<bool> IsSettled(Upload before, Upload now, CancellationToken cancellation)
    {
        if (before.Files != now.Files)
            return false;
        if (before.Surroundings == now.Surroundings)
            return before.State != UploadState.Waiting || now.ExaminedAt < before.FirstSeen + settings.Value.WaitFor;
        // A letter that has left is not judged again by a later register, template or standing letter.
        return before is { State: UploadState.Accepted, DistributionId: { } id } && await distributions.Find(id, cancellation) is { ReleasedAt: not null };
    }

    /// <summary>Reports files whose names lead into no folder: nothing becomes of them.</summary>
    public async Task ReportMisplaced(IReadOnlyList<Fault> faults, Stored<Upload>? previous, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var files = Fingerprint(faults.Select(fault => fault.ToString()));
        if (previous?.Value.Files != files)
            await Reject(new(Misplaced, UploadState.Rejected, files, "", now, now, [], faults, null, []), previous?.Version, cancellation);
    }

    /// <summary>Forgets an upload that was taken away; what it had become and was not released is not released any more.</summary>
    public async Task Forget(Upload upload, CancellationToken cancellation)
    {
        await Supersede(upload, null, cancellation);
        await reports.Remove(upload.Folder.ToString(), cancellation);
        await uploads.Remove(upload.Folder, cancellation);
    }

    private async Task Reject(Upload upload, string? version, CancellationToken cancellation)
    {
        upload = upload with { Faults = Faults.AtMost($"{upload.Folder}", upload.Faults) };
        if (await uploads.Save(upload, version, cancellation) is null)
            return;
        await reports.Save(upload.Folder.ToString(), PreflightReport.Text(upload.Folder, upload.Faults, upload.ExaminedAt), cancellation);
        await Supersede(upload, null, cancellation);
        logger.LogInformation("Upload {Folder} rejected: {Faults}", upload.Folder, string.Join(" ", upload.Faults.Select(fault => fault.Code)));
    }

    /// <summary>What the folder held before and nobody released must not be released any more.</summary>
    private async Task Supersede(Upload upload, string? present, CancellationToken cancellation)
    {
        foreach (var other in upload.Versions.Where(version => version != present))
            if (await distributions.Find(other, cancellation) is not null)
                await distributions.Change(other, stale => stale.State == DistributionState.AwaitingRelease
                    ? stale with { State = DistributionState.Replaced }
                    : null, cancellation);
    }

    private async Task<Result> Look(
        Upload upload, IReadOnlyList<DraftFile> files, DraftFile? standing, Register register, CancellationToken cancellation)
    {
        var folder = upload.Folder;
        var names = files.Select(file => BlobNames.Place(file.Name)).ToList();
        var faults = names.SelectMany(name => name.Faults).ToList();
        var letterName = folder.IsStanding ? BlobNames.StandingLetter : BlobNames.Letter;
        if ((folder.IsStanding ? standing : Find(letterName)) is not { } letterFile)
            return faults is [] ? new Waiting([letterName]) : new Faulty(faults);
        if (letterFile.Length > LetterText.MaxBytes)
            return new Faulty([.. faults, Faults.LetterTooLarge(letterName, letterFile.Length, LetterText.MaxBytes)]);
        if (await drafts.Read(letterFile, cancellation) is not { } letterBytes)
            return new Changed();

        var reading = folder.IsStanding
            ? LetterFile.ReadStanding(letterName, letterBytes, folder.Revision, DateOnly.FromDateTime(NewYork.At(clock.GetUtcNow()).DateTime))
            : LetterFile.Read(letterName, letterBytes);
        faults.AddRange(reading.Faults);
        if (reading.Letter is not { } letter)
            return new Faulty([.. faults, .. await OfFilesAlone(files.Where(file => file != letterFile), cancellation)]);

        var translationNames = folder.IsStanding ? [] : Translations(names, letter, faults);
        var imageNames = letter.Signatories.Select(signatory => signatory.Signature).OfType<string>().Distinct().ToList();
        var missing = letter.Enclosures.Select(entry => entry.File).Concat(translationNames).Concat(imageNames).Where(file => Find(file) is null).ToList();
        if (missing is not [])
            return faults.Exists(fault => !fault.IsWarning) ? new Faulty(faults) : new Waiting(missing);
        var enclosures = letter.Enclosures.Select(entry => entry.File).Concat(translationNames).Concat(imageNames).Select(file => (File: file, Uploaded: Find(file)!)).ToList();
        if (enclosures.Sum(entry => entry.Uploaded.Length) is > MostBytes and var bytes)
            return new Faulty([.. faults, Faults.TooLargeToRead(letterName, bytes, MostBytes)]);

        List<UploadedFile> enclosed = [];
        foreach (var (name, uploaded) in enclosures)
        {
            if (await drafts.Read(uploaded, cancellation) is not { } content)
                return new Changed();
            enclosed.Add(new(name, content, Hash(content)));
        }

        var contentHash = ContentHash.Of(letterBytes, enclosed);
        var further = enclosed[letter.Enclosures.Count..];
        var images = further.Where(file => imageNames.Contains(file.Name)).ToList();
        var translated = further.Where(file => translationNames.Contains(file.Name)).ToList();
        enclosed = enclosed[..letter.Enclosures.Count];
        foreach (var version in upload.Versions)
            if (await distributions.Find(version, cancellation) is { ReleasedAt: not null } released && released.ContentHash == contentHash)
                return new Known(released);

        List<LetterSource> translations = [];
        foreach (var file in translated)
        {
            var translation = LetterFile.ReadTranslation(file.Name, BlobNames.LanguageOf(file.Name)!, file.Content, letter);
            faults.AddRange(translation.Faults);
            if (translation.Letter is { } read)
                translations.Add(read);
        }

        faults.AddRange(images.SelectMany(SignatureImage.Check));
        var template = TryLoad(letter.Template, faults);
        var (roster, audienceFaults) = Audience.Select(register, letter.Audience, letter.File);
        faults.AddRange(audienceFaults);
        var preflight = new Preflight(folder, letter, template, enclosed, roster, translations, images);
        faults.AddRange(checks.SelectMany(check => check.Check(preflight)));
        if (!folder.IsStanding)
            faults.AddRange(names
                .Select(name => name.File!)
                .Where(name => name != letterName && !letter.Enclosures.Select(entry => entry.File).Concat(translationNames).Concat(imageNames).Any(named => BlobNames.AreSame(named, name)))
                .Take(Faults.Most)
                .Select(name => Faults.NotNamedInLetter(name, letterName)));
        if (template is null || faults.Exists(fault => !fault.IsWarning))
            return new Faulty(faults);

        var id = DistributionId.For(folder, Fingerprint([contentHash, register.Hash, template.Hash]));
        var printed = await printer.Print(preflight, VerificationReference.For(id), cancellation);
        return printed.Faults is []
            ? new Sound(id, new(letterName, letterBytes, Hash(letterBytes)), letter, translations, enclosed, further, template, roster, printed.Letters, contentHash, faults)
            : new Faulty([.. faults, .. printed.Faults]);

        DraftFile? Find(string name) => files.FirstOrDefault(file => BlobNames.AreSame(file.Name[(file.Name.LastIndexOf('/') + 1)..], name));
    }

    /// <summary>The files that are, or must come to be, the letter's courtesy translations, in the order of the languages.</summary>
    private static List<string> Translations(IReadOnlyList<BlobPlace> files, LetterSource letter, List<Fault> faults)
    {
        List<string> found = [];
        foreach (var file in files.Select(place => place.File).OfType<string>())
        {
            if (BlobNames.LanguageOf(file) is not { } language)
                continue;
            if (!Languages.IsOfficial(language))
                faults.Add(Faults.TranslationLanguageUnknown(file, language));
            else if (language == letter.Language)
                faults.Add(Faults.TranslationIntoItself(file, language));
            else
                found.Add(language);
        }

        var wanted = letter.AwaitedTranslations ?? found;
        return [.. Languages.Official.Where(wanted.Contains).Select(language => $"letter.{language}.md")];
    }

    /// <summary>What is wrong with the files whatever the letter comes to say, so that everything is told at once.</summary>
    private async Task<IReadOnlyList<Fault>> OfFilesAlone(IEnumerable<DraftFile> files, CancellationToken cancellation)
    {
        List<Fault> faults = [];
        foreach (var file in files.Where(file => file.Length <= MostBytes))
            if (await drafts.Read(file, cancellation) is { } content)
                faults.AddRange(EnclosureCheck.OfFile(new(file.Name[(file.Name.LastIndexOf('/') + 1)..], content, "")));
        return faults;
    }

    /// <returns>The distribution, or null when another examination of the same folder was quicker.</returns>
    private async Task<Distribution?> Accept(Upload upload, Sound sound, Register register, string? version, CancellationToken cancellation)
    {
        var letter = sound.Letter;
        var id = sound.Id;
        IReadOnlyList<string> versions = upload.Versions.Contains(id) ? upload.Versions : [.. upload.Versions, id];
        // Without fingerprints, so that an examination that stops half-way is made again.
        if (await uploads.Save(upload with { Files = "", Surroundings = "", DistributionId = id, Versions = versions }, version, cancellation) is null)
            return null;

        var content = new FrozenContent(
            letter,
            sound.Translations,
            [.. sound.Files.Select(file => Enclosure.Of(file, letter))],
            sound.Template,
            sound.Roster,
            [.. sound.Printed.Select(letter => letter.Pdf)],
            VerificationReference.For(id));
        await contents.Freeze(id, content, [sound.LetterFile, .. sound.TranslationsAndImages], sound.Files, sound.Printed, cancellation);
        await verifications.Add(id, content, cancellation);
        await dispatches.Add([.. sound.Roster.Select((mission, place) => new Dispatch(id, mission.Id, place + 1, [], null, null))], cancellation);

        // Content that follows other content in the same folder is released on purpose, whatever the letter says.
        var automatic = versions[0] == id && letter.Release == ReleaseRule.Automatic;
        await distributions.Add(
            new(id, upload.Folder, versions.ToList().IndexOf(id) + 1, letter.Process, letter.DraftLabel, letter.Sequence, letter.Date, letter.Subject,
                sound.ContentHash, register.Hash, sound.Roster.Count, content.Enclosures, sound.Warnings, letter.Proof,
                automatic ? DistributionState.Released : DistributionState.AwaitingRelease,
                upload.ExaminedAt,
                ReleasedBy: automatic ? $"{letter.File} (release: automatic)" : null,
                ReleasedAt: automatic ? upload.ExaminedAt : null),
            cancellation);
        await distributions.Change(id, found => found.State == DistributionState.Replaced
            ? found with { State = DistributionState.AwaitingRelease, Warnings = sound.Warnings }
            : found.State == DistributionState.AwaitingRelease && !found.Warnings.SequenceEqual(sound.Warnings) ? found with { Warnings = sound.Warnings }
            : null, cancellation);
        return await distributions.Find(id, cancellation);
    }

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

    private static string Hash(ReadOnlyMemory<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content.Span));

    private static string Fingerprint(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));

    private abstract record Result;

    /// <summary>A file changed while it was being looked at; its own event brings the folder back.</summary>
    private sealed record Changed : Result;

    private sealed record Waiting(IReadOnlyList<string> Missing) : Result;

    private sealed record Faulty(IReadOnlyList<Fault> Faults) : Result;

    /// <summary>The same content has been released from this folder already.</summary>
    private sealed record Known(Distribution Distribution) : Result;

    private sealed record Sound(
        string Id,
        UploadedFile LetterFile,
        LetterSource Letter,
        IReadOnlyList<LetterSource> Translations,
        IReadOnlyList<UploadedFile> Files,
        IReadOnlyList<UploadedFile> TranslationsAndImages,
        TemplateSet Template,
        IReadOnlyList<Mission> Roster,
        IReadOnlyList<PrintedLetter> Printed,
        string ContentHash,
        IReadOnlyList<Fault> Warnings) : Result;
}
