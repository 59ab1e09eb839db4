using System.Text;
using Distribution.Common;
using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

/// <summary>
/// What office programs and keyboards of six languages make of a letter's particulars: told with its line, or harmless.
/// </summary>
public sealed class OfficeSlipsTests
{
    private const string Reference = "reference: GCM/2018/7";

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void What_Windows_calls_Unicode_is_read_with_its_mark_and_without(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var bytes = encoding.GetBytes(WrittenLetter.Text);
        Assert.Equal(WrittenLetter.Source().Signatories, Read(bytes).Letter!.Signatories);
        Assert.Equal(WrittenLetter.Source().Body, Read([.. encoding.GetPreamble(), .. bytes]).Letter!.Body);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF\uFEFF")]
    [InlineData("\u200B\uFEFF")]
    [InlineData("\u2060")]
    public void Signs_that_cannot_be_seen_at_the_head_of_a_file_do_no_harm(string head) =>
        Assert.Empty(WrittenLetter.Read(head + WrittenLetter.Text).Faults);

    [Theory]
    [InlineData(1252, "Juan José", 9)]
    [InlineData(1251, "Хуан Хосе", 9)]
    [InlineData(1256, "خوان خوسيه", 9)]
    public void A_file_in_an_encoding_of_one_country_is_told_with_the_first_line_that_cannot_be_read(
        int codePage,
        string name,
        int line)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = WrittenLetter.With("Juan José Gómez Camacho", name).Replace("Jürg", "Jurg", StringComparison.Ordinal);

        var fault = Assert.Single(Read(Encoding.GetEncoding(codePage).GetBytes(text)).Faults);

        Assert.Equal((201, $"letter.md, line {line}"), (fault.Number, fault.Place));
    }

    [Theory]
    [InlineData("—-")]
    [InlineData("———")]
    [InlineData("–--")]
    [InlineData("----")]
    [InlineData("---\u200B")]
    [InlineData("\u00A0---")]
    [InlineData("−−−")]
    [InlineData("‑‑‑")]
    [InlineData("－－－")]
    [InlineData("───")]
    public void Dashes_that_a_word_processor_makes_of_three_hyphens_are_those(string fence)
    {
        Assert.Empty(WrittenLetter.Read(WrittenLetter.With("\n---\n", $"\n{fence}\n")).Faults);
        Assert.Empty(WrittenLetter.Read(fence + WrittenLetter.Text[3..]).Faults);
    }

    [Fact]
    public void Old_line_ends_of_a_Mac_do_no_harm() => Assert.Equal(
        WrittenLetter.Source().Body,
        WrittenLetter.Read(WrittenLetter.Text.ReplaceLineEndings("\r")).Letter!.Body);

    [Theory]
    [InlineData('\u00A0')]
    [InlineData('\u202F')]
    [InlineData('\u2007')]
    [InlineData('\u3000')]
    public void Spaces_of_other_kinds_are_spaces_around_a_key(char space)
    {
        var typed = WrittenLetter.Text
            .Replace("\n    title: Amb", $"\n{new string(space, 4)}title:{space}Amb", StringComparison.Ordinal)
            .Replace("\n  - file: prog", $"\n{space}{space}-{space}file: prog", StringComparison.Ordinal)
            .Replace(Reference, $"reference{space}:{space}GCM/2018/7{space}", StringComparison.Ordinal)
            .Replace("date: 2018", $"date:{space}2018", StringComparison.Ordinal);
        Assert.Equal(WrittenLetter.Source().Signatories, WrittenLetter.Source(typed).Signatories);
        Assert.Equal(WrittenLetter.Source().Enclosures, WrittenLetter.Source(typed).Enclosures);
        Assert.Equal("GCM/2018/7", WrittenLetter.Source(typed).Reference);
        Assert.Empty(WrittenLetter.Read(typed).Faults);
    }

