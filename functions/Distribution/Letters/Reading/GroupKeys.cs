using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Letters.Reading;

/// <summary>The keys of a signatory.</summary>
internal static class SignatoryKeys
{
    public static readonly LetterKey<Signatory, string> Name = new("name", new TextType(), signatory => signatory.Name)
    {
        Label = Say($"Name"),
        Help = "the name under the signature; in a translation where its script differs",
        Example = "Jürg Lauber",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Optional,
    };

    public static readonly LetterKey<Signatory, string> Title = new(
        "title",
        new TextType(),
        signatory => signatory.Title)
    {
        Label = Say($"Title"),
        Help = "the title under the name",
        Example = "Ambassador and Permanent Representative of Switzerland to the United Nations",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<Signatory, string> Letterhead = new(
        "letterhead",
        new TextType(),
        signatory => signatory.Letterhead)
    {
        Label = Say($"Letterhead"),
        Help = "the office at the head of the letter",
        Example = "Permanent Mission of Switzerland to the United Nations",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<Signatory, string> Signature = new(
        "signature",
        new FileType(),
        signatory => signatory.Signature)
    {
        Label = Say($"Image of the signature"),
        Help = "an image in the same folder, PNG or JPEG",
        Example = "lauber.png",
    };

    public static readonly LetterKey<Signatory, string> Address =
        OfficeKeys.Address<Signatory>(signatory => signatory.Office);

    public static readonly LetterKey<Signatory, string> Emblem =
        OfficeKeys.Emblem<Signatory>(signatory => signatory.Office);

    public static readonly LetterKey<Signatory, string> EmblemText =
        OfficeKeys.EmblemText<Signatory>(signatory => signatory.Office);

    public static readonly IReadOnlyList<LetterKey<Signatory>> All =
        [Name, Title, Letterhead, Address, Emblem, EmblemText, Signature];
}

/// <summary>The keys of what stands with a letterhead, a signatory's or a sender's.</summary>
internal static class OfficeKeys
{
    public static LetterKey<T, string> Address<T>(Func<T, Office?> office) =>
        new("address", new TextType(), owner => office(owner)?.Address)
        {
            Label = Say($"Address of the office"),
            Help = "its address under the letterhead, with a semicolon between lines",
            Example = "633 Third Avenue, 29th Floor; New York, N.Y. 10017",
            InTranslation = KeyUse.Optional,
        };

    public static LetterKey<T, string> Emblem<T>(Func<T, Office?> office) =>
        new("emblem", new FileType(), owner => office(owner)?.Emblem)
        {
            Label = Say($"Emblem"),
            Help = "an image above the letterhead, in the same folder, PNG or SVG",
            Example = "arms.svg",
        };

    public static LetterKey<T, string> EmblemText<T>(Func<T, Office?> office) =>
        new("emblem_text", new TextType(), owner => office(owner)?.EmblemText)
        {
            Label = Say($"What the emblem shows"),
            Help = "what the emblem shows, for who does not see it; left out where it adds nothing to the letterhead",
            Example = "Coat of arms of Switzerland",
            InTranslation = KeyUse.Optional,
        };
}

/// <summary>The keys of the sender of a note verbale.</summary>
internal static class SenderKeys
{
    public static readonly LetterKey<Sender, string> Name = new("name", new TextType(), sender => sender.Name)
    {
        Label = Say($"Name"),
        Help = "the sender with its article",
        Example = "The Permanent Mission of Switzerland to the United Nations",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<Sender, string> Letterhead = new(
        "letterhead",
        new TextType(),
        sender => sender.Letterhead)
    {
        Label = Say($"Letterhead"),
        Help = "the office at the head of the note",
        Example = "Permanent Mission of Switzerland to the United Nations",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<Sender, string> Address = OfficeKeys.Address<Sender>(sender => sender.Office);
    public static readonly LetterKey<Sender, string> Emblem = OfficeKeys.Emblem<Sender>(sender => sender.Office);
    public static readonly LetterKey<Sender, string> EmblemText =
        OfficeKeys.EmblemText<Sender>(sender => sender.Office);

    public static readonly IReadOnlyList<LetterKey<Sender>> All = [Name, Letterhead, Address, Emblem, EmblemText];
}

/// <summary>The keys of a mailbox that is written as a group.</summary>
internal static class MailboxKeys
{
    public static readonly LetterKey<Correspondent, string> Name = new("name", new TextType(), mailbox => mailbox.Name)
    {
        Label = Say($"Name"),
        Help = "the person or office",
        Example = "Jürg Lauber",
    };

    public static readonly LetterKey<Correspondent, string> Email = new(
        "email",
        new TextType(EmailAddresses.Longest),
        mailbox => mailbox.Address)
    {
        Label = Say($"Email address"),
        Help = "one address",
        Example = "name@mission.example",
        InLetter = KeyUse.Required,
        InStanding = KeyUse.Required,
    };

    public static readonly IReadOnlyList<LetterKey<Correspondent>> All = [Name, Email];
}

/// <summary>The keys of an enclosure.</summary>
internal static class EnclosureKeys
{
    public static readonly LetterKey<EnclosureEntry, string> File = new("file", new FileType(), entry => entry.File)
    {
        Label = Say($"File"),
        Help = "the file's name in the folder of the letter",
        Example = "draft-rev-1.pdf",
        InLetter = KeyUse.Required,
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<EnclosureEntry, string> Title = new(
        "title",
        new TextType(250),
        entry => entry.Title)
    {
        Label = Say($"Title"),
        Help = "the title in the letter's list of enclosures; made from the file's name unless it says otherwise",
        Example = "Draft Rev 1 of the Global Compact",
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<EnclosureEntry, EnclosureRole?> Role = new(
        "role",
        ChoiceType.Of<EnclosureRole>(except: [EnclosureRole.Meetings, EnclosureRole.CancelledMeetings]),
        entry => entry.Role)
    {
        Label = Say($"Role"),
        Help = "what it is; `letter` is the signed scan, sent instead of the typeset letter",
        Example = "draft",
    };

    public static readonly LetterKey<EnclosureEntry, string> Label = new(
        "label",
        new TextType(60),
        entry => entry.Label)
    {
        Label = Say($"Draft label"),
        Help = "says which draft it is where its name does not",
        Example = "Draft Rev 1",
    };

    public static readonly LetterKey<EnclosureEntry, string> Sha256 = new(
        "sha256",
        new HashType(),
        entry => entry.Sha256)
    {
        Label = Say($"SHA-256"),
        Help = "the fingerprint the file must have",
        Example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    };

    public static readonly IReadOnlyList<LetterKey<EnclosureEntry>> All = [File, Title, Role, Label, Sha256];
}

/// <summary>The keys of a meeting.</summary>
internal static class MeetingKeys
{
    public static readonly LetterKey<Meeting, string> Title = new("title", new TextType(150), meeting => meeting.Title)
    {
        Label = Say($"Meeting"),
        Help = "what the meeting is called, in the letter and in calendars",
        Example = "First reading of Draft Rev 1",
        InLetter = KeyUse.Required,
        InTranslation = KeyUse.Required,
    };

    public static readonly LetterKey<Meeting, DateOnly?> Date = new(
        "date",
        new DateType(),
        meeting => NewYorkTime.Day(meeting.Start))
    {
        Label = Say($"Day"),
        Help = "its day",
        Example = "2018-04-03",
        InLetter = KeyUse.Required,
    };

    public static readonly LetterKey<Meeting, TimeOnly?> From = new(
        "from",
        new TimeType(),
        meeting => TimeOnly.FromDateTime(NewYorkTime.At(meeting.Start).DateTime))
    {
        Label = Say($"From"),
        Help = "when it begins, New York time",
        Example = "10:00",
        InLetter = KeyUse.Required,
    };

    public static readonly LetterKey<Meeting, TimeOnly?> To = new(
        "to",
        new TimeType(),
        meeting => TimeOnly.FromDateTime(NewYorkTime.At(meeting.End).DateTime))
    {
        Label = Say($"To"),
        Help = "when it ends, on the same day",
        Example = "13:00",
        InLetter = KeyUse.Required,
    };

    public static readonly LetterKey<Meeting, string> Place = new("place", new TextType(), meeting => meeting.Place)
    {
        Label = Say($"Room"),
        Help = "the room or building",
        Example = "Conference Room 2, United Nations Headquarters",
        InTranslation = KeyUse.Optional,
    };

    public static readonly LetterKey<Meeting, string> Link = new("link", new LinkType(), meeting => meeting.Link)
    {
        Label = Say($"Link"),
        Help = "where it can be followed",
        Example = "https://webtv.un.org",
    };

    public static readonly LetterKey<Meeting, string> Note = new("note", new TextType(300), meeting => meeting.Note)
    {
        Label = Say($"Note"),
        Help = "what else is to be known, in one line",
        Example = "With interpretation into the six languages",
        InTranslation = KeyUse.Optional,
    };

    public static readonly LetterKey<Meeting, bool?> Cancelled = new(
        "cancelled",
        new ChoiceType<bool?>([("yes", true), ("no", false)]),
        meeting => meeting.IsCancelled ? true : null)
    {
        Label = Say($"Cancelled"),
        Usual = "no",
        Help = "`yes`: calendars take it out; in a letter that corrects the one that announced it",
        Example = "yes",
    };

    public static readonly IReadOnlyList<LetterKey<Meeting>> All =
        [Title, Date, From, To, Place, Link, Note, Cancelled];
}
