using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>What is found in files that are opened: damage, locks, programs, and what was left of their writing.</summary>
public sealed class EnclosureContentsTests
{
    private static readonly byte[] Clean = SampleUpload.Word(SampleUpload.WordParagraph("Draft Rev 1"));

    /// <summary>PDFs and what is said of them.</summary>
    public static TheoryData<string, byte[], string> Pdfs => new()
    {
        { "a script that runs when it opens", SampleUpload.PdfWith("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "annex.pdf runs 1 script (JavaScript)." },
        { "escaped names", SampleUpload.PdfWith("/Open#41ction<</S/#4aava#53cript/#4aS(1)>>"), "annex.pdf runs 1 script (JavaScript)." },
        { "scripts in the names of the document", SampleUpload.PdfWith("/Names<</JavaScript<</Names[(a) 5 0 R (b) 6 0 R]>>>>", "", "<</S/JavaScript/JS(1)>>", "<</S/JavaScript/JS 7 0 R>>", "<</Length 1>>\nstream\n1\nendstream"), "annex.pdf runs 2 scripts (JavaScript)." },
        { "a script on a page", SampleUpload.PdfWith("", "/AA<</O<</S/JavaScript/JS(1)>>>>"), "annex.pdf runs 1 script (JavaScript)." },
        { "a script behind a button", SampleUpload.PdfWith("/AcroForm<</Fields[5 0 R]>>", "/Annots[5 0 R]", "<</Type/Annot/Subtype/Widget/FT/Btn/T(b)/Rect[0 0 9 9]/A<</S/JavaScript/JS(1)>>>>"), "annex.pdf runs 1 script (JavaScript)." },
        { "a script after a step", SampleUpload.PdfWith("/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/JavaScript/JS(1)>>>>"), "annex.pdf runs 1 script (JavaScript)." },
        { "a script in an object stream", SampleUpload.PackedPdf("/OpenAction 6 0 R", "<</S/JavaScript/JS(1)>>"), "annex.pdf runs 1 script (JavaScript)." },
        { "a form with scripts", SampleUpload.PdfWith("/AcroForm<</XFA 5 0 R/Fields[]>>", "", "<</Length 1>>\nstream\n1\nendstream"), "annex.pdf runs 1 script (JavaScript)." },
        { "a program that is started", SampleUpload.PdfWith("/OpenAction<</S/Launch/F(x.exe)>>"), "annex.pdf starts x.exe on the reader's machine." },
        { "a program of Windows", SampleUpload.PdfWith("/OpenAction<</S/Launch/Win<</F(cmd.exe)/P(/c calc)>>>>"), "annex.pdf starts cmd.exe on the reader's machine." },
        { "an embedded file", SampleUpload.PdfWith("/Names<</EmbeddedFiles<</Names[(a) 5 0 R]>>>>", "", "<</Type/Filespec/F(notes.xlsx)/UF(notes.xlsx)/EF<</F 6 0 R>>>>", "<</Type/EmbeddedFile/Length 1>>\nstream\n1\nendstream"), "annex.pdf holds another file, notes.xlsx." },
        { "a file pinned to a page", SampleUpload.PdfWith("", "/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS<</Type/Filespec/F(notes.docx)/EF<</F 5 0 R>>>>>>]", "<</Type/EmbeddedFile/Length 1>>\nstream\n1\nendstream"), "annex.pdf holds another file, notes.docx." },
        { "an address that opens by itself", SampleUpload.PdfWith("/OpenAction<</S/URI/URI(https://a.example/t)>>"), "annex.pdf opens or sends to https://a.example/t." },
        { "an address that opens by itself behind a link that leads to it too", SampleUpload.PdfWith("", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A 5 0 R>><</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/AA<</PO 5 0 R>>>>]", "<</S/URI/URI(https://a.example/t)>>"), "annex.pdf opens or sends to https://a.example/t." },
        { "a form that is sent", SampleUpload.PdfWith("", "/Annots[<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/A<</S/SubmitForm/F(https://a.example/f)>>>>]"), "annex.pdf opens or sends to https://a.example/f." },
        { "comments", SampleUpload.PdfWith("", "/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T(Ana)/Contents(no)>><</Type/Annot/Subtype/Highlight/Rect[0 0 9 9]/T(Legal)>><</Type/Annot/Subtype/Popup/Rect[0 0 9 9]>>]"), "annex.pdf still holds 2 comments by Ana and Legal." },
        { "comments by names in Unicode", SampleUpload.PdfWith("", "/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T<FEFF004B006F00760061010D>>>]"), "annex.pdf still holds 1 comment by Kovač." },
        { "several at once", SampleUpload.PdfWith("/OpenAction<</S/Launch/F(x.exe)/Next<</S/JavaScript/JS(1)>>>>"), "annex.pdf runs 1 script (JavaScript) and starts x.exe on the reader's machine." },
    };

    public static TheoryData<string, byte[]> CleanPdfs => new()
    {
        { "plain", Samples.Pdf() },
        { "with a link", SampleUpload.PdfWith("", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://a.example)>>>>]") },
        { "with a form to fill in", SampleUpload.PdfWith("/AcroForm<</Fields[5 0 R]>>", "/Annots[5 0 R]", "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/Rect[0 0 9 9]>>") },
        { "that opens at a page", SampleUpload.PdfWith("/OpenAction[3 0 R/Fit]") },
        { "that opens at a page with a link", SampleUpload.PdfWith("/OpenAction[3 0 R/Fit]", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://a.example)>>>>]") },
        { "packed", SampleUpload.PackedPdf("/OpenAction 6 0 R", "[3 0 R/Fit]") },
        { "padded with zeros", [.. Samples.Pdf(), .. new byte[5_000]] },
        { "the sample's draft", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "templates", "co-facilitators", "sample", "global-compact-draft-rev-1.pdf")) },
    };

    public static TheoryData<string, byte[]> DamagedPdfs => new()
    {
        { "cut off in the middle", Samples.Pdf()[..(Samples.Pdf().Length / 2)] },
        { "without its last lines", Samples.Pdf()[..^20] },
        { "without the mark of its end", Samples.Pdf()[..Samples.Pdf().AsSpan().LastIndexOf("%%EOF"u8)] },
        { "whose rest was never written", [.. Samples.Pdf()[..300], .. new byte[569]] },
        { "with nothing in it", "%PDF-1.7\n%%EOF\n"u8.ToArray() },
        { "of garbled pages", SampleUpload.Pdf([0x78, 0x9c, 1, 2, 3, 4, 5], "/Filter/FlateDecode") },
        { "without a page", Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n") },
        { "whose list of parts lies behind its end", Encoding.ASCII.GetBytes(Encoding.Latin1.GetString(SampleUpload.Pdf("BT ET"u8.ToArray())).Replace("startxref\n0", "startxref\n99999", StringComparison.Ordinal)) },
    };

    /// <summary>Office files and what is said of them.</summary>
    public static TheoryData<string, byte[], string> Offices => new()
    {
        {
            "annex.docx",
            SampleUpload.Word(
                """<w:p><w:ins w:author="Legal"><w:r><w:t>shall</w:t></w:r></w:ins><w:del w:author="Ana Kovač"><w:r><w:delText>should</w:delText></w:r></w:del><w:pPr><w:pPrChange w:author="Legal"><w:pPr/></w:pPrChange></w:pPr></w:p>""",
                more: ("word/comments.xml", """<w:comments><w:comment w:author="Legal"><w:p/></w:comment><w:comment w:author="Ana Kovač"><w:p/></w:comment></w:comments>""")),
            "annex.docx still holds 3 tracked changes by Legal and Ana Kovač and 2 comments by Legal and Ana Kovač."
        },
        {
            "annex.docx",
            SampleUpload.Word("""<w:p><w:moveFrom w:author="A"><w:r><w:t>x</w:t></w:r></w:moveFrom></w:p><w:p><w:moveTo w:author="A"><w:r><w:t>x</w:t></w:r></w:moveTo></w:p>"""),
            "annex.docx still holds 2 tracked changes by A."
        },
        {
            "annex.docx",
            SampleUpload.Word(
                SampleUpload.WordParagraph("Draft Rev 1"),
                more: ("word/footnotes.xml", """<w:footnotes><w:footnote><w:p><w:r><w:rPr><w:rPrChange w:author="A"><w:rPr/></w:rPrChange></w:rPr><w:t>x</w:t></w:r></w:p></w:footnote></w:footnotes>""")),
            "annex.docx still holds 1 tracked change by A."
        },
        {
            "annex.docx",
            SampleUpload.Word("""<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>our line</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r></w:p>"""),
            "annex.docx still holds 1 piece of hidden text."
        },
        {
            "annex.docx",
            SampleUpload.Word(
                """<w:p><w:pPr><w:pStyle w:val="Inner"/></w:pPr><w:r><w:t>our line</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r></w:p><w:p><w:r><w:rPr><w:rStyle w:val="Quiet"/></w:rPr><w:t>and this</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="Loud"/></w:pPr><w:r><w:t>shown</w:t></w:r></w:p>""",
                more: ("word/styles.xml", """<w:styles><w:style w:type="paragraph" w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Inner"><w:basedOn w:val="Note"/></w:style><w:style w:type="paragraph" w:styleId="Loud"><w:basedOn w:val="Note"/><w:rPr><w:vanish w:val="false"/></w:rPr></w:style><w:style w:type="character" w:styleId="Quiet"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>""")),
            "annex.docx still holds 2 pieces of hidden text."
        },
        {
            "annex.docx",
            SampleUpload.Word(
                SampleUpload.WordParagraph("Draft Rev 1"),
                more:
                [
                    ("word/embeddings/Microsoft_Excel_Sheet1.xlsx", "PK"),
                    ("word/embeddings/oleObject1.bin", "x"),
                    ("word/_rels/settings.xml.rels", Relations("attachedTemplate", "https://a.example/t.dotm")),
                    ("word/_rels/document.xml.rels", Relations("image", @"\\server\seal.png")),
                    ("word/_rels/footer1.xml.rels", Relations("hyperlink", "https://www.un.org")),
                ]),
            @"annex.docx still holds 2 embedded files, Microsoft_Excel_Sheet1.xlsx and oleObject1.bin and what it fetches when it is opened, from https://a.example/t.dotm and \\server\seal.png."
        },
        {
            "annex.xlsx",
            SampleUpload.Office(
                ("xl/workbook.xml", "<workbook/>"),
                ("xl/worksheets/sheet1.xml", """<worksheet><cols><col min="2" max="2" hidden="1"/><col min="9" max="16384" hidden="1"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2" hidden="1"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>x</t></is></c></row><row r="3" hidden="1"><c r="A3" s="1"/></row></sheetData></worksheet>"""),
                ("xl/pivotCache/pivotCacheDefinition1.xml", "<pivotCacheDefinition/>"),
                ("xl/pivotCache/pivotCacheRecords1.xml", "<pivotCacheRecords/>"),
                ("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
                ("xl/externalLinks/_rels/externalLink1.xml.rels", Relations("externalLinkPath", "https://a.example/budget.xlsx"))),
            "annex.xlsx still holds 1 hidden row, 1 hidden column, the rows behind 1 pivot table and values of 1 other workbook."
        },
        {
            "annex.ods",
            SampleUpload.Zip(
                ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                ("content.xml", """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse" table:number-columns-repeated="3"/><table:table-row><table:table-cell table:number-columns-repeated="3"><text:p>1</text:p></table:table-cell></table:table-row><table:table-row table:visibility="filter"><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row><table:table-row table:visibility="collapse"><table:table-cell/></table:table-row></table:table></office:document-content>"""),
                ("Object 1/content.xml", "<a/>")),
            "annex.ods still holds 1 hidden row, 1 hidden column and 1 embedded file, Object 1."
        },
        {
            "annex.xlsx",
            SampleUpload.Office(
                ("xl/workbook.xml", """<workbook><sheets><sheet name="Budget"/><sheet name="Red lines" state="hidden"/><sheet name="Old" state="veryHidden"/></sheets></workbook>"""),
                ("xl/comments1.xml", """<comments><authors><author>Ana</author></authors><commentList><comment authorId="0"/></commentList></comments>""")),
            "annex.xlsx still holds 1 comment by Ana and 2 hidden sheets, Red lines and Old."
        },
        {
            "annex.pptx",
            SampleUpload.Office(
                ("ppt/presentation.xml", "<p:presentation xmlns:p=\"p\"/>"),
                ("ppt/slides/slide1.xml", "<p:sld xmlns:p=\"p\" show=\"0\"/>"),
                ("ppt/notesSlides/notesSlide1.xml", "<p:notes xmlns:p=\"p\" xmlns:a=\"a\"><a:r><a:t>do not say this</a:t></a:r></p:notes>"),
                ("ppt/notesSlides/notesSlide2.xml", "<p:notes xmlns:p=\"p\" xmlns:a=\"a\"><a:fld><a:t>2</a:t></a:fld></p:notes>"),
                ("ppt/commentAuthors.xml", "<p:cmAuthorLst xmlns:p=\"p\"><p:cmAuthor name=\"Ana\"/></p:cmAuthorLst>"),
                ("ppt/comments/comment1.xml", "<p:cmLst xmlns:p=\"p\"><p:cm/><p:cm/></p:cmLst>")),
            "annex.pptx still holds 2 comments by Ana, 1 hidden slide and notes for the speaker on 1 slide."
        },
        {
            "annex.odt",
            SampleUpload.Zip(
                ("mimetype", "application/vnd.oasis.opendocument.text"),
                ("content.xml", """<office:document-content xmlns:office="o" xmlns:text="t" xmlns:dc="d"><text:tracked-changes><text:changed-region><text:insertion><office:change-info><dc:creator>Legal</dc:creator></office:change-info></text:insertion></text:changed-region></text:tracked-changes><text:p><office:annotation><dc:creator>Ana</dc:creator></office:annotation></text:p></office:document-content>""")),
            "annex.odt still holds 1 tracked change by Legal and 1 comment by Ana."
        },
    };

    public static TheoryData<string, byte[], int, string> Refused => new()
    {
        { "annex.docx", Clean[..^30], 280, "damaged or was cut off" },
        { "annex.docx", SampleUpload.Word("<w:p>"), 280, "damaged or was cut off" },
        { "annex.docx", SampleUpload.Zip("word/document.xml"), 274, "By its name this is a Word file" },
        { "annex.docx", SampleUpload.Office(("xl/workbook.xml", "<workbook/>")), 274, "By its name this is a Word file" },
        { "annex.odt", Clean, 274, "By its name this is a text document" },
        { "annex.docx", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. Encoding.Unicode.GetBytes("EncryptedPackage")], 279, "opens only with a password" },
        { "annex.pdf", SampleUpload.Pdf("BT ET"u8.ToArray(), trailer: "/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/R 4/Recipients[<00>]>>"), 279, "opens only with a password" },
        // What a DOCTYPE declares is not read.
        { "annex.odt", SampleUpload.Zip(("mimetype", "x"), ("content.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")), 280, "damaged or was cut off" },
        { "annex.doc", Clean, 274, "By its name this is a Word file" },
        { "annex.xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. Encoding.Unicode.GetBytes("_VBA_PROJECT")], 275, "contains macros" },
        { "annex.odt", SampleUpload.Zip(("mimetype", "x"), ("content.xml", "<a/>"), ("META-INF/manifest.xml", "<m><encryption-data/></m>")), 279, "opens only with a password" },
        // As LibreOffice locks it: the text is no XML, and stands before the part that says so.
        { "annex.ods", SampleUpload.Zip(("mimetype", "x"), ("meta.xml", "\u0001\u0002"), ("content.xml", "\u0003\u0004"), ("META-INF/manifest.xml", "<m><encryption-data/></m>")), 279, "opens only with a password" },
        // As Office 97 to 2003 lock theirs.
        { "annex.doc", Old([0xEC, 0xA5, 0xC1, 0x00, 0, 0, 0, 0, 0, 0, 0, 0x01]), 279, "opens only with a password" },
        { "annex.xls", Old([0x09, 0x08, 0x04, 0x00, 0, 6, 5, 0, 0x2F, 0x00]), 279, "opens only with a password" },
        { "annex.ppt", Old(Encoding.Unicode.GetBytes("EncryptedSummary")), 279, "opens only with a password" },
        { "annex.docx", SampleUpload.Word("", more: ("word/embeddings/run.exe", "MZ")), 281, "The file holds run.exe" },
        { "annex.docx", SampleUpload.Word("", more: ("word/embeddings/image1.tmp", "MZ")), 281, "The file holds image1.tmp" },
        { "annex.pdf", SampleUpload.PdfWith("/Names<</EmbeddedFiles<</Names[(a) 5 0 R]>>>>", "", "<</Type/Filespec/F(run.js)/EF<</F 6 0 R>>>>", "<</Length 1>>\nstream\n1\nendstream"), 281, "The file holds run.js" },
        { "annex.zip", SampleUpload.Zip(("notes/a.txt", "x"), ("run.exe", "MZ"), ("b.vbs", "x")), 281, "The file holds run.exe and b.vbs, which are programs or can start one" },
        { "annex.zip", SampleUpload.Zip(("a.lnk", "x")), 281, "The file holds a.lnk" },
        { "annex.zip", SampleUpload.Zip(("picture.png", "MZ and more")), 278, "By its content this is a program" },
        { "annex.zip", SampleUpload.Zip(("inner.zip", "PK\u0003\u0004")), 282, "it holds another archive, inner.zip" },
        { "annex.zip", SampleUpload.Zip(("inner.dat", "PK\u0003\u0004")), 282, "it holds another archive, inner.dat" },
        { "annex.zip", SampleUpload.Zip(("inner.7z", "7z")), 282, "it holds another archive, inner.7z" },
        { "annex.zip", Encrypted(SampleUpload.Zip(("a.txt", "x"))), 282, "it is locked with a password" },
        { "annex.zip", SampleUpload.Zip(("a.txt", "x"))[..^8], 280, "damaged or was cut off" },
        { "annex.zip", "no archive"u8.ToArray(), 274, "By its name this is a zip archive" },
        { "annex.rar", "Rar!"u8.ToArray(), 282, "a .rar is not looked into here" },
        { "annex.7z", "7z"u8.ToArray(), 282, "a .7z is not looked into here" },
    };

    [Theory]
    [MemberData(nameof(Pdfs))]
    public void A_PDF_with(string what, byte[] pdf, string words) => Asks("annex.pdf", pdf, words, what);

    [Theory]
    [MemberData(nameof(CleanPdfs))]
    public void A_PDF_passes(string what, byte[] pdf) =>
        Assert.True(Findings("annex.pdf", pdf) is [], $"{what}: {string.Join(' ', Findings("annex.pdf", pdf))}");

    [Theory]
    [MemberData(nameof(DamagedPdfs))]
    public void A_damaged_PDF_is_refused(string what, byte[] pdf)
    {
        var found = Findings("annex.pdf", pdf);
        Assert.True(found is [{ Number: 280, Severity: Severity.Fault }], $"{what}: {string.Join(' ', found)}");
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void What_was_left_of_writing_is_asked_about_with_numbers_and_names(string name, byte[] content, string words) =>
        Asks(name, content, words, name);

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_file_that_is_not_what_it_says_or_cannot_be_checked_is_refused(string name, byte[] content, int number, string words)
    {
        var found = Assert.Single(Findings(name, content), finding => !finding.IsWarning);
        Assert.Equal(number, found.Number);
        Assert.Contains(words, found.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_of_a_files_authors_are_noted_and_hold_up_nothing()
    {
        var note = Assert.Single(Findings("annex.docx", SampleUpload.Word(
            SampleUpload.WordParagraph("x"),
            more: ("docProps/core.xml", """<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Ana Kovač</dc:creator><cp:lastModifiedBy>Legal</cp:lastModifiedBy></cp:coreProperties>"""))));
        Assert.Equal(
            (Severity.Note, "The properties of annex.docx name Ana Kovač and Legal as having written it."),
            (note.Severity, note.Words));
    }

    [Fact]
    public void A_text_document_whose_manifest_begins_with_a_DOCTYPE_and_a_Word_file_of_a_local_template_are_sound()
    {
        Assert.Empty(Findings("annex.odt", SampleUpload.Zip(
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", "<!DOCTYPE office:document-content PUBLIC \"-//OpenOffice.org//DTD OfficeDocument 1.0//EN\" \"office.dtd\"><office:document-content xmlns:office=\"o\"/>"),
            ("META-INF/manifest.xml", "<!DOCTYPE manifest:manifest PUBLIC \"-//OpenOffice.org//DTD Manifest 1.0//EN\" \"Manifest.dtd\"><manifest:manifest xmlns:manifest=\"m\"/>"))));
        Assert.Empty(Findings("annex.docx", SampleUpload.Word(
            SampleUpload.WordParagraph("x"),
            more: ("word/_rels/settings.xml.rels", Relations("attachedTemplate", "file:///C:/Templates/Letter.dotm")))));
    }

    [Fact]
    public void Documents_within_an_archive_are_looked_into_as_those_beside_it()
    {
        var archive = SampleUpload.Zip(("a.txt", "x"));
        using var bytes = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in ((string, byte[])[])
                [
                    ("1/annex.docx", SampleUpload.Word("""<w:p><w:ins w:author="A"><w:r/></w:ins></w:p>""")),
                    ("locked.pdf", SampleUpload.LockedPdf()),
                    ("__MACOSX/._annex.docx", archive),
                ])
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }

        var found = Findings("annexes.zip", bytes.ToArray());
        Assert.Equal([277, 283, 279], found.Select(finding => finding.Number));
        Assert.Equal("annexes.zip, annex.docx", found[1].Place);
        Assert.Equal("annexes.zip, locked.pdf", found[2].Place);
    }

    [Fact]
    public void Of_many_files_the_same_is_asked_once_with_all_of_them()
    {
        var letter = SampleUpload.Letter("a1.docx");
        var names = Enumerable.Range(1, 9).Select(number => $"a{number}.docx").ToList();
        var tracked = SampleUpload.Word("""<w:p><w:ins w:author="A"><w:r/></w:ins></w:p>""");
        var asked = new EnclosureCheck().Check(SampleUpload.Of(
            letter with { Enclosures = [.. names.Select(name => letter.Enclosures[0] with { File = name })] },
            [.. names.Select(name => SampleUpload.File(name, tracked))]));
        var tick = Assert.Single(asked);
        Assert.StartsWith("a1.docx still holds 1 tracked change by A. a2.docx still", tick.Words, StringComparison.Ordinal);
        Assert.EndsWith("The same goes for 3 more files.", tick.Words, StringComparison.Ordinal);
    }

    private static void Asks(string name, byte[] content, string words, string what)
    {
        var found = Findings(name, content);
        Assert.True(
            found is [{ Severity: Severity.Tick }] && found[0].Words == words,
            $"{what}: {string.Join(' ', found)}");
    }

    private static IReadOnlyList<Finding> Findings(string name, byte[] content) =>
        [.. new EnclosureCheck().Check(SampleUpload.Of(SampleUpload.Letter(name), SampleUpload.File(name, content)))];

    private static string Relations(string type, string target) =>
        $"""<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{type}" Target="{target}" TargetMode="External"/></Relationships>""";

    /// <summary>The same archive, whose only entry says that it is encrypted.</summary>
    private static byte[] Encrypted(byte[] zip)
    {
        var start = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);
        return [.. zip[..6], (byte)(zip[6] | 1), .. zip[7..(start + 8)], (byte)(zip[start + 8] | 1), .. zip[(start + 9)..]];
    }

    [Fact]
    public void A_picture_of_the_screen_that_Word_took_and_an_old_file_without_password_pass()
    {
        Assert.DoesNotContain(EnclosureCheck.OfFile(SampleUpload.File("annex.docx", SampleUpload.Word("", more: ("word/media/image1.tmp", "PNG")))), fault => fault.Number == 281);
        Assert.DoesNotContain(EnclosureCheck.OfFile(SampleUpload.File("annex.doc", Old([0xEC, 0xA5, 0xC1, 0x00, 0, 0, 0, 0, 0, 0, 0xF0, 0x12]))), fault => fault.Number == 279);
        Assert.DoesNotContain(EnclosureCheck.OfFile(SampleUpload.File("annex.xls", Old([0x09, 0x08, 0x04, 0x00, 0, 6, 5, 0, 0xE1, 0x00]))), fault => fault.Number == 279);
    }

    /// <summary>A file of Office 97 to 2003 whose first sector begins so.</summary>
    private static byte[] Old(byte[] part) => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[504], .. part, .. new byte[512]];
}
