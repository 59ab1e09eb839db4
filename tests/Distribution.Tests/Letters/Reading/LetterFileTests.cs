using System.Text;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

public sealed class LetterFileTests
{
    [Fact]
    public void Reads_a_whole_letter()
    {
        var reading = WrittenLetter.Read(WrittenLetter.Text);

        Assert.Empty(reading.Faults);
        var letter = Assert.IsType<LetterSource>(reading.Letter);
        Assert.Equal("letter.md", letter.File);
        Assert.Equal("Global Compact for Safe, Orderly and Regular Migration", letter.Process);
        Assert.Equal("Draft Rev 1", letter.DraftLabel);
        Assert.Equal(3, letter.Sequence);
        Assert.Equal(new DateOnly(2018, 3, 26), letter.Date);
        Assert.Equal("New York", letter.Place);
        Assert.Equal("en", letter.Language);
        Assert.Equal("GCM/2018/7", letter.Reference);
        Assert.Equal("Draft Rev 1 of the Global Compact: third round", letter.Subject);
        Assert.Null(letter.Salutation);
        Assert.Equal(
            ["Juan José Gómez Camacho", "Jürg Lauber"],
            letter.Signatories.Select(signatory => signatory.Name));
        Assert.Equal(
            new Signatory(
                "Jürg Lauber",
                "Ambassador and Permanent Representative of Switzerland to the United Nations",
                "Permanent Mission of Switzerland to the United Nations"),
            letter.Signatories[1]);
        Assert.Equal(new Correspondent("Migration experts", "migration@mexico.example"), letter.Contact);
        Assert.Equal(
            [
                new EnclosureEntry(
                    "gcm-draft-rev-1.pdf",
                    "Draft Rev 1 of the Global Compact",
                    EnclosureRole.Draft,
                    null,
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    19),
                new EnclosureEntry("programme.pdf", "Programme", EnclosureRole.Programme, null, null, 23),
            ],
            letter.Enclosures);
        Assert.Equal(["member-states", "vat"], letter.Audience);
        Assert.Equal(ReleaseRule.OnApproval, letter.Release);
        Assert.Equal(
            [new Correspondent("Jane Doe", "jane@desk.example"), new Correspondent(null, "desk@desk.example")],
            letter.Proof);
        Assert.Equal(
            [
                new Deadline("comments", new DateTimeOffset(2018, 4, 13, 18, 0, 0, TimeSpan.FromHours(-4))),
                new Deadline("round", new DateTimeOffset(2018, 4, 3, 23, 59, 0, TimeSpan.FromHours(-4))),
            ],
            letter.Deadlines);
        Assert.Equal("co-facilitators", letter.Template);
        Assert.Equal(
            "We are pleased to share the **Draft Rev 1** of the Global Compact.\n\nWe look forward to your comments.",
            letter.Body);
        Assert.Equal(35, letter.BodyLine);
    }

    [Fact]
    public void Reads_a_letter_with_a_byte_order_mark_and_the_line_ends_of_Windows_the_same()
    {
        var windows = Encoding
            .UTF8.GetPreamble()
            .Concat(WrittenLetter.Bytes(WrittenLetter.Text.Replace("\n", "\r\n", StringComparison.Ordinal)))
            .ToArray();

        var reading = LetterFile.Read("letter.md", windows);

        Assert.Empty(reading.Faults);
        Assert.Equivalent(WrittenLetter.Source(), reading.Letter, strict: true);
    }

    [Fact]
    public void A_contact_an_enclosure_and_an_audience_may_each_be_one_line()
    {
        var letter = WrittenLetter.Source("""
            ---
            process: Compact
            draft: Draft Rev 1
            sequence: 0
            date: 2018-03-26
            subject: Compact
            signatories: {name: A, title: B, letterhead: C}
            contact: Experts, Mexico <Experts@Mexico.EXAMPLE>
            enclosures: draft-rev-1.pdf
            audience: all
            proof: desk@desk.example
            release: Automatic
            language: FR
            ---
            Draft Rev 1
            """);

        Assert.Equal(new Correspondent("Experts, Mexico", "Experts@mexico.example"), letter.Contact);
        Assert.Equal(
            [new EnclosureEntry("draft-rev-1.pdf", "Draft rev 1", EnclosureRole.Draft, null, null, 9)],
            letter.Enclosures);
        Assert.Empty(letter.Audience);
        Assert.Equal([new Correspondent(null, "desk@desk.example")], letter.Proof);
        Assert.Equal([new Signatory("A", "B", "C")], letter.Signatories);
        Assert.Equal(ReleaseRule.Automatic, letter.Release);
        Assert.Equal("fr", letter.Language);
    }

