using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake.CoverLetters;
using Distribution.Letters;
using Distribution.Letters.Reading;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Xunit;
using static Distribution.Tests.Intake.SampleUpload;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Distribution.Tests.Intake.CoverLetters;

/// <summary>A Word file of a cover letter becomes the particulars and the text of a letter.</summary>
public sealed partial class CoverLetterTests
{
    private const string Numbering = """
        <w:numbering>
          <w:abstractNum w:abstractNumId="1">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
            <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%3)"/></w:lvl>
          </w:abstractNum>
          <w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>
          <w:abstractNum w:abstractNumId="4"><w:numStyleLink w:val="Articles"/></w:abstractNum>
          <w:abstractNum w:abstractNumId="5"><w:styleLink w:val="Articles"/><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="Art. %1"/></w:lvl></w:abstractNum>
          <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
          <w:num w:numId="4"><w:abstractNumId w:val="4"/></w:num>
          <w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
          <w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
        </w:numbering>
        """;

    [Fact]
    public void An_English_letter_of_two_co_facilitators_is_taken_apart()
    {
        var letter = Read(
            "PERMANENT MISSION OF SWITZERLAND TO THE UNITED NATIONS",
            "",
            "New York, 26 March 2018",
            "Reference: GCM/2018/7",
            "To all Permanent and Observer Missions to the United Nations",
            "New York",
            "",
            "Excellency,",
            "",
            "We have the honour to transmit Draft Rev 1.",
            "Comments are welcome until 3 April.",
            "Please accept, Excellency, the assurances of our highest consideration.",
            "",
            "(Signed) Juan José Gómez Camacho",
            "Ambassador and Permanent Representative of Mexico",
            "to the United Nations",
            "",
            "(Signed) Jürg Lauber",
            "Ambassador and Permanent Representative of Switzerland",
            "to the United Nations",
            "",
            "Enclosure: Draft Rev 1");

        Assert.Equal(("en", "New York", new DateOnly(2018, 3, 26), "GCM/2018/7", null), (letter.Language, letter.Place, letter.Date, letter.Reference, letter.Salutation));
        Assert.Equal("We have the honour to transmit Draft Rev 1.\n\nComments are welcome until 3 April.", letter.Text);
        Assert.Equal(
            [
                new("Juan José Gómez Camacho", "Ambassador and Permanent Representative of Mexico, to the United Nations"),
                new("Jürg Lauber", "Ambassador and Permanent Representative of Switzerland, to the United Nations"),
            ],
            letter.Signatories);
        Assert.Equal(["PERMANENT MISSION OF SWITZERLAND TO THE UNITED NATIONS"], letter.Letterheads);
        Assert.Equal(
            [
                "The addressee was left out (“To all Permanent and Observer Missions to the United Nation…”): the letter prints its own.",
                "The letterhead was left out (“PERMANENT MISSION OF SWITZERLAND TO THE UNITED NATIONS”): the letter prints that of each signatory.",
                "The list of enclosures was left out (“Enclosure: Draft Rev 1”): the letter lists its documents by itself.",
                "The close was left out (“Please accept, Excellency, the assurances of our highest co…”): the letter has its own.",
                "The salutation was left out (“Excellency,”): the letter begins with it by itself.",
            ],
            letter.LeftOut);
    }

