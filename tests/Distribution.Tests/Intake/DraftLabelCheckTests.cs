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

        Assert.Null(PdfFirstPage.Read(SampleUpload.Pdf(packed.ToArray(), "/Filter/FlateDecode")).Text);
        Assert.NotNull(PdfFirstPage.Read(SampleUpload.Pdf("BT ET"u8.ToArray())).Text);
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
            "letter.md, “enclosures:”: No enclosure of the letter is marked as the draft. Add “role: draft” to the enclosure that is the draft, if there is one. (D300)",
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
                "gcm_clean.pdf: The name of the file shows no draft, so it will go out as “Gcm clean”. Check that this is meant, or rename the file, for instance to draft-rev-1.pdf. (D301)",
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
