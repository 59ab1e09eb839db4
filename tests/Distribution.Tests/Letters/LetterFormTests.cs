using Distribution.Common;
using Distribution.Letters;
using Distribution.Tests.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>
/// Letters, notes verbales and cover letters, their address, markings and paper, as front matter gives them.
/// </summary>
public sealed class LetterFormTests
{
    private const string Signatories = """
        signatories:
          - name: Juan José Gómez Camacho
            title: Ambassador and Permanent Representative of Mexico to the United Nations
            letterhead: Permanent Mission of Mexico to the United Nations
          - name: Jürg Lauber
            title: Ambassador and Permanent Representative of Switzerland to the United Nations
            letterhead: Permanent Mission of Switzerland to the United Nations
        """;

    private const string Sender = """
        form: note-verbale
        sender:
          name: The Permanent Mission of Switzerland to the United Nations
          letterhead: Permanent Mission of Switzerland to the United Nations
        """;

    [Fact]
    public void A_letter_goes_to_all_together_on_A4_and_bears_no_marking_unless_it_says_otherwise()
    {
        var letter = WrittenLetter.Source();

        Assert.Equal(
            (LetterForm.Letter, AddressForm.Collective, Paper.A4),
            (letter.Form, letter.Address, letter.Paper));
        Assert.Empty(letter.Markings);
        Assert.Null(letter.EmbargoedUntil);
    }

    [Fact]
    public void Says_address_markings_embargo_and_paper()
    {
        var letter = WrittenLetter.Source(
            With(
                "address: addressed\npaper: us-letter\nmarkings: [confidential, advance-unedited]\nembargoed_until: 2018-03-26 18:00"
            ));

        Assert.Equal((AddressForm.Addressed, Paper.UsLetter), (letter.Address, letter.Paper));
        Assert.Equal([Marking.Confidential, Marking.AdvanceUnedited], letter.Markings);
        Assert.Equal(NewYorkTime.Instant(new(2018, 3, 26, 18, 0, 0)), letter.EmbargoedUntil);
    }

    [Fact]
    public void A_note_verbale_comes_from_a_sender_and_nobody_signs_it()
    {
        var note = WrittenLetter.Source(Note("transmit Draft Rev 1."));

        Assert.Equal(LetterForm.NoteVerbale, note.Form);
        Assert.Equal(
            new Sender(
                "The Permanent Mission of Switzerland to the United Nations",
                "Permanent Mission of Switzerland to the United Nations"),
            note.Sender);
        Assert.Empty(note.Signatories);
    }

    [Fact]
    public void The_form_may_be_written_in_capitals() =>
        Assert.Equal(
            LetterForm.NoteVerbale,
            WrittenLetter
                .Source(Note("transmit it.").Replace("note-verbale", "Note-Verbale", StringComparison.Ordinal))
                .Form);

    [Fact]
    public void A_scan_may_bear_the_name_of_the_letter_it_replaces() =>
        Assert.Equal(
            "letter.en.pdf",
            WrittenLetter
                .Source(
                    WrittenLetter.With(
                        "  - file: programme.pdf\n    role: programme",
                        "  - file: letter.en.pdf\n    role: letter"))
                .Enclosures[1]
                .File);

    [Theory]
    [InlineData("Excellency,\n\ntransmit Draft Rev 1.", "Excellency")]
    [InlineData("\nExcellence,\n\ntransmet le projet.", "Excellence")]
    [InlineData("阁下：\n\n转递草案。", "阁下")]
    public void A_note_verbale_that_greets_someone_is_refused(string body, string greeting) =>
        Assert.Contains(
            $"The text of a note verbale begins with a salutation, “{greeting}”",
            Only(Note(body)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "salutation: \"Excellency,\"",
        "A note verbale has no salutation: it is written in the third person and is not signed.")]
    [InlineData(Signatories, "A note verbale has no signatories: it is written in the third person and is not signed.")]
    public void A_note_verbale_mixed_with_a_letter_is_refused(string lines, string problem) =>
        Assert.Contains(
            problem,
            Only(Note("transmit it.").Replace("contact:", $"{lines}\ncontact:", StringComparison.Ordinal)),
            StringComparison.Ordinal);

    [Fact]
    public void A_letter_with_a_sender_is_refused() =>
        Assert.Contains(
            "Only a note verbale comes from a sender; a letter is signed.",
            Only(With("sender: { name: A, letterhead: B }")),
            StringComparison.Ordinal);

