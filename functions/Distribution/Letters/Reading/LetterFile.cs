using System.Globalization;
using System.Text.Json;
using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>The result of reading a letter file.</summary>
/// <param name="Letter">Null if there is a fault that is not a warning.</param>
/// <param name="Faults">
/// The faults in the order in which they were found, at most <see cref="LetterFaults.Most"/>; of more, the most severe
/// first.
/// </param>
internal sealed record LetterReading(LetterSource? Letter, IReadOnlyList<Fault> Faults);

/// <summary>
/// Parses <c>letter.md</c>, <c>standing.md</c> and translations: YAML front matter between two lines of <c>---</c>,
/// then the body in Markdown.
/// </summary>
internal sealed class LetterFile
{
    private static readonly string[] Keys =
    [
        "process",
        "draft",
        "sequence",
        "date",
        "place",
        "language",
        "reference",
        "subject",
        "salutation",
        "signatories",
        "contact",
        "enclosures",
        "audience",
        "release",
        "proof",
        "deadlines",
        "template",
        "form",
        "address",
        "sender",
        "markings",
        "embargoed_until",
        "paper",
        "translations",
        "acknowledge",
        "replies",
        "send",
        "remind",
        "supersedes",
        "correction",
    ];

    /// <summary>
    /// The keys that a courtesy translation can have. All other values come from the authentic letter.
    /// </summary>
    private static readonly string[] TranslationKeys =
    [
        "process",
        "draft",
        "place",
        "subject",
        "salutation",
        "signatories",
        "sender",
        "enclosures",
    ];

    private const string NoteVerbale = "note-verbale";
    // A placeholder among the required keys, replaced by one of the two keys according to the form.
    private const string From = "signatories or sender";

    private static readonly string[] Required =
    [
        "process",
        "draft",
        "sequence",
        "date",
        "subject",
        From,
        "contact",
        "enclosures",
    ];
    private static readonly string[] RequiredStanding = ["process", "subject", From, "contact"];
    private static readonly string[] RequiredTranslation = ["subject"];
    private static readonly string[] NotStanding =
    [
        "draft",
        "enclosures",
        "translations",
        "send",
        "supersedes",
        "correction",
    ];
    private static readonly string[] ReleaseRules = ["on-approval", "automatic"];
    private static readonly string[] Roles = Kebab<EnclosureRole>();
    private static readonly string[] Forms = Kebab<LetterForm>();
    private static readonly string[] AddressForms = Kebab<AddressForm>();
    private static readonly string[] MarkingNames = Kebab<Marking>();
    private static readonly string[] ReplyRules = ["contact", "tracked"];
    private static readonly string[] AcknowledgeRules = Kebab<AcknowledgeRule>();
    private static readonly string[] Papers = ["a4", "us-letter"];
    // Same order as FollowUpKind from Corrigendum on: the index is added to that value.
    private static readonly string[] Corrections = ["corrigendum", "re-issue", "withdrawal"];
    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd H:mm"];
    private static readonly string[] Greetings =
    [
        "Excellency",
        "Your Excellency",
        "Sir,",
        "Madam,",
        "Dear ",
        "Excellence",
        "Monsieur l'Ambassadeur",
        "Monsieur l’Ambassadeur",
        "Madame l'Ambassadrice",
        "Madame l’Ambassadrice",
        "Excelencia",
        "Ваше Превосходительство",
        "Ваши Превосходительства",
        "صاحب السعادة",
        "صاحبة السعادة",
        "أصحاب السعادة",
        "阁下",
        "各位阁下",
    ];
    private static readonly TimeOnly EndOfDay = new(23, 59);

    private readonly string file;
    private readonly List<Fault> faults;
    private readonly LetterText text;
    private readonly FrontMatterFields fields;

