using Distribution.Common;
using Distribution.Register;

namespace Distribution.Letters.Reading;

/// <summary>The result of reading a letter file.</summary>
/// <param name="Letter">Null if there is a fault that is not a warning.</param>
/// <param name="Faults">
/// The faults in the order in which they were found, at most <see cref="LetterFaults.Most"/>; of more, the most severe
/// first.
/// </param>
internal sealed record LetterReading(LetterSource? Letter, IReadOnlyList<Finding> Faults);

/// <summary>
/// Parses <c>letter.md</c>, <c>standing.md</c> and translations: YAML front matter between two lines of <c>---</c>,
/// then the body in Markdown. The keys are those of <see cref="LetterSchema"/>.
/// </summary>
internal sealed class LetterFile
{
    private readonly FrontMatterFile file;
    private readonly LetterText text;
    private readonly FrontMatterFields fields;
    private readonly LetterRules rules;

    private LetterFile(FrontMatterFile file, LetterText text, WorkingDays days)
    {
        (this.file, this.text) = (file, text);
        var map = FrontMatter.Read(file.Name, text.Lines, text.FrontMatterEnd, file.Faults);
        var called = file.Kind == LetterFileKind.Translation ? "a courtesy translation" : "the letter";
        fields = new FrontMatterFields(file, null, called, map, LetterSchema.Keys);
        rules = new LetterRules(file, fields, text, days);
    }

    /// <summary>Reads the letter of an upload folder.</summary>
    /// <param name="days">Which days are working days; null for those by the built-in holidays.</param>
    public static LetterReading Read(string fileName, ReadOnlyMemory<byte> bytes, WorkingDays? days = null) =>
        Read(fileName, LetterFileKind.Letter, bytes, days, letter => letter.Upload());

    /// <summary>
    /// Reads the standing letter of a process for one uploaded file. The file's name gives the draft label.
    /// </summary>
    /// <param name="today">Today's date in New York, used if the letter gives no date.</param>
    /// <param name="days">As for <see cref="Read(string, ReadOnlyMemory{byte}, WorkingDays)"/>.</param>
    public static LetterReading ReadStanding(
        string fileName,
        ReadOnlyMemory<byte> bytes,
        string enclosedFile,
        DateOnly today,
        WorkingDays? days = null) =>
        Read(fileName, LetterFileKind.Standing, bytes, days, letter => letter.Standing(enclosedFile, today));

    /// <summary>
    /// Reads a courtesy translation, <c>letter.fr.md</c>. Values that it does not give come from the authentic letter.
    /// </summary>
    /// <param name="language">The language of the translation.</param>
    public static LetterReading ReadTranslation(
        string fileName,
        string language,
        ReadOnlyMemory<byte> bytes,
        LetterSource authentic) =>
        Read(fileName, LetterFileKind.Translation, bytes, null, letter => letter.Translation(language, authentic));

    private static LetterReading Read(
        string name,
        LetterFileKind kind,
        ReadOnlyMemory<byte> bytes,
        WorkingDays? days,
        Func<LetterFile, LetterSource?> read)
    {
        var faults = new List<Finding>();
        var file = new FrontMatterFile(name, kind, faults);
        var letter = LetterText.Read(name, bytes.Span, faults) is { } text
            ? read(new LetterFile(file, text, days ?? WorkingDays.BuiltIn))
            : null;
        if (file is { InPrintedQuotes: [var first, ..] quoted })
            faults.Add(
                LetterFileFaults.FrontMatterInPrintedQuotes(first.Location, [.. quoted.Select(value => value.Name)]));
        return new(faults.All(fault => fault.IsWarning) ? letter : null, LetterFaults.AtMost(name, faults));
    }

    private LetterSource? Upload() => Source(
        fields.Read(LetterSchema.Draft),
        fields.Read(LetterSchema.Sequence),
        fields.Read(LetterSchema.Date),
        _ => fields.Read(LetterSchema.Enclosures) ?? []);

    private LetterSource? Standing(string enclosedFile, DateOnly today)
    {
        var label = DraftLabels.FromFileName(enclosedFile);
        return Source(
            label,
            fields.Has(LetterSchema.Sequence) ? fields.Read(LetterSchema.Sequence) : 0,
            fields.Has(LetterSchema.Date) ? fields.Read(LetterSchema.Date) : today,
            process => [new EnclosureEntry(enclosedFile, $"{label}, {process}", EnclosureRole.Draft, null, null, 1)]);
    }

