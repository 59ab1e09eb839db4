using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>
/// The letter as a document, in every language and form: its words in order, its fonts, tags and marks. Each is kept as
/// a picture to look at.
/// </summary>
public sealed class LetterPdfTests
{
    /// <summary>A JPEG of 16 by 8 dots in cyan, magenta, yellow and black.</summary>
    private static readonly byte[] FourInks = Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAUDg8SDw0UEhASFxUUGB4yIR4cHB49LC4kMklATEtHQEZFUFpzYlBVbVZFRmSIZW13e4GCgU5gjZeMfZ"
        + "ZzfoF8/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQEC"
        + "AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dX"
        + "Z3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4E"
        + "QwBNAFkASwAAPwDKp9dnXR0UUUV//9k=");

    private static readonly string[] OwnFonts = ["NotoSerif-", "NotoSerifSC-", "Amiri-"];

    public static TheoryData<string, string[]> Languages =>
        new()
        {
            {
                "en",
                [
                    "Permanent Mission of Mexico to the United Nations",
                    "New York, 26 March 2018",
                    "Excellency,",
                    "As co-facilitators of the negotiations",
                    "1. the line between regular",
                    "4. its follow-up",
                    "until 6 p.m. (New York time) on 3 April 2018",
                    "Please accept, Excellency, the assurances of our highest consideration.",
                    "Juan José Gómez Camacho",
                    "Enclosure: Draft Rev 1",
                    "Permanent and Observer Missions to the United Nations",
                    "New York",
                    "7QJ4-MX2K-9TWB",
                    "Page 1 of 1",
                ]
            },
            {
                "fr",
                [
                    "Mission permanente du Mexique",
                    "New York, le 26 mars 2018",
                    "Traduction non officielle. Le texte faisant foi, en anglais, est joint.",
                    "Excellence,",
                    "En notre qualité de cofacilitateurs",
                    "A/RES/71/280",
                    "3 avril 2018",
                    "1. exposé des modifications",
                    "Veuillez agréer, Excellence, les assurances de notre très haute considération.",
                    "Jürg Lauber",
                    "Pièce jointe : Projet Rev 1",
                    "Missions permanentes et Missions permanentes d’observation",
                    "Page 1 sur 1",
                ]
            },
            {
                "es",
                [
                    "Misión Permanente de México",
                    "Nueva York, 26 de marzo de 2018",
                    "Traducción no oficial. Se adjunta el texto auténtico, en inglés.",
                    "Excelencia:",
                    "En nuestra calidad de cofacilitadores",
                    "3 de abril de 2018",
                    "Le rogamos que acepte, Excelencia, las seguridades de nuestra más alta consideración.",
                    "Anexo: Borrador Rev 1",
                    "Nueva York",
                    "Página 1 de 1",
                ]
            },
            {
                "ru",
                [
                    "Постоянное представительство Мексики",
                    "Нью-Йорк, 26 марта 2018 года",
                    "Неофициальный перевод. Аутентичный текст на английском языке прилагается.",
                    "Ваше Превосходительство,",
                    "В качестве сокоординаторов",
                    "3 апреля 2018 года",
                    "Примите, Ваше Превосходительство, уверения в нашем весьма высоком уважении.",
                    "Юрг Лаубер",
                    "Приложение: Проект Rev 1",
                    "Стр. 1 из 1",
                ]
            },
            {
                "zh",
                [
                    "墨西哥常驻联合国代表团",
                    "2018年3月26日，纽约",
                    "非正式译文。作准文本（英文）随函附上。",
                    "阁下：",
                    "我们以谈判共同协调人的身份",
                    "A/RES/71/280",
                    "2018年4月3日",
                    "说明所作的修改",
                    "顺致最崇高的敬意。",
                    "于尔格·劳贝尔",
                    "附件：",
                    "草案修订一稿",
                    "各国常驻联合国代表团及常驻观察员代表团",
                    "第1页，共1页",
                ]
            },
            {
                "ar",
                [
                    "البعثة الدائمة للمكسيك",
                    "آذار/مارس 2018",
                    "ترجمة غير رسمية",
                    "أصحاب السعادة،",
                    "بصفتنا ميسرين مشاركين",
                    "Draft Rev 1",
                    "A/RES/71/280",
                    "نيسان/أبريل",
                    "عرض التعديلات",
                    "gcm@co-facilitators.example",
                    "وتفضلوا، سعادتكم، بقبول فائق تقديرنا واحترامنا.",
                    "خوان خوسيه غوميس كاماتشو",
                    "المرفق:",
                    "البعثات الدائمة وبعثات المراقبة الدائمة",
                    "7QJ4-MX2K-9TWB",
                ]
            },
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Its_text_can_be_taken_out_in_the_order_it_is_read(string language, string[] words)
    {
        var pdf = await Made(SixLanguages.In(language), $"letter-{language}");

        Assert.SkipUnless(
            Poppler.IsInstalled("pdftotext"),
            "pdftotext (poppler-utils) is not installed, and the library's own extraction keeps no order in Arabic.");
        // In the order it was set; from right to left the tool's own order is the better one.
        var text = Plain(await Poppler.Run("pdftotext", pdf, language == "ar" ? [] : ["-raw"]));
        Assert.Equal(
            words.Select(Plain),
            words.Select(Plain).Where(phrase => text.Contains(phrase, StringComparison.Ordinal)));
        var body = words
            .Select(Plain)
            .Take(words.Length - 3)
            .Select(phrase => text.IndexOf(phrase, StringComparison.Ordinal))
            .ToList();
        Assert.Equal(body.Order(), body);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("ru")]
    [InlineData("zh")]
    [InlineData("ar")]
    public async Task It_is_tagged_says_its_language_title_and_authors_and_brings_its_fonts(string language)
    {
        var source = SixLanguages.In(language);
        var pdf = (await Typeset(source)).Pdf;

        Assert.Equal(
            (true, true),
            (Pdf.Structure(pdf).Tagged, Pdf.Structure(pdf).Language!.StartsWith(language, StringComparison.Ordinal)));
        Assert.All(
            Pdf.Fonts(pdf),
            font => Assert.Contains(OwnFonts, own => font.Contains(own, StringComparison.Ordinal)));
        var metadata = Pdf.Metadata(pdf);
        Assert.Contains(source.Process, metadata, StringComparison.Ordinal);
        Assert.Contains(source.Signatories[0].Name, metadata, StringComparison.Ordinal);
        foreach (
            var mark in (string[])
                [
                    "<pdfuaid:part>1</pdfuaid:part>",
                    "<pdfaid:part>2</pdfaid:part>",
                    "<pdfaid:conformance>A</pdfaid:conformance>",
                    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>",
                ])
            Assert.Contains(mark, metadata, StringComparison.Ordinal);
        // A direction would scramble the reference that is copied from an Arabic letter in Chromium.
        Assert.Equal(("true", null), Pdf.ViewerPreferences(pdf));
        Assert.Contains("2018-03-26", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_file_is_whole_with_its_marks()
    {
        Assert.SkipUnless(Poppler.IsInstalled("qpdf"), "qpdf is not installed.");

        Assert.Contains(
            "No syntax or stream encoding errors found",
            await Poppler.Run("qpdf", (await Typeset(SixLanguages.In("ar"))).Pdf, "--check"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("ru")]
    [InlineData("zh")]
    [InlineData("ar")]
    public async Task A_note_verbale_has_compliments_in_place_of_a_salutation_no_signature_and_its_date_at_the_end(
        string language)
    {
        var words = SampleLetter.Words(language);
        var source = SixLanguages.In(language) with
        {
            Form = LetterForm.NoteVerbale,
            Signatories = [],
            Sender = new(
                "The Permanent Mission of Switzerland to the United Nations",
                "Permanent Mission of Switzerland to the United Nations"),
            Body = language == "en" ? "transmit Draft Rev 1 of the compact." : SixLanguages.In(language).Body,
        };
        var text = Pdf.Text(await Made(source, $"note-verbale-{language}"));
        Assert.DoesNotContain(words.Salutation, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Juan José", text, StringComparison.Ordinal);
        if (language != "en")
            return;

        Assert.Contains(
            "The Permanent Mission of Switzerland to the United Nations presents its compliments to the Permanent and Observer Missions to the United Nations and has the honour to transmit Draft Rev 1 of the compact.",
            text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Excellency", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Please accept", text, StringComparison.Ordinal);
        Assert.True(
            text.IndexOf("New York, 26 March 2018", StringComparison.Ordinal)
                > text.IndexOf(words.NoteClosing(source.Sender!.Name, null), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("ru")]
    [InlineData("zh")]
    [InlineData("ar")]
    public async Task A_cover_letter_goes_to_the_heads_of_mission(string language)
    {
        var source = SixLanguages.In(language) with
        {
            Form = LetterForm.CoverLetter,
            Signatories = [language == "ar"
                ? new("ميروسلاف لايتشاك", "رئيس الجمعية العامة", "رئيس الجمعية العامة")
                : new("Miroslav Lajčák", "President of the General Assembly", "The President of the General Assembly")],
            MarkedAs = [Marking.Confidential],
            EmbargoedUntil = NewYorkTime.Instant(new(2018, 3, 26, 18, 0, 0)),
            Reference = "PGA/72/MIG-1",
        };
        var pdf = await Made(source, $"cover-letter-{language}");
        var text = Pdf.Text(pdf);

        Assert.Contains("PGA/72/MIG-1", text, StringComparison.Ordinal);
        Assert.SkipWhen(
            language == "ar" && !Poppler.IsInstalled("pdftotext"),
            "pdftotext (poppler-utils) is not installed, and the library's own extraction keeps no order in Arabic.");
        Assert.Contains(
            Plain(SampleLetter.Words(language).AddresseeHeads[0]),
            Plain(language == "ar" ? await Poppler.Run("pdftotext", pdf) : text),
            StringComparison.Ordinal);
        if (language == "en")
            Assert.Contains(
                "CONFIDENTIAL EMBARGOED UNTIL 6 p.m. (New York time) on 26 March 2018",
                text,
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_Arabic_word_of_it_is_found_by_whoever_searches()
    {
        Assert.SkipUnless(Poppler.IsInstalled("pdftotext"), "pdftotext (poppler-utils) is not installed.");
        var job = SampleLetter.Job(SixLanguages.In("ar"), null);
        var printed = (LetterDocument)job.Document;
        var text = (await Poppler.Run("pdftotext", (await Typeset(SixLanguages.In("ar"))).Pdf)).Normalize(
            NormalizationForm.FormKC);

        Assert.All(
            printed.Letterheads
                .Concat(printed.Addressee)
                .Concat(printed.Enclosures)
                .Concat(printed.Signatories.Select(signatory => $"{signatory.Name} {signatory.Title}"))
                .Concat(printed.Body.OfType<Paragraph>().SelectMany(paragraph => paragraph.Runs).Select(run => run.Text))
                .Append(printed.PlaceAndDate)
                .SelectMany(words => Regex.Matches(words, @"[\u0621-\u064A]{2,}").Select(found => found.Value)),
            word => Assert.Contains(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_hears_it_is_told_what_stands_where_and_hears_no_name_twice()
    {
        var source = SampleLetter.Source with
        {
            Body = "See:\n\n> Words of another.\n\n"
                + "| Round | Dates |\n|---|---|\n"
                + string.Concat(Enumerable.Range(1, 70).Select(number => $"| row{number} | |\n")),
            Signatories = [SampleLetter.Source.Signatories[0] with { Signature = "ink.jpg" }],
        };
        var made = await TypesetterFixture.Shared.Typeset(
            SampleLetter.Job(source, null) with
            {
                Images = new Dictionary<string, ReadOnlyMemory<byte>> { ["ink.jpg"] = FourInks },
            },
            Cancellation);

        Assert.Null(made.Problem);
        Assert.InRange(made.Pages, 2, 3);
        var tags = Encoding.Latin1.GetString(made.Pdf.Span);
        Assert.Single(Regex.Matches(tags, @"/S /Table\b"));
        Assert.Single(Regex.Matches(tags, @"/S /THead\b"));
        Assert.Single(Regex.Matches(tags, @"/S /BlockQuote\b"));
        Assert.Equal(2, Regex.Count(tags, @"/S /Figure\b"));
        Assert.Contains("/Alt (Signature)", tags, StringComparison.Ordinal);
        Assert.Contains("/Alt (Code that leads to the page where this letter is checked)", tags, StringComparison.Ordinal);
        // A signature in four inks was made one in three colours.
        Assert.DoesNotContain("DeviceCMYK", tags, StringComparison.Ordinal);
        // The header stands on each page that the table reaches, and its end with the signatures.
        Assert.All(Pdf.PageTexts(made.Pdf), page => Assert.Contains("Round Dates", page, StringComparison.Ordinal));
        Assert.Contains("row70", Pdf.PageTexts(made.Pdf)[^1], StringComparison.Ordinal);
        Assert.Contains("Juan José", Pdf.PageTexts(made.Pdf)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_to_one_mission_bears_its_address_and_not_that_of_all()
    {
        var mission = SampleLetter.Mission(
            "che",
            "Switzerland",
            "Permanent Mission of Switzerland to the United Nations",
            new HeadOfMission("Pascale Baeriswyl", "H.E. Ms."));
        var text = Pdf.Text((await Typeset(SampleLetter.Source with { Address = AddressForm.Addressed }, mission)).Pdf);

        Assert.Contains(
            "H.E. Ms. Pascale Baeriswyl Permanent Representative Permanent Mission of Switzerland to the United Nations New York",
            text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Permanent and Observer Missions to the United Nations", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signatures_never_stand_on_a_page_by_themselves()
    {
        var paragraph = string.Concat(Enumerable.Repeat("The text takes in what delegations said. ", 8));
        for (var paragraphs = 6; paragraphs < 18; paragraphs++)
        {
            var source = SampleLetter.Source with
            {
                Body =
                    string.Concat(Enumerable.Repeat(paragraph + "\n\n", paragraphs)) + "The last words of the letter.",
            };
            using var document = UglyToad.PdfPig.PdfDocument.Open((await Typeset(source)).Pdf.ToArray());
            var signed = document.GetPages().Single(page => page.Text.Contains("Juan José", StringComparison.Ordinal));

            Assert.Contains(
                "The last words of the letter.",
                UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor.ContentOrderTextExtractor.GetText(signed),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_letter_of_forty_pages_is_numbered_to_its_end()
    {
        var made = await Typeset(
            SampleLetter.Source with
            {
                Body = string.Concat(
                    Enumerable.Repeat("The text takes in what delegations said in the first two rounds.\n\n", 1_450)),
            });

        Assert.InRange(made.Pages, 40, 60);
        Assert.Contains($"Page {made.Pages} of {made.Pages}", Pdf.Text(made.Pdf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_title_of_three_hundred_characters_is_broken_into_lines()
    {
        var title = string.Join(' ', Enumerable.Repeat("Permanent Observer Mission", 12))[..300];
        var made = await Typeset(
            SampleLetter.Source with
            {
                Address = AddressForm.Addressed,
            },
            SampleLetter.Mission("x", "X", title));

        Assert.Equal(1, made.Pages);
        Assert.Contains(title.Trim(), Pdf.Text(made.Pdf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_keeps_within_the_page_or_is_refused()
    {
        var fits = await Typeset(
            SampleLetter.WithBody(
                "| Round | Dates | What is read |\n|---|:-:|--:|\n| Third | 3 to 6 April | "
                    + string.Concat(Enumerable.Repeat("objective by objective ", 20))
                    + "|"),
            SampleLetter.Swiss);
        var wide = await Typeset(
            SampleLetter.WithBody(
                $"|{string.Concat(Enumerable.Repeat(" Trusteeshipcouncil |", 9))}\n|{string.Concat(Enumerable.Repeat("---|", 9))}"
            ),
            SampleLetter.Swiss);

        using var document = UglyToad.PdfPig.PdfDocument.Open(fits.Pdf.ToArray());
        Assert.All(
            document.GetPage(1).Letters,
            letter => Assert.InRange(letter.BoundingBox.Right, 0, document.GetPage(1).Width - 60));
        Assert.Contains("table-too-wide", wide.Problem?.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_set_for_US_Letter_where_the_letter_says_so()
    {
        using var document = UglyToad.PdfPig.PdfDocument.Open(
            (await Typeset(SampleLetter.Source with { Paper = Paper.UsLetter })).Pdf.ToArray());

        Assert.Equal((612, 792), (document.GetPage(1).Width, document.GetPage(1).Height));
    }

    private static Task<TypesetResult> Typeset(
        LetterSource source,
        Mission? mission = null) =>
        TypesetterFixture.Shared.Typeset(SampleLetter.Job(source, mission), Cancellation);

    /// <summary>
    /// The letter, kept beside the tests as PDF and, where pdftoppm is installed, as a picture of its first page.
    /// </summary>
    private static async Task<byte[]> Made(LetterSource source, string name)
    {
        var made = await Typeset(source);
        Assert.Null(made.Problem);
        Assert.Empty(made.Missing);
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        var file = Path.Combine(folder.FullName, $"{name}.pdf");
        await File.WriteAllBytesAsync(file, made.Pdf.ToArray(), Cancellation);
        if (Poppler.Find("pdftoppm") is { } pictures)
        {
            using var process = Process.Start(
                new ProcessStartInfo(
                    pictures,
                    ["-png", "-r", "80", "-singlefile", file, Path.Combine(folder.FullName, name)]))!;
            await process.WaitForExitAsync(Cancellation);
            Assert.Equal(0, process.ExitCode);
            TestContext.Current.AddAttachment(
                $"{name}.png",
                await File.ReadAllBytesAsync(Path.Combine(folder.FullName, $"{name}.png"), Cancellation),
                "image/png");
        }

        return made.Pdf.ToArray();
    }

    /// <summary>Without white space and the signs that only guide the order of others.</summary>
    private static string Plain(string text) =>
        string.Concat(
            text.Where(sign =>
                !char.IsWhiteSpace(sign)
                && sign
                    is not (>= '\u2066' and <= '\u2069' or >= '\u200B' and <= '\u200F' or >= '\u202A' and <= '\u202E'))
        );
}
