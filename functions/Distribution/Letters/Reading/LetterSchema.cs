using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Letters.Reading;

/// <summary>
/// Every key of a letter, in the order in which a letter is written. Reader, writer, the table in templates/README.md
/// and messages are made from this.
/// </summary>
internal static class LetterSchema
{
    public const string UsualPlace = "New York";
    public const string UsualTemplate = "co-facilitators";
    public const int MostMeetings = 12;

    private static readonly KeyCondition InLetters = new("in a letter", map => !IsNote(map));
    private static readonly KeyCondition InNotes = new("in a note verbale", IsNote);

    // A correction needs no enclosures: its text may say everything.
    private static readonly KeyCondition UnlessItCorrects =
        new("unless it corrects another", map => map.Entries.All(entry => entry.Key != "correction"));

    public static readonly LetterKey<LetterSource, string> Process = new(
        "process",
        new TextType(),
        letter => letter.Process)
    {
        Label = Say($"Process"),
        Help = "the full name of the process, as the letter prints it",
        Example = "Global Compact for Safe, Orderly and Regular Migration",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Optional,
    };

    public static readonly LetterKey<LetterSource, string> Draft = new(
        "draft",
        new TextType(60),
        letter => letter.DraftLabel)
    {
        Label = Say($"Draft"),
        Help = "the label of the draft, as the facilitators call it",
        Example = "Draft Rev 1",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.None,
        InTranslation = KeyUse.Optional,
    };

    public static readonly LetterKey<LetterSource, int?> Sequence = new(
        "sequence",
        new NumberType(),
        letter => letter.Sequence)
    {
        Label = Say($"Number in the process"),
        Help = "puts a process's drafts in order, since labels are free text",
        Example = "3",
        InLetter = KeyUse.Required,
    };

    public static readonly LetterKey<LetterSource, DateOnly?> Date = new("date", new DateType(), letter => letter.Date)
    {
        Label = Say($"Date"),
        Help = "the date that the letter bears; a standing letter without one bears the day it is made",
        Example = "2018-03-26",
        InLetter = KeyUse.Required,
    };

    public static readonly LetterKey<LetterSource, string> Place = new(
        "place",
        new TextType(60),
        letter => letter.Place == UsualPlace ? null : letter.Place)
    {
        Label = Say($"Place"),
        Usual = UsualPlace,
        Help = $"where it is written; {UsualPlace} unless it says otherwise",
        Example = "Geneva",
        InTranslation = KeyUse.Optional,
    };

    public static readonly LetterKey<LetterSource, string> Language = new(
        "language",
        ChoiceType.Of(Languages.Official),
        letter => letter.Language == Languages.English ? null : letter.Language)
    {
        Label = Say($"Language"),
        Usual = Languages.English,
        Help = $"the language of the letter; `{Languages.English}` unless it says otherwise",
        Example = "fr",
    };

    public static readonly LetterKey<LetterSource, string> Reference = new(
        "reference",
        new TextType(),
        letter => letter.Reference)
    {
        Label = Say($"Reference"),
        Help = "the author's own reference, printed on the letter",
        Example = "GCM/2018/7",
    };