    [Theory]
    [InlineData("subject:", "Subject:")]
    [InlineData("process:", "PROCESS:")]
    [InlineData("subject:", "\u200Bsubject:")]
    [InlineData("subject:", "sub\u00ADject\uFEFF:")]
    [InlineData("subject:", "ｓｕｂｊｅｃｔ:")]
    [InlineData("subject:", "“subject”:")]
    [InlineData("process:", "prоcess:")]
    [InlineData("  - name: Jürg", "  - Name: Jürg")]
    [InlineData("form:", "Form:")]
    public void A_key_is_the_one_that_is_seen(string typed, string instead)
    {
        var sound = typed == "form:" ? WrittenLetter.With(Reference, "reference: GCM/2018/7\nform: letter") : WrittenLetter.Text;
        var reading = WrittenLetter.Read(sound.Replace(typed, instead, StringComparison.Ordinal));

        Assert.Empty(reading.Faults);
        Assert.Equal(
            (WrittenLetter.Source().Process, WrittenLetter.Source().Subject),
            (reading.Letter!.Process, reading.Letter.Subject));
        Assert.Equal(WrittenLetter.Source().Signatories, reading.Letter.Signatories);
    }

    [Theory]
    [InlineData('–')]
    [InlineData('−')]
    [InlineData('－')]
    [InlineData('•')]
    [InlineData('*')]
    public void What_a_word_processor_makes_of_the_hyphen_of_an_item_is_one(char mark)
    {
        var typed = WrittenLetter.Text
            .Replace("  - name:", $"  {mark} name:", StringComparison.Ordinal)
            .Replace("  - file:", $"  {mark} file:", StringComparison.Ordinal);
        Assert.Empty(WrittenLetter.Read(typed).Faults);
        Assert.Equal(WrittenLetter.Source().Signatories, WrittenLetter.Source(typed).Signatories);
        Assert.Equal(WrittenLetter.Source().Enclosures, WrittenLetter.Source(typed).Enclosures);
    }

    [Fact]
    public void A_dash_that_begins_the_second_line_of_a_text_stays() => Assert.Equal(
        "GCM – third round",
        WrittenLetter.Source(WrittenLetter.With(Reference, "reference: GCM\n  – third round")).Reference);

