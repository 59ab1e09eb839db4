using System.IO.Compression;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Tests.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class DraftLabelCheckTests
{
    private static readonly byte[] Silent = SampleUpload.Pdf("Preamble");

    [Theory]
    [InlineData("We share the draft rev. 1.")]
    [InlineData("We share the {{ letter.draft }}.")]
    [InlineData("We share the {{- letter.draft | string.upcase }}.")]
    public void A_letter_and_a_file_that_name_one_draft_pass(string body) =>
        Assert.Empty(
            Check(
                SampleUpload.Letter("Draft_Revision_1.pdf", body: body),
                SampleUpload.Pdf("Global Compact", "DRAFT REV. 1", "replaces the zero draft")));

    [Fact]
    public void A_text_of_another_draft_is_refused_with_its_line() =>
        Assert.Equal(
            [
                "letter.md, line 37: The letter is marked Draft Rev 1, but its text speaks of Draft Rev 2 and never of Draft Rev 1. Correct the text, or the line “draft:”, whichever is wrong. (D290)",
            ],
            Check(SampleUpload.Letter("rev-1.pdf", body: "Thank you.\n\nWe share the Draft Rev 2."), Silent));

    [Fact]
    public void A_text_that_names_no_draft_is_refused() =>
        Assert.Equal(
            [
                "letter.md: The text of the letter never says Draft Rev 1. Name the draft in the text, or write {{ letter.draft }} where its name belongs. (D291)",
            ],
            Check(SampleUpload.Letter("rev-1.pdf", body: "We share the draft."), Silent));

    [Fact]
    public void A_subject_of_another_draft_is_refused() =>
        Assert.Equal(
            [
                "letter.md, “subject:”: The letter is marked Draft Rev 1, but its subject says Zero draft plus. Correct the subject, or the line “draft:”, whichever is wrong. (D292)",
            ],
            Check(SampleUpload.Letter("rev-1.pdf") with { Subject = "Zero Draft Plus of the Compact" }, Silent));

    [Fact]
    public void A_text_that_also_mentions_another_draft_is_a_warning()
    {
        var fault = Assert.Single(
            Faults(SampleUpload.Letter("rev-1.pdf", body: "We share the Draft Rev 1\nahead of Draft Rev 2."), Silent));

        Assert.True(fault.IsWarning);
        Assert.Equal(
            "letter.md, line 36: The text of the letter, which is marked Draft Rev 1, also mentions Draft Rev 2. Check that this is meant. (D293)",
            fault.ToString());
    }

    [Fact]
    public void A_file_name_of_another_draft_is_refused_even_where_the_title_agrees() =>
        Assert.Equal(
            [
                "letter.md, line 19: The letter says Draft Rev 1, but by its name draft-rev-2.pdf is Draft Rev 2. Enclose the right file; if it is the right one, add “label: Draft Rev 1” to the enclosure. (D295)",
            ],
            Check(SampleUpload.Letter("draft-rev-2.pdf", "Draft Rev 1"), Silent));

    [Fact]
    public void A_label_vouches_for_a_file_of_any_name()
    {
        Assert.Empty(Check(SampleUpload.Letter("draft-rev-2.pdf", label: "rev 1"), Silent));
        Assert.Empty(Check(SampleUpload.Letter("gcm.pdf", label: "Draft Rev 1"), Silent));
    }

    [Fact]
    public void A_label_of_another_draft_is_refused() =>
        Assert.Equal(
            [
                "letter.md, line 19: The letter is marked Draft Rev 1, but its line “label:” says that rev-1.pdf is Rev 2. Enclose the right file, or correct the line that is wrong. (D294)",
            ],
            Check(SampleUpload.Letter("rev-1.pdf", label: "Rev 2"), Silent));

    [Fact]
    public void A_title_of_another_draft_is_refused() =>
        Assert.Equal(
            [
                "letter.md, line 19: The letter says Draft Rev 1, but the title it gives rev-1.pdf says Draft Rev 2. Correct the title, or enclose the right file. (D296)",
            ],
            Check(SampleUpload.Letter("rev-1.pdf", "Draft Rev 2 of the Compact"), Silent));

    [Fact]
    public void A_file_name_that_shows_no_draft_is_a_warning()
    {
        var fault = Assert.Single(Faults(SampleUpload.Letter("gcm.pdf", "Draft Rev 1"), Silent));

        Assert.True(fault.IsWarning);
        Assert.Equal(
            "letter.md, line 19: The name gcm.pdf does not show that it is Draft Rev 1. Check that it is, and add “label: Draft Rev 1” to the enclosure to say so. (D297)",
            fault.ToString());
    }

    [Fact]
    public void A_first_page_of_another_draft_is_refused() =>
        Assert.Equal(
            [
                "rev-1.pdf: The letter says Draft Rev 1 but page 1 of rev-1.pdf says Draft Rev 2. Enclose the right file, or correct the letter. (D298)",
            ],
            Check(
                SampleUpload.Letter("rev-1.pdf", label: "Draft Rev 1"),
                SampleUpload.Pdf("Global Compact", "Draft Rev. 2")));

    /// <summary>What a comparison or a later draft says on its first page, and what a draft says of the ones before it.</summary>
    [Theory]
    [InlineData(true, "Comparison of Draft Rev 1 and Draft Rev 2")]
    [InlineData(true, "Comparaison : Draft Rev 1, Draft Rev 0")]
    [InlineData(true, "Draft Rev 1", "compared with the zero draft")]
    [InlineData(true, "Draft Rev 2 - replaces Draft Rev 1")]
    [InlineData(false, "Draft Rev 1", "This text replaces the zero draft of 5 February.")]
    [InlineData(false, "Draft Rev 1", "1. See also Draft Rev 0, paragraph 4.")]
    [InlineData(false, "Second draft", "Draft Rev 1 (revised from Draft Rev 0)")]
    public void A_first_page_that_also_says_another_draft_is_asked_about_where_it_may_be_of_that_one(bool isAsked, params string[] page)
    {
        var found = Faults(SampleUpload.Letter("rev-1.pdf", label: "Draft Rev 1"), SampleUpload.Pdf(page)).ToList();
        Assert.Equal(isAsked ? ["D606"] : [], found.Select(fault => fault.Code));
        Assert.All(found, fault => Assert.Equal(Severity.Tick, fault.Severity));
    }

    [Theory]
    [InlineData("Draft Rev 2.1", "draft-rev-2.pdf", "Draft Rev 2.1", "D295")]
    [InlineData("Draft Rev 2.1", "draft-rev-2.1.pdf", "Draft Rev 2.2", "D298")]
    [InlineData("Draft Rev 2 bis", "draft-rev-2.pdf", "", "D295")]
    [InlineData("Draft 2", "draft-1.pdf", "", "D295")]
    [InlineData("Draft Rev. II", "draft-rev-ii.pdf", "Draft Rev. III", "D298")]
    [InlineData("Second draft", "second-draft.pdf", "First draft", "D298")]
    [InlineData("Draft of 5 March", "draft-of-5-march.pdf", "Draft of 15 February", "D298")]
    [InlineData("Draft of 5 March", "draft-of-5-march.pdf", "New York, 5 March 2026", null)]
    [InlineData("Rev.1/Add.1", "rev1-add1.pdf", "Rev.1/Add.2", "D298")]
    [InlineData("Draft Rev 1", "draft-rev-1.pdf", "Second draft", "D302")]
    [InlineData("Elements paper", "elements-paper.pdf", "Zero draft", "D298")]
    public void Any_label_is_compared_with_the_file_and_its_page_as_a_whole(
        string label,
        string file,
        string page,
        string? code)
    {
        var letter = SampleUpload.Letter(file, body: "We share the {{ letter.draft }}.") with
        {
            DraftLabel = label,
            Subject = label,
        };
        var found = Faults(letter, SampleUpload.Pdf("Preamble", page)).Select(fault => fault.Code).ToList();
        Assert.Equal(code is null ? [] : [code], found);
    }

    /// <summary>A corrigendum or an addendum whose file is that of the document it belongs to.</summary>
    [Theory]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1.pdf", "Draft Rev 1", "D172,D295")]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1.pdf", "Draft Rev 1, Corrigendum", "D295")]
    [InlineData("Draft Rev 1/Add.1", "draft-rev-1.pdf", "", "D295")]
    [InlineData("Corrigendum to Draft Rev 1", "draft-rev-1.pdf", "", "D295")]
    [InlineData("Draft Rev 1 bis/Corr.1", "draft-rev-1-bis.pdf", "", "D295")]
    [InlineData("Draft Rev 1 bis/Corr.1", "draft-rev-1.pdf", "", "D295")]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1-bis.pdf", "", "D295")]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1-corr-2.pdf", "", "D295")]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1-add-1.pdf", "", "D295")]
    [InlineData("Draft Rev 1", "draft-rev-1-corr-1.pdf", "", "D295")]
    [InlineData("Draft Rev 1/Add.1/Corr.2", "draft-rev-1-add-1.pdf", "Draft Rev 1/Add.1", "D172,D295")]
    [InlineData("Draft Rev 1/Add.1/Corr.2", "draft-rev-1.pdf", "", "D295")]
    [InlineData("Zero draft, Corrigendum", "zero-draft.pdf", "Zero draft", "D172,D295")]
    [InlineData("Zero draft, Corrigendum", "zero-draft-corr-1.pdf", "Corrigendum to the zero draft", "")]
    [InlineData("Final draft/Add.2", "final-draft.pdf", "", "D295")]
    [InlineData("Draft of 5 March, Corrigendum", "draft-of-5-march.pdf", "", "D295")]
    [InlineData("Second draft, addendum", "second-draft.pdf", "", "D295")]
    [InlineData("Elements paper, Corrigendum", "elements-paper.pdf", "Elements paper", "D172,D295")]
    [InlineData("Elements paper, Corrigendum", "elements-paper-corrigendum.pdf", "Corrigendum to the elements paper", "")]
    [InlineData("Projet Rév. 1, rectificatif", "projet-rev-1.pdf", "", "D295")]
    [InlineData("Projet Rév. 1, rectificatif", "projet-rev-1-rectificatif.pdf", "Rectificatif au projet Rév. 1", "")]
    [InlineData("Proyecto revisado 1, adición 2", "proyecto-revisado-1-adicion-2.pdf", "", "")]
    [InlineData("Пересмотр 1, исправление 1", "пересмотр-1.pdf", "", "D295")]
    [InlineData("第一次修订草案更正", "第一次修订草案.pdf", "", "D295")]
    [InlineData("第一次修订草案更正", "第一次修订草案更正1.pdf", "第一次修订草案\n更正", "")]
    // Named after what it is, in other words than those of labels: asked about.
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1-corrections.pdf", "Corrections to Draft Rev 1", "D297")]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1-corr-1.pdf", "Draft Rev 1", "D172")]
    [InlineData("Draft Rev 1/Corr.1", "corrigendum.pdf", "Draft Rev 1", "D172,D297")]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1-corr-1.pdf", "Corrections to Draft Rev 1", "")]
    [InlineData("Draft Rev 1/Corr.1", "draft-rev-1-corr-1-against-draft-rev-1.pdf", "", "")]
    public void A_corrigendum_or_an_addendum_is_not_the_document_it_belongs_to(
        string label,
        string file,
        string page,
        string codes)
    {
        var letter = SampleUpload.Letter(file, body: "We share the {{ letter.draft }}.") with
        {
            DraftLabel = label,
            Subject = label,
        };
        var content = file.EndsWith(".pdf", StringComparison.Ordinal) && page.All(char.IsAscii)
            ? SampleUpload.Pdf("Preamble", page)
            : SampleUpload.Word(SampleUpload.WordParagraph(page.Length == 0 ? "-" : page));
        letter = page.All(char.IsAscii) ? letter : letter with
        {
            Enclosures = [letter.Enclosures[0] with { File = Path.ChangeExtension(file, "docx") }],
        };

        // A label that vouches for the file settles what its name says, and not what stands on its page.
        var vouched = letter with { Enclosures = [letter.Enclosures[0] with { Label = label }] };
        Assert.Equal(codes, string.Join(',', Faults(letter, content).Select(fault => fault.Code).Order()));
        Assert.Equal(
            codes.Contains("D172", StringComparison.Ordinal) ? "D172" : "",
            string.Join(',', Faults(vouched, content).Select(fault => fault.Code)));

        // Whether the letter says that it corrects the other one makes no difference to its file.
        var corrects = letter with { Supersedes = new(FollowUpKind.Corrigendum, DraftLabels.WholesOf(label) is [var whole, ..] ? whole : "Draft Rev 1/Corr.1", 5) };
        if (label != "Draft Rev 1")
            Assert.Equal(codes, string.Join(',', Faults(corrects, content).Select(fault => fault.Code).Order()));
    }

    [Theory]
    [InlineData("Reissue", "Draft Rev 2", "Draft Rev 1", "draft-rev-1.pdf", "D295")]
    [InlineData("Corrigendum", "Corrigendum", "Draft Rev 1", "draft-rev-1.pdf", "D295")]
    [InlineData("Corrigendum", "Draft Rev 1/Corr.2", "Draft Rev 1/Corr.1", "draft-rev-1-corr-1.pdf", "D295")]
    [InlineData("Corrigendum", "Draft Rev 1", "Draft Rev 1", "draft-rev-1.pdf", "")]
    public void The_file_of_what_a_letter_corrects_is_not_its_own(
        string kind,
        string label,
        string corrected,
        string file,
        string codes)
    {
        var letter = SampleUpload.Letter(file, body: "We share the {{ letter.draft }}.") with
        {
            DraftLabel = label,
            Subject = label,
            Supersedes = new(Enum.Parse<FollowUpKind>(kind), corrected, 5),
        };
        Assert.Equal(codes, string.Join(',', Faults(letter, Silent).Select(fault => fault.Code)));
    }

    [Fact]
    public void A_corrigendum_may_enclose_beside_it_the_draft_that_it_corrects()
    {
        var letter = SampleUpload.Letter("draft-rev-1-corr-1.pdf", "Corrigendum") with
        {
            DraftLabel = "Draft Rev 1/Corr.1",
            Subject = "Corrigendum to Draft Rev 1",
        };
        var draft = letter.Enclosures[0] with { File = "draft-rev-1.pdf", Title = "Draft Rev 1" };
        IEnumerable<string> Codes(EnclosureEntry beside, string page, EnclosureEntry? own = null) =>
            new DraftLabelCheck()
                .Check(
                    SampleUpload.Of(
                        letter with { Enclosures = [own ?? letter.Enclosures[0], beside] },
                        SampleUpload.File(own?.File ?? "draft-rev-1-corr-1.pdf", Silent),
                        SampleUpload.File(beside.File, SampleUpload.Pdf(page))))
                .Select(fault => fault.Code);

        Assert.Empty(Codes(draft, "Draft Rev 1"));
        Assert.Empty(Codes(draft with { File = "compact.pdf", Label = "Draft Rev 1" }, "Draft Rev 1"));
        // It is still another draft's page, another draft's title, or another draft.
        Assert.Equal(["D298"], Codes(draft, "Draft Rev 2"));
        Assert.Equal(["D295", "D296"], Codes(draft with { File = "draft-rev-2.pdf", Title = "Draft Rev 2" }, "Preamble"));
        // A comparison that names both is not the corrigendum.
        var comparison = letter.Enclosures[0] with { File = "rev-1-to-rev-1-corr-1.pdf", Role = EnclosureRole.Comparison };
        Assert.Equal(["D295", "D296"], Codes(draft, "Corrigendum", comparison));
        // Nor is the signed letter, a note or a programme that has its name.
        foreach (var role in (EnclosureRole[])[EnclosureRole.Letter, EnclosureRole.EnclosedLetter, EnclosureRole.Note, EnclosureRole.Programme, EnclosureRole.Form])
            Assert.Equal(
                ["D295", "D296"],
                Codes(draft, "Corrigendum", letter.Enclosures[0] with { File = "Letter Draft Rev 1 Corr 1.pdf", Role = role }));
        Assert.Empty(Codes(draft, "Draft Rev 1", letter.Enclosures[0] with { Role = EnclosureRole.Annex }));
    }

    [Fact]
    public void A_letter_corrects_what_the_earlier_letter_is_called_whatever_names_that_one()
    {
        var letter = SampleUpload.Letter("withdrawal.pdf", "Withdrawal", body: "Draft Rev 1 is withdrawn.") with
        {
            DraftLabel = "Withdrawal notice",
            Subject = "Withdrawal notice",
            Supersedes = new(FollowUpKind.Withdrawal, "gcm-draft-rev-1-9fd30b1c2a44", 5),
        };
        IEnumerable<string> Codes(string? corrects) => new DraftLabelCheck()
            .Check(SampleUpload.Of(letter, SampleUpload.File("withdrawal.pdf", Silent)) with { Corrects = corrects })
            .Select(finding => finding.Code);

        Assert.DoesNotContain("D290", Codes("Draft Rev 1"));
        Assert.Contains("D290", Codes("Draft Rev 2"));
    }

    [Fact]
    public void A_label_over_the_end_of_a_line_is_named_with_its_line_and_a_days_meeting_is_no_label()
    {
        var broken = SampleUpload.Letter("rev-1.pdf", body: "We share the text.\n\nIt is the draft of\n5 March that you know.");
        Assert.Equal($"letter.md, line {broken.BodyLine + 2}", new DraftLabelCheck().Check(SampleUpload.Of(broken, SampleUpload.File("rev-1.pdf", Silent))).Single(fault => fault.Code == "D290").Place);

        Assert.Empty(Faults(SampleUpload.Letter("rev-1.pdf", body: "We share Draft Rev 1 for the first reading of the draft on 3 April."), Silent));
        Assert.Contains("D293", Faults(SampleUpload.Letter("rev-1.pdf", body: "We share Draft Rev 1, which replaces the draft as at 3 April."), Silent).Select(fault => fault.Code));
    }

    [Theory]
    [InlineData("Éléments révisés, rectificatif", "elements-revises.pdf", "Éléments révisés")]
    [InlineData("Corrigendum to the Chair's text", "chair-s-text.pdf", "Chair's text")]
    public void What_a_file_is_called_after_is_quoted_as_the_letter_writes_it(string label, string file, string quoted)
    {
        var letter = SampleUpload.Letter(file, body: "We share the {{ letter.draft }}.") with
        {
            DraftLabel = label,
            Subject = label,
        };

        Assert.Contains(quoted, Assert.Single(Faults(letter, Silent)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_page_of_a_Word_file_is_compared_as_that_of_a_PDF()
    {
        var letter = SampleUpload.Letter("rev-1.docx");
        var body = SampleUpload.WordParagraph("Global Compact");
        Assert.Empty(Check(letter, SampleUpload.Word(body + SampleUpload.WordParagraph("Draft Rev. 1"))));
        Assert.Contains(
            "page 1 of rev-1.docx says Draft Rev 2",
            Assert.Single(Check(letter, SampleUpload.Word(body + SampleUpload.WordParagraph("Draft Rev. 2")))),
            StringComparison.Ordinal);
        Assert.Contains(
            "page 1 of rev-1.docx says Draft Rev 3",
            Assert.Single(Check(letter, SampleUpload.Word(body, header: "Draft Rev 3"))),
            StringComparison.Ordinal);
        // In pieces, as Word saves what was typed at several times; deleted text does not print.
        Assert.Contains(
            "says Draft Rev 2",
            Assert.Single(
                Check(
                    letter,
                    SampleUpload.Word(
                        "<w:p><w:r><w:t xml:space=\"preserve\">Draft </w:t></w:r><w:del><w:r><w:t>Rev 1</w:t></w:r></w:del><w:r><w:t>Rev 2</w:t></w:r></w:p>"))),
            StringComparison.Ordinal);
        // What stands on its second page says nothing.
        Assert.Empty(
            Check(
                letter,
                SampleUpload.Word($"{body}<w:p><w:r><w:br w:type=\"page\"/><w:t>replaces Draft Rev 2</w:t></w:r></w:p>")));
    }

    [Theory]
    [InlineData("rev-1.pdf", "%PDF-1.7 and nothing else")]
    [InlineData("rev-1.docx", "no archive")]
    [InlineData("rev-1.doc", "an older Word file")]
    public void A_page_that_cannot_be_read_is_asked_about_in_every_type_of_file(string file, string content)
    {
        var fault = Assert.Single(Faults(SampleUpload.Letter(file), Encoding.ASCII.GetBytes(content)));
        Assert.Equal(("D299", Severity.Tick), (fault.Code, fault.Severity));
    }

    [Fact]
    public void A_scanned_page_was_not_read()
    {
        var fault = Assert.Single(Faults(SampleUpload.Letter("rev-1.pdf"), SampleUpload.Pdf("BT ET"u8.ToArray())));
        Assert.Equal(("D299", Severity.Tick), (fault.Code, fault.Severity));
    }

    [Theory]
    [InlineData("Draft Rev 3, Corrigendum", "Draft Rev 3, Corrigendum", "In paragraph 12 of Draft Rev 3, read “shall”.", "corrigendum.pdf")]
    [InlineData("Draft Rev 3, Corrigendum", "Corrigendum to Draft Rev 3", "In paragraph 12 of Draft Rev 3, read “shall”.", "draft-rev-3-corr-1.pdf")]
    [InlineData("Draft Rev 3", "Corrigendum to Draft Rev 3", "In paragraph 12, Draft Rev 3 should read “shall”.", "draft-rev-3-corrigendum.pdf")]
    [InlineData("Draft Rev 3/Corr.1", "Draft Rev 3: corrigendum", "A corrigendum to Draft Rev 3 is enclosed.", "Draft Rev 3 Corrigendum.pdf")]
    public void A_natural_corrigendum_passes(string label, string subject, string body, string file)
    {
        var letter = SampleUpload.Letter(file, "Corrigendum to Draft Rev 3", body: body) with
        {
            DraftLabel = label,
            Subject = subject,
            Supersedes = new(FollowUpKind.Corrigendum, "Draft Rev 3", 5),
        };
        Assert.DoesNotContain(
            Faults(letter, SampleUpload.Pdf("Corrigendum", "In paragraph 12 of Draft Rev 3, read")),
            fault => !fault.IsWarning);
        // The words alone are enough where nothing is superseded; another draft is still another draft.
        Assert.Contains(
            Faults(letter with { Body = body.Replace("Rev 3", "Rev 2", StringComparison.Ordinal) }, Silent),
            fault => fault.Code == "D290");
    }

    [Theory]
    [InlineData("fr", "Projet Rev 1", "Nous transmettons le projet (rév. 1).", null)]
    [InlineData("fr", "Le projet", "Nous transmettons le {{ letter.draft }}.", null)]
    [InlineData("fr", "Projet Rev 2", "Nous transmettons le projet (rév. 1).", "D292")]
    [InlineData("fr", "Le projet", "Nous transmettons le projet n° 2.", "D290")]
    [InlineData("es", "El proyecto", "Transmitimos el proyecto revisado núm. 2.", "D290")]
    [InlineData("ru", "Проект", "Мы направляем второй пересмотренный проект.", "D290")]
    [InlineData("ar", "المشروع", "نحيل إليكم المسودة المنقحة الثانية.", "D290")]
    [InlineData("zh", "草案", "谨转递第二次修订草案。", "D290")]
    [InlineData("zh", "草案", "谨转递第一次修订草案。", null)]
    [InlineData("ru", "Проект", "Мы направляем проект.", "D303")]
    [InlineData("fr", "Le projet", "We share the Draft Rev 1.", "D304")]
    [InlineData("fr", "El proyecto", "Compartimos con los Estados el Draft Rev 1 y las notas de la Mesa.", "D305")]
    [InlineData("ru", "Проект", "Nous vous transmettons le projet et les notes (Rev. 1).", "D305")]
    [InlineData("es", "El proyecto", "关于第一次修订草案的意见，请于四月三日前提交。", "D305")]
    public void A_translation_is_checked_like_the_letter(string language, string subject, string body, string? code)
    {
        var letter = SampleUpload.Letter("rev-1.pdf");
        var upload = SampleUpload.Of(letter, SampleUpload.File("rev-1.pdf", Silent)) with
        {
            TranslatedInto =
            [
                letter with
                {
                    File = $"letter.{language}.md",
                    Language = language,
                    TranslationOf = "en",
                    Subject = subject,
                    Body = body,
                },
            ],
        };
        var found = new DraftLabelCheck().Check(upload).ToList();
        Assert.Equal(code is null ? [] : [code], found.Select(fault => fault.Code));
        Assert.All(found, fault => Assert.StartsWith($"letter.{language}.md", fault.Place, StringComparison.Ordinal));
    }

    [Fact]
    public void Later_pages_and_other_enclosures_may_name_other_drafts()
    {
        var letter = SampleUpload.Letter("rev-1.pdf");
        letter = letter with
        {
            Enclosures =
            [
                .. letter.Enclosures,
                new EnclosureEntry("rev-2.pdf", "Rev 2", EnclosureRole.Comparison, null, null, 20),
            ],
        };

        Assert.Empty(
            new DraftLabelCheck().Check(
                SampleUpload.Of(
                    letter,
                    SampleUpload.File("rev-1.pdf", Silent),
                    SampleUpload.File("rev-2.pdf", SampleUpload.Pdf("Rev 2")))));
    }

    [Fact]
    public void A_page_that_cannot_be_read_is_a_warning()
    {
        const string message =
            "rev-1.pdf: Page 1 of the file could not be read, so whether it is the right draft was not checked. Open the file and check it yourself. (D299)";

        foreach (
            var content in new[]
            {
                "%PDF-1.7 and nothing else"u8.ToArray(),
                SampleUpload.LockedPdf(),
                new byte[50_000_001],
            })
        {
            "%PDF-"u8.CopyTo(content);
            var fault = Assert.Single(Faults(SampleUpload.Letter("rev-1.pdf"), content));
            Assert.True(fault.IsWarning);
            Assert.Equal(message, fault.ToString());
        }
    }

    [Fact]
    public void A_page_that_unpacks_without_end_is_not_unpacked()
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var blank = Encoding.ASCII.GetBytes(new string(' ', 1_000_000));
            for (var megabyte = 0; megabyte < 101; megabyte++)
                zlib.Write(blank);
        }

        Assert.Null(PdfText.Read(SampleUpload.Pdf(packed.ToArray(), "/Filter/FlateDecode")).Pages);
        Assert.NotNull(PdfText.Read(SampleUpload.Pdf("BT ET"u8.ToArray())).Pages);
    }

    [Fact]
    public void A_damaged_PDF_never_stops_the_check()
    {
        var random = new Random(20180326);
        var sound = SampleUpload.Pdf("Global Compact", "Draft Rev 1");
        for (var round = 0; round < 60; round++)
        {
            var bytes = sound.ToArray();
            for (var change = 0; change < 10; change++)
                bytes[random.Next(5, bytes.Length)] = (byte)random.Next(256);
            Assert.All(
                Faults(SampleUpload.Letter("rev-1.pdf"), bytes),
                fault => Assert.True(fault.IsWarning || fault.Code == "D298"));
        }
    }

    [Fact]
    public void A_letter_without_a_draft_is_a_warning()
    {
        var letter = SampleUpload.Letter("note.txt");
        var fault = Assert.Single(
            new DraftLabelCheck().Check(
                SampleUpload.Of(
                    letter with
                    {
                        Enclosures = [letter.Enclosures[0] with { Role = EnclosureRole.Note }],
                    },
                    SampleUpload.File("note.txt", "x"))));

        Assert.True(fault.IsWarning);
        Assert.Equal(
            "letter.md, “enclosures:”: No enclosure of the letter is marked as the draft. Add “role: draft” to the enclosure that is the draft, or confirm that none is. (D300)",
            fault.ToString());
    }

    [Fact]
    public void A_standing_draft_is_held_against_its_page_and_a_nameless_one_is_a_warning()
    {
        Assert.Equal(
            [
                "rev-2.pdf: The letter says Rev 2 but page 1 of rev-2.pdf says Rev 3. Enclose the right file, or correct the letter. (D298)",
            ],
            CheckStanding("rev-2.pdf", SampleUpload.Pdf("Rev 3")));
        Assert.Equal(
            [
                "gcm_clean.pdf: The name of the file shows no draft, so it will go out as “Gcm clean”. Rename the file, for instance to draft-rev-1.pdf, or confirm that this is meant. (D301)",
            ],
            CheckStanding("gcm_clean.pdf", Silent));
    }

    private static IEnumerable<string> CheckStanding(string file, byte[] content)
    {
        var letter = WrittenLetter.Source() with
        {
            DraftLabel = DraftLabels.FromFileName(file),
            Subject = "{{ letter.draft }}",
            Body = "We share the {{ letter.draft }}.",
            Enclosures =
            [
                new EnclosureEntry(
                    file,
                    $"{DraftLabels.FromFileName(file)}, Compact",
                    EnclosureRole.Draft,
                    null,
                    null,
                    1),
            ],
        };
        var upload = SampleUpload.Of(letter, SampleUpload.File(file, content)) with { IsStanding = true };
        return new DraftLabelCheck().Check(upload).Select(fault => fault.ToString());
    }

    private static IEnumerable<Finding> Faults(LetterSource letter, byte[] content) =>
        new DraftLabelCheck().Check(SampleUpload.Of(letter, SampleUpload.File(letter.Enclosures[0].File, content)));

    private static IEnumerable<string> Check(LetterSource letter, byte[] content) =>
        Faults(letter, content).Select(fault => fault.ToString());
}