    [Fact]
    public void A_French_letter_whose_signatories_stand_in_a_table_is_taken_apart()
    {
        var letter = Parsed(Word(
            string.Concat(((string[])["Genève, le 3 avril 2018", "Excellences,", "Nous avons l’honneur de vous transmettre le projet."]).Select(WordParagraph))
                + WordParagraph("Nous vous prions d’agréer, Excellences, l’assurance de notre très haute considération.")
                + $"<w:tbl><w:tr>{Cell("Juan José Gómez Camacho")}{Cell("Jürg Lauber")}</w:tr><w:tr>{Cell("Ambassadeur", "Représentant permanent du Mexique")}{Cell("Ambassadeur", "Représentant permanent de la Suisse")}</w:tr></w:tbl>"
                + WordParagraph("Pièces jointes : le projet")));

        Assert.Equal(("fr", "Geneva", new DateOnly(2018, 4, 3), "Excellences,"), (letter.Language, letter.Place, letter.Date, letter.Salutation));
        Assert.Equal("Nous avons l’honneur de vous transmettre le projet.", letter.Text);
        Assert.Equal(
            [
                new("Juan José Gómez Camacho", "Ambassadeur, Représentant permanent du Mexique"),
                new("Jürg Lauber", "Ambassadeur, Représentant permanent de la Suisse"),
            ],
            letter.Signatories);
    }

    [Fact]
    public void An_Arabic_letter_is_taken_apart()
    {
        var letter = Read(
            "نيويورك، ٢٦ آذار/مارس ٢٠١٨",
            "أصحاب السعادة،",
            "يشرفنا أن نحيل إليكم المشروع المنقح.",
            "وتفضلوا، سعادتكم، بقبول فائق تقديرنا واحترامنا.",
            "خوان خوسيه غوميز كاماتشو",
            "السفير والممثل الدائم للمكسيك لدى الأمم المتحدة");

        // To one mission an Arabic letter begins in other words by itself, so that these are kept.
        Assert.Equal(("ar", "New York", new DateOnly(2018, 3, 26), "أصحاب السعادة،"), (letter.Language, letter.Place, letter.Date, letter.Salutation));
        Assert.Equal("يشرفنا أن نحيل إليكم المشروع المنقح.", letter.Text);
        Assert.Equal([new("خوان خوسيه غوميز كاماتشو", "السفير والممثل الدائم للمكسيك لدى الأمم المتحدة")], letter.Signatories);
    }

    [Theory]
    [InlineData("es", "Nueva York, 26 de marzo de 2018", "Excelencia:", "Tenemos el honor de transmitir el proyecto.", "Le rogamos que acepte, Excelencia, las seguridades de nuestra más alta consideración.")]
    [InlineData("ru", "Нью-Йорк, 26 марта 2018 года", "Ваше Превосходительство,", "Имеем честь препроводить проект.", "Примите, Ваше Превосходительство, уверения в нашем весьма высоком уважении.")]
    [InlineData("zh", "2018年3月26日，纽约", "阁下：", "谨随函转递修订草案。", "顺致最崇高的敬意。")]
    public void In_the_other_languages_too(string language, string date, string salutation, string text, string close)
    {
        var letter = Read(date, salutation, text, close, "J. Lauber");

        Assert.Equal(
            (language, "New York", new DateOnly(2018, 3, 26), null, text),
            (letter.Language, letter.Place, letter.Date, letter.Salutation, letter.Text));
        Assert.Equal("J. Lauber", Assert.Single(letter.Signatories).Name);
    }

    [Fact]
    public void The_numbers_that_Word_counts_are_typed_and_lists_in_lists_stand_under_their_item()
    {
        var letter = Parsed(Word(
            string.Concat(
                WordParagraph("Excellency,"),
                Item(1, 0, "first"), Item(1, 1, "one"), Item(1, 2, "deep"), Item(1, 1, "two"), Item(1, 0, "second"),
                WordParagraph("And:"),
                Item(2, 0, "a point"), Item(2, 0, "another"),
                WordParagraph("Then:"),
                Item(3, 0, "seventh"), Item(3, 0, "eighth"),
                WordParagraph("Last:"),
                // Of a list that only names a style of lists.
                Item(4, 0, "by a style")),
            more: ("word/numbering.xml", Numbering)));

        Assert.Equal(
            "1. first\n   (a) one\n       (i) deep\n   (b) two\n2. second\n\nAnd:\n\n• a point\n• another\n\nThen:\n\n7. seventh\n8. eighth\n\nLast:\n\nArt. 1 by a style",
            letter.Text);
        Assert.Equal("1. first (a) one (i) deep (b) two 2. second And: • a point • another Then: 7. seventh 8. eighth Last: Art. 1 by a style", Printed(letter.Text));
    }

