using Distribution.Common;
using Distribution.Intake;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class EnclosureCheckTests
{
    [Fact]
    public void Sound_files_pass()
    {
        Assert.Empty(Check("draft.pdf", SampleUpload.Pdf("Draft Rev 1")));
        Assert.Empty(Check("Draft.DOCX", SampleUpload.Word(SampleUpload.WordParagraph("Draft Rev 1"))));
        Assert.Empty(Check("letter 26.mar.2018.pdf", SampleUpload.Pdf("Draft Rev 1")));
        Assert.Empty(Check("note.txt", "MZ is the code of Mozambique's old currency"u8.ToArray()));
    }

    [Fact]
    public void An_empty_file_is_refused() =>
        Assert.Equal(
            ["draft.pdf: The file is empty. Upload it again; the upload may have broken off. (D270)"],
            Check("draft.pdf", []));

    [Fact]
    public void A_file_other_than_the_letter_announces_is_refused_with_the_beginning_of_both_fingerprints()
    {
        var letter = SampleUpload.Letter("a.txt");
        letter = letter with { Enclosures = [letter.Enclosures[0] with { Sha256 = new string('0', 64) }] };

        Assert.Equal(
            [
                "letter.md, line 19: a.txt is not the file the letter announces: its fingerprint begins ba7816bf8f01, and the letter says 000000000000. Upload the right file, or correct the sha256 line if the file is right. (D271)",
            ],
            new EnclosureCheck()
                .Check(SampleUpload.Of(letter, SampleUpload.File("a.txt", "abc")))
                .Select(fault => fault.ToString()));
    }

    [Fact]
    public void The_file_the_letter_announces_passes()
    {
        var file = SampleUpload.File("a.txt", "abc");
        var letter = SampleUpload.Letter("a.txt");

        Assert.Empty(
            new EnclosureCheck().Check(
                SampleUpload.Of(letter with { Enclosures = [letter.Enclosures[0] with { Sha256 = file.Hash }] }, file))
        );
    }

    [Theory]
    [InlineData("setup.exe", "exe")]
    [InlineData("setup.JS", "js")]
    [InlineData("a.bat", "bat")]
    [InlineData("a.iso", "iso")]
    [InlineData("a.docm", "docm")]
    [InlineData("a.xlsm", "xlsm")]
    [InlineData("draft.pdf.exe", "exe")]
    public void A_type_that_mail_servers_refuse_is_refused(string name, string extension) =>
        Assert.Equal(
            [
                $"{name}: Mail servers refuse files of the type .{extension}, and the whole letter with them. Enclose a PDF or a plain Word file instead. (D272)",
            ],
            Check(name, "x"u8.ToArray()));

    [Fact]
    public void A_second_type_hidden_in_the_name_is_refused() =>
        Assert.Equal(
            [
                "draft.exe.txt: The name hides a second type, .exe, before its last dot, and mail servers refuse such names. Rename the file so that one dot is left, the one before its type. (D273)",
            ],
            Check("draft.exe.txt", "x"u8.ToArray()));

    [Theory]
    [InlineData("draft.pdf", "a PDF")]
    [InlineData("draft.docx", "a Word file")]
    [InlineData("draft.xlsx", "an Excel file")]
    [InlineData("draft.pptx", "a PowerPoint file")]
    public void A_file_that_is_not_what_its_name_says_is_refused(string name, string kind)
    {
        var message =
            $"{name}: By its name this is {kind}, but by its content it is not. Open it, save it anew in the type its name says, without a password, and upload it again. (D274)";

        Assert.Equal([message], Check(name, "<html>"u8.ToArray()));
        if (kind != "a PDF")
            Assert.Equal([message], Check(name, SampleUpload.Zip("readme.txt", "[Content_Types].xml")));
    }

    [Fact]
    public void Macros_under_another_name_are_refused() =>
        Assert.Equal(
            [
                "draft.docx: The file contains macros, and mail servers refuse those. Save it without macros, or enclose a PDF instead. (D275)",
            ],
            Check("draft.docx", SampleUpload.Zip("word/document.xml", "word/vbaProject.bin")));

    [Fact]
    public void A_program_under_another_name_is_refused() =>
        Assert.Equal(
            [
                "draft.pdf: By its content this is a program, and mail servers refuse those. Find the right file and upload it in its place. (D278)",
            ],
            Check("draft.pdf", "MZ\u0090"u8.ToArray()));

    [Fact]
    public void A_PDF_that_opens_with_a_password_only_is_refused() =>
        Assert.Equal(
            [
                "draft.pdf: The file opens only with a password, so nobody could check it, and the missions could not read it. Save a copy without the password, and upload that under the same name. (D279)",
            ],
            Check("draft.pdf", SampleUpload.LockedPdf()));

    [Fact]
    public void A_PDF_that_is_protected_and_opens_is_a_warning()
    {
        var fault = Assert.Single(Faults("draft.pdf", SampleUpload.ProtectedPdf()));

        Assert.Equal(Severity.Tick, fault.Severity);
        Assert.Equal(
            "draft.pdf: The PDF is protected, though it opens without a password; some missions may not be able to print, search or comment on it. Enclose a copy without protection if you can. (D276)",
            fault.ToString());
    }

    [Theory]
    [InlineData(
        "draft.pages",
        "draft.pages: Files of the type .pages are unusual, and some missions' mail servers may hold them back. Enclose a PDF as well if missions have to read it. (D277)"
    )]
    [InlineData(
        "draft",
        "draft: The name does not show of what type the file is. Enclose a PDF as well if missions have to read it. (D277)"
    )]
    public void An_unusual_type_is_a_warning(string name, string message)
    {
        var fault = Assert.Single(Faults(name, "x"u8.ToArray()));

        Assert.True(fault.IsWarning);
        Assert.Equal(message, fault.ToString());
    }

    private static IEnumerable<Finding> Faults(string name, byte[] content) =>
        new EnclosureCheck().Check(SampleUpload.Of(SampleUpload.Letter(name), SampleUpload.File(name, content)));

    private static IEnumerable<string> Check(string name, byte[] content) =>
        Faults(name, content).Select(fault => fault.ToString());
}
