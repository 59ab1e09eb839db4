using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

public sealed class DraftLabelsTests
{
    [Theory]
    [InlineData("gcm-draft-rev-2_clean.pdf", "Draft Rev 2")]
    [InlineData("zero_draft_plus.docx", "Zero draft plus")]
    [InlineData("zero-draft+.docx", "Zero draft plus")]
    [InlineData("ZeroDraft.pdf", "Zero draft")]
    [InlineData("Final Draft.pdf", "Final draft")]
    [InlineData("REV3.pdf", "Rev 3")]
    [InlineData("DraftRev02.pdf", "Draft Rev 2")]
    [InlineData("GCM Rev.2 Add.1.pdf", "Rev 2/Add.1")]
    [InlineData("compact rev 2 corr.docx", "Rev 2/Corr")]
    [InlineData("projet révision 4.pdf", "Rev 4")]
    [InlineData("elements-paper_clean.pdf", "Elements paper clean")]
    [InlineData("review 2018.pdf", "Review 2018")]
    public void A_file_name_shows_its_draft(string file, string label) =>
        Assert.Equal(label, DraftLabels.FromFileName(file));

    [Theory]
    [InlineData("the draft rev. 1 of the Compact", "Draft Rev 1")]
    [InlineData("DRAFT REVISION 1,", "Draft Rev 1")]
    [InlineData("Draft\nRev\u00a01", "Draft Rev 1")]
    [InlineData("**Rev-1**", "Draft Rev 1")]
    [InlineData("مسودة Rev ١", "Draft Rev 1")]
    [InlineData("the zero draft", "Zero Draft")]
    [InlineData("our Elements  Paper.", "elements paper")]
    [InlineData("关于修订稿一的意见", "修订稿一")]
    [InlineData("half a character \ud800, Rev 1", "Rev 1")]
    public void A_text_names_a_draft_however_it_is_spelt(string text, string label) =>
        Assert.True(DraftLabels.Mentions(text, label));

    [Theory]
    [InlineData("Draft Rev 11", "Draft Rev 1")]
    [InlineData("Draft Rev 2", "Draft Rev 1")]
    [InlineData("Rev 1/Add.1", "Rev 1")]
    [InlineData("zero draft plus", "Zero draft")]
    [InlineData("previous 1", "Rev 1")]
    [InlineData("elements papers", "Elements paper")]
    [InlineData("anything", "---")]
    public void A_text_of_another_draft_does_not(string text, string label) =>
        Assert.False(DraftLabels.Mentions(text, label));

    [Fact]
    public void Each_draft_of_a_text_is_told_once_in_order() =>
        Assert.Equal(
            ["Rev 2", "Zero draft", "Draft Rev 1"],
            DraftLabels
                .In("Rev 2 replaces the zero draft and Draft Rev 1; revision 2 is better.")
                .Select(label => label.Words));
}