    [Fact]
    public void Tells_every_fault_at_once_and_makes_no_letter()
    {
        var reading = WrittenLetter.Read("""
            ---
            proces: Compact
            draft: Draft Rev 1
            sequence: third
            date: 26 March 2018
            subject:
            signatories:
              - name: A
                titel: B
            contact: nobody
            enclosures:
              - a.pdf
              - file: A.pdf
                role: anex
            ---
            """);

        Assert.Null(reading.Letter);
        Assert.Equal(
            """
            letter.md, line 15: The letter has no text. Write the text of the letter; in a file it stands below the second line of three hyphens. (D233)
            letter.md, line 2: “proces” is not a key that the letter has. Write “process” if that is what was meant, or remove the line. (D213)
            letter.md: The letter lacks “process”. Add it, as in “process: Global Compact for Safe, Orderly and Regular Migration”. (D215)
            letter.md, line 4: “sequence” has to be a whole number from 0 to 9999, not “third”. Number the drafts of a process in the order they come out: 1, 2, 3 and so on. (D221)
            letter.md, line 5: “26 March 2018” is not a date of the calendar written as year-month-day. Write it as in “date: 2018-03-26”. (D222)
            letter.md, line 6: “subject” has nothing after it. Fill it in, as in “subject: Draft Rev 1 of the Global Compact”. (D216)
            letter.md, line 9: “titel” is not a key that this signatory has. Write “title” if that is what was meant, or remove the line. (D213)
            letter.md, line 8: This signatory lacks “title” and “letterhead”. Add a line for each, as in “title: Ambassador and Permanent Representative of Switzerland to the United Nations”. (D215)
            letter.md, line 10: “nobody” after “contact” is not an email address that a mail server would take. Write it as in “name@mission.example” or “Name <name@mission.example>”, one address only. (D226)
            letter.md, line 14: “anex” cannot stand after “role”, only draft, letter, enclosed-letter, comparison, annex, programme, note, form or other. Write “annex” if that is what was meant. (D225)
            letter.md, line 13: The enclosure A.pdf is named a second time; the first is on line 12. Keep one of the two. (D229)
            """,
            string.Join('\n', reading.Faults));
    }

    [Fact]
    public void Names_all_that_is_missing_in_one_sentence() =>
        Assert.Equal(
            "letter.md: The letter lacks “process”, “draft”, “sequence”, “date”, “subject”, “signatories”, “contact” and “enclosures”. Add a line for each, as in “process: Global Compact for Safe, Orderly and Regular Migration”. (D215)",
            Only(WrittenLetter.Read("---\n---\nExcellency,")));

    [Theory]
    [InlineData(
        "Dear all,",
        "letter.md, line 1: The letter does not begin with its particulars between two lines of three hyphens. Make --- the very first line, then the particulars (process, draft, date and so on), then --- again, then the text. (D202)"
    )]
    [InlineData(
        "",
        "letter.md, line 1: The letter does not begin with its particulars between two lines of three hyphens. Make --- the very first line, then the particulars (process, draft, date and so on), then --- again, then the text. (D202)"
    )]
    [InlineData(
        "---\nprocess: A\n\nText",
        "letter.md, line 1: The particulars begin here, but no second line of three hyphens ends them. Put a line with --- alone between the particulars and the text of the letter. (D203)"
    )]
    public void Refuses_a_letter_without_its_particulars(string text, string message) =>
        Assert.Equal(message, Only(WrittenLetter.Read(text)));

