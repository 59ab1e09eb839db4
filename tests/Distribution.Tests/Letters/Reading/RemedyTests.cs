using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

/// <summary>
/// Whoever does what the remedy of a finding says gets rid of it, and gets no new one: for each finding of a letter's
/// file, a letter that has it and the change its remedy asks for.
/// </summary>
public sealed partial class RemedyTests
{
    /// <summary>A file with a finding, and the file once its remedy was followed.</summary>
    /// <param name="Says">Words of the remedy that lead there.</param>
    private sealed record Case(
        int Number,
        string Says,
        Func<IReadOnlyList<Finding>> Before,
        Func<IReadOnlyList<Finding>> After);

    private const string Reference = "reference: GCM/2018/7";

    private const string Lauber =
        "  - name: Jürg Lauber\n    title: Ambassador and Permanent Representative of Switzerland to the United Nations\n    letterhead: Permanent Mission of Switzerland to the United Nations\n";

    private const string Signed =
        "signatories:\n  - name: Juan José Gómez Camacho\n    title: Ambassador and Permanent Representative of Mexico to the United Nations\n    letterhead: Permanent Mission of Mexico to the United Nations\n"
        + Lauber;

    private const string Sender =
        "form: note-verbale\nsender:\n  name: The Permanent Mission of Mexico to the United Nations\n  letterhead: Permanent Mission of Mexico\n";

    private static readonly string Reading = Meeting("2018-04-03", "10:00", "13:00");

    private static readonly string Another = Reading["meetings:\n".Length..];

    private const string Programme = "  - file: programme.pdf\n    role: programme";
    private const string TheText = "We are pleased to share the";

    private static readonly string Correction = WrittenLetter
        .With(Reference, "supersedes: Draft Rev 1")
        .Replace("audience: [member-states, vat]\n", "", StringComparison.Ordinal);

    private static readonly string WholeCorrection = Correction.Replace(
        "supersedes: Draft Rev 1",
        "supersedes: Draft Rev 1\ncorrection: re-issue",
        StringComparison.Ordinal);