    [Fact]
    public void A_Russian_list_counts_with_the_letters_that_Word_counts_with()
    {
        const string Russian = "<w:abstractNum w:abstractNumId=\"6\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"russianLower\"/><w:lvlText w:val=\"%1)\"/></w:lvl></w:abstractNum>";
        var numbering = Numbering
            .Replace("<w:num w:numId=\"1\">", $"{Russian}<w:num w:numId=\"1\">", StringComparison.Ordinal)
            .Replace("</w:numbering>", "<w:num w:numId=\"6\"><w:abstractNumId w:val=\"6\"/></w:num></w:numbering>", StringComparison.Ordinal);

        var letter = Parsed(Word(
            string.Concat(Enumerable.Range(1, 29).Select(number => Item(6, 0, $"number {number}"))),
            more: ("word/numbering.xml", numbering)));

        // Without ё, й, ъ and ь.
        Assert.Equal(
            "абвгдежзиклмнопрстуфхцчшщыэюя".Select((letterOf, place) => $"{letterOf}) number {place + 1}"),
            letter.Text.Split('\n'));
    }

    [Fact]
    public void Styles_of_words_lines_links_quotations_headings_and_tables_are_typed()
    {
        var letter = Parsed(Word(
            string.Concat(
                WordParagraph("Excellency,"),
                "<w:p><w:pPr><w:pStyle w:val=\"H\"/></w:pPr><w:r><w:t>The third round</w:t></w:r></w:p>",
                "<w:p><w:r><w:t xml:space=\"preserve\">It is </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">open, </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>inter alia</w:t></w:r><w:r><w:t>: re</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>open</w:t></w:r><w:r><w:t>ed.</w:t></w:r></w:p>",
                "<w:p><w:r><w:t>Room 2</w:t><w:br/><w:t>New York</w:t></w:r></w:p>",
                "<w:p><w:pPr><w:pStyle w:val=\"Q\"/></w:pPr><w:r><w:t>No one left behind.</w:t></w:r></w:p>",
                $"<w:tbl><w:tr>{Cell("Round")}{Cell("Date")}</w:tr><w:tr>{Cell("3")}{Cell("3 April")}</w:tr></w:tbl>",
                "<w:p xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:hyperlink r:id=\"rId7\"><w:r><w:t>the compact</w:t></w:r></w:hyperlink></w:p>"),
            more:
            [
                ("word/styles.xml", "<w:styles><w:style w:styleId=\"H\"><w:name w:val=\"heading 1\"/></w:style><w:style w:styleId=\"Q\"><w:name w:val=\"Quote\"/></w:style></w:styles>"),
                ("word/_rels/document.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId7\" Target=\"https://example.org/gcm\" TargetMode=\"External\"/></Relationships>"),
            ]));

        Assert.Equal(
            """
            ## The third round

            It is **open,** *inter alia*: reopened.

            Room 2\
            New York

            > No one left behind.

            | Round | Date |
            |---|---|
            | 3 | 3 April |

            [the compact](https://example.org/gcm)
            """.ReplaceLineEndings("\n"),
            letter.Text);
    }

