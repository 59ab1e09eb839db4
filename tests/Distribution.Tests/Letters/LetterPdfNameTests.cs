using System.Text;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>The names under which typeset letters are attached, and filed by whoever receives them.</summary>
public sealed class LetterPdfNameTests
{
    [Theory]
    [InlineData("Ocean Treaty", "Draft Rev 1", "2018-03-26 Ocean Treaty - Draft Rev 1 - letter (en).pdf")]
    [InlineData(
        "Global Compact for Safe, Orderly and Regular Migration", "Zero Draft",
        "2018-03-26 Global Compact for Safe, Orderly - Zero Draft - letter (en).pdf")]
    [InlineData("Review of 2015/16: “next steps”?", "Rev. 2 bis", "2018-03-26 Review of 2015 16 next steps - Rev. 2 bis - letter (en).pdf")]
    [InlineData("A*B|C<D>", "1.0", "2018-03-26 A B C D - 1.0 - letter (en).pdf")]
    [InlineData("Pacte mondial pour l’été", "Projet n° 3.", "2018-03-26 Pacte mondial pour l’été - Projet n 3 - letter (en).pdf")]
    // What turns the direction of writing could show another ending than the file has.
    [InlineData("Treaty\u202Efdp.exe", "Draft\u200B 1", "2018-03-26 Treaty fdp.exe - Draft 1 - letter (en).pdf")]
    [InlineData("../../etc", "..", "2018-03-26 .. .. etc - letter (en).pdf")]
    [InlineData("الاتفاق العالمي", "المشروع 1", "2018-03-26 الاتفاق العالمي - المشروع 1 - letter (en).pdf")]
    public void A_name_says_the_day_the_process_the_draft_and_the_language(string process, string draft, string name) =>
        Assert.Equal(name, LetterPdf.NameOf(Letter(process, draft), "en"));

    [Fact]
    public void A_translation_stands_beside_the_letter_and_says_what_it_is()
    {
        var letter = Letter("Ocean Treaty", "Draft Rev 1");
        Assert.Equal("2018-03-26 Ocean Treaty - Draft Rev 1 - letter (fr, unofficial translation).pdf", LetterPdf.NameOf(letter, "fr"));
        Assert.Equal(
            "2018-03-26 Ocean Treaty - Draft Rev 1 - note verbale (en).pdf",
            LetterPdf.NameOf(letter with { Form = LetterForm.NoteVerbale }, "en"));
        Assert.Equal(
            "2018-03-26 Ocean Treaty - Draft Rev 1 - cover letter (en).pdf",
            LetterPdf.NameOf(letter with { Form = LetterForm.CoverLetter }, "en"));
    }

    [Fact]
    public void However_long_the_titles_are_every_file_system_takes_the_name_and_it_is_known_as_a_letters()
    {
        foreach (var title in (string[])
            [
                new('x', 300), string.Concat(Enumerable.Repeat("安全、有序和正常移民全球契约", 20)), string.Concat(Enumerable.Repeat("договор ", 60)),
            ])
        {
            var name = LetterPdf.NameOf(Letter(title, title), "fr");
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 60, 200);
            Assert.True(LetterPdf.IsName(name, isScan: true));
        }

        Assert.True(LetterPdf.IsName("letter.en.pdf", isScan: false));
        Assert.False(LetterPdf.IsName("letter.en.pdf", isScan: true));
        Assert.False(LetterPdf.IsName("draft-rev-1.pdf", isScan: false));
    }

    private static LetterSource Letter(string process, string draft) =>
        SampleLetter.Source with { Process = process, DraftLabel = draft, Date = new(2018, 3, 26) };
}
