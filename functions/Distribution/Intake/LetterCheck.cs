using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Letters.Typesetting;
using Distribution.Mail;
using Distribution.Register;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Intake;

/// <summary>What a check is given: files, register, and what was sent before.</summary>
/// <param name="Files">The files as listed.</param>
/// <param name="Open">Reads the listed version of a file; null if it was changed or deleted since.</param>
/// <param name="Earlier">
/// What was sent before; null where nothing is known of it, as on a machine without storage. Then nothing is compared
/// with earlier letters, and a correction is checked with its own audience.
/// </param>
internal sealed record LetterToCheck(
    FolderListing Files,
    Func<DraftFile, CancellationToken, Task<ReadOnlyMemory<byte>?>> Open,
    MissionRegister Register,
    EarlierLetters? Earlier)
{
    /// <summary>Every distribution the folder has become so far.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>
    /// True if files are new since the last check: then the uploader can still correct an hour that has passed.
    /// </summary>
    public bool HasNewFiles { get; init; } = true;

    /// <summary>Which days are working days.</summary>
    public WorkingDays Days { get; init; } = WorkingDays.BuiltIn;

    /// <summary>The hashes of the fixed words that native readers have confirmed at the desk.</summary>
    public IReadOnlySet<string> ConfirmedWords { get; init; } = new HashSet<string>();

    /// <summary>
    /// How many letters are typeset in the check; the rest is left to the caller. It finds what is wrong in every
    /// letter.
    /// </summary>
    public int TypesetAtMost { get; init; } = int.MaxValue;

    /// <summary>Told each step in words: "Reading the files".</summary>
    public Action<Phrase> Progress { get; init; } = _ => { };
}