    [Fact]
    public void Signs_that_cannot_be_seen_are_not_in_what_was_typed()
    {
        var letter = WrittenLetter.Source(
            WrittenLetter.Text
                .Replace(Reference, "reference: GCM\u200B/20\u00AD18/7\u2060", StringComparison.Ordinal)
                .Replace("file: programme.pdf", "file: \u200Fprogramme.pdf\u200B", StringComparison.Ordinal)
                .Replace("email: migration@", "email: \u200Emigration\uFEFF@", StringComparison.Ordinal)
                .Replace("We look forward to", "We look\u200B for\u00ADward\vto", StringComparison.Ordinal));

        Assert.Equal(
            ("GCM/2018/7", "programme.pdf", "migration@mexico.example"),
            (letter.Reference, letter.Enclosures[1].File, letter.Contact.Address));
        Assert.EndsWith("We look forward\nto your comments.", letter.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audience: [member-states, vat]", "audience: member-states, vat")]
    [InlineData("audience: [member-states, vat]", "audience: member-states؛ vat")]
    [InlineData("proof:\n  - Jane Doe <jane@desk.example>\n  - desk@desk.example", "proof: Jane Doe <jane@desk.example>; desk@desk.example")]
    public void Several_on_one_line_are_a_list(string typed, string instead)
    {
        var letter = WrittenLetter.Source(WrittenLetter.With(typed.ReplaceLineEndings("\n"), instead));

        Assert.Equal(WrittenLetter.Source().Audience, letter.Audience);
        Assert.Equal(WrittenLetter.Source().Proof, letter.Proof);
    }

    [Theory]
    [InlineData("annex-1.pdf, annex 2.docx", "annex-1.pdf", "annex 2.docx")]
    [InlineData("Plan, first part.pdf", "Plan, first part.pdf")]
    public void Several_files_on_one_line_are_a_list_and_a_name_with_a_comma_is_one(string line, params string[] files)
    {
        var typed = WrittenLetter.Text.Split("enclosures:\n");
        var letter = WrittenLetter.Source($"{typed[0]}enclosures: {line}\naudience:{typed[1].Split("audience:")[1]}");
        Assert.Equal(files, letter.Enclosures.Select(entry => entry.File));
    }

    [Theory]
    [InlineData("all, not vat", "not vat")]
    [InlineData("[All, not vat]", "not vat")]
    [InlineData("all")]
    public void All_says_nothing_before_those_that_are_left_out(string typed, params string[] audience) => Assert.Equal(
        audience,
        WrittenLetter.Source(WrittenLetter.With("[member-states, vat]", typed)).Audience);

    [Fact]
    public void A_no_break_space_within_a_text_is_printed() => Assert.Equal(
        "n°\u00A07",
        WrittenLetter.Source(WrittenLetter.With(Reference, "reference: n°\u00A07")).Reference);

    [Theory]
    [InlineData("Null")]
    [InlineData("NULL")]
    [InlineData("No")]
    [InlineData("NO")]
    [InlineData("Yes")]
    [InlineData("On")]
    [InlineData("Off")]
    [InlineData("true")]
    [InlineData("007")]
    [InlineData("1e3")]
    [InlineData("0x1F")]
    [InlineData("12:30")]
    [InlineData("2018-03-26")]
    [InlineData("1_000")]
    [InlineData(".inf")]
    [InlineData("Côte d'Ivoire")]
    [InlineData("A/RES/71/280#3")]
    public void What_a_program_would_take_for_a_number_or_a_truth_value_is_a_text(string typed) =>
        Assert.Equal(typed, WrittenLetter.Source(WrittenLetter.With("name: Juan José Gómez Camacho", $"name: {typed}")).Signatories[0].Name);

    [Theory]
    [InlineData("programme.pdf", "Annex #2.pdf", "Of “file” only “Annex” is left", 23)]
    [InlineData("Draft Rev 1 of the Global Compact\n", "Statement # 3\n", "Of “title” only “Statement” is left", 20)]
    [InlineData("GCM/2018/7", "#7", "“reference” has nothing after it", 6)]
    [InlineData("Migration experts", "Experts # and Jane", "Of “name” only “Experts” is left", 16)]
    [InlineData("Jane Doe <jane@desk.example>", "Jane Doe <jane@desk.example> # the desk", "Of “proof” only", 28)]
    public void What_a_number_sign_cuts_off_is_told_with_its_line(string typed, string instead, string words, int line)
    {
        var fault = Assert.Single(WrittenLetter.Read(WrittenLetter.With(typed, instead)).Faults);

        Assert.Equal((260, $"letter.md, line {line}"), (fault.Number, fault.Place));
        Assert.Contains(words, fault.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Reference, "# ours\nreference: GCM/2018/7")]
    [InlineData(Reference, "reference: \"GCM #7\" # ours")]
    [InlineData(Reference, "reference: 'GCM #7'")]
    [InlineData("sequence: 3", "sequence: 3 # the third")]
    [InlineData("role: programme", "role: programme   # not an annex")]
    [InlineData("date: 2018-03-26", "date: 2018-03-26 # a Monday")]
    [InlineData("signatories:", "signatories: # Mexico first")]
    [InlineData("audience: [member-states, vat]", "audience: [member-states, vat] # not all")]
    public void A_comment_that_cuts_off_nothing_is_no_matter(string typed, string instead) =>
        Assert.Empty(WrittenLetter.Read(WrittenLetter.With(typed, instead)).Faults);

    [Theory]
    [InlineData("name: Juan José Gómez Camacho", "name:Juan José Gómez Camacho", 9)]
    [InlineData("    title: Amb", "    title：Amb", 10)]
    [InlineData("- file: programme.pdf", "- file：programme.pdf", 23)]
    [InlineData("date: 2018-03-26", "date： 2018-03-26", 5)]
    [InlineData("date: 2018-03-26", "DATE:2018-03-26", 5)]
    [InlineData("date: 2018-03-26", "Date∶ 2018-03-26", 5)]
    public void A_colon_that_is_none_is_told_alone(string typed, string instead, int line)
    {
        var first = WrittenLetter.Text.Split(typed, 2);
        var fault = Assert.Single(WrittenLetter.Read($"{first[0]}{instead}{first[1]}").Faults);

        Assert.Equal((261, $"letter.md, line {line}"), (fault.Number, fault.Place));
    }

    [Fact]
    public void Curly_quotation_marks_around_texts_are_one_thing_to_confirm_and_are_printed()
    {
        var reading = WrittenLetter.Read(
            WrittenLetter.With(Reference, "reference: «GCM»\nplace: “Geneva”\nsalutation: „Exzellenz“"));

        var finding = Assert.Single(reading.Faults);
        Assert.Equal((262, Severity.Tick), (finding.Number, finding.Severity));
        Assert.Contains("“place”, “reference” and “salutation”", finding.Words, StringComparison.Ordinal);
        Assert.Equal("“Geneva”", reading.Letter!.Place);
    }

    [Fact]
    public void Around_what_is_not_printed_as_it_stands_they_do_no_harm()
    {
        var reading = WrittenLetter.Read(
            WrittenLetter.Text
                .Replace("file: programme.pdf", "file: “programme.pdf”", StringComparison.Ordinal)
                .Replace("role: programme", "role: „programme“", StringComparison.Ordinal)
                .Replace("sequence: 3", "sequence: «3»", StringComparison.Ordinal));

        Assert.Empty(reading.Faults);
        Assert.Equal("programme.pdf", reading.Letter!.Enclosures[1].File);
    }

    [Theory]
    [InlineData("date: 2018-03-26", "date: 2018‑03‑26")]
    [InlineData("date: 2018-03-26", "date: 2018–03–26")]
    [InlineData("date: 2018-03-26", "date: ２０１８-０３-２６")]
    [InlineData("date: 2018-03-26", "date: ٢٠١٨-٠٣-٢٦")]
    [InlineData("date: 2018-03-26", "date: 2018-03-26\u200E")]
    [InlineData("comments: 2018-04-13 18:00", "comments: 2018-04-13\u00A018：00")]
    [InlineData("comments: 2018-04-13 18:00", "comments: 2018-04-13  18:00")]
    [InlineData("comments: 2018-04-13 18:00", "comments: 2018-04-13T18:00:00")]
    [InlineData("comments: 2018-04-13 18:00", "comments: 2018-04-13 18:00 (New York time)")]
    [InlineData("release: on-approval", "release: on‑approval")]
    public void Dates_and_words_with_the_signs_of_other_keyboards_are_those(string typed, string instead) =>
        Assert.Equal(
            (WrittenLetter.Source().Date, WrittenLetter.Source().Deadlines[0]),
            (WrittenLetter.Source(WrittenLetter.With(typed, instead)).Date, WrittenLetter.Source(WrittenLetter.With(typed, instead)).Deadlines[0]));

    [Fact]
    public void A_text_over_several_lines_is_one_line() => Assert.Equal(
        "Ambassador and Permanent Representative",
        WrittenLetter
            .Source(
                WrittenLetter.With(
                    "title: Ambassador and Permanent Representative of Mexico to the United Nations",
                    "title: Ambassador and\n      Permanent Representative"))
            .Signatories[0]
            .Title);

    private static LetterReading Read(byte[] bytes) => LetterFile.Read("letter.md", bytes);
}