    private LetterFile(
        string file,
        LetterText text,
        string called,
        string[] keys,
        string[] required,
        List<Fault> faults)
    {
        (this.file, this.text, this.faults) = (file, text, faults);
        var map = FrontMatter.Read(file, text.Lines, text.FrontMatterEnd, faults);
        // A letter needs signatories, a note verbale a sender.
        var from = map.Entries.Any(entry =>
            entry is { Key: "form", Value: FrontMatterText { Text: var form } }
            && form.Trim().Equals(NoteVerbale, StringComparison.OrdinalIgnoreCase))
            ? "sender"
            : "signatories";
        // A correction needs no enclosures: its text may say everything.
        var corrects = map.Entries.Any(entry => entry.Key == "correction");
        fields = new FrontMatterFields(
            file,
            Location.In(file),
            called,
            map,
            keys,
            [.. required.Where(key => key != "enclosures" || !corrects).Select(key => key == From ? from : key)],
            faults);
    }

    /// <summary>Reads the letter of an upload folder.</summary>
    public static LetterReading Read(string fileName, ReadOnlyMemory<byte> bytes) =>
        Read(fileName, bytes, Required, letter => letter.Upload());

    /// <summary>
    /// Reads the standing letter of a process for one uploaded file. The file's name gives the draft label.
    /// </summary>
    /// <param name="today">Today's date in New York, used if the letter gives no date.</param>
    public static LetterReading ReadStanding(
        string fileName,
        ReadOnlyMemory<byte> bytes,
        string enclosedFile,
        DateOnly today) => Read(fileName, bytes, RequiredStanding, letter => letter.Standing(enclosedFile, today));

    /// <summary>
    /// Reads a courtesy translation, <c>letter.fr.md</c>. Values that it does not give come from the authentic letter.
    /// </summary>
    /// <param name="language">The language of the translation.</param>
    public static LetterReading ReadTranslation(
        string fileName,
        string language,
        ReadOnlyMemory<byte> bytes,
        LetterSource authentic)
    {
        var faults = new List<Fault>();
        var letter = LetterText.Read(fileName, bytes.Span, faults) is { } text
            ? new LetterFile(
                fileName,
                text,
                "a courtesy translation",
                TranslationKeys,
                RequiredTranslation,
                faults).Translation(language, authentic)
            : null;
        return Reading(fileName, letter, faults);
    }

    private static LetterReading Read(
        string file,
        ReadOnlyMemory<byte> bytes,
        string[] required,
        Func<LetterFile, LetterSource?> read)
    {
        var faults = new List<Fault>();
        var letter = LetterText.Read(file, bytes.Span, faults) is { } text
            ? read(new LetterFile(file, text, "the letter", Keys, required, faults))
            : null;
        return Reading(file, letter, faults);
    }

    private static LetterReading Reading(string file, LetterSource? letter, List<Fault> faults) =>
        new(faults.All(fault => fault.IsWarning) ? letter : null, LetterFaults.AtMost(file, faults));

    private LetterSource? Translation(string language, LetterSource authentic)
    {
        var (process, draft, place, subject, salutation) = (
            fields.Text("process"),
            fields.Text("draft", 60),
            fields.Text("place", 60),
            fields.Text("subject", 250),
            fields.Text("salutation"));
        var signatories = fields.Entry("signatories") is { } signed
            ? TranslatedSignatories(authentic, signed)
            : authentic.Signatories;
        var sender = fields.Entry("sender") is null ? authentic.Sender : Sender();
        if (authentic.Sender is null && fields.Entry("sender") is { } unwanted)
            faults.Add(LetterFileFaults.SenderOfLetter(fields.Place(unwanted.Line)));
        if (authentic.Sender is not null && fields.Entry("salutation") is { } greeting)
            faults.Add(LetterFileFaults.NoteWith(fields.Place(greeting.Line), "salutation"));
        var titles = TranslatedTitles(authentic);
        CheckGreeting(authentic.Form);
        return authentic with
        {
            File = file,
            Process = process ?? authentic.Process,
            DraftLabel = draft ?? authentic.DraftLabel,
            Place = place ?? authentic.Place,
            Language = language,
            Subject = subject ?? authentic.Subject,
            Salutation = salutation,
            Signatories = signatories,
            Sender = sender,
            Enclosures =
            [
                .. authentic.Enclosures.Select(entry =>
                    titles.GetValueOrDefault(entry.File) is { } title ? entry with { Title = title } : entry),
            ],
            TranslationOf = authentic.Language,
            Body = text.Body,
            BodyLine = text.BodyLine,
        };
    }