/// <summary>
/// The one check of a letter, before anything is frozen or sent: reading, malware, pre-flight, typesetting. It depends
/// on the files, the register, the templates, the settings and what was sent before, and <b>writes nothing</b>: its
/// caller decides what to do with the result.
/// </summary>
internal sealed class LetterCheck(
    Templates templates,
    IEnumerable<IPreflightCheck> checks,
    MalwareCheck malware,
    LetterTypesetter printer,
    VerificationReferences references,
    IMailTransport transport,
    IOptions<SiteSettings> site,
    TimeProvider clock,
    ILogger<LetterCheck> logger)
{
    public async Task<CheckResult> Check(LetterToCheck letter, CancellationToken cancellation)
    {
        letter.Progress(Say($"Reading the files"));
        var budget = new RenderBudget(RenderLimits.Default.Time);
        var reading = await UploadReading.Of(
            letter.Files,
            NewYorkTime.Day(clock.GetUtcNow()),
            letter.Days,
            budget,
            letter.Open,
            cancellation);
        switch (reading)
        {
            case UploadReading.Changed: return new CheckResult.Changed();
            case UploadReading.Waits waits: return new CheckResult.Waits(waits.For) { Near = waits.Near };
            case UploadReading.Faulty faulty: return new CheckResult.Refused(faulty.Faults);
        }

        var read = (UploadReading.Whole)reading;
        // Before malware and typesetting: what was released is not judged again by a later scanner, register or
        // template.
        if (letter.Earlier is { } sent
            && await sent.Released(letter.Versions, read.ContentHash, cancellation) is { } released)
            return new CheckResult.ReleasedBefore(released);

        letter.Progress(Say($"Looking for malware"));
        var found = await malware.Check(
            read,
            letter.Files.Standing is { } standing ? [.. letter.Files.Files, standing] : letter.Files.Files,
            cancellation);
        return found.Faults is []
            ? await Check(letter, read, found, budget, cancellation)
            : new CheckResult.Refused([.. read.Faults, .. found.Faults], found.Infections);
    }

    private async Task<CheckResult> Check(
        LetterToCheck letter,
        UploadReading.Whole read,
        MalwareFindings malwareFindings,
        RenderBudget budget,
        CancellationToken cancellation)
    {
        var folder = letter.Files.Folder;
        letter.Progress(Say($"Checking the letter and its enclosures"));
        List<Finding> faults =
        [
            .. read.Faults,
            .. letter.HasNewFiles ? DateFindings.AtUpload(read.Letter, clock.GetUtcNow()) : [],
        ];
        var template = TryLoad(read.Letter, faults);
        var all = letter.Earlier is { } known ? await known.All(cancellation) : null;
        var (roster, earlier) = await Recipients(letter, read, all ?? [], faults, cancellation);
        var source = read.Letter with
        {
            MeetsAt = KnownMeetings.Of(
                read.Letter,
                folder,
                // Of a letter that has no meetings and corrects nothing, no earlier letter is read for them.
                letter.Earlier is { } sent && (earlier is not null || read.Letter.Meetings is not [])
                    ? await sent.Meetings(earlier, letter.Versions, all!, cancellation)
                    : null,
                faults),
        };
        var preflight = new Preflight(
            folder.IsStanding,
            source,
            template,
            read.Enclosures,
            roster,
            read.Translations,
            read.Images)
        {
            Corrects = earlier?.DraftLabel,
            Budget = budget,
            Days = letter.Days,
            ConfirmedWords = letter.ConfirmedWords,
        };
        faults.AddRange(checks.SelectMany(check => check.Check(preflight)));
        faults.AddRange(read.Unnamed);
        if (template is null || faults.Exists(fault => !fault.IsWarning))
            return new CheckResult.Refused(faults);
        // After the faults, which do not wait for the scanner.
        if (malwareFindings.WaitsBecause is { } why)
            return new CheckResult.Waits([], why);

        var id = IdOf(letter, read.ContentHash, source, template, earlier is null ? null : roster);
        letter.Progress(
            Say(
                roster.Count,
                $"Typesetting the letters to {roster.Count} mission",
                $"Typesetting the letters to {roster.Count} missions"));
        var calendars = MeetingCalendar.Of(source);
        var tooLarge = MailPreflight.TooLarge(preflight, transport.MaxMessageBytes);
        try
        {
            var reference = references.For(id);
            var printed = await printer.Typeset(
                preflight,
                reference,
                0,
                letter.TypesetAtMost,
                keep: null,
                cancellation);
            return printed.Faults is []
                ? new CheckResult.Sound(
                    new(
                        id,
                        read.ContentHash,
                        letter.Register.Hash,
                        new FrozenContent(
                            source,
                            read.Translations,
                            [
                                .. read.Enclosures.Select(file => Enclosure.Of(file, source)),
                                .. calendars.Select(calendar => calendar.Enclosure),
                            ],
                            template,
                            roster,
                            [.. printed.Letters.Select(document => document.Pdf)],
                            reference,
                            earlier is null ? null : new(source.Supersedes!.Kind, earlier.Id),
                            TooLarge: tooLarge is [] ? null : tooLarge),
                        [.. read.Sources.Select(source => new SourceFile(source.Name, source.Hash))],
                        faults,
                        [.. malwareFindings.Scans]),
                    new(
                        read.Sources,
                        [.. read.Enclosures, .. calendars.Select(calendar => calendar.File)],
                        printed.Letters),
                    LetterTypesetter.Count(preflight))
                {
                    Before = all,
                }
                : new CheckResult.Refused([.. faults, .. printed.Faults]);
        }
        catch (TypesetterException unavailable)
        {
            logger.LogError(unavailable, "The letters of {Folder} could not be typeset", folder);
            return new CheckResult.Refused([.. faults, LetterFaults.TypesetterUnavailable($"{folder}", unavailable)]);
        }
    }

    /// <summary>
    /// Made of all that decides what missions get, and of no clock: what is examined again is the same letter.
    /// </summary>
    /// <param name="corrected">Of a correction: who gets it; null for other letters.</param>
    private string IdOf(
        LetterToCheck letter,
        string contentHash,
        LetterSource source,
        TemplateSet template,
        IReadOnlyList<Mission>? corrected) =>
        DistributionId.For(
            letter.Files.Folder,
            FolderListing.Of(
            [
                contentHash, letter.Register.Hash, template.Hash, site.Value.PublicUrl,
                // A correction goes to whoever got what it corrects, which may be more missions by now.
                .. corrected is not null
                    ? [string.Join(' ', corrected.Select(mission => mission.Id))]
                    : (string[])[],
                // Reminders were counted by them.
                .. source.Reminders is not [] && letter.Days != WorkingDays.BuiltIn
                    ? [letter.Days.Version]
                    : (string[])[],
            ]));

    /// <summary>
    /// Who gets the letter: those who got the letter it corrects, or the audience it names. Adds what earlier letters
    /// of the process say against it.
    /// </summary>
    private static async Task<(IReadOnlyList<Mission> Roster, DistributionRecord? Earlier)> Recipients(
        LetterToCheck letter,
        UploadReading.Whole read,
        IReadOnlyList<DistributionRecord> all,
        List<Finding> faults,
        CancellationToken cancellation)
    {
        var process = letter.Files.Folder.Process;
        var earlier = letter.Earlier is null ? null : EarlierLetters.Superseded(process, read.Letter, all, faults);
        IReadOnlyList<Mission> roster;
        if (earlier is not null)
            roster = await letter.Earlier!.RosterOf(earlier, letter.Register, all, cancellation);
        else
        {
            (roster, var audienceFaults) = Audience.Select(
                letter.Register,
                read.Letter.Audience,
                Location.In(read.Letter.File, field: "audience"));
            faults.AddRange(audienceFaults);
        }

        if (letter.Earlier is not null)
            faults.AddRange(await letter.Earlier.Findings(process, read.Letter, read.Enclosures, all, cancellation));
        return (roster, earlier);
    }

    private TemplateSet? TryLoad(LetterSource letter, List<Finding> faults)
    {
        try
        {
            return templates.Load(letter.Template, letter.File);
        }
        catch (LetterFaultException unusable)
        {
            faults.AddRange(unusable.Faults);
            return null;
        }
    }
}
