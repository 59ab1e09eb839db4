using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Tests.Letters.Reading;
using Distribution.Web.Desk;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Whoever releases a letter is told of every particular in which it differs from an earlier one.</summary>
public sealed class LetterParticularsTests
{
    private static readonly DateTimeOffset Moment = new(2018, 4, 3, 14, 0, 0, TimeSpan.Zero);

    private static readonly Office House = new("1 First Avenue", "arms.svg", "Arms");

    private static readonly LetterSource Letter = WrittenLetter.Source() with
    {
        Signatories =
        [
            new("A. One", "Ambassador", "Permanent Mission", "one.png", House),
            new("B. Two", "Ambassador", "Permanent Mission", "two.png", House),
        ],
        Sender = new("The Permanent Mission", "Permanent Mission", House),
        MeetsAt = [new("First reading", Moment, Moment.AddHours(3), "Room 2", "https://a.example", "Bring the draft")],
    };

    /// <summary>A change of each key of the schema. Who adds a key adds one here.</summary>
    private static readonly Dictionary<string, Func<LetterSource, LetterSource>> Changed = new()
    {
        ["process"] = letter => letter with { Process = "Another" },
        ["draft"] = letter => letter with { DraftLabel = "Draft Rev 2" },
        ["sequence"] = letter => letter with { Sequence = 9 },
        ["date"] = letter => letter with { Date = new(2018, 4, 1) },
        ["place"] = letter => letter with { Place = "Geneva" },
        ["language"] = letter => letter with { Language = "fr" },
        ["reference"] = letter => letter with { Reference = "GCM/2018/8" },
        ["subject"] = letter => letter with { Subject = "Another" },
        ["form"] = letter => letter with { Form = LetterForm.NoteVerbale },
        ["address"] = letter => letter with { Address = AddressForm.Addressed },
        ["salutation"] = letter => letter with { Salutation = "Excellencies," },
        ["signatories"] = letter => letter with { Signatories = [letter.Signatories[0]] },
        ["signatories.name"] = letter => Signs(letter, signatory => signatory with { Name = "C. Three" }),
        ["signatories.title"] = letter => Signs(letter, signatory => signatory with { Title = "Minister" }),
        ["signatories.letterhead"] = letter => Signs(letter, signatory => signatory with { Letterhead = "Ministry" }),
        ["signatories.address"] = letter => Signs(letter, signatory => signatory with { Office = House with { Address = "Elsewhere" } }),
        ["signatories.emblem"] = letter => Signs(letter, signatory => signatory with { Office = House with { Emblem = "other.svg" } }),
        ["signatories.emblem_text"] = letter => Signs(letter, signatory => signatory with { Office = House with { EmblemText = "Shield" } }),
        ["signatories.signature"] = letter => Signs(letter, signatory => signatory with { Signature = null }),
        ["sender"] = letter => letter with { Sender = null },
        ["sender.name"] = letter => letter with { Sender = letter.Sender! with { Name = "The Mission" } },
        ["sender.letterhead"] = letter => letter with { Sender = letter.Sender! with { Letterhead = "Mission" } },
        ["sender.address"] = letter => letter with { Sender = letter.Sender! with { Office = House with { Address = null } } },
        ["sender.emblem"] = letter => letter with { Sender = letter.Sender! with { Office = House with { Emblem = null } } },
        ["sender.emblem_text"] = letter => letter with { Sender = letter.Sender! with { Office = House with { EmblemText = null } } },
        ["contact"] = letter => letter with { Contact = new("Others", "others@mexico.example") },
        ["contact.name"] = letter => letter with { Contact = letter.Contact with { Name = "Others" } },
        ["contact.email"] = letter => letter with { Contact = letter.Contact with { Address = "others@mexico.example" } },
        ["replies"] = letter => letter with { TracksReplies = true },
        ["enclosures"] = letter => letter with { Enclosures = [.. letter.Enclosures.Take(1)] },
        ["enclosures.file"] = letter => Encloses(letter, entry => entry with { File = "other.pdf" }),
        ["enclosures.title"] = letter => Encloses(letter, entry => entry with { Title = "Other" }),
        ["enclosures.role"] = letter => Encloses(letter, entry => entry with { Role = EnclosureRole.Annex }),
        ["enclosures.label"] = letter => Encloses(letter, entry => entry with { Label = "Rev 7" }),
        ["enclosures.sha256"] = letter => Encloses(letter, entry => entry with { Sha256 = new('0', 64) }),
        ["markings"] = letter => letter with { MarkedAs = [Marking.Confidential] },
        ["embargoed_until"] = letter => letter with { EmbargoedUntil = Moment },
        ["paper"] = letter => letter with { Paper = Paper.UsLetter },
        ["translations"] = letter => letter with { AwaitedTranslations = ["fr"] },
        ["audience"] = letter => letter with { Audience = [] },
        ["deadlines"] = letter => letter with { Deadlines = [new("comments", Moment)] },
        ["meetings"] = letter => letter with { MeetsAt = [] },
        ["meetings.title"] = letter => Meets(letter, meeting => meeting with { Title = "Second reading" }),
        ["meetings.date"] = letter => Meets(letter, meeting => meeting with { Start = meeting.Start.AddDays(1), End = meeting.End.AddDays(1) }),
        ["meetings.from"] = letter => Meets(letter, meeting => meeting with { Start = meeting.Start.AddHours(1) }),
        ["meetings.to"] = letter => Meets(letter, meeting => meeting with { End = meeting.End.AddHours(1) }),
        ["meetings.place"] = letter => Meets(letter, meeting => meeting with { Place = null }),
        ["meetings.link"] = letter => Meets(letter, meeting => meeting with { Link = "https://b.example" }),
        ["meetings.note"] = letter => Meets(letter, meeting => meeting with { Note = null }),
        ["meetings.cancelled"] = letter => Meets(letter, meeting => meeting with { IsCancelled = true }),
        ["send"] = letter => letter with { SendAt = Moment },
        ["remind"] = letter => letter with { RemindAt = [Moment] },
        ["supersedes"] = letter => letter with { Supersedes = new(FollowUpKind.Reissue, "Draft", 1) },
        ["correction"] = letter => letter with { Supersedes = new(FollowUpKind.Reissue, "Draft", 1) },
        ["proof"] = letter => letter with { Proof = [] },
        ["release"] = letter => letter with { Release = ReleaseRule.Automatic },
        ["acknowledge"] = letter => letter with { Acknowledge = AcknowledgeRule.Reference },
        ["page"] = letter => letter with { OffersDocuments = true },
        ["template"] = letter => letter with { Template = "others" },
    };