    /// <summary>
    /// The signatories of the authentic letter, with the names, titles and letterheads that the translation gives. They
    /// must be the same persons in the same order.
    /// </summary>
    private IReadOnlyList<Signatory> TranslatedSignatories(LetterSource authentic, FrontMatterEntry entry)
    {
        var groups = (fields.List("signatories") ?? [])
            .Select(node =>
                Group(node, "signatories", "this signatory", ["name", "title", "letterhead"], ["title", "letterhead"]))
            .OfType<FrontMatterFields>()
            .ToList();
        if (groups.Count != authentic.Signatories.Count)
        {
            faults.Add(
                LetterFileFaults.TranslatedSignatories(
                    fields.Place(entry.Line),
                    groups.Count,
                    authentic.Signatories.Count));
            return authentic.Signatories;
        }

        return [.. authentic.Signatories.Zip(groups, (person, words) => person with
        {
            Name = words.Text("name") ?? person.Name,
            Title = words.Text("title") ?? person.Title,
            Letterhead = words.Text("letterhead") ?? person.Letterhead,
        })];
    }

    private Dictionary<string, string> TranslatedTitles(LetterSource authentic)
    {
        var titles = new Dictionary<string, string>();
        if (fields.Entry("enclosures") is null)
            return titles;
        foreach (var node in fields.List("enclosures") ?? [])
        {
            if (Group(node, "enclosures", "this enclosure", ["file", "title"], ["file", "title"]) is not { } group
                || (group.Text("file"), group.Text("title", 250)) is not ({ } name, { } title))
                continue;
            if (authentic.Enclosures.FirstOrDefault(entry => FileNames.AreSame(entry.File, name)) is { } enclosed)
                titles[enclosed.File] = title;
            else
                faults.Add(LetterFileFaults.TranslatedEnclosureUnknown(fields.Place(node.Line), name, authentic.File));
        }

        return titles;
    }

    private LetterSource? Upload()
    {
        var release =
            fields.Word("release", ReleaseRules) == "automatic" ? ReleaseRule.Automatic : ReleaseRule.OnApproval;
        return Source(
            fields.Text("draft", 60),
            fields.Number("sequence"),
            fields.Date("date"),
            release,
            _ => Enclosures());
    }

    private LetterSource? Standing(string enclosedFile, DateOnly today)
    {
        foreach (var entry in NotStanding.Select(fields.Entry).OfType<FrontMatterEntry>())
            faults.Add(LetterFileFaults.StandingKey(fields.Place(entry.Line), entry.Key));
        if (fields.Word("release", ReleaseRules) == "automatic")
            faults.Add(LetterFileFaults.StandingAutomatic(fields.Place(fields.Entry("release")!.Line)));

        var label = DraftLabels.FromFileName(enclosedFile);
        return Source(
            label,
            fields.Entry("sequence") is null ? 0 : fields.Number("sequence"),
            fields.Entry("date") is null ? today : fields.Date("date"),
            ReleaseRule.OnApproval,
            process => [new EnclosureEntry(enclosedFile, $"{label}, {process}", EnclosureRole.Draft, null, null, 1)]);
    }