    [Fact]
    public void A_note_verbale_without_its_sender_is_refused() =>
        Assert.Contains(
            "lacks “sender”",
            Only(WrittenLetter.With(Signatories, "form: note-verbale")),
            StringComparison.Ordinal);

    [Fact]
    public void A_cover_letter_passes_on_another_letter()
    {
        var letter = WrittenLetter.Source(
            WrittenLetter
                .With("role: programme", "role: enclosed-letter")
                .Replace("sequence: 3", "sequence: 3\nform: cover-letter", StringComparison.Ordinal));

        Assert.Equal(LetterForm.CoverLetter, letter.Form);
        Assert.Equal(EnclosureRole.EnclosedLetter, letter.Enclosures[1].Role);
    }

    [Fact]
    public void A_cover_letter_that_passes_on_nothing_is_refused() =>
        Assert.Contains(
            "A cover letter passes on another letter, and none of its enclosures is one.",
            Only(With("form: cover-letter")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "role: programme",
        "role: enclosed-letter",
        "programme.pdf has the role enclosed-letter, which only a cover letter passes on.")]
    [InlineData(
        "  - file: programme.pdf\n    role: programme",
        "  - file: programme.docx\n    role: letter",
        "The signed letter programme.docx is not a PDF.")]
    [InlineData(
        "  - file: programme.pdf\n",
        "  - file: letter.en.pdf\n",
        "letter.en.pdf is the name under which the typeset letter is attached.")]
    [InlineData(
        "  - file: programme.pdf\n",
        "  - file: " + Samples.LetterPdf + "\n",
        Samples.LetterPdf + " is the name under which the typeset letter is attached.")]
    [InlineData(
        "  - file: programme.pdf\n    role: programme",
        "  - file: letter.fr.unofficial-translation.pdf\n    role: letter",
        "letter.fr.unofficial-translation.pdf is the name under which the typeset letter is attached.")]
    [InlineData(
        "role: draft",
        "role: letter\n  - file: second.pdf\n    role: letter",
        "second.pdf is a second enclosure with the role letter, and a letter has one signed scan.")]
    [InlineData("sequence: 3", "sequence: 3\nmarkings: [confidental]", "“confidental” cannot stand after “markings”")]
    [InlineData("sequence: 3", "sequence: 3\nform: note", "“note” cannot stand after “form”")]
    [InlineData("sequence: 3", "sequence: 3\ntranslations: [de]", "“de” cannot stand after “translations”")]
    [InlineData(
        "sequence: 3",
        "sequence: 3\ntranslations: [en]",
        "The letter itself is in English, so it needs no translation into it.")]
    [InlineData("sequence: 3", "sequence: 3\nembargoed_until: tomorrow", "tomorrow")]
    public void Refuses_a_slip_and_says_where(string line, string instead, string words) =>
        Assert.Contains(words, Only(WrittenLetter.With(line, instead)), StringComparison.Ordinal);

    private static string With(string lines) => WrittenLetter.With("sequence: 3", $"sequence: 3\n{lines}");

    private static string Note(string body) =>
        WrittenLetter.With(Signatories, Sender).Split("\n---\n")[0] + $"\n---\n{body}\n";

    private static string Only(string text) => Assert.Single(WrittenLetter.Read(text).Faults).ToString();

    [Fact]
    public void A_mission_is_asked_for_a_name_unless_the_letter_also_asks_for_its_reference()
    {
        Assert.Equal(AcknowledgeRule.Name, WrittenLetter.Source().Acknowledge);
        Assert.Equal(
            AcknowledgeRule.Name,
            WrittenLetter.Source(WrittenLetter.With("sequence: 3", "sequence: 3\nacknowledge: name")).Acknowledge);
        Assert.Equal(
            AcknowledgeRule.Reference,
            WrittenLetter.Source(WrittenLetter.With("sequence: 3", "sequence: 3\nacknowledge: Reference")).Acknowledge);
    }

    [Fact]
    public void The_reference_of_a_signed_scan_cannot_be_asked_for()
    {
        var fault = Assert.Single(
            WrittenLetter
                .Read(
                    WrittenLetter
                        .With("sequence: 3", "sequence: 3\nacknowledge: reference")
                        .Replace("role: draft", "role: letter", StringComparison.Ordinal))
                .Faults);
        Assert.Equal((354, "letter.md, line 5"), (fault.Number, fault.Place));
        Assert.Equal(
            "Missions cannot be asked for the reference printed in the letter: gcm-draft-rev-1.pdf is a signed scan, on which none is printed.",
            fault.Words);
    }
}