    private static readonly IReadOnlyList<Case> Cases =
    [
        Whole(200, new byte[1_200_000], Sound, "Check that this is the letter's text"),
        Whole(201, Encoding.Latin1.GetBytes(WrittenLetter.Text), Sound, "with the encoding UTF-8"),
        Changed(202, "---\nprocess", "process", "---\nprocess", "Make --- the very first line"),
        Changed(203, "\n---\n\nWe", "\n\nWe", "\n---\n\nWe", "Put a line with --- alone"),
        Changed(204, Reference, Reference + string.Concat(Enumerable.Repeat("\n#", 600)), Reference, "stands before the text"),
        Changed(205, "    title: Draft Rev 1 of", "\t\ttitle: Draft Rev 1 of", "    title: Draft Rev 1 of", "Use spaces instead"),
        Changed(206, Reference, "reference: GCM: 7", "reference: \"GCM: 7\"", "reference: \"GCM: 7\""),
        Changed(207, Reference, "reference: \"GCM", "reference: \"GCM\"", "Close it with the same mark"),
        Changed(208, Reference, "reference: [GCM", "reference: \"[GCM\"", "put the whole text in quotation marks"),
        Changed(209, Reference, "reference: &GCM", "reference: \"&GCM\"", "Put the whole value in quotation marks"),
        Changed(210, Reference, Reference + "\n    more: x", Reference, "Begin each key at the left edge"),
        Changed(211, Reference, "reference GCM/2018/7", Reference, "with a space after the colon"),
        Changed(212, Reference, "reference: [[[[[[x]]]]]]", Reference, "Keep to the keys a letter has"),
        Changed(213, Reference, "refrence: GCM/2018/7", Reference, "Write “reference”"),
        Changed(213, Reference, Reference + "\ncolour: red", Reference, "Remove the line."),
        Changed(214, Reference, Reference + "\nreference: B", Reference, "remove the other"),
        Changed(215, "sequence: 3\n", "", "sequence: 3\n", "as in “sequence: 3”"),
        Changed(216, Reference, "reference:", "reference: GCM/2018/7", "as in “reference: GCM/2018/7”"),
        Changed(216, Reference, "reference:", "", "or remove the line"),
        Changed(217, Reference, "reference: [A, B]", "reference: GCM/2018/7", "as in “reference: GCM/2018/7”"),
        Changed(218, Reference, "reference: |\n  GCM\n  7", "reference: GCM 7", "Write it on one line"),
        Changed(219, Reference, "reference: GCM\u202E7", "reference: GCM7", "type it again"),
        Changed(220, Reference, $"reference: {new string('x', 201)}", $"reference: {new string('x', 200)}", "Shorten it"),
        Changed(221, "sequence: 3", "sequence: third", "sequence: 3", "1, 2, 3"),
        Changed(222, "date: 2018-03-26", "date: 26 March 2018", "date: 2018-03-26", "as in “date: 2018-03-26”"),
        Changed(223, "round: 2018-04-03", "round: 3 April", "round: 2018-04-13 18:00", "as in “round: 2018-04-13 18:00”"),
        Changed(224, "round: 2018-04-03", "round: 2019-03-10 02:30", "round: 2019-03-10 03:00", "from 03:00 on"),
        Changed(225, "role: programme", "role: program", "role: programme", "Write “programme”"),
        Changed(225, Reference, "language: de", "language: fr", "Write one of these"),
        Changed(226, "- desk@desk.example", "- nobody", "- name@mission.example", "as in “name@mission.example”"),
        Changed(227, "  round: 2018", "  third round: 2018", "  third_round: 2018", "underscores"),
        Changed(228, Lauber, Lauber + Lauber + Lauber, Lauber + Lauber, "Keep one, two or three"),
        Changed(229, "programme.pdf", "gcm-draft-rev-1.pdf", "programme.pdf", "Keep one of the two"),
        Changed(230, Programme, "  - file: letter.md", "", "Remove it from the enclosures"),
        Changed(231, "sha256: E3B0", "sha256: X3B0", "sha256: E3B0", "Copy it again"),
        Changed(232, "comments: 2018", "comments: 2017", "comments: 2018", "Correct whichever of the two is wrong"),
        Changed(234, TheText, "We\u0007 share the", TheText, "type it again"),
        Changed(436, TheText, "We share<br>the", TheText, "Take it out"),
        Changed(436, TheText, "We share <b> the", @"We share \<b> the", "gets a backslash before it"),
        Changed(437, TheText, "We share[^1] the", "We share (see A/RES/71/280) the", "in brackets"),
        Changed(438, TheText, "We ~~send~~ share the", "We share the", "Take out the signs ~~"),
        Changed(438, TheText, "We ++share++ the", "We **share** the", "**asterisks**"),
        Changed(237, "date: 2018-03-26", "date: 1918-03-26", "date: 2018-03-26", "Correct the year"),
        Changed(238, TheText, TheText + new string('x', 100_000), TheText, "Shorten it"),
        Changed(250, "programme.pdf", "programme?.pdf", "programme.pdf", "Rename it with letters"),
        Changed(251, "programme.pdf", "..", "programme.pdf", "Give it a name"),
        Changed(253, "programme.pdf", "\"programme.pdf.\"", "programme.pdf", "Rename it without the space or dot"),
        Changed(254, "programme.pdf", $"{new string('x', 130)}.pdf", "programme.pdf", "Shorten it"),
        Changed(258, "programme.pdf", "a/programme.pdf", "programme.pdf", "write its name alone"),
        Changed(260, Reference, "reference: GCM #7", "reference: \"GCM #7\"", "reference: \"GCM #7\""),
        Changed(260, Reference, "reference: #7", "reference: \"#7\"", "in quotation marks"),
        Changed(260, Reference, "reference: GCM # ours", "# ours\nreference: GCM", "a line of its own"),
        Changed(348, "  - name: Jürg", "  -name: Jürg", "  - name: Jürg", "Write “- name: Jürg Lauber”"),
        Changed(348, "  - name: Jürg", "  2. name: Jürg", "  - name: Jürg", "with a hyphen and a space"),
        Whole(349, "{\\rtf1 ---"u8.ToArray(), Sound, "Copy what it says into a plain text"),
        Whole(349, "PK\u0003\u0004"u8.ToArray(), Sound, "upload that under this name"),
        Changed(209, Reference, "reference: [GCM] 7", "reference: \"[GCM] 7\"", "Put the whole value in quotation marks"),
        Changed(261, Reference, "reference:GCM", "reference: GCM", "Write “reference: GCM”"),
        Changed(261, Reference, "reference：GCM", "reference: GCM", "with a colon and a space"),
        Changed(262, Reference, "reference: “GCM”", "reference: GCM", "Take the quotation marks away"),
        Changed(262, Reference, "reference: «GCM»", "reference: \"«GCM»\"", "put straight ones"),
        Changed(224, Reference, Meeting("2019-03-10", "02:30", "04:00"), Meeting("2019-03-10", "03:00", "04:00"), "from 03:00 on"),
        Changed(263, Reference, Meeting("2018-04-03", "10 a.m.", "13:00"), Meeting("2018-04-03", "10:00", "13:00"), "as in “from: 10:00”"),
        Changed(264, Reference, $"{Reading}    link: webtv.un.org", $"{Reading}    link: https://webtv.un.org", "“link: https://webtv.un.org”"),
        Changed(265, Reference, Meeting("2018-04-03", "10:00", "01:00"), Meeting("2018-04-03", "10:00", "13:00"), "a later hour of the same day"),
        Changed(265, Reference, Meeting("2018-04-03", "22:00", "02:00"), Meeting("2018-04-03", "22:00", "23:59"), "write 23:59"),
        Changed(266, Reference, Reading + Another, Reading, "Keep one of the two"),
        Changed(266, Reference, Reading + Another, Reading + Another.Replace("10:00", "11:00", StringComparison.Ordinal), "or correct its title, day or hour"),
        Changed(
            267,
            Reference,
            Reading + string.Concat(Enumerable.Range(10, 12).Select(day => Another.Replace("04-03", $"04-{day}", StringComparison.Ordinal))),
            Reading,
            "list here the meetings that missions enter"),
        Whole(268, Bytes(WrittenLetter.With(Reference, $"{Reading}    cancelled: yes")), Bytes(WrittenLetter.With(Reference, Reading)), "take the line “cancelled” out"),
        Whole(
            268,
            Bytes(Correction.Replace("supersedes: Draft Rev 1", $"{Reading}    cancelled: yes", StringComparison.Ordinal)),
            Bytes(WholeCorrection.Replace("correction: re-issue\n", $"correction: re-issue\n{Reading}    cancelled: yes\n", StringComparison.Ordinal)),
            "Name the earlier letter under “supersedes”, with “correction”"),
        Changed(269, Reference, Meeting("2017-04-03", "10:00", "13:00"), Reading, "Correct whichever of the two is wrong"),
        Changed(269, Reference, $"{Reading}embargoed_until: 2018-04-03 18:00", $"{Reading}embargoed_until: 2018-04-02 18:00", "Correct whichever of the two is wrong"),
        Changed(
            307,
            Programme,
            $"  - \"2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - meetings.ics\"\n{Reading}",
            $"  - rooms.ics\n{Reading}",
            "Give the file another name"),
        Changed(308, Reference, "page: documents\nmarkings: [confidential]", "markings: [confidential]", "Take the line “page:” out"),
        Changed(308, Reference, "page: documents\nmarkings: [strictly-confidential]", "page: documents", "or the marking “confidential”"),
        Changed(315, Reference, "sender:\n  name: A\n  letterhead: B", "", "Take the line “sender:” out"),
        Changed(316, Signed, Sender + Signed, Sender, "Take “signatories:” out with the lines below it"),
        Changed(316, Signed, Sender + Signed, Signed, "take the line “form: note-verbale” out"),
        Changed(318, "role: programme", "role: programme\nform: cover-letter", "role: enclosed-letter\nform: cover-letter", "Write “role: enclosed-letter” under the enclosure"),
        Changed(319, "role: programme", "role: enclosed-letter", "role: programme", "another role for this file"),
        Changed(319, "role: programme", "role: enclosed-letter", "role: enclosed-letter\nform: cover-letter", "Write “form: cover-letter”"),
        Changed(320, Programme, "  - {file: a.pdf, role: letter}\n  - {file: b.pdf, role: letter}", "  - {file: a.pdf, role: letter}\n  - {file: b.pdf, role: annex}", "Write another role for one of the two"),
        Changed(321, Programme, "  - {file: a.docx, role: letter}", "  - {file: a.pdf, role: letter}", "Save the scan as a PDF"),
        Changed(322, "programme.pdf", "letter.en.pdf", "programme.pdf", "Give the file another name"),
        Changed(323, Reference, "translations: [en, fr]", "translations: [fr]", "Take that translation out"),
        Changed(323, Reference, "translations: [en, fr]", "translations: [en, fr]\nlanguage: ar", "correct the line “language:”"),
        Changed(330, Reference, "send: 2018-03-20 10:00", "send: 2018-03-26 10:00", "Correct the line “send:”"),
        Changed(331, Reference, "remind: soon", "remind: 3 working days before 2018-04-03, then the day before", "as in “remind: 3 working days before 2018-04-03, then the day before”"),
        Changed(332, Reference, "remind: 2018-03-20", "remind: 2018-04-03", "Choose later days"),
        Changed(333, Reference, "remind: 2018-04-03, 2018-04-04, 2018-04-05, 2018-04-06, 2018-04-09, 2018-04-10", "remind: 2018-04-03, 2018-04-04", "Leave some out"),
        Changed(354, Programme, "  - {file: a.pdf, role: letter}\nacknowledge: reference", "  - {file: a.pdf, role: letter}\nacknowledge: name", "Write “acknowledge: name”"),
        Whole(233, Bytes(WrittenLetter.Text[..WrittenLetter.Text.IndexOf(TheText, StringComparison.Ordinal)]), Sound, "Write the text of the letter; in a file it stands below"),
        Standing(235, "send: 2018-04-01 10:00", "", "Remove the line"),
        Standing(236, "release: automatic", "release: on-approval", "write “release: on-approval”"),
        Whole(
            317,
            Bytes(WrittenLetter.With(Signed, Sender).Replace(TheText, $"Excellency,\n\n{TheText}", StringComparison.Ordinal)),
            Bytes(WrittenLetter.With(Signed, Sender).Replace(TheText, "share the", StringComparison.Ordinal)),
            "Begin with what follows “has the honour to”"),
        Translated(
            325,
            "signatories:\n  - {title: T, letterhead: L}",
            "signatories:\n  - {title: T, letterhead: L}\n  - {title: T, letterhead: L}",
            "Give the same persons in the same order"),
        Translated(309, "meetings:\n  - {title: Lecture}", "", "take the line “meetings” and those below it out"),
        Translated(
            326,
            "enclosures:\n  - {file: other.pdf, title: T}",
            "enclosures:\n  - {file: programme.pdf, title: T}",
            "Give the file's name as the letter has it"),
        Whole(
            340,
            Bytes(Correction),
            Bytes(WholeCorrection),
            "“correction: re-issue”"),
        Whole(
            341,
            Bytes(WrittenLetter.With(Reference, "supersedes: Draft Rev 1\ncorrection: re-issue")),
            Bytes(WholeCorrection),
            "Remove the line"),
    ];

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Cases.Count)];

    private static byte[] Sound => WrittenLetter.Bytes(WrittenLetter.Text);

    [Theory]
    [MemberData(nameof(Places))]
    public void Doing_what_a_remedy_says_ends_the_finding_and_makes_no_new_one(int place)
    {
        var (number, says, before, after) = Cases[place];
        Assert.Contains(
            before(),
            fault => fault.Number == number && fault.Remedy.Contains(says, StringComparison.Ordinal));
        Assert.Empty(after());
    }

    [Theory]
    [InlineData("supersedes: Draft Rev 1")]
    [InlineData("correction: re-issue")]
    public void Half_a_correction_is_told_of_its_audience_at_once(string half) =>
        Assert.Equal(
            [341, 340],
            WrittenLetter.Read(WrittenLetter.With(Reference, half)).Faults.Select(fault => fault.Number));

    /// <summary>334 is a note: nothing has to be done about it.</summary>
    [Fact]
    public void Every_finding_of_a_letters_file_but_these_has_a_case() => Assert.Equal(
        [334],
        Catalogued()
            .Matches(
                File.ReadAllText(
                    Path.Combine(
                        SampleLetter.Templates,
                        "..",
                        "functions",
                        "Distribution",
                        "Letters",
                        "Reading",
                        "LetterFileFaults.cs")))
            .Select(found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture))
            .Except(Cases.Select(proven => proven.Number)));

    private static string Meeting(string date, string from, string to) =>
        $"meetings:\n  - title: First reading\n    date: {date}\n    from: {from}\n    to: {to}\n";

    /// <param name="line">A text of the sound letter.</param>
    /// <param name="bad">What stands there instead.</param>
    /// <param name="good">What stands there once the remedy was followed.</param>
    private static Case Changed(int number, string line, string bad, string good, string says) => new(
        number,
        says,
        () => WrittenLetter.Read(WrittenLetter.With(line, bad)).Faults,
        () => WrittenLetter.Read(WrittenLetter.With(line, good)).Faults);

    private static Case Whole(int number, byte[] bad, byte[] good, string says) => new(
        number,
        says,
        () => LetterFile.Read("letter.md", bad).Faults,
        () => LetterFile.Read("letter.md", good).Faults);

    private static Case Standing(int number, string bad, string good, string says)
    {
        return new(number, says, () => Read(bad), () => Read(good));

        static IReadOnlyList<Finding> Read(string line) => LetterFile
            .ReadStanding(
                "standing.md",
                Bytes(
                    $"---\nprocess: Compact\nsubject: S\nsignatories: [{{name: A, title: B, letterhead: C}}]\ncontact: a@b.example\n{line}\n---\nText\n"),
                "draft-rev-1.pdf",
                new DateOnly(2018, 3, 26))
            .Faults;
    }

    private static Case Translated(int number, string bad, string good, string says)
    {
        return new(number, says, () => Read(bad), () => Read(good));

        static IReadOnlyList<Finding> Read(string lines) => LetterFile
            .ReadTranslation(
                "letter.fr.md",
                "fr",
                Bytes($"---\nsubject: Projet\n{lines}\n---\nTexte\n"),
                WrittenLetter.Source())
            .Faults;
    }

    private static byte[] Bytes(string text) => WrittenLetter.Bytes(text);

    [GeneratedRegex(@"public static Finding \w+\([^;]*?new\(\s*(\d{3}),")]
    private static partial Regex Catalogued();
}