    private LetterSource? Source(
        string? draft,
        int? sequence,
        DateOnly? date,
        ReleaseRule release,
        Func<string?, IReadOnlyList<EnclosureEntry>> enclose)
    {
        var process = fields.Text("process");
        var place = fields.Text("place", 60) ?? "New York";
        var language = fields.Word("language", Languages.Official) ?? Languages.English;
        var reference = fields.Text("reference");
        var subject = fields.Text("subject", 250);
        var salutation = fields.Text("salutation");
        var form = fields.Word("form", Forms) is { } formed ? Parse<LetterForm>(formed) : LetterForm.Letter;
        var (signatories, sender) = Senders(form);
        var contact = fields.Entry("contact") is { } entry ? fields.Correspondent(entry.Value, "contact") : null;
        var enclosures = enclose(process);
        var audience = fields.Texts("audience");
        var proof = (fields.List("proof") ?? [])
            .Select(node => fields.Correspondent(node, "proof"))
            .OfType<Correspondent>()
            .ToList();
        var deadlines = Deadlines(date);
        var address = fields.Word("address", AddressForms) is { } addressed
            ? Parse<AddressForm>(addressed)
            : AddressForm.Collective;
        var paper = fields.Word("paper", Papers) == Papers[1] ? Paper.UsLetter : Paper.A4;
        var embargo =
            fields.Entry("embargoed_until") is { } until && fields.Text("embargoed_until") is { } typed
                ? Instant("embargoed_until", typed, until.Line)
                : null;
        var translations = Translations(language);
        var supersedes = Supersedes();
        var send = SendAt(date);
        var reminders = Reminders(deadlines, send, date);
        var tracksReplies = fields.Word("replies", ReplyRules) == "tracked";
        CheckForm(form, enclosures);
        var acknowledge = Acknowledge(enclosures);
        var template = fields.Entry("template") is { } named
            ? fields.Simple(named.Value, "template", '-')
            : "co-facilitators";

        return
            process is null
            || draft is null
            || sequence is null
            || date is null
            || subject is null
            || contact is null
            || template is null
            ? null
            : new LetterSource(
                file,
                process,
                draft,
                sequence.Value,
                date.Value,
                place,
                language,
                reference,
                subject,
                salutation,
                signatories,
                contact,
                enclosures,
                audience is ["all"] ? [] : audience,
                release,
                proof,
                deadlines,
                template,
                text.Body,
                text.BodyLine,
                form,
                address,
                sender,
                Markings(),
                embargo,
                paper,
                TranslationOf: null,
                translations,
                send,
                reminders,
                supersedes,
                tracksReplies,
                acknowledge);
    }

    private DateTimeOffset? SendAt(DateOnly? letterDate)
    {
        if (fields.Entry("send") is not { } entry || fields.Text("send") is not { } typed)
            return null;
        // Require a time: a date alone would mean 23:59 of that day, which nobody wants as a time of sending.
        if (!typed.Contains(':'))
            faults.Add(LetterFileFaults.FrontMatterTime(fields.Place(entry.Value.Line), "send", typed));
        if (!typed.Contains(':') || Instant("send", WithoutPlace(typed), entry.Value.Line) is not { } moment)
            return null;
        if (letterDate is { } date && DateOnly.FromDateTime(moment.DateTime) < date)
            faults.Add(LetterFileFaults.SendBeforeLetter(fields.Place(entry.Value.Line), date));
        return moment;
    }

    private IReadOnlyList<DateTimeOffset>? Reminders(
        IReadOnlyList<Deadline> deadlines,
        DateTimeOffset? send,
        DateOnly? letterDate)
    {
        if (fields.Entry("remind") is not { } entry)
            return null;
        var place = fields.Place(entry.Value.Line);
        var moments = ReminderSchedule.Read(string.Join(", ", fields.Texts("remind")), deadlines, out var problem);
        if (problem is { Length: > 0 })
            faults.Add(LetterFileFaults.ReminderNotUnderstood(place, problem));
        if (moments.Count > ReminderSchedule.Most)
            faults.Add(LetterFileFaults.TooManyReminders(place, moments.Count));
        if (moments is [var first, ..]
            && (first <= send || (letterDate is { } date && DateOnly.FromDateTime(first.DateTime) < date)))
            faults.Add(LetterFileFaults.ReminderTooEarly(place, first));
        faults.AddRange(
            moments
                .Select(moment => moment.Year)
                .Distinct()
                .Where(year => !WorkingDays.Knows(year))
                .Select(year => LetterFileFaults.HolidaysUnknown(place, year)));
        return moments;
    }

    private Supersession? Supersedes()
    {
        var (earlier, kind) = (fields.Entry("supersedes"), fields.Entry("correction"));
        if (earlier is null && kind is null)
            return null;
        if (earlier is null || kind is null)
        {
            faults.Add(
                LetterFileFaults.CorrectionHalf(
                    fields.Place((earlier ?? kind)!.Line),
                    earlier is null ? "supersedes" : "correction"));
            return null;
        }

        if (fields.Entry("audience") is { } audience)
            faults.Add(LetterFileFaults.CorrectionAudience(fields.Place(audience.Line)));
        return (fields.Text("supersedes"), fields.Word("correction", Corrections)) is ({ } label, { } word)
            ? new(FollowUpKind.Corrigendum + Array.IndexOf(Corrections, word), label, earlier.Line)
            : null;
    }

