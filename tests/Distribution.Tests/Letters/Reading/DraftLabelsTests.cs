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
    [InlineData("compact rev 2 corrigendum 3.docx", "Rev 2/Corr.3")]
    [InlineData("rev 00.pdf", "Rev 0")]
    [InlineData(".pdf", ".pdf")]
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
    [InlineData("关于修订稿一b的意见", "修订稿一b")]
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

    [Theory]
    [InlineData("Draft Rev 1", "revision 01", true)]
    [InlineData("Draft Rev 1", "Draft Rev 2", false)]
    [InlineData("Zero draft", "Zero draft plus", false)]
    [InlineData("Zero draft", "Final draft", false)]
    [InlineData("Elements paper", "elements  PAPER.", true)]
    [InlineData("Elements paper", "Elements papers", false)]
    [InlineData("Elements paper", "Draft Rev 1", false)]
    public void Two_labels_mean_the_same_draft_however_they_are_spelt_or_do_not(
        string one,
        string other,
        bool areSame) =>
        Assert.Equal(
            (areSame, areSame),
            (DraftLabels.AreSame(one, other), DraftLabels.AreSame(other, one)));

    [Fact]
    public void What_a_text_says_of_other_drafts_is_told_apart_from_what_it_says_of_its_own()
    {
        const string text = "Draft Rev 2 replaces the zero draft and revision 1.";
        Assert.Equal(
            ["Zero draft", "Rev 1"],
            DraftLabels.Others(text, "Draft Rev 2").Select(label => label.Words));
        Assert.Equal("Zero draft", DraftLabels.Other(text, "Draft Rev 2")!.Words);
        Assert.Null(DraftLabels.Other("Draft rev. 2 is enclosed.", "Draft Rev 2"));
    }

    [Fact]
    public void Each_draft_of_a_text_is_told_once_in_order() =>
        Assert.Equal(
            ["Rev 2", "Zero draft", "Draft Rev 1"],
            DraftLabels
                .In("Rev 2 replaces the zero draft and Draft Rev 1; revision 2 is better.")
                .Select(label => label.Words));
}
