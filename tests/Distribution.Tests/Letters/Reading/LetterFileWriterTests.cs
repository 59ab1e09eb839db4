using System.Text;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

/// <summary>
/// What is written is read as the same letter; in a file that exists, all that does not change stays as it is.
/// </summary>
public sealed class LetterFileWriterTests
{
    private static readonly string[] Texts =
    [
        "Draft Rev 1",
        "Draft Rev 1: third round",
        "ends with a colon:",
        "- begins with a hyphen",
        "a # number sign",
        "# begins with one",
        "C#",
        "\"in quotation marks\"",
        "l'Ambassadeur, « cité »",
        "'single'",
        "both ' and \"",
        "a \\ backslash",
        "{{ letter.draft }}",
        "[brackets] and {braces}",
        "null",
        "~",
        "true",
        "2018-03-26",
        "0x1F",
        "& anchor",
        "*alias",
        "!tag",
        "| pipe",
        "> fold",
        "%directive",
        "@ at",
        "`tick`",
        "? question",
        "a, b",
        "two  spaces",
        "صاحب السعادة",
        "阁下：各位",
        "Ваше Превосходительство",
        "Nguyễn Văn 😀",
        "\u00A0between no-break spaces\u00A0",
        "---",
        "...",
        "a:b",
        "http://a.example/b#c",
    ];

    /// <summary>Letters written by hand: those of the cases that can be read.</summary>
    public static TheoryData<string> Written =>
    [
        .. Directory
            .EnumerateFiles(
                Path.Combine(AppContext.BaseDirectory, "Intake", "cases"),
                "letter.md",
                SearchOption.AllDirectories)
            .Where(path => LetterFile.Read("letter.md", File.ReadAllBytes(path)).Letter is not null)
            // An editor has the text of a file, whose bytes are UTF-8.
            .Where(path => !File.ReadAllBytes(path).Contains((byte)0))
            .Append(Path.Combine(SampleLetter.Templates, "co-facilitators", "sample", "letter.md")),
    ];