    private static string WithoutPlace(string typed)
    {
        foreach (var place in (string[])[" New York time", " New York"])
            if (typed.EndsWith(place, StringComparison.OrdinalIgnoreCase))
                return typed[..^place.Length].TrimEnd();
        return typed;
    }

    /// <summary>
    /// Reads the signatories of a letter, or the sender of a note verbale. Each form refuses the key of the other.
    /// </summary>
    private (List<Signatory> Signatories, Sender? Sender) Senders(LetterForm form)
    {
        if (form != LetterForm.NoteVerbale)
        {
            if (fields.Entry("sender") is { } sender)
                faults.Add(LetterFileFaults.SenderOfLetter(fields.Place(sender.Line)));
            return (Signatories(), null);
        }

        foreach (var key in (string[])["signatories", "salutation"])
            if (fields.Entry(key) is { } unfit)
                faults.Add(LetterFileFaults.NoteWith(fields.Place(unfit.Line), key));
        return ([], Sender());
    }

    private Sender? Sender() =>
        fields.Entry("sender") is { } entry
        && Group(entry.Value, "sender", "the sender", ["name", "letterhead"], ["name", "letterhead"]) is { } group
        && (group.Text("name"), group.Text("letterhead")) is ({ } name, { } letterhead)
            ? new(name, letterhead)
            : null;

    /// <summary>
    /// Reads what is needed to acknowledge. A signed scan is sent as it is and does not have the printed reference, so
    /// asking for the reference is then a fault.
    /// </summary>
    private AcknowledgeRule Acknowledge(IReadOnlyList<EnclosureEntry> enclosures)
    {
        if (fields.Word("acknowledge", AcknowledgeRules) is not { } word
            || Parse<AcknowledgeRule>(word) is not AcknowledgeRule.Reference)
            return AcknowledgeRule.Name;
        if (enclosures.FirstOrDefault(entry => entry.Role == EnclosureRole.Letter) is { } scan)
            faults.Add(
                LetterFileFaults.ReferenceOfScan(fields.Place(fields.Entry("acknowledge")!.Value.Line), scan.File));
        return AcknowledgeRule.Reference;
    }