    [Theory]
    [InlineData(
        "sequence: 3",
        "sequence: 3\n\tplace: Geneva",
        "letter.md, line 5: This line begins with a tab. Use spaces instead: two for each step to the right. (D205)")]
    [InlineData(
        "  - name: Jürg",
        "\t- name: Jürg",
        "letter.md, line 12: This line begins with a tab. Use spaces instead: two for each step to the right. (D205)")]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: GCM: 2018",
        "letter.md, line 6: What follows “reference:” has a second colon, so it cannot be told what belongs to what. Put it in quotation marks: reference: \"GCM: 2018\". (D206)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: \"GCM",
        "letter.md, line 6: A text in quotation marks begins on this line and does not end as it should. Close it with the same mark at the end of the line, and use no backslash and no mark of the same kind inside. (D207)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: \"GCM\" 2018",
        "letter.md, line 6: A text in quotation marks begins on this line and does not end as it should. Close it with the same mark at the end of the line, and use no backslash and no mark of the same kind inside. (D207)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: [GCM",
        "letter.md, line 6: A bracket opens on this line and is not closed. Close it on the same line, or put the whole text in quotation marks if the bracket is part of it. (D208)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: @GCM",
        "letter.md, line 6: This line has a value that begins with a sign of special meaning, such as & * ! @ % or |. Put the whole value in quotation marks. (D209)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: *GCM",
        "letter.md, line 6: This line has a value that begins with a sign of special meaning, such as & * ! @ % or |. Put the whole value in quotation marks. (D209)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: &gcm GCM",
        "letter.md, line 6: This line has a value that begins with a sign of special meaning, such as & * ! @ % or |. Put the whole value in quotation marks. (D209)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: !GCM 7",
        "letter.md, line 6: This line has a value that begins with a sign of special meaning, such as & * ! @ % or |. Put the whole value in quotation marks. (D209)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: GCM\n  place: Geneva",
        "letter.md, line 7: This line does not fit under the one above it: it stands too far to the right or to the left. Begin each key at the left edge, and put the same number of spaces before lines that belong together. (D210)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference GCM",
        "letter.md, line 6: This line is not a key, a colon, a space and a value. Write it like “draft: Draft Rev 1”, with a space after the colon. (D211)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference:GCM",
        "letter.md, line 6: There is no space after the colon of “reference”. Write “reference: GCM”, with a colon and a space. (D261)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: GCM\n...",
        "letter.md, line 7: This line is not a key, a colon, a space and a value. Write it like “draft: Draft Rev 1”, with a space after the colon. (D211)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: [[[[[[GCM]]]]]]",
        "letter.md, line 6: Lists or groups are nested too deeply here. Keep to the keys a letter has; only signatories, contact, enclosures and deadlines have lines below them. (D212)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "? [GCM]\n: 7",
        "letter.md, line 6: This line is not a key, a colon, a space and a value. Write it like “draft: Draft Rev 1”, with a space after the colon. (D211)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: A\nreference: B",
        "letter.md, line 7: The key “reference” stands here a second time; the first is on line 6. Keep the right one and remove the other. (D214)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference:",
        "letter.md, line 6: “reference” has nothing after it. Fill it in, as in “reference: GCM/2018/7”, or remove the line. (D216)")]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: ~",
        "letter.md, line 6: “reference” has nothing after it. Fill it in, as in “reference: GCM/2018/7”, or remove the line. (D216)")]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: [A, B]",
        "letter.md, line 6: “reference” has to be one line of text, and here it is a list. Write it as in “reference: GCM/2018/7”. (D217)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: {a: B}",
        "letter.md, line 6: “reference” has to be one line of text, and here it is a group of keys. Write it as in “reference: GCM/2018/7”. (D217)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: |\n  A\n  B",
        "letter.md, line 6: “reference” runs over several lines. Write it on one line, without | or > after the colon. (D218)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: \"A\\r\\nBcc: b@c.example\"",
        "letter.md, line 6: “reference” runs over several lines. Write it on one line, without | or > after the colon. (D218)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: \"A\\u2028B\"",
        "letter.md, line 6: “reference” runs over several lines. Write it on one line, without | or > after the colon. (D218)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: \"A\\0B\"",
        "letter.md, line 6: “reference” contains a character that cannot be seen (U+0000). Delete the value and type it again; such characters come along when text is copied from elsewhere. (D219)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "reference: A\u202Efdp",
        "letter.md, line 6: “reference” contains a character that cannot be seen (U+202E). Delete the value and type it again; such characters come along when text is copied from elsewhere. (D219)"
    )]
    [InlineData(
        "date: 2018-03-26",
        "date: 2018-02-30",
        "letter.md, line 5: “2018-02-30” is not a date of the calendar written as year-month-day. Write it as in “date: 2018-03-26”. (D222)"
    )]
    [InlineData(
        "sequence: 3",
        "sequence: -3",
        "letter.md, line 4: “sequence” has to be a whole number from 0 to 9999, not “-3”. Number the drafts of a process in the order they come out: 1, 2, 3 and so on. (D221)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "language: de",
        "letter.md, line 6: “de” cannot stand after “language”, only ar, zh, en, fr, ru or es. Write one of these. (D225)"
    )]
    [InlineData(
        "release: on-approval",
        "release: automatc",
        "letter.md, line 26: “automatc” cannot stand after “release”, only on-approval or automatic. Write “automatic” if that is what was meant. (D225)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "template: ../secret",
        "letter.md, line 6: “../secret” cannot be used as the name of a template. Use small letters of the English alphabet, digits and hyphens, beginning with a letter. (D227)"
    )]
    [InlineData(
        "  round: 2018-04-03",
        "  third round: 2018-04-03",
        "letter.md, line 32: “third round” cannot be used as the name of a deadline. Use small letters of the English alphabet, digits and underscores, beginning with a letter. (D227)"
    )]
    [InlineData(
        "  round: 2018-04-03",
        "  comments: 2018-04-03",
        "letter.md, line 32: The key “comments” stands here a second time; the first is on line 31. Keep the right one and remove the other. (D214)"
    )]
    [InlineData(
        "  round: 2018-04-03",
        "  round: 3 April",
        "letter.md, line 32: “3 April” is not a date and time written as year-month-day hours:minutes. Write it as in “round: 2018-04-13 18:00”, in New York time. (D223)"
    )]
    [InlineData(
        "  round: 2018-04-03",
        "  round: 2018-04-03 24:00",
        "letter.md, line 32: “2018-04-03 24:00” is not a date and time written as year-month-day hours:minutes. Write it as in “round: 2018-04-13 18:00”, in New York time. (D223)"
    )]
    [InlineData(
        "  round: 2018-04-03",
        "  round: 2019-03-10 02:30",
        "letter.md, line 32: There is no 2019-03-10 02:30 in New York: the clocks go forward over that hour. Choose a time before 02:00 or from 03:00 on. (D224)"
    )]
    [InlineData(
        "  email: migration@mexico.example",
        "  email: migration@mexico",
        "letter.md, line 17: “migration@mexico” after “email” is not an email address that a mail server would take. Write it as in “name@mission.example” or “Name <name@mission.example>”, one address only. (D226)"
    )]
    [InlineData(
        "  name: Migration experts",
        "  name: \"Experts\\nBcc: x@y.example\"",
        "letter.md, line 16: “name” runs over several lines. Write it on one line, without | or > after the colon. (D218)"
    )]
    [InlineData(
        "  - desk@desk.example",
        "  - desk@desk.example, other@desk.example",
        "letter.md, line 29: “desk@desk.example, other@desk.example” after “proof” is not an email address that a mail server would take. Write it as in “name@mission.example” or “Name <name@mission.example>”, one address only. (D226)"
    )]
    [InlineData(
        "  - file: programme.pdf",
        "  - file: gcm-draft-rev-1.pdf",
        "letter.md, line 23: The enclosure gcm-draft-rev-1.pdf is named a second time; the first is on line 19. Keep one of the two. (D229)"
    )]
    [InlineData(
        "  - file: programme.pdf",
        "  - file: ../programme.pdf",
        "letter.md, line 23: “../programme.pdf” is a path, not the name of a file. Put the file beside the letter and write its name alone. (D258)"
    )]
    [InlineData(
        "  - file: programme.pdf",
        "  - file: a\\b.pdf",
        "letter.md, line 23: “a\\b.pdf” is a path, not the name of a file. Put the file beside the letter and write its name alone. (D258)"
    )]
    [InlineData(
        "  - file: programme.pdf",
        "  - file: programme?.pdf",
        "letter.md, line 23: The name “programme?.pdf” contains the character “?”. Rename it with letters, digits, spaces and the signs - _ . , ( ) & ' + only. (D250)"
    )]
    [InlineData(
        "  - file: programme.pdf",
        "  - file: Letter.md",
        "letter.md, line 23: The letter names its own text, Letter.md, as an enclosure. Remove it from the enclosures; the letter goes out by itself. (D230)"
    )]
    [InlineData(
        "sha256: E3B0C4",
        "sha256: E3B0",
        "letter.md, line 22: “E3B04298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B…” is not a SHA-256 fingerprint, which has 64 signs, each a digit or a letter from a to f. Copy it again from where it was given, or remove the line. (D231)"
    )]
    [InlineData(
        "    role: programme",
        "    role: drft",
        "letter.md, line 24: “drft” cannot stand after “role”, only draft, letter, enclosed-letter, comparison, annex, programme, note, form or other. Write “draft” if that is what was meant. (D225)"
    )]
    [InlineData(
        "    role: programme",
        "    rôle: programme",
        "letter.md, line 24: “rôle” is not a key that this enclosure has. Write “role” if that is what was meant, or remove the line. (D213)"
    )]
    [InlineData(
        "reference: GCM/2018/7",
        "colour: red",
        "letter.md, line 6: “colour” is not a key that the letter has. Remove the line. (D213)")]
    [InlineData(
        "\n\nWe are pleased",
        "\n\nWe are \u0007pleased",
        "letter.md, line 35: This line of the text contains a character that cannot be seen (U+0007). Delete the line and type it again; such characters come along when text is copied from elsewhere. (D234)"
    )]
    public void Refuses_a_slip_and_says_where_and_what_to_do(string line, string instead, string message)
    {
        var reading = WrittenLetter.Read(WrittenLetter.With(line, instead));

        Assert.Equal(message, Only(reading));
        Assert.Null(reading.Letter);
    }

    [Theory]
    [InlineData("enclosures", "enclosures: []")]
    [InlineData("enclosures", "enclosures:")]
    [InlineData("deadlines", "deadlines: {}")]
    [InlineData("deadlines", "deadlines:")]
    [InlineData("signatories", "signatories: []")]
    [InlineData("audience", "audience: []")]
    [InlineData("proof", "proof: [\"\"]")]
    public void Refuses_a_list_with_nothing_in_it(string key, string instead)
    {
        var lines = WrittenLetter.Text.Split('\n');
        var from = Array.FindIndex(lines, line => line.StartsWith($"{key}:", StringComparison.Ordinal));
        var to = Array.FindIndex(lines, from + 1, line => !line.StartsWith(' '));

        var fault = Only(WrittenLetter.Read(string.Join('\n', [.. lines.Take(from), instead, .. lines.Skip(to)])));

        Assert.StartsWith(
            $"letter.md, line {from + 1}: “{key}” has nothing after it.",
            fault,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_list_of_deadlines() =>
        Assert.Equal(
            "letter.md, line 6: “deadlines” has to be a group of names, each with its time, and here it is a list. Write it as in “deadlines: with a line such as “comments: 2018-04-13 18:00” below it”. (D217)",
            Only(
                WrittenLetter.Read(
                    WrittenLetter
                        .With("deadlines:\n  comments: 2018-04-13 18:00\n  round: 2018-04-03\n", "")
                        .Replace("reference: GCM/2018/7", "deadlines: [2018-04-03]", StringComparison.Ordinal))));

    [Fact]
    public void Tells_faults_of_what_can_be_read_beside_those_of_what_cannot()
    {
        var reading = WrittenLetter.Read(WrittenLetter.With("reference: GCM/2018/7", "reference: \"GCM")
            .Replace("sequence: 3", "sequence: three", StringComparison.Ordinal)
            .Replace("contact:\n", "contact: A: B\n", StringComparison.Ordinal));

        Assert.Equal(["D207", "D206", "D221"], reading.Faults.Select(fault => fault.Code));
    }

    [Fact]
    public void Refuses_a_fourth_signatory()
    {
        const string lauber =
            "  - name: Jürg Lauber\n    title: Ambassador and Permanent Representative of Switzerland to the United Nations\n    letterhead: Permanent Mission of Switzerland to the United Nations\n";

        Assert.Equal(
            "letter.md, line 8: The letter has 4 signatories, and at most three can sign. Keep one, two or three. (D228)",
            Only(WrittenLetter.Read(WrittenLetter.With(lauber, lauber + lauber + lauber))));
    }

    [Fact]
    public void Refuses_a_subject_longer_than_fits() =>
        Assert.Equal(
            "letter.md, line 7: “subject” has 251 characters, and at most 250 fit. Shorten it. (D220)",
            Only(
                WrittenLetter.Read(
                    WrittenLetter.With("\"Draft Rev 1 of the Global Compact: third round\"", new string('x', 251)))));

    [Fact]
    public void Warns_of_a_deadline_before_the_letter_and_still_makes_the_letter()
    {
        var reading = WrittenLetter.Read(
            WrittenLetter.With("comments: 2018-04-13 18:00", "comments: 2017-04-13 18:00"));

        Assert.Equal(
            "letter.md, line 31: The deadline “comments” is before the letter's own date, 26 March 2018. Correct whichever of the two is wrong, or confirm that both are right. (D232)",
            Only(reading));
        Assert.True(reading.Faults[0].IsWarning);
        Assert.NotNull(reading.Letter);
    }

    [Fact]
    public void Refuses_a_letter_saved_in_another_encoding_naming_the_first_line_that_shows_it() =>
        Assert.Equal(
            "letter.md, line 9: This line has letters that cannot be read, because the file was not saved as UTF-8. Save the file again with the encoding UTF-8. (D201)",
            Only(LetterFile.Read("letter.md", Encoding.Latin1.GetBytes(WrittenLetter.Text))));

    [Fact]
    public void Refuses_a_letter_of_more_than_a_megabyte() =>
        Assert.Equal(
            "letter.md: The file has 1.2 MB, and the text of a letter has at most 1 MB. Check that this is the letter's text; the draft itself is a file of its own beside it. (D200)",
            Only(LetterFile.Read("letter.md", new byte[1_200_000])));

    [Fact]
    public void Refuses_particulars_without_end() =>
        Assert.Equal(
            "letter.md: The particulars at the head of the letter have more than 500 lines or are far too long. Check that the second line of three hyphens stands before the text of the letter. (D204)",
            Only(WrittenLetter.Read($"---\nprocess: {new string('x', 70_000)}\n---\nText")));

    [Fact]
    public void Refuses_groups_that_multiply_themselves()
    {
        var bomb = string.Concat(
            Enumerable
                .Range(0, 20)
                .Select(level =>
                    $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat(level == 0 ? "x" : $"*a{level - 1}", 9))}]\n"
                ));

        var reading = WrittenLetter.Read($"---\n{bomb}---\nText");

        Assert.Null(reading.Letter);
        Assert.Contains(reading.Faults, fault => fault.Place == "letter.md, line 2" && fault.Code == "D209");
    }

    [Fact]
    public void Never_stumbles_whatever_the_bytes()
    {
        var random = new Random(20180326);
        byte[] troublesome = [.. "\t\n\r:-#[]{}&*!|>'\"%@`?,. ~\\"u8, 0, 0xFF, 0xC3, 0x80, 0xE2];
        var sound = WrittenLetter.Bytes(WrittenLetter.Text);
        for (var round = 0; round < 300; round++)
        {
            var bytes = sound.ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(4, bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = troublesome[random.Next(troublesome.Length)]; break;
                    case 1: bytes.Insert(at, troublesome[random.Next(troublesome.Length)]); break;
                    case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                    default: bytes.InsertRange(at, bytes.GetRange(random.Next(0, at), random.Next(0, 4))); break;
                }
            }

            var reading = LetterFile.Read("letter.md", bytes.ToArray());

            Assert.True(
                reading.Letter is not null || reading.Faults.Any(fault => !fault.IsWarning),
                Encoding.UTF8.GetString([.. bytes]));
        }
    }

    private static string Only(LetterReading reading) => string.Join('\n', reading.Faults);

    [Theory]
    [InlineData(
        "date: 2018-03-26",
        "date: 1944-12-31",
        "letter.md, line 5",
        "“date” lies in the year 1944, and a letter's dates lie between 1945 and 2200.")]
    [InlineData(
        "comments: 2018-04-13 18:00",
        "comments: 9999-12-31",
        "letter.md, line 31",
        "“comments” lies in the year 9999, and a letter's dates lie between 1945 and 2200.")]
    [InlineData(
        "comments: 2018-04-13 18:00",
        "comments: 9999-12-31 23:00",
        "letter.md, line 31",
        "“comments” lies in the year 9999, and a letter's dates lie between 1945 and 2200.")]
    [InlineData(
        "comments: 2018-04-13 18:00",
        "comments: 0001-01-01",
        "letter.md, line 31",
        "“comments” lies in the year 0001, and a letter's dates lie between 1945 and 2200.")]
    public void Refuses_a_year_no_letter_has(string line, string instead, string place, string problem)
    {
        var fault = Assert.Single(WrittenLetter.Read(WrittenLetter.With(line, instead)).Faults);

        Assert.Equal((237, place, problem), (fault.Number, fault.Place, fault.Words));
    }

    [Theory]
    [InlineData("reference: GCM/2018/7", "reference: \"\\UFFFFFFFF\"", "letter.md, line 6")]
    [InlineData("    title: Draft Rev 1 of the Global Compact", "    title: \"\\UFFFFFFFF\"", "letter.md, line 20")]
    public void Refuses_a_character_that_does_not_exist_naming_its_line(string line, string instead, string place) =>
        Assert.Contains(
            (207, place),
            WrittenLetter.Read(WrittenLetter.With(line, instead)).Faults.Select(fault => (fault.Number, fault.Place)));

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    public void Refuses_brackets_without_end_before_they_are_read(string bracket)
    {
        var fault = Assert.Single(
            WrittenLetter
                .Read(
                    WrittenLetter.With(
                        "reference: GCM/2018/7",
                        $"place: {string.Concat(Enumerable.Repeat(bracket, 10_000))}"))
                .Faults);

        Assert.Equal((212, "letter.md, line 6"), (fault.Number, fault.Place));
    }

    [Fact]
    public void Refuses_a_text_longer_than_any_letter()
    {
        var fault = Assert.Single(WrittenLetter.Read(WrittenLetter.Text + new string('x', 100_000)).Faults);

        Assert.Equal((238, "letter.md, line 35"), (fault.Number, fault.Place));
    }

    [Fact]
    public void Reports_at_most_fifty_faults_those_that_stop_the_letter_first_and_says_how_many_more_there_are()
    {
        var early = string.Concat(Enumerable.Range(0, 60).Select(number => $"\n  early_{number}: 2001-01-01"));
        var reading = WrittenLetter.Read(
            WrittenLetter.With("  round: 2018-04-03", $"  round: 2018-04-03{early}")
                + string.Concat(Enumerable.Repeat("\na\u0001", 20)));

        Assert.Null(reading.Letter);
        Assert.Equal(50, reading.Faults.Count);
        Assert.All(reading.Faults.Take(20), fault => Assert.Equal(234, fault.Number));
        Assert.Equal(
            (239, "There are 31 further warnings, not listed here.", true),
            (reading.Faults[^1].Number, reading.Faults[^1].Words, reading.Faults[^1].IsWarning));
    }
}