    [Fact]
    public void What_Word_shows_in_another_way_than_it_is_stored_is_typed_as_it_shows()
    {
        var letter = Parsed(Word(
            string.Concat(
                WordParagraph("Excellency,"),
                $"<w:tbl><w:tblGrid><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"1\"/><w:gridCol w:w=\"2000\"/></w:tblGrid><w:tr>{Cell("Day")}<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{WordParagraph("Room")}</w:tc>{Cell("Chair")}</w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{WordParagraph("Opening")}</w:tc><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{WordParagraph("A. Lee")}</w:tc></w:tr><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{Cell("CR 2")}{Cell("B. Kim")}</w:tr><w:tr><w:trPr><w:del w:author=\"Legal\"/></w:trPr>{Cell("gone")}{Cell("")}{Cell("")}</w:tr></w:tbl>",
                "<w:p><w:pPr><w:rPr><w:del w:author=\"Legal\"/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">One </w:t></w:r></w:p>",
                WordParagraph("paragraph."),
                "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"https://example.org/gcm\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>the compact</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\"> of 10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>6</w:t></w:r><w:r><w:t xml:space=\"preserve\">, the 20</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>th</w:t></w:r></w:p>",
                "<w:p><w:r><w:rPr><w:caps/><w:shd w:val=\"clear\" w:fill=\"FFFF00\"/></w:rPr><w:t>embargoed</w:t></w:r><w:r><w:br w:type=\"page\"/><w:t>after</w:t></w:r></w:p>")));

        Assert.Equal(
            """
            | Day | Room | Chair |
            |---|---|---|
            | Opening |  | A. Lee |
            |  | CR 2 | B. Kim |

            One paragraph.

            [the compact](https://example.org/gcm) of 10⁶, the 20th

            EMBARGOED\
            after
            """.ReplaceLineEndings("\n"),
            letter.Text);
        Assert.Contains("2 tracked changes, by Legal, were taken as accepted: read whether the text says what you mean.", letter.LeftOut);
        Assert.Contains(letter.LeftOut, left => left.StartsWith("Highlighted words", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("5*3*2, *not* stressed, _nor_ this, and a_b")]
    [InlineData("<b>bold</b> and <Name> & &nbsp; and 3 < 4")]
    [InlineData("> 5 per cent")]
    [InlineData("# 5 and ## 6")]
    [InlineData("---")]
    [InlineData("[brackets](new) and [a link](https://example.org)")]
    [InlineData("~~struck~~ and ++under++ and [^1]")]
    [InlineData(@"C:\drafts\*.docx and \* and a\b")]
    [InlineData("| a | b |")]
    [InlineData("write to first_last@mission.example or https://example.org/_a_?b=*")]
    [InlineData("____ and ___ to fill in")]
    public void What_stands_in_the_document_is_what_prints(string text) =>
        Assert.Equal(
            text,
            Printed(Read("Excellency,", "Before.", System.Security.SecurityElement.Escape(text), "After.").Text)["Before. ".Length..^" After.".Length]);

    [Fact]
    public void What_a_letter_cannot_have_is_left_out_and_named()
    {
        var letter = Parsed(Word(
            string.Concat(
                WordParagraph("Excellency,"),
                "<w:p><w:del w:author=\"Legal\"><w:r><w:delText>may</w:delText></w:r></w:del><w:ins w:author=\"Legal\"><w:r><w:t>shall</w:t></w:r></w:ins><w:r><w:t xml:space=\"preserve\"> be</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>",
                "<w:p><w:r><w:drawing><a/></w:drawing></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Embargoed</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
                "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:rPr><w:rStyle w:val=\"Inner\"/></w:rPr><w:t>of the desk</w:t></w:r><w:r><w:rPr><w:u w:val=\"single\"/></w:rPr><w:t>underlined</w:t></w:r></w:p>",
                "<w:p><w:pPr><w:pStyle w:val=\"Note\"/></w:pPr><w:r><w:t>a line that its style hides</w:t></w:r></w:p>",
                "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>"),
            header: "Permanent Mission of Mexico",
            more: ("word/styles.xml", "<w:styles><w:style w:type=\"character\" w:styleId=\"Quiet\"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type=\"character\" w:styleId=\"Inner\"><w:basedOn w:val=\"Quiet\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"Note\"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>")));

        Assert.Equal("shall be\n\nunderlined\n\n12", letter.Text);
        Assert.Equal(
            [
                "2 tracked changes, by Legal, were taken as accepted: read whether the text says what you mean.",
                "1 comment was left out. A letter has none.",
                "1 footnote was left out. A letter has none: put into the text what must be said.",
                "1 picture was left out. The letter prints its own letterhead; a signature is an image beside the letter.",
                "The text box was left out (“Embargoed”): put into the text what must be said.",
                "The head or foot of the page was left out (“Permanent Mission of Mexico”): the letter prints its own.",
                "3 hidden texts were left out. They do not print.",
                "Underlined words stand in the text as plain words.",
                "The salutation was left out (“Excellency,”): the letter begins with it by itself.",
            ],
            letter.LeftOut);
    }

    [Fact]
    public void A_close_in_the_last_paragraph_is_taken_off_and_the_rest_stays() => Assert.Equal(
        "We thank you. We look forward to the round.",
        Read("Dear colleagues,", "We thank you. We look forward to the round. Please accept, Excellencies, the assurances of our highest consideration.").Text);

    [Fact]
    public void Signatories_in_columns_of_tabs_and_without_blank_lines_are_told_apart()
    {
        Assert.Equal(
            [new("A. Lee", "Ambassador of A"), new("B. Kim", "Ambassador of B")],
            Parsed(Word(WordParagraph("Excellency,") + WordParagraph("Text.") + WordParagraph("Please accept, Excellency, our regards.") + WordParagraph("")
                + Tabbed("A. Lee", "B. Kim") + Tabbed("Ambassador of A", "Ambassador of B"))).Signatories);
        Assert.Equal(
            [new("A. Lee", "Ambassador of A"), new("B. Kim", "Ambassador of B")],
            Read("Excellency,", "Text.", "Please accept, Excellency, our regards.", "A. Lee", "Ambassador of A", "B. Kim", "Ambassador of B").Signatories);
    }

    [Fact]
    public void A_pasted_text_loses_what_the_letter_has_by_itself_and_stays_else_as_it_was_typed()
    {
        var letter = CoverLetterReader.ReadPasted(
            "New York, 26 March 2018\n\nExcellency,\n\nWe *have* the honour:\n(a) one;\n(b) two.\n\nPlease accept, Excellency, the assurances of our highest consideration.\n\nA. Lee\nAmbassador\n")!;

        Assert.Equal("We *have* the honour:\n(a) one;\n(b) two.", letter.Text);
        Assert.Equal((new DateOnly(2018, 3, 26), "A. Lee"), (letter.Date, letter.Signatories[0].Name));
        Assert.Null(CoverLetterReader.ReadPasted(letter.Text));
        Assert.Null(CoverLetterReader.ReadPasted(""));
        Assert.Equal(
            "The first paragraph.\n\nThe second paragraph.",
            CoverLetterReader.ReadPasted("Excellency,\v\vThe first paragraph.\n\nThe second paragraph.")!.Text);
        Assert.Equal(
            "The first paragraph.\n\nThe second paragraph.",
            CoverLetterReader.ReadPasted("Excellency,\nThe first paragraph.\nThe second paragraph.")!.Text);
    }

    [Theory]
    [InlineData("We transmit Draft Rev 1.\n\nMs. Jane Doe, +1 212 555 0101\n\nPlease send comments to her.")]
    [InlineData("We transmit Draft Rev 1.\n\nMr. Smith will chair the first reading.\n\nIt begins at ten.")]
    [InlineData("Madame Doe présentera le texte.\n\nNous vous en remercions.")]
    [InlineData("We transmit Draft Rev 1.\n\nDear colleagues,\n\nsaid the Chair, we are nearly there.")]
    [InlineData("We transmit Draft Rev 1.\n\nWe take this opportunity to thank all delegations for their work.\n\nWe look forward to your comments by 3 April 2018.")]
    [InlineData("We transmit Draft Rev 1.\n\nPlease accept our apologies for the late notice.")]
    [InlineData("Le projet est joint.\n\nNous saisissons cette occasion pour remercier les délégations.")]
    [InlineData("Se adjunta el texto.\n\nAprovechamos la oportunidad para agradecer a todas las delegaciones.")]
    [InlineData("Please accept, Excellency, the assurances of our highest consideration.\n\nThe reading begins at ten on Monday.")]
    public void What_a_person_typed_as_the_text_is_never_taken_for_the_head_or_the_end_of_a_letter(string text) =>
        Assert.Null(CoverLetterReader.ReadPasted(text));

    [Theory]
    [InlineData("Permanent Mission of Mexico\nNew York, 26 March 2018\n\nMs. Jane Doe\n\nDear colleagues,\n\nText.\n\nYours sincerely,\n\nA.  Lee Jr.\nAmbassador", "Text.")]
    [InlineData("Excellency\n\nText.\n\nWe take this opportunity to renew to Your Excellency the assurances of our highest consideration.\n\nA. Lee\n\nEnclosures: 1. Draft Rev 1, which replaces Draft Rev 0.", "Text.")]
    [InlineData("各位代表：\n\n案文。\n\n顺致最崇高的敬意。\n\n李大使", "案文。")]
    public void A_whole_letter_that_was_pasted_is(string pasted, string text) =>
        Assert.Equal(text, CoverLetterReader.ReadPasted(pasted)!.Text);

    [Fact]
    public void An_addressee_is_no_salutation_where_one_follows() => Assert.Equal(
        ("Dear Ambassador,", "Text."),
        Read("Ms. Jane Doe", "Permanent Representative", "", "Dear Ambassador,", "Text.") is var letter ? (letter.Salutation, letter.Text) : default);

    [Fact]
    public void A_file_that_is_no_Word_file_or_has_no_text_is_refused_in_a_sentence()
    {
        Assert.Equal(165, Refused("letter.doc", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]));
        Assert.Equal(166, Refused("letter.docx", Samples.Pdf()));
        Assert.Equal(166, Refused("letter.docx", Office(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>"))));
        Assert.Equal(166, Refused("letter.docx", Office(("xl/workbook.xml", "<a/>"))));
        Assert.Equal(167, Refused("letter.docx", [0xD0, 0xCF, 0x11, 0xE0, .. Encoding.Unicode.GetBytes("EncryptedPackage")]));
        Assert.Equal(168, Refused("letter.docx", "PK no archive"u8.ToArray()));
        Assert.Equal(168, Refused("letter.docx", Word("<w:p>")));
        Assert.Equal(168, Refused("letter.docx", Word("<!DOCTYPE a [<!ENTITY b \"c\">]>")));
        Assert.Equal(168, Refused("letter.docx", Word(string.Concat(Enumerable.Repeat("<w:sdt><w:sdtContent>", 2_000)) + string.Concat(Enumerable.Repeat("</w:sdtContent></w:sdt>", 2_000)))));
        Assert.Equal(169, Refused("letter.docx", Word(string.Concat(Enumerable.Repeat(WordParagraph("x"), 6_000)))));
        Assert.Equal(169, Refused("letter.docx", Word(WordParagraph(new('x', 200_001)))));
        Assert.Equal(170, Refused("letter.docx", Word("<w:p><w:r><w:drawing/></w:r></w:p>")));
        Assert.Equal(170, Refused("letter.docx", []));
        Assert.Contains("a picture and no text", WordLetter.Read("letter.docx", Word("<w:p><w:r><w:drawing/></w:r></w:p>")).Fault!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_unpacks_to_more_than_any_letter_is_refused_before_it_fills_the_memory()
    {
        var bomb = Word($"<w:p><w:r><w:t>{new string('x', 30_000_000)}</w:t></w:r></w:p>");
        Assert.True(bomb.Length < 100_000);
        Assert.InRange(Refused("letter.docx", bomb), 168, 169);
    }

    [Fact]
    public void A_document_that_a_program_wrote_is_read()
    {
        using var file = new MemoryStream();
        using (var document = WordprocessingDocument.Create(file, WordprocessingDocumentType.Document))
            document.AddMainDocumentPart().Document = new W.Document(new W.Body(
                new W.Paragraph(new W.Run(new W.Text("Excellency,"))),
                new W.Paragraph(new W.Run(new W.RunProperties(new W.Bold()), new W.Text("We transmit")), new W.Run(new W.Text(" the draft.") { Space = SpaceProcessingModeValues.Preserve }))));

        Assert.Equal("**We transmit** the draft.", Parsed(file.ToArray()).Text);
    }

    [Theory]
    [InlineData("en", "New York, 26 March 2018", "Excellency,", "We transmit the draft.", "Please accept, Excellency, the assurances of our highest consideration.")]
    [InlineData("fr", "Genève, le 26 mars 2018", "Excellence,", "Nous avons l’honneur de vous transmettre le projet.", "Nous vous prions d’agréer, Excellence, l’assurance de notre très haute considération.")]
    [InlineData("ar", "نيويورك، 26 آذار/مارس 2018", "أصحاب السعادة،", "يشرفنا أن نحيل إليكم المشروع المنقح.", "وتفضلوا، سعادتكم، بقبول فائق تقديرنا واحترامنا.")]
    public async Task A_letter_that_LibreOffice_wrote_is_taken_apart(string language, string date, string salutation, string text, string close)
    {
        var letter = Parsed(await LibreOffice.Docx(
            $"""
            <p>{date}</p><p>{salutation}</p><p>{text}</p><ol><li>one</li><li>two</li></ol><p>{close}</p>
            <table><tr><td>A. Lee</td><td>B. Kim</td></tr><tr><td>Ambassador</td><td>Ambassador</td></tr></table>
            """));

        Assert.Equal((language, new DateOnly(2018, 3, 26)), (letter.Language, letter.Date));
        Assert.Equal($"{text}\n\n1. one\n2. two", letter.Text);
        Assert.Equal([new("A. Lee", "Ambassador"), new("B. Kim", "Ambassador")], letter.Signatories);
    }

    private static int Refused(string name, byte[] file) => WordLetter.Read(name, file).Fault!.Number;

    private static CoverLetter Read(params string[] paragraphs) => Parsed(Word(string.Concat(paragraphs.Select(WordParagraph))));

    private static CoverLetter Parsed(byte[] file)
    {
        var reading = WordLetter.Read("letter.docx", file);
        Assert.Null(reading.Fault);
        return CoverLetterReader.Read(reading.Read!);
    }

    private static string Cell(params string[] paragraphs) => $"<w:tc>{string.Concat(paragraphs.Select(WordParagraph))}</w:tc>";

    private static string Tabbed(string one, string other) => $"<w:p><w:r><w:t>{one}</w:t><w:tab/><w:t>{other}</w:t></w:r></w:p>";

    private static string Item(int list, int level, string text) =>
        $"<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>";

    /// <summary>What a letter of this text prints, as words.</summary>
    private static string Printed(string text)
    {
        var reading = LetterFile.Read("letter.md", Samples.Bytes(Samples.Letter(body: text)));
        Assert.NotNull(reading.Letter);
        Assert.Equal([], reading.Faults.Select(fault => $"{fault}"));
        List<Finding> faults = [];
        var parsed = LetterBody.Parse(
            LineEnds.Mark(text),
            new(Location.In("letter.md"), text),
            BodyRules.AsTyped,
            "en",
            RenderLimits.Default,
            faults)!;
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(parsed.Html.Replace("</p>", "</p> ", StringComparison.Ordinal).Replace("</div>", "</div> ", StringComparison.Ordinal));
        return Spaces().Replace(page.Body!.TextContent, " ").Trim();
    }

    [GeneratedRegex(@"[\s\uE000]+")]
    private static partial Regex Spaces();
}