    private void CheckForm(LetterForm form, IReadOnlyList<EnclosureEntry> enclosures)
    {
        var passedOn = enclosures.FirstOrDefault(entry => entry.Role == EnclosureRole.EnclosedLetter);
        if (form == LetterForm.CoverLetter && passedOn is null)
            faults.Add(LetterFileFaults.CoverWithoutLetter(fields.Place(fields.Entry("form")!.Value.Line)));
        else if (form != LetterForm.CoverLetter && passedOn is not null)
            faults.Add(LetterFileFaults.EnclosedWithoutCover(fields.Place(passedOn.Line), passedOn.File));

        var scans = enclosures.Where(entry => entry.Role == EnclosureRole.Letter).ToList();
        foreach (var second in scans.Skip(1))
            faults.Add(LetterFileFaults.SecondScan(fields.Place(second.Line), second.File));
        if (scans is [var scan, ..] && !scan.File.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase))
            faults.Add(LetterFileFaults.ScanNotPdf(fields.Place(scan.Line), scan.File));
        foreach (
            var entry in enclosures.Where(entry =>
                LetterPdf.IsName(entry.File, isScan: entry.Role == EnclosureRole.Letter)))
            faults.Add(LetterFileFaults.NameOfTypesetLetter(fields.Place(entry.Line), entry.File));
        CheckGreeting(form);
    }

    /// <summary>
    /// Adds a fault if the text of a note verbale starts with a salutation, which a note verbale does not have.
    /// </summary>
    private void CheckGreeting(LetterForm form)
    {
        var start = text.Body.AsSpan().TrimStart();
        foreach (var greeting in form == LetterForm.NoteVerbale ? Greetings : [])
        {
            if (!start.StartsWith(greeting, StringComparison.OrdinalIgnoreCase))
                continue;
            faults.Add(
                LetterFileFaults.NoteGreets(
                    fields.Place(text.BodyLine + text.Body[..^start.Length].Count(sign => sign == '\n')),
                    greeting));
            return;
        }
    }

    private List<Marking> Markings()
    {
        var markings = new List<Marking>();
        foreach (var node in fields.Entry("markings") is null ? [] : fields.List("markings") ?? [])
        {
            if (fields.Text(node, "markings") is not { } name)
                continue;
            if (MarkingNames.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
                is not { } known)
                faults.Add(
                    LetterFileFaults.FrontMatterWord(
                        fields.Place(node.Line),
                        "markings",
                        name,
                        MarkingNames,
                        DidYouMean.Of(name, MarkingNames)));
            else if (!markings.Contains(Parse<Marking>(known)))
                markings.Add(Parse<Marking>(known));
        }

        return markings;
    }

    private List<string>? Translations(string language)
    {
        if (fields.Entry("translations") is not { } entry)
            return null;
        var languages = fields.Texts("translations").Select(code => code.ToLowerInvariant()).Distinct().ToList();
        foreach (var code in languages.Where(code => !Languages.IsOfficial(code)))
            faults.Add(
                LetterFileFaults.FrontMatterWord(
                    fields.Place(entry.Line),
                    "translations",
                    code,
                    Languages.Official,
                    DidYouMean.Of(code, Languages.Official)));
        if (languages.Contains(language))
            faults.Add(LetterFileFaults.TranslationIntoItself(fields.Place(entry.Line), language));
        return languages;
    }

    private static string[] Kebab<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private static T Parse<T>(string kebab)
        where T : struct, Enum => Enum.GetValues<T>()[Array.IndexOf(Kebab<T>(), kebab)];

    private List<Signatory> Signatories()
    {
        var nodes = fields.List("signatories") ?? [];
        if (nodes.Count > 3)
            faults.Add(
                LetterFileFaults.TooManySignatories(fields.Place(fields.Entry("signatories")!.Line), nodes.Count));

        var signatories = new List<Signatory>();
        foreach (var node in nodes)
        {
            if (Group(
                    node,
                    "signatories",
                    "this signatory",
                    ["name", "title", "letterhead", "signature"],
                    ["name", "title", "letterhead"])
                is not { } group)
                continue;
            var signature = group.Text("signature");
            if (signature is not null)
                faults.AddRange(FileNames.FaultsOfFile(signature, fields.Place(group.Entry("signature")!.Value.Line)));
            if ((group.Text("name"), group.Text("title"), group.Text("letterhead")) is
                ({ } name, { } title, { } letterhead))
                signatories.Add(new Signatory(name, title, letterhead, signature));
        }

        return signatories;
    }

    private List<EnclosureEntry> Enclosures()
    {
        var enclosures = new List<EnclosureEntry>();
        var firsts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var withoutRole = new List<EnclosureEntry>();
        foreach (var node in fields.Entry("enclosures") is null ? [] : fields.List("enclosures") ?? [])
        {
            var group =
                node is FrontMatterText
                    ? null
                    : Group(
                        node,
                        "enclosures",
                        "this enclosure",
                        ["file", "title", "role", "label", "sha256"],
                        ["file"]);
            var name = node is FrontMatterText ? fields.Text(node, "enclosures") : group?.Text("file");
            var line = group?.Entry("file")?.Line ?? node.Line;
            var role = group?.Word("role", Roles);
            var (title, label, hash) = (group?.Text("title", 250), group?.Text("label", 60), Hash(group));
            if (name is null)
                continue;

            faults.AddRange(FileNames.FaultsOfFile(name, fields.Place(line)));
            if (!firsts.TryAdd(name.Normalize(), line))
                faults.Add(LetterFileFaults.EnclosureTwice(fields.Place(line), name, firsts[name.Normalize()]));
            if (name.Equals(file, StringComparison.OrdinalIgnoreCase))
                faults.Add(LetterFileFaults.LetterEnclosesItself(fields.Place(line), name));

            var enclosure = new EnclosureEntry(
                name,
                title ?? DraftLabels.Humanised(name),
                role is null ? EnclosureRole.Other : Parse<EnclosureRole>(role),
                label,
                hash,
                line);
            enclosures.Add(enclosure);
            if (group?.Entry("role") is null)
                withoutRole.Add(enclosure);
        }

        // If no enclosure has a role, the first one is the draft.
        return enclosures is [var first, ..] && withoutRole.Count == enclosures.Count
            ? [first with { Role = EnclosureRole.Draft }, .. enclosures.Skip(1)]
            : enclosures;
    }

    private string? Hash(FrontMatterFields? enclosure)
    {
        if (enclosure?.Text("sha256") is not { } text)
            return null;
        if (text.Length == 64 && text.All(char.IsAsciiHexDigit))
            return text.ToLowerInvariant();
        faults.Add(LetterFileFaults.HashNotAHash(fields.Place(enclosure.Entry("sha256")!.Value.Line), text));
        return null;
    }

    private List<Deadline> Deadlines(DateOnly? letterDate)
    {
        var deadlines = new List<Deadline>();
        if (fields.Entry("deadlines") is not { Value: not FrontMatterBroken } entry)
            return deadlines;
        if (entry.Value is not FrontMatterMap { Entries: { Count: > 0 } entries })
        {
            faults.Add(
                entry.Value is FrontMatterText { Text: "" } or FrontMatterMap
                    ? LetterFileFaults.FrontMatterEmpty(fields.Place(entry.Line), "deadlines")
                    : LetterFileFaults.FrontMatterShape(
                        fields.Place(entry.Line),
                        "deadlines",
                        "a group of names, each with its time",
                        entry.Value));
            return deadlines;
        }

        var firsts = new Dictionary<string, int>();
        foreach (var (key, line, value) in entries)
        {
            if (!firsts.TryAdd(key, line))
                faults.Add(LetterFileFaults.FrontMatterKeyTwice(fields.Place(line), key, firsts[key]));
            else if (fields.Simple(new FrontMatterText(line, key), "deadline", '_') is { } name
                && fields.Text(value, name) is { } typed
                && Instant(name, typed, value.Line) is { } instant)
                deadlines.Add(new Deadline(name, instant));
        }

        faults.AddRange(
            deadlines
                .Where(deadline => letterDate is { } date && DateOnly.FromDateTime(deadline.Instant.DateTime) < date)
                .Select(deadline =>
                    LetterFileFaults.DeadlineBeforeLetter(
                        fields.Place(firsts[deadline.Name]),
                        deadline.Name,
                        letterDate!.Value)));
        return deadlines;
    }

    /// <summary>
    /// Parses a New York time. A date alone means the end of that day, 23:59. Null with a fault if it is no valid time.
    /// </summary>
    private DateTimeOffset? Instant(string name, string typed, int line)
    {
        if (DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        )
            typed = date.ToDateTime(EndOfDay).ToString(TimeFormats[0], CultureInfo.InvariantCulture);
        if (!DateTime.TryParseExact(typed, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        )
        {
            faults.Add(LetterFileFaults.FrontMatterTime(fields.Place(line), name, typed));
            return null;
        }

        if (!LetterYears.Has(time.Year))
        {
            faults.Add(LetterFileFaults.FrontMatterYear(fields.Place(line), name, time.Year));
            return null;
        }

        try
        {
            return NewYorkTime.Instant(time);
        }
        catch (ArgumentException)
        {
            faults.Add(LetterFileFaults.FrontMatterTimeNeverWas(fields.Place(line), typed));
            return null;
        }
    }

    private FrontMatterFields? Group(FrontMatterNode node, string key, string called, string[] known, string[] required)
    {
        if (node is FrontMatterMap map)
            return new FrontMatterFields(file, fields.Place(map.Line), called, map, known, required, faults);
        if (node is not FrontMatterBroken)
            faults.Add(
                LetterFileFaults.FrontMatterShape(
                    fields.Place(node.Line),
                    key,
                    $"a list of groups with “{string.Join("”, “", known)}”",
                    node));
        return null;
    }
}
