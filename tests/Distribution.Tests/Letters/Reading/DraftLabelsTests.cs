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
    [InlineData("draft-rev-2.1.pdf", "Draft Rev 2.1")]
    [InlineData("draft_rev_2_1_clean.pdf", "Draft Rev 2.1")]
    [InlineData("draft-rev-2-20180326.pdf", "Draft Rev 2")]
    [InlineData("draft-rev-2-bis.pdf", "Draft Rev 2 bis")]
    [InlineData("DraftRev1A.pdf", "Draft Rev 1A")]
    [InlineData("draft-rev-iii.pdf", "Draft Rev III")]
    [InlineData("second-draft.pdf", "Second draft")]
    [InlineData("draft-of-5-march.pdf", "Draft of 5 March")]
    [InlineData("draft-2.docx", "Draft 2")]
    [InlineData("Corrigendum to Draft Rev 3.pdf", "Draft Rev 3/Corr")]
    [InlineData("Rev.1_Add.1_Corr.2.pdf", "Rev 1/Add.1/Corr.2")]
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
    [InlineData("We share Draft Rev 2.1. A new round begins.", "Draft Rev. 2.1")]
    [InlineData("draft rev 2-1", "Draft Rev 2.1")]
    [InlineData("DRAFT REV. II", "Draft Rev 2")]
    [InlineData("the 2nd draft", "Second draft")]
    [InlineData("Draft No. 2", "Second draft")]
    [InlineData("Draft Rev 1 a", "Draft Rev 1")]
    [InlineData("projet n° 2 de la Plateforme", "Draft 2")]
    [InlineData("le deuxième projet révisé", "Draft Rev 2")]
    [InlineData("Nous transmettons le projet (rév. 1).", "Draft Rev 1")]
    [InlineData("la version révisée 2", "Draft Rev 2")]
    [InlineData("el segundo borrador", "Second draft")]
    [InlineData("el proyecto revisado núm. 3", "Draft Rev 3")]
    [InlineData("borrador cero", "Zero draft")]
    [InlineData("второй пересмотренный проект", "Draft Rev 2")]
    [InlineData("проект № 2", "Draft 2")]
    [InlineData("нулевой проект", "Zero draft")]
    [InlineData("المسودة الثانية", "Second draft")]
    [InlineData("المسودة المنقحة الثانية", "Draft Rev 2")]
    [InlineData("مشروع رقم ٢", "Draft 2")]
    [InlineData("第二次修订草案", "Draft Rev 2")]
    [InlineData("修订稿2", "Draft Rev 2")]
    [InlineData("第三稿", "Third draft")]
    [InlineData("零草案", "Zero draft")]
    [InlineData("Draft Rev 3 - Corrigendum", "Draft Rev 3, Corrigendum")]
    [InlineData("A/CONF.231/L.1/Rev.1/Add.1", "Rev.1/Add.1")]
    [InlineData("New York, 5 March 2026", "Draft of 5 March")]
    [InlineData("draft as of 5th March", "Draft of 5 March 2026")]
    [InlineData("projet du 5 mars 2026", "Draft of 5 March")]
    [InlineData("draft 2026-03-05", "Draft of 5 March")]
    [InlineData("Draft Rev 1 of 26 March 2018", "Draft Rev 1")]
    [InlineData("New York, 5 March 2026, for the session of 9 April", "Draft of 5 March")]
    // Scripts without capitals join words, or a particle.
    [InlineData("关于要素文件的意见", "要素文件")]
    [InlineData("فيما يتعلق بورقة العناصر", "ورقة العناصر")]
    [InlineData("谨附上要素文件1，请查收。", "要素文件1")]
    [InlineData("载于在1号文件中", "1号文件")]
    [InlineData("要素文件1中，", "要素文件1")]
    [InlineData("要素文件1份。", "要素文件1")]
    [InlineData("نرفق ورقة العناصر 1.", "ورقة العناصر 1")]
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
    [InlineData("Draft Rev 2.1", "Draft Rev 2")]
    [InlineData("Draft Rev 2", "Draft Rev 2.1")]
    [InlineData("Draft Rev 2.2", "Draft Rev 2.1")]
    [InlineData("Draft Rev 2", "Draft Rev 2 bis")]
    [InlineData("Draft Rev 2 ter", "Draft Rev 2 bis")]
    [InlineData("Draft Rev 1B", "Draft Rev 1A")]
    [InlineData("Draft Rev 1", "Draft Rev 1A")]
    [InlineData("Draft Rev. III", "Draft Rev. II")]
    [InlineData("Draft 1", "Draft 2")]
    [InlineData("First draft", "Second draft")]
    [InlineData("Draft of 15 February", "Draft of 5 March")]
    [InlineData("Draft of 5 March 2025", "Draft of 5 March 2026")]
    [InlineData("A text of no day", "Draft of 5 March")]
    [InlineData("Rev.1/Add.2", "Rev.1/Add.1")]
    [InlineData("Rev.1/Corr.1", "Rev.1/Add.1")]
    [InlineData("projet n° 3", "Draft 2")]
    [InlineData("第三次修订草案", "Draft Rev 2")]
    [InlineData("zero-draft-rev-2", "Zero draft Rev 1")]
    [InlineData("谨附上要素文件12，请查收。", "要素文件1")]
    [InlineData("11号文件", "1号文件")]
    [InlineData("نرفق ورقة العناصر 1.2", "ورقة العناصر 1")]
    [InlineData("نرفق ورقة العناصر ١٢", "ورقة العناصر 1")]
    public void A_text_of_another_draft_does_not(string text, string label) =>
        Assert.False(DraftLabels.Mentions(text, label));

    [Theory]
    [InlineData("Draft Rev 1/Add.1/Corr.2", "draft rev 1 add 1|draft rev 1")]
    [InlineData("Corrigendum 2 to the elements paper", "elements paper")]
    [InlineData("Corrigendum Draft Rev 1", "draft rev 1")]
    [InlineData("Corrigendum to the Draft of 5 March", "draft of 5 march")]
    [InlineData("Elements paper, Corrigendum 2", "elements paper")]
    [InlineData("Draft Rev 3", "")]
    [InlineData("Technical corrigendum", "")]
    // Its own day, and its matter.
    [InlineData("Corrigendum of 5 March 2018", "")]
    [InlineData("Addendum on financing for development", "")]
    [InlineData("Rectificatif du 5 mars 2018", "")]
    // A draft that has it in it.
    [InlineData("Draft Rev 3 incorporating Corr. 1", "")]
    [InlineData("Draft Rev 2 with Amendment 3", "")]
    [InlineData("Draft Rev 2 as corrected by Corr.1", "")]
    [InlineData("Projet Rev. 2 avec rectificatif 1", "")]
    [InlineData("Пересмотр 2 с учетом исправления, включая испр. 1", "")]
    public void A_corrigendum_or_an_addendum_belongs_to_the_document_that_its_label_names(string label, string wholes) =>
        Assert.Equal(wholes, string.Join('|', DraftLabels.WholesOf(label).Select(whole => whole.Trim())));

    [Theory]
    [InlineData("Draft Rev 1", "revision 01", true)]
    [InlineData("Draft Rev 1", "Draft Rev 2", false)]
    [InlineData("Zero draft", "Zero draft plus", false)]
    [InlineData("Zero draft", "Final draft", false)]
    [InlineData("Elements paper", "elements  PAPER.", true)]
    [InlineData("Elements paper", "Elements papers", false)]
    [InlineData("Elements paper", "Draft Rev 1", false)]
    [InlineData("Draft Rev 2.1", "Draft Rev 2.2", false)]
    [InlineData("Draft Rev 2 bis", "Draft Rev 2", false)]
    [InlineData("Draft Rev 2, Part A", "Draft Rev 2, Part B", false)]
    [InlineData("Draft Rev 2 (clean)", "Draft Rev 2", false)]
    [InlineData("Draft Rev II", "rev. 2", true)]
    [InlineData("Second draft", "Draft 2", true)]
    [InlineData("Draft of 5 March", "Draft of 15 February", false)]
    [InlineData("Draft of 5 March", "draft dated March 5", true)]
    [InlineData("Draft Rev 3, Corrigendum", "Draft Rev 3", false)]
    [InlineData("Draft Rev 3, Corrigendum", "Rev.3/Corr.1", true)]
    [InlineData("Draft Rev 2", "Second revised draft", true)]
    [InlineData("Rev 1 compared with Rev 2", "Rev 1 compared with Rev 3", false)]
    public void Two_labels_mean_the_same_draft_however_they_are_spelt_or_do_not(
        string one,
        string other,
        bool areSame) =>
        Assert.Equal(
            (areSame, areSame),
            (DraftLabels.AreSame(one, other), DraftLabels.AreSame(other, one)));

    [Theory]
    [InlineData("Rev 2", "Draft Rev 2, Part A", true)]
    [InlineData("Elements paper", "elements  PAPER.", true)]
    [InlineData("5 March", "Draft of 5 March", true)]
    [InlineData("Elements paper", "Elements paper, Part A", false)]
    [InlineData("Rev 2", "Draft Rev 3, Part A", false)]
    [InlineData("Rev 1 compared with Rev 2", "Rev 1", false)]
    [InlineData("Rev 1", "Rev 1 compared with Rev 2", false)]
    public void A_label_may_be_short_for_another(string label, string other, bool mayMean) =>
        Assert.Equal(mayMean, DraftLabels.MayMean(label, other));

    [Theory]
    [InlineData("Draft Rev 1/Add.1/Corr.2", "Draft Rev 1/Add.1", "Draft Rev 1")]
    [InlineData("Elements paper, Corrigendum 2", "Elements paper")]
    [InlineData("Corrigendum to the zero draft", "Zero draft")]
    [InlineData("Draft Rev 1")]
    [InlineData("Technical corrigendum")]
    public void An_addendum_or_a_corrigendum_belongs_to_other_documents_the_nearest_first(
        string label,
        params string[] wholes) =>
        Assert.Equal(wholes, DraftLabels.WholesOf(label), DraftLabels.AreSame);

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

    [Theory]
    // An ordinal is the name of a draft where the letter's own draft has one.
    [InlineData("We share the first draft.", "Second draft", "First draft")]
    [InlineData("We share the elements paper, not the zero draft.", "Elements paper", "Zero draft")]
    [InlineData("We share Rev 1 compared with Rev 2, and no Rev 3.", "Rev 1 compared with Rev 2", "Rev 3")]
    public void A_draft_that_a_letter_is_not_of_is_told(string text, string label, string other) =>
        Assert.Equal([other], DraftLabels.Others(text, label).Select(found => found.Words));

    [Theory]
    [InlineData("We look forward to the second draft in the autumn.", "Draft Rev 1")]
    [InlineData("We look forward to the second draft in the autumn.", "Elements paper")]
    [InlineData("The draft I sent you was read by all.", "Draft Rev 1")]
    [InlineData("This is the first. Draft Rev 1 follows.", "Draft Rev 1")]
    [InlineData("Draft Rev 1, dated 26 March 2018, is enclosed.", "Draft Rev 1")]
    [InlineData("We share Draft Rev 1. Add your comments by 3 April.", "Draft Rev 1")]
    [InlineData("Draft Rev 1 2018", "Draft Rev 1")]
    [InlineData("The draft 2030 Agenda and draft resolution 3", "Draft Rev 1")]
    [InlineData("Version 2 of the template; Draft Rev 1", "Draft Rev 1")]
    public void Words_that_are_no_label_of_another_draft_say_nothing_against_a_letter(string text, string label) =>
        Assert.Empty(DraftLabels.Others(text, label).Select(other => other.Words));
}