    public static readonly LetterKey<LetterSource, string> Subject = new(
        "subject",
        new TextType(250),
        letter => letter.Subject)
    {
        Label = Say($"Subject"),
        Help = "what the letter is about; fields may stand in it",
        Example = "Draft Rev 1 of the Global Compact",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<LetterSource, LetterForm?> Form = new(
        "form",
        ChoiceType.Of<LetterForm>(),
        letter => letter.Form == LetterForm.Letter ? null : letter.Form)
    {
        Label = Say($"Form"),
        Usual = "letter",
        Help = "a letter unless it says otherwise; a cover letter passes on another one, which it encloses with "
            + "the role `enclosed-letter`",
        Example = "note-verbale",
    };

    public static readonly LetterKey<LetterSource, AddressForm?> Address = new(
        "address",
        ChoiceType.Of<AddressForm>(),
        letter => letter.Address == AddressForm.Collective ? null : letter.Address)
    {
        Label = Say($"Address"),
        Usual = "collective",
        Help = "`collective`: one letter to all missions together, naming none; `addressed`: a letter to each, "
            + "with its address; collective unless it says otherwise",
        Example = "addressed",
    };

    public static readonly LetterKey<LetterSource, string> Salutation = new(
        "salutation",
        new TextType(),
        letter => letter.Salutation)
    {
        Label = Say($"Salutation"),
        Help = "the language's own unless it says otherwise; a note verbale has none",
        Example = "Excellencies,",
        InTranslation = KeyUse.Optional,
    };

    public static readonly GroupType<Signatory> SignatoryType = new("this signatory", SignatoryKeys.All, (fields, _) =>
    {
        var signature = fields.Read(SignatoryKeys.Signature);
        var office = Office.Of(
            fields.Read(SignatoryKeys.Address),
            fields.Read(SignatoryKeys.Emblem),
            fields.Read(SignatoryKeys.EmblemText));
        var (name, title, letterhead) = (
            fields.Read(SignatoryKeys.Name),
            fields.Read(SignatoryKeys.Title),
            fields.Read(SignatoryKeys.Letterhead));
        return name is null || title is null || letterhead is null
            ? null
            : new(name, title, letterhead, signature, office);
    });

    public static readonly LetterKey<LetterSource, IReadOnlyList<Signatory>> Signatories = new(
        "signatories",
        new ListType<Signatory>(SignatoryType, (3, LetterFileFaults.TooManySignatories)),
        letter => letter.Signatories is [] ? null : letter.Signatories)
    {
        Label = Say($"Signatories"),
        Help = "one to three, in the order they sign",
        Example = "with the lines “- name:”, “title:” and “letterhead:” below it",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Optional,
        RequiredIf = InLetters,
    };

    public static readonly LetterKey<LetterSource, Sender> Sender = new(
        "sender",
        new GroupType<Sender>("the sender", SenderKeys.All, (fields, _) =>
        {
            var office = Office.Of(
                fields.Read(SenderKeys.Address),
                fields.Read(SenderKeys.Emblem),
                fields.Read(SenderKeys.EmblemText));
            return (fields.Read(SenderKeys.Name), fields.Read(SenderKeys.Letterhead)) is ({ } name, { } letterhead)
                ? new(name, letterhead, office)
                : null;
        }),
        letter => letter.Sender)
    {
        Label = Say($"Sender"),
        Help = "whom a note verbale comes from; its text goes on from “has the honour to”",
        Example = "with the lines “name:” and “letterhead:” below it",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Optional,
        RequiredIf = InNotes,
    };

    public static readonly LetterKey<LetterSource, Correspondent> Contact = new(
        "contact",
        new MailboxType(),
        letter => letter.Contact)
    {
        Label = Say($"Contact"),
        Help = "whom missions reply to: `Name <address>`",
        Example = "Name <name@mission.example>",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
    };

    public static readonly LetterKey<LetterSource, bool?> Replies = new(
        "replies",
        new ChoiceType<bool?>([("contact", false), ("tracked", true)]),
        letter => letter.TracksReplies ? true : null)
    {
        Label = Say($"Replies"),
        Usual = "contact",
        Help = "`contact`; or `tracked`: a reply goes to the contact and to an address of the mission's own, and "
            + "acknowledges the letter where it gives the reference printed on its last page; the email asks "
            + "for it",
        Example = "tracked",
    };

    public static readonly EnclosureType EnclosureType = new();

    public static readonly LetterKey<LetterSource, IReadOnlyList<EnclosureEntry>> Enclosures = new(
        "enclosures",
        new EnclosuresType(EnclosureType),
        letter => letter.Enclosures is [] ? null : letter.Enclosures)
    {
        Label = Say($"Enclosures"),
        Help = "the files that travel with it, each a group or the file's name alone; without any role the first "
            + "is the draft",
        Example = "draft-rev-1.pdf",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.None,
        InTranslation = KeyUse.Optional,
        RequiredIf = UnlessItCorrects,
    };

    public static readonly LetterKey<LetterSource, IReadOnlyList<Marking?>> Markings = new(
        "markings",
        new ListType<Marking?>(ChoiceType.Of<Marking>()),
        letter => letter.Markings is [] ? null : [.. letter.Markings.Select(marking => (Marking?)marking)])
    {
        Label = Say($"Markings"),
        Help = "printed at the head of the letter",
        Example = "[confidential]",
    };

    public static readonly LetterKey<LetterSource, DateTimeOffset?> EmbargoedUntil = new(
        "embargoed_until",
        new MomentType(wantsTime: false),
        letter => letter.EmbargoedUntil)
    {
        Label = Say($"Embargoed until"),
        Help = "printed on the letter, New York time. It does not delay the sending; `send` does",
        Example = "2018-03-26 18:00",
    };

    public static readonly LetterKey<LetterSource, Paper?> PaperSize = new(
        "paper",
        ChoiceType.Of<Paper>(),
        letter => letter.Paper == Paper.A4 ? null : letter.Paper)
    {
        Label = Say($"Paper"),
        Usual = "a4",
        Help = "`a4` unless it says otherwise",
        Example = "us-letter",
    };

    public static readonly LetterKey<LetterSource, IReadOnlyList<string>> Translations = new(
        "translations",
        new ListType<string>(ChoiceType.Of(Languages.Official)),
        letter => letter.AwaitedTranslations is null or [] ? null : letter.AwaitedTranslations)
    {
        Label = Say($"Translations to wait for"),
        Help = "languages whose translations must be there before the letter is accepted",
        Example = "[fr, ar]",
        InStanding = KeyUse.None,
    };

    public static readonly LetterKey<LetterSource, IReadOnlyList<string>> Audience = new(
        "audience",
        new ListType<string>(new TextType(isWord: true)),
        letter => letter.Audience is [] ? null : letter.Audience)
    {
        Label = Say($"Audience"),
        Help = "`member-states`, `observer-states`, `observer-organizations`, groups of the register, missions' ids, "
            + "`not che`; everyone unless it says otherwise. A correction has none of its own",
        Example = "[member-states, not che]",
    };

    public static readonly LetterKey<LetterSource, IReadOnlyList<Deadline>> Deadlines = new(
        "deadlines",
        new DeadlinesType(),
        letter => letter.Deadlines is [] ? null : letter.Deadlines)
    {
        Label = Say($"Deadlines"),
        Help = "names with a date or a date and time of New York: `comments: 2018-04-03 18:00`; a date alone "
            + "means the end of that day",
        Example = "with a line such as “comments: 2018-04-13 18:00” below it",
    };

    public static readonly MeetingType MeetingType = new();

    public static readonly LetterKey<LetterSource, IReadOnlyList<Meeting>> Meetings = new(
        "meetings",
        new ListType<Meeting>(MeetingType, (MostMeetings, LetterFileFaults.TooManyMeetings)),
        letter => letter.Meetings is [] ? null : letter.Meetings)
    {
        Label = Say($"Meetings"),
        Help = $"up to {MostMeetings} meetings, printed below the text and enclosed as a calendar file. A correction that lists "
            + "one under the same title, or for the same hour, changes it in calendars",
        Example = "with the lines “- title:”, “date:”, “from:” and “to:” below it",
        InStanding = KeyUse.None,
        InTranslation = KeyUse.Optional,
    };

    public static readonly LetterKey<LetterSource, DateTimeOffset?> Send = new(
        "send",
        new MomentType(wantsTime: true),
        letter => letter.SendAt)
    {
        Label = Say($"Send at"),
        Help = "the hour it leaves by itself once it is released, New York time. Until then it can be held back",
        Example = "2018-03-26 18:00",
        InStanding = KeyUse.None,
    };

    public static readonly LetterKey<LetterSource, IReadOnlyList<string>> Remind = new(
        "remind",
        new ListType<string>(new ReminderType()),
        letter => letter.Reminders is [] ? null : [.. letter.Reminders.Select(ReminderSchedule.Written)])
    {
        Label = Say($"Remind"),
        Help = "when missions that are still silent are reminded; a deadline's name may stand for the date, and "
            + "`at 16:00` for the hour (10:00). Reminders leave on working days; the holidays are "
            + "those of the desk's *Settings*",
        Example = "3 working days before 2018-04-03, then the day before",
    };

    public static readonly LetterKey<LetterSource, string> Supersedes = new(
        "supersedes",
        new TextType(),
        letter => letter.Supersedes?.Label)
    {
        Label = Say($"Corrects"),
        Help = "the label of the letter it corrects. It goes to exactly those that one went to; what had not "
            + "left of that one is stopped first",
        Example = "Draft Rev 1",
        InStanding = KeyUse.None,
    };

    public static readonly LetterKey<LetterSource, FollowUpKind?> Correction = new(
        "correction",
        new ChoiceType<FollowUpKind?>([
            ("corrigendum", FollowUpKind.Corrigendum),
            ("re-issue", FollowUpKind.Reissue),
            ("withdrawal", FollowUpKind.Withdrawal),
        ]),
        letter => letter.Supersedes?.Kind)
    {
        Label = Say($"Kind of correction"),
        Help = "how it corrects the letter under `supersedes`. It may enclose nothing",
        Example = "re-issue",
        InStanding = KeyUse.None,
    };

    public static readonly LetterKey<LetterSource, IReadOnlyList<Correspondent>> Proof = new(
        "proof",
        new ListType<Correspondent>(new MailboxType()),
        letter => letter.Proof is [] ? null : letter.Proof)
    {
        Label = Say($"Proof to"),
        Help = "addresses that get one mission's letter before release",
        Example = "Name <name@mission.example>",
    };

    public static readonly LetterKey<LetterSource, ReleaseRule?> Release = new(
        "release",
        ChoiceType.Of<ReleaseRule>(),
        letter => letter.Release == ReleaseRule.OnApproval ? null : letter.Release)
    {
        Label = Say($"Release"),
        Usual = "on-approval",
        Help = "`on-approval` unless it says otherwise, or `automatic` where the deployment allows it; a "
            + "standing letter is never released automatically",
        Example = "on-approval",
    };

    public static readonly LetterKey<LetterSource, AcknowledgeRule?> Acknowledge = new(
        "acknowledge",
        ChoiceType.Of<AcknowledgeRule>(),
        letter => letter.Acknowledge == AcknowledgeRule.Name ? null : letter.Acknowledge)
    {
        Label = Say($"To acknowledge"),
        Usual = "name",
        Help = "`name`: whoever acknowledges gives a name; `reference`: also the reference printed on the "
            + "letter's last page, which a signed scan lacks; `name` unless it says otherwise",
        Example = "reference",
    };

    public static readonly LetterKey<LetterSource, bool?> Page = new(
        "page",
        new ChoiceType<bool?>([("receipt", false), ("documents", true)]),
        letter => letter.OffersDocuments ? true : null)
    {
        Label = Say($"Mission's page"),
        Usual = "receipt",
        Help = "`receipt`: a mission acknowledges there; `documents`: it can also fetch the letter and its enclosures there, "
            + "and what is too large for mail is linked; never in a confidential letter; `receipt` unless it says otherwise",
        Example = "documents",
    };

    public static readonly LetterKey<LetterSource, string> Template = new(
        "template",
        new NameType("template", '-'),
        letter => letter.Template == UsualTemplate ? null : letter.Template)
    {
        Label = Say($"Template"),
        Usual = UsualTemplate,
        Help = $"`{UsualTemplate}` unless it says otherwise",
        Example = UsualTemplate,
    };

    public static readonly IReadOnlyList<LetterKey<LetterSource>> Keys =
    [
        Process, Draft, Sequence, Date, Place, Language, Reference, Subject, Form, Address, Salutation, Signatories,
        Sender, Contact, Replies, Enclosures, Markings, EmbargoedUntil, PaperSize, Translations, Audience, Deadlines,
        Meetings, Send, Remind, Supersedes, Correction, Proof, Release, Acknowledge, Page, Template,
    ];

    private static bool IsNote(FrontMatterMap map) =>
        map.Entries.Any(entry =>
            entry is { Key: "form", Value: FrontMatterText { Text: var form } }
            && form.Trim().Equals("note-verbale", StringComparison.OrdinalIgnoreCase));
}