    public static TheoryData<string> Keys =>
    [
        .. LetterSchema.Keys
            .Where(key => key != LetterSchema.Proof)
            .SelectMany(key => key.Keys.Select(inner => $"{key.Name}.{inner.Name}").Prepend(key.Name)),
        LetterSchema.Proof.Name,
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_change_of_any_key_is_named_with_what_it_was_and_is(string path)
    {
        Assert.True(Changed.TryGetValue(path, out var change), $"Say here how a letter changes in “{path}”.");
        var key = LetterSchema.Keys.Single(known => known.Name == path.Split('.')[0]);
        var label = (key.Keys.FirstOrDefault(inner => path == $"{key.Name}.{inner.Name}") ?? key).Label;

        var found = LetterParticulars.Between(Letter, change(Letter), LetterFileKind.Letter)
            .Where(particular => particular.Of.ForRecord == key.Label.ForRecord)
            .ToList();

        // A mailbox is one line.
        if (key != LetterSchema.Contact)
            Assert.Contains(found, particular => particular.Name.ForRecord.EndsWith(label.ForRecord, StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(found);
        Assert.All(found, particular =>
        {
            Assert.NotEqual(particular.Before.ForRecord, particular.Now.ForRecord);
            Assert.NotEmpty(particular.Before.In(DeskLanguage.French));
            Assert.NotEmpty(particular.Now.In(DeskLanguage.French));
        });
    }

    [Fact]
    public void A_letter_that_is_the_same_has_none() =>
        Assert.Empty(LetterParticulars.Between(Letter, Letter with { BodyLine = 9 }, LetterFileKind.Letter));

    [Fact]
    public void What_is_left_out_is_told_by_what_it_means()
    {
        Assert.Equal(
            ["Form: a letter → a note verbale", "Place: New York → Geneva", "Salutation: that of the language → Excellencies,"],
            Told(letter => letter with { Place = "Geneva", Form = LetterForm.NoteVerbale, Salutation = "Excellencies," }).Order());
        Assert.Equal(
            ["Signatories 2, title: Ambassador → Minister", "Meetings, from: 10.00 a.m. New York time → 11.00 a.m. New York time"],
            Told(letter => Meets(Signs(letter, signatory => signatory with { Title = "Minister" }), meeting => meeting with { Start = Moment.AddHours(1) })));
        Assert.Equal(
            ["Remind: none → 3 April 2018, 10.00 a.m. New York time"],
            Told(letter => letter with { RemindAt = [Moment] }));
        Assert.All(
            LetterSchema.Keys.Where(key => key.Choices.Count > 0 && key.Keys is [] && key.Usual is { }),
            key => Assert.Contains(key.Usual!, key.Choices));
    }

    private static IEnumerable<string> Told(Func<LetterSource, LetterSource> change) =>
        LetterParticulars.Between(Letter, change(Letter), LetterFileKind.Letter)
            .Select(particular => $"{particular.Name}: {particular.Before} → {particular.Now}");

    /// <summary>Changes the last of them.</summary>
    private static LetterSource Signs(LetterSource letter, Func<Signatory, Signatory> change) =>
        letter with { Signatories = [letter.Signatories[0], change(letter.Signatories[1])] };

    private static LetterSource Encloses(LetterSource letter, Func<EnclosureEntry, EnclosureEntry> change) =>
        letter with { Enclosures = [change(letter.Enclosures[0]), .. letter.Enclosures.Skip(1)] };

    private static LetterSource Meets(LetterSource letter, Func<Meeting, Meeting> change) =>
        letter with { MeetsAt = [change(letter.Meetings[0])] };
}