    private LetterSource? Source(
        string? draft,
        int? sequence,
        DateOnly? date,
        Func<string?, IReadOnlyList<EnclosureEntry>> enclose)
    {
        var process = fields.Read(LetterSchema.Process);
        var subject = fields.Read(LetterSchema.Subject);
        var form = fields.Read(LetterSchema.Form) ?? LetterForm.Letter;
        // Keys that the form does not have are one fault (LetterRules.CheckForm), and their values none.
        var signatories = form == LetterForm.NoteVerbale ? null : fields.Read(LetterSchema.Signatories);
        var sender = form == LetterForm.NoteVerbale ? fields.Read(LetterSchema.Sender) : null;
        var contact = fields.Read(LetterSchema.Contact);
        var language = fields.Read(LetterSchema.Language) ?? Languages.English;
        var template = fields.Has(LetterSchema.Template)
            ? fields.Read(LetterSchema.Template)
            : LetterSchema.UsualTemplate;
        var enclosures = enclose(process);
        var deadlines = fields.Read(LetterSchema.Deadlines) ?? [];
        var (place, reference, salutation, audience) = (
            fields.Read(LetterSchema.Place),
            fields.Read(LetterSchema.Reference),
            fields.Read(LetterSchema.Salutation),
            fields.Read(LetterSchema.Audience) ?? []);
        var send = fields.Read(LetterSchema.Send);
        var source = new LetterSource(
            file.Name,
            process ?? "",
            draft ?? "",
            sequence ?? 0,
            date ?? default,
            place ?? LetterSchema.UsualPlace,
            language,
            reference,
            subject ?? "",
            salutation,
            signatories ?? [],
            // Null only where no letter is returned, below.
            contact!,
            enclosures,
            WithoutAll(audience),
            fields.Read(LetterSchema.Release) ?? ReleaseRule.OnApproval,
            fields.Read(LetterSchema.Proof) ?? [],
            deadlines,
            template ?? "",
            text.Body,
            text.BodyLine,
            form,
            fields.Read(LetterSchema.Address) ?? AddressForm.Collective,
            sender,
            [.. (fields.Read(LetterSchema.Markings) ?? []).OfType<Marking>().Distinct()],
            fields.Read(LetterSchema.EmbargoedUntil),
            fields.Read(LetterSchema.PaperSize) ?? Paper.A4,
            TranslationOf: null,
            fields.Read(LetterSchema.Translations)?.Distinct().ToList(),
            send,
            rules.Reminders(deadlines, send, date),
            rules.Supersedes(),
            fields.Read(LetterSchema.Replies) ?? false,
            fields.Read(LetterSchema.Acknowledge) ?? AcknowledgeRule.Name,
            BodyRules.AsTyped,
            fields.Read(LetterSchema.Meetings),
            fields.Read(LetterSchema.Page) ?? false);
        rules.Check(source, date);
        // What is needed and missing has a fault.
        return process is null || draft is null || sequence is null || date is null || subject is null
            || contact is null || template is null
            ? null
            : source;
    }

    /// <summary>“All” is who is written to without a word, also before those that are left out.</summary>
    private static IReadOnlyList<string> WithoutAll(IReadOnlyList<string> audience) =>
        audience.Where(entry => !entry.Equals("all", StringComparison.OrdinalIgnoreCase)).ToList() is var others
        && others.TrueForAll(Audience.LeavesOut)
            ? others
            : audience;

    // What a translation may not say is the authentic letter's, such as who is written to and when it leaves.
    private LetterSource Translation(string language, LetterSource authentic)
    {
        var translated = authentic with
        {
            File = file.Name,
            Process = fields.Read(LetterSchema.Process) ?? authentic.Process,
            DraftLabel = fields.Read(LetterSchema.Draft) ?? authentic.DraftLabel,
            Place = fields.Read(LetterSchema.Place) ?? authentic.Place,
            Language = language,
            Subject = fields.Read(LetterSchema.Subject) ?? authentic.Subject,
            // Not the authentic letter's, which is in another language: null takes the usual one of this language.
            Salutation = fields.Read(LetterSchema.Salutation),
            Signatories = TranslatedSignatories(authentic.Signatories),
            Sender = TranslatedSender(authentic.Sender),
            Enclosures = TranslatedEnclosures(authentic),
            TranslationOf = authentic.Language,
            Body = text.Body,
            BodyLine = text.BodyLine,
            BodyRules = BodyRules.AsTyped,
            MeetsAt = TranslatedMeetings(authentic),
        };
        rules.CheckForm(authentic.Form);
        return translated;
    }