    [Fact]
    public void Whatever_a_letter_says_is_read_as_it_was_written() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                Letters.ToArbitrary(),
                letter =>
                {
                    var written = LetterFileWriter.Write(letter);
                    var reading = WrittenLetter.Read(written);
                    Assert.DoesNotContain(reading.Faults, fault => !fault.IsWarning);
                    Assert.Equal(Said(letter), Said(reading.Letter!));
                }));

    [Fact]
    public void Whatever_changes_in_a_letter_is_read_so_from_the_file_that_was_edited() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                (from before in Letters from after in Letters select (before, after)).ToArbitrary(),
                letters =>
                {
                    var file = LetterFileWriter.Write(letters.before);
                    var edited = LetterFileWriter.Edit(file, LetterFileKind.Letter, letters.before, letters.after);
                    Assert.Equal(Said(letters.after), Said(Sound(edited)));
                }));

    [Theory]
    [MemberData(nameof(Written))]
    public void What_was_written_by_hand_is_the_same_letter_written_anew(string path)
    {
        var letter = Sound(Encoding.UTF8.GetString(File.ReadAllBytes(path)));
        Assert.Equal(Said(letter), Said(Sound(LetterFileWriter.Write(letter))));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void What_was_written_by_hand_is_the_same_letter_from_the_fields_of_a_form(string path)
    {
        var file = File.ReadAllBytes(path);
        var read = LetterFormFields.Read("letter.md", file)!;

        Assert.Empty(read.Unknown);
        Assert.Empty(read.Unreadable);
        Assert.Equal(
            Said(Sound(Encoding.UTF8.GetString(file))),
            Said(Sound(LetterFormFields.Write(read.Fields, read.Enclosures, read.Text))));
    }

    [Fact]
    public void So_is_what_the_keyboards_and_programs_of_offices_make_of_it()
    {
        var file = WrittenLetter.Text
            .Replace("date: 2018-03-26", "DATE: ２０１８–０３–２６\nsend: 2018-03-27T18:00 (New York time)", StringComparison.Ordinal)
            .Replace("  - name:", "  – Name:", StringComparison.Ordinal)
            .Replace("round: 2018-04-03", "round: 2018‑04‑03", StringComparison.Ordinal)
            .Replace("audience: [member-states, vat]", "audience: member-states, vat", StringComparison.Ordinal)
            .Replace("proof:\n  - Jane Doe <jane@desk.example>\n  - desk", "proof: Jane Doe <jane@desk.example>; desk", StringComparison.Ordinal);
        var read = LetterFormFields.Read("letter.md", Encoding.UTF8.GetBytes(file))!;

        Assert.Empty(read.Unknown);
        Assert.Equal("2018-03-27 18:00", $"{read.Fields["send.date"]} {read.Fields["send.time"]}");
        Assert.Equal("2018-03-26", read.Fields["date"]);
        Assert.Equal(
            Said(Sound(file)),
            Said(Sound(LetterFormFields.Write(read.Fields, read.Enclosures, read.Text))));
    }

    [Fact]
    public void Whatever_a_letter_says_is_read_from_the_fields_of_a_form() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200),
            Prop.ForAll(
                Letters.ToArbitrary(),
                letter =>
                {
                    var read = LetterFormFields.Read("letter.md", Encoding.UTF8.GetBytes(LetterFileWriter.Write(letter)));
                    Assert.NotNull(read);
                    Assert.Equal(
                        Said(letter),
                        Said(Sound(LetterFormFields.Write(LetterFormFields.Of(letter), read.Enclosures, letter.Body))));
                }));

    // A list of more than forty lost what came after, and a value that YAML cannot read went without a word.
    [Fact]
    public void A_form_loses_nothing_of_a_file_without_naming_it()
    {
        var deadlines = string.Concat(
            Enumerable.Range(1, 60).Select(number => $"  round-{number}: 2018-04-{1 + (number % 28):00} 18:00\n"));
        var file = $"---\nprocess: GCM\nsend: \"2018-04-03 09:00\nsubjekt: \"no end\nno key at all\nsignatories:\n  - name: &a A. Person\ndeadlines:\n{deadlines}---\n\nText.\n";

        var read = LetterFormFields.Read("letter.md", Encoding.UTF8.GetBytes(file))!;

        Assert.Equal(["send", "signatories"], read.Unreadable);
        Assert.Equal(["subjekt", "no key at all"], read.Unknown);
        Assert.Equal(Enumerable.Range(1, 60), LetterFormFields.Rows(read.Fields, "deadlines"));
        Assert.Contains("  round-60: 2018-04-05 18:00", LetterFormFields.Write(read.Fields, read.Enclosures, read.Text));
    }

    [Theory]
    [InlineData("deadlines[0].name")]
    [InlineData("deadlines[01].name")]
    [InlineData("deadlines[-1].name")]
    [InlineData("deadlines[99999999999].name")]
    [InlineData("deadlines[1.name")]
    [InlineData("deadlines[1][2].name")]
    public void A_field_that_no_form_has_is_no_row(string field) =>
        Assert.Empty(LetterFormFields.Rows(new Dictionary<string, string> { [field] = "x" }, "deadlines"));

    [Theory]
    [MemberData(nameof(Written))]
    public void Changing_one_key_keeps_every_other_byte_of_what_was_written_by_hand(string path)
    {
        var file = Encoding.UTF8.GetString(File.ReadAllBytes(path));
        var before = Sound(file);
        Assert.Equal(file, LetterFileWriter.Edit(file, LetterFileKind.Letter, before, before));

        var after = before with { Sequence = before.Sequence + 1 };
        var edited = LetterFileWriter.Edit(file, LetterFileKind.Letter, before, after);

        Assert.Equal(Said(after), Said(Sound(edited)));
        Assert.Equal(
            file,
            edited.Replace(
                $"sequence: {after.Sequence}",
                $"sequence: {before.Sequence}",
                StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Comments_order_quotation_marks_and_line_ends_stay(string lineEnd)
    {
        var file = """
            ---
            # What it is about
            date:   2018-03-26   # a Monday
            process: 'Compact'
            draft: "Draft Rev 1"
            sequence: 3
            subject: >-
              Draft Rev 1
              of the Compact

            # Who signs
            signatories:
              # Mexico first
              - name: "Juan José Gómez Camacho"   # two family names
                title: Ambassador
                letterhead: Mexico
            contact: {email: migration@mexico.example, name: Experts}
            enclosures:
              - draft-rev-1.pdf
            deadlines:
              comments: 2018-04-03   # the end of that day
            remind: 3 working days before comments
            ---


            Draft Rev 1 is enclosed.

            """.ReplaceLineEndings(lineEnd);
        var before = Sound(file);
        var after = before with
        {
            Date = new(2018, 3, 27),
            DraftLabel = "Draft Rev 1: corrected",
            Reference = "GCM/7",
            Salutation = "Excellencies,",
            Signatories = [before.Signatories[0] with { Name = "Juan José Gómez" }],
            Contact = new(null, "gcm@mexico.example"),
            Deadlines = [before.Deadlines[0] with { Instant = before.Deadlines[0].Instant.AddDays(1) }],
            RemindAt = before.RemindAt,
            Body = "Draft Rev 1 is enclosed.\n\nComments are welcome.",
        };

        var edited = LetterFileWriter.Edit(file, LetterFileKind.Letter, before, after);

        Assert.Equal(
            """
            ---
            # What it is about
            date:   2018-03-27   # a Monday
            reference: GCM/7
            process: 'Compact'
            draft: "Draft Rev 1: corrected"
            sequence: 3
            subject: >-
              Draft Rev 1
              of the Compact
            salutation: Excellencies,

            # Who signs
            signatories:
              # Mexico first
              - name: "Juan José Gómez"   # two family names
                title: Ambassador
                letterhead: Mexico
            contact: gcm@mexico.example
            enclosures:
              - draft-rev-1.pdf
            deadlines:
              comments: 2018-04-04 23:59   # the end of that day
            remind: 3 working days before comments
            ---


            Draft Rev 1 is enclosed.

            Comments are welcome.

            """.ReplaceLineEndings(lineEnd),
            edited);
    }

    [Fact]
    public void A_translation_is_edited_as_its_letter_is()
    {
        const string File = "---\n# The words\nsubject: Projet\nsignatories:\n  - title: \"Ambassadeur\" # ou -drice\n    letterhead: M\n  - {title: A, letterhead: S}\n---\nTexte\n";
        var before = Read(File);

        var edited = LetterFileWriter.Edit(
            File,
            LetterFileKind.Translation,
            before,
            before with
            {
                Subject = "Projet: révision 1",
                Signatories = [before.Signatories[0] with { Title = "Ambassadrice" }, before.Signatories[1]],
            });

        Assert.Equal(
            File.Replace("Projet\n", "\"Projet: révision 1\"\n", StringComparison.Ordinal)
                .Replace("Ambassadeur", "Ambassadrice", StringComparison.Ordinal),
            edited);
        Assert.Equal("Ambassadrice", Read(edited).Signatories[0].Title);

        static LetterSource Read(string file) => LetterFile
            .ReadTranslation("letter.fr.md", "fr", WrittenLetter.Bytes(file), WrittenLetter.Source())
            .Letter!;
    }

    [Fact]
    public void A_standing_letter_is_edited_and_keeps_what_each_draft_brings()
    {
        const string File = "---\nprocess: Compact\nsubject: S\nsignatories: {name: A, title: B, letterhead: C}\ncontact: a@b.example\n---\nText\n";
        var before = Read(File);

        Assert.Equal(
            File.Replace("contact: a@b.example\n", "contact: a@b.example\npaper: us-letter\n", StringComparison.Ordinal),
            LetterFileWriter.Edit(File, LetterFileKind.Standing, before, before with { Paper = Paper.UsLetter }));

        static LetterSource Read(string file) => LetterFile
            .ReadStanding("standing.md", WrittenLetter.Bytes(file), "draft-rev-1.pdf", new DateOnly(2018, 3, 26))
            .Letter!;
    }

    /// <summary>All that a letter says; the places in the file are no part of it.</summary>
    private static string Said(LetterSource letter) => Json.Write(
        letter with
        {
            BodyLine = 0,
            MarkedAs = letter.Markings,
            RemindAt = letter.Reminders,
            Enclosures = [.. letter.Enclosures.Select(entry => entry with { Line = 0 })],
            Supersedes = letter.Supersedes is { } earlier ? earlier with { Line = 0 } : null,
        });

    private static LetterSource Sound(string file)
    {
        var reading = LetterFile.Read("letter.md", Encoding.UTF8.GetBytes(file));
        return reading.Letter ?? throw new ArgumentException($"{string.Join('\n', reading.Faults)}\n{file}");
    }

    private static Gen<string> Text(int longest) => Gen.OneOf(
        Gen.Elements(Texts),
        from one in Gen.Elements(Texts)
        from two in Gen.Elements(Texts)
        let both = $"{one} {two}"
        select both.Length <= longest ? both : one);

    private static Gen<T?> Maybe<T>(Gen<T> some) where T : class =>
        Gen.OneOf(Gen.Constant<T?>(null), some.Select(value => (T?)value));

    private static Gen<DateTimeOffset> Moment =>
        from minutes in Gen.Choose(0, 60 * 24 * 300)
        select AsTyped(new DateTimeOffset(2018, 4, 2, 4, 0, 0, TimeSpan.Zero).AddMinutes(minutes));

    /// <summary>The moment that the time on New York's clocks means, where they show it twice.</summary>
    private static DateTimeOffset AsTyped(DateTimeOffset moment) =>
        NewYorkTime.Instant(NewYorkTime.At(moment).DateTime);

    private static Gen<Correspondent> Mailbox =>
        from name in Maybe(Text(60))
        from address in Gen.Elements("a@b.example", "Experts@mission.example", "x.y+z@sub.mission.example")
        select new Correspondent(name?.Trim(), address);

    private static Gen<Signatory> Signatory =>
        from name in Text(200)
        from title in Text(200)
        from letterhead in Text(200)
        from signature in Maybe(Gen.Elements("a.png", "Unterschrift Lauber.jpg"))
        select new Signatory(name, title, letterhead, signature);

    private static Gen<IReadOnlyList<EnclosureEntry>> Enclosed =>
        from files in Gen.NonEmptyListOf(Gen.Elements("draft-rev-1.pdf", "a b.docx", "Côte d'Ivoire.pdf", "x.y (1).xlsx"))
        from role in Gen.Elements(EnclosureRole.Draft, EnclosureRole.Annex, EnclosureRole.Other, EnclosureRole.Form)
        from title in Maybe(Text(250))
        from label in Maybe(Gen.Elements("Rev 1", "Draft: 2"))
        from hash in Maybe(Gen.Elements(new string('a', 64), new string('0', 64)))
        select (IReadOnlyList<EnclosureEntry>)
        [
            .. files.Distinct().Select((file, place) =>
                new EnclosureEntry(
                    file,
                    title is null || place > 0 ? DraftLabels.Humanised(file) : title,
                    place == 0 ? role : EnclosureRole.Other,
                    label,
                    hash,
                    0)),
        ];

    private static Gen<Meeting> Meeting =>
        from title in Text(60)
        from day in Gen.Choose(0, 300)
        from start in Gen.Choose(0, 60 * 22)
        from length in Gen.Choose(1, 110)
        from place in Maybe(Text(60))
        from note in Maybe(Text(60))
        from link in Maybe(Gen.Elements("https://webtv.un.org/en/search?a=1&b=%20#c", "http://x.example/a_(b)"))
        let midnight = new DateTime(2018, 4, 2).AddDays(day)
        select new Meeting(
            title,
            NewYorkTime.Instant(AfterChange(midnight.AddMinutes(start))),
            NewYorkTime.Instant(AfterChange(midnight.AddMinutes(start)).AddMinutes(length)),
            place,
            link,
            note);

    /// <summary>No meeting lies in the hours in which the clocks change, which have tests of their own.</summary>
    private static DateTime AfterChange(DateTime wallClock) =>
        wallClock.TimeOfDay < TimeSpan.FromHours(4) ? wallClock.AddHours(4 - wallClock.Hour) : wallClock;

    private static Gen<LetterSource> Letters =>
        from texts in Gen.ArrayOf(Text(60).Where(text => text.Length <= 60), 4)
        from optional in Gen.ArrayOf(Maybe(Text(200)), 2)
        from signatories in Gen.ArrayOf(Signatory, 2)
        from sender in Gen.Elements(true, false)
        from contact in Mailbox
        from enclosures in Enclosed
        from audience in Gen.SubListOf("member-states", "che", "not mex", "observer-states")
        from proof in Gen.ListOf(Mailbox)
        from moments in Gen.ArrayOf(Moment, 3)
        from meetings in Gen.ListOf(Meeting)
        from words in Gen.ArrayOf(Gen.Choose(0, 1), 8)
        from markings in Gen.SubListOf(Enum.GetValues<Marking>())
        from languages in Gen.SubListOf("ar", "zh", "ru", "es")
        let form = sender ? LetterForm.NoteVerbale : LetterForm.Letter
        let send = AsTyped(moments[0].AddDays(-300))
        select new LetterSource(
            "letter.md",
            texts[0],
            texts[1],
            words[0] * 9999,
            new DateOnly(2016, 1, 1),
            texts[2],
            words[1] == 0 ? "en" : "fr",
            optional[0],
            texts[3],
            sender ? null : optional[1],
            sender ? [] : signatories,
            contact,
            enclosures,
            words[7] == 0 ? [.. audience] : [],
            (ReleaseRule)words[3],
            [.. proof.Take(3)],
            words[4] == 0 ? [] : [new("comments", moments[1]), new("null", moments[2])],
            words[5] == 0 ? "co-facilitators" : "own",
            "The text.\n\n---\n\nwith a rule",
            0,
            form,
            (AddressForm)words[5],
            sender ? new Sender(signatories[0].Name, signatories[0].Letterhead) : null,
            [.. markings],
            words[6] == 0 ? null : moments[1],
            (Paper)words[6],
            TranslationOf: null,
            languages is [] ? null : [.. languages],
            words[7] == 0 ? null : send,
            words[0] == 0
                ? null
                :
                [
                    .. moments
                        .Select(moment =>
                            NewYorkTime.Instant(
                                WorkingDays.BuiltIn.OnOrBefore(DateOnly.FromDateTime(moment.DateTime).AddDays(30)).ToDateTime(
                                    TimeOnly.FromDateTime(moment.DateTime))))
                        .Distinct()
                        .Order(),
                ],
            words[7] == 0 ? null : new(FollowUpKind.Corrigendum + words[1], texts[1], 0),
            words[2] == 1,
            (AcknowledgeRule)words[3],
            BodyRules.AsTyped,
            meetings.Take(3).DistinctBy(meeting => (FileNames.AsSeen(meeting.Title), meeting.Start)).ToList() is { Count: > 0 } some ? some : null,
            OffersDocuments: words[2] == 0 && !markings.Any(marking => marking is Marking.Confidential or Marking.StrictlyConfidential));
}