    /// <summary>The sender as the translation names it, with the emblem of the authentic note.</summary>
    private Sender? TranslatedSender(Sender? authentic)
    {
        if (!fields.Has(LetterSchema.Sender) || fields.Read(LetterSchema.Sender) is not { } sender)
            return fields.Has(LetterSchema.Sender) ? null : authentic;
        return sender with
        {
            Office = Office.Of(
                sender.Office?.Address ?? authentic?.Office?.Address,
                authentic?.Office?.Emblem,
                sender.Office?.EmblemText ?? authentic?.Office?.EmblemText),
        };
    }

    /// <summary>
    /// The signatories of the authentic letter, with the names, titles and letterheads that the translation gives. They
    /// must be the same persons in the same order.
    /// </summary>
    private IReadOnlyList<Signatory> TranslatedSignatories(IReadOnlyList<Signatory> authentic)
    {
        if (fields.Value(LetterSchema.Signatories) is not { } value)
            return authentic;
        var groups = (value.Items() ?? [])
            .Select(LetterSchema.SignatoryType.Fields)
            .OfType<FrontMatterFields>()
            .ToList();
        if (groups.Count != authentic.Count)
            return value.Refuse<IReadOnlyList<Signatory>>(
                LetterFileFaults.TranslatedSignatories(value.KeyLocation, groups.Count, authentic.Count)) ?? authentic;
        return [.. authentic.Zip(groups, (person, words) => person with
        {
            Name = words.Read(SignatoryKeys.Name) ?? person.Name,
            Title = words.Read(SignatoryKeys.Title) ?? person.Title,
            Letterhead = words.Read(SignatoryKeys.Letterhead) ?? person.Letterhead,
            Office = Office.Of(
                words.Read(SignatoryKeys.Address) ?? person.Office?.Address,
                person.Office?.Emblem,
                words.Read(SignatoryKeys.EmblemText) ?? person.Office?.EmblemText),
        })];
    }

    /// <summary>
    /// The meetings of the authentic letter, with the titles, places and notes that the translation gives. They must be
    /// the same in the same order.
    /// </summary>
    private IReadOnlyList<Meeting>? TranslatedMeetings(LetterSource authentic)
    {
        if (fields.Value(LetterSchema.Meetings) is not { } value)
            return authentic.MeetsAt;
        var groups = (value.Items() ?? [])
            .Select(LetterSchema.MeetingType.Fields)
            .OfType<FrontMatterFields>()
            .ToList();
        if (groups.Count != authentic.Meetings.Count)
            return value.Refuse<IReadOnlyList<Meeting>>(
                LetterFileFaults.TranslatedMeetings(value.KeyLocation, groups.Count, authentic.Meetings.Count))
                ?? authentic.MeetsAt;
        return
        [
            .. authentic.Meetings.Zip(groups, (meeting, words) => meeting with
            {
                Title = words.Read(MeetingKeys.Title) ?? meeting.Title,
                Place = words.Read(MeetingKeys.Place) ?? meeting.Place,
                Note = words.Read(MeetingKeys.Note) ?? meeting.Note,
            }),
        ];
    }

    private IReadOnlyList<EnclosureEntry> TranslatedEnclosures(LetterSource authentic)
    {
        var titles = new Dictionary<string, string>();
        foreach (var value in fields.Value(LetterSchema.Enclosures)?.Items() ?? [])
        {
            if (LetterSchema.EnclosureType.Fields(value) is not { } group
                || (group.Read(EnclosureKeys.File), group.Read(EnclosureKeys.Title)) is not ({ } name, { } title))
                continue;
            if (authentic.Enclosures.FirstOrDefault(entry => FileNames.AreSame(entry.File, name)) is { } enclosed)
                titles[enclosed.File] = title;
            else
                file.Faults.Add(LetterFileFaults.TranslatedEnclosureUnknown(value.Location, name, authentic.File));
        }

        return
        [
            .. authentic.Enclosures.Select(entry =>
                titles.GetValueOrDefault(entry.File) is { } title ? entry with { Title = title } : entry),
        ];
    }
}
