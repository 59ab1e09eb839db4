using System.Globalization;
using System.Xml.Linq;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>
/// How a letter stands on its pages: what stays together, what keeps within the paper, what is read in which order.
/// </summary>
public sealed class LetterLayoutTests
{
    private const string Sentence =
        "The text takes in what delegations said in the first two rounds, and answers the questions put to us on four matters. ";

    /// <summary>
    /// 26 mm, in points, less what hanging punctuation and the justification of a line may take of it.
    /// </summary>
    private const double Margin = 70;

    private static readonly string[] Assurances = ["avails itself"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("انظر A/RES/71/280, para. 3 في النص", new[] { "A/RES/71/280,", "para.", "3" })]
    [InlineData("انظر A/72/L.67 and A/72/L.68 في النص", new[] { "A/72/L.67", "and", "A/72/L.68" })]
    [InlineData("النص Draft Rev 1 (final) مرفق", new[] { "Draft", "Rev", "1", "(final)" })]
    [InlineData("في Conference Room 2 (CR2) بالمقر", new[] { "Conference", "Room", "2", "(CR2)" })]
    [InlineData("الموقع https://undocs.org/en/A/RES/71/280 متاح", new[] { "https://undocs.org/en/A/RES/71/280" })]
    [InlineData("هاتف (212) 963-1234 مباشر", new[] { "(212)", "963-1234" })]
    [InlineData("في 2018-04-03 صباحا", new[] { "2018-04-03" })]
    public async Task Latin_text_among_Arabic_stands_from_left_to_right(string body, string[] words)
    {
        Assert.SkipUnless(Poppler.IsInstalled("pdftotext"), "pdftotext (poppler-utils) is not installed.");
        var made = await Typeset(SixLanguages.In("ar") with { Body = body, Subject = "رسالة" });
        var boxes = XDocument
            .Parse(await Poppler.Run("pdftotext", made.Pdf, "-bbox"))
            .Descendants()
            .Where(element => element.Name.LocalName == "word")
            .Select(element =>
                (
                    Text: element.Value.Trim('\u2066', '\u2069', '\u202A', '\u202B', '\u202C'),
                    Left: Number(element, "xMin"),
                    Top: Number(element, "yMin")))
            .ToList();

        var line = boxes
            .GroupBy(box => Math.Round(box.Top / 8))
            .Select(row => row.OrderBy(box => box.Left).Select(box => box.Text).ToList())
            .FirstOrDefault(row => row.Any(text => text.Contains(words[0], StringComparison.Ordinal)));
        Assert.NotNull(line);
        Assert.Contains(string.Join(' ', words), string.Join(' ', line), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("paragraph")]
    [InlineData("table")]
    [InlineData("quotation")]
    public async Task A_long_last_block_fills_its_page_and_leaves_its_end_to_the_signatures(string kind)
    {
        var body =
            "We transmit the text.\n\n"
            + kind switch
            {
                "list" => string.Concat(Enumerable.Range(1, 60).Select(number => $"{number}. item{number}\n")),
                "paragraph" => string.Concat(Enumerable.Repeat(Sentence, 40)) + "lastword",
                "table" => "| Round | Dates |\n|---|---|\n"
                    + string.Concat(Enumerable.Range(1, 60).Select(number => $"| row{number} | |\n")),
                _ => "> First.\n>\n> " + string.Concat(Enumerable.Repeat(Sentence, 40)) + "lastword",
            };
        var made = await Typeset(SampleLetter.Source with { Body = body });
        var pages = Pdf.Layout(made.Pdf);

        Assert.Equal(2, pages.Count);
        // Two thirds of the first page at least are used.
        Assert.True(
            pages[0].Letters.Where(letter => letter.BoundingBox.Bottom > 70).Min(letter => letter.BoundingBox.Bottom)
                < pages[0].Height / 3);
        var last = Pdf.PageTexts(made.Pdf)[1];
        Assert.Contains(
            kind switch
            {
                "list" => "item60",
                "table" => "row60",
                _ => "lastword",
            },
            last,
            StringComparison.Ordinal);
        Assert.Contains("Juan José", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_page_of_a_letter_is_never_what_is_left_over()
    {
        for (var sentences = 4; sentences < 34; sentences += 3)
        {
            var long3 = Enumerable
                .Range(1, 3)
                .Select(number => new Signatory(
                    $"Signatory Number {number}",
                    string.Concat(Enumerable.Repeat("Ambassador and Permanent Representative ", 5)),
                    "Mission"))
                .ToList();
            var source = SampleLetter.Source with { Body = Text(sentences), Signatories = long3 };
            HasWordsAndFootAtTheFoot(await Typeset(source), ["Signatory Number 1", "Enclosure:"]);
            HasWordsAndFootAtTheFoot(
                await Typeset(SampleLetter.Source with { Body = Text(sentences) }),
                ["Juan José", "Enclosure:"]);
        }
    }

    [Fact]
    public async Task The_date_of_a_note_verbale_stands_with_its_assurances()
    {
        for (var sentences = 10; sentences < 40; sentences += 2)
        {
            var source = SampleLetter.Source with
            {
                Form = LetterForm.NoteVerbale,
                Signatories = [],
                Sender = new("The Permanent Mission of Switzerland", "Permanent Mission"),
                Body = $"transmit the text. {Text(sentences)}",
            };
            HasWordsAndFootAtTheFoot(await Typeset(source), ["New York, 26 March 2018", .. Assurances]);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    public async Task Many_enclosures_leave_the_address_no_page_of_its_own(int count)
    {
        var enclosures = Enumerable
            .Range(1, count)
            .Select(number =>
                SampleLetter.Draft with
                {
                    File = $"annex-{number}.pdf",
                    Title =
                        $"Annex {number} to the draft of the Global Compact for Safe, Orderly and Regular Migration, with its text",
                })
            .ToList();
        for (var sentences = 2; sentences < 24; sentences += 3)
        {
            var source = SampleLetter.Source with { Body = Text(sentences) };
            var job = SampleLetter.Job(source, null);
            var made = await TypesetterFixture.Shared.Typeset(
                job with
                {
                    Document = (LetterDocument)job.Document with
                    {
                        EnclosuresHeading = "Enclosures:",
                        Enclosures = [.. enclosures.Select(enclosure => enclosure.Title)],
                    },
                },
                Cancellation);

            HasWordsAndFootAtTheFoot(made, [$"Annex {count - 1} ", $"Annex {count} "]);
        }
    }

    [Fact]
    public async Task Words_without_end_stay_on_the_page()
    {
        var query =
            "https://example.org/search?"
            + string.Join('&', Enumerable.Range(1, 30).Select(number => $"parameter{number}=value{number}"));
        var source = SampleLetter.Source with
        {
            Body =
                $"Word {new string('a', 250)} and {query} and <{query}> and A/{string.Concat(Enumerable.Repeat("RES/", 50))}1.\n\n- item {new string('b', 200)}\n\n> {new string('c', 200)}\n\n| A | B |\n|---|---|\n| {query} | x |",
            Reference = new string('r', 150),
            Signatories =
            [
                new(new string('n', 100), "Ambassador", new string('h', 120)),
                new("Second", new string('t', 150), "Plenipotentiary Representative of Somewhere"),
                new("Third", "Plenipotentiary-Representative", "Mission"),
            ],
            Address = AddressForm.Addressed,
        };
        var made = await Typeset(source, SampleLetter.Mission("x", "X", new string('m', 300)));

        Assert.Null(made.Problem);
        foreach (var page in Pdf.Layout(made.Pdf))
            Assert.All(
                page.Letters,
                letter =>
                    Assert.True(
                        letter.BoundingBox.Left > Margin && letter.BoundingBox.Right < page.Width - Margin,
                        $"{letter.Value} at {letter.BoundingBox.Left:0} to {letter.BoundingBox.Right:0} of {page.Width:0}"
                    ));
        // The code and the small words about it have the last 52 mm of the lines at the foot.
        var last = Pdf.Layout(made.Pdf)[^1];
        var addressed = last
            .Letters.Where(letter => letter.Value == "m" && letter.BoundingBox.Bottom < 250 && letter.PointSize > 9)
            .ToList();
        Assert.True(addressed.Count > 200);
        Assert.All(addressed, letter => Assert.True(letter.BoundingBox.Right < last.Width - Margin - 147));
    }

    [Fact]
    public async Task A_symbol_is_found_by_whoever_searches_for_it()
    {
        Assert.SkipUnless(Poppler.IsInstalled("pdftotext"), "pdftotext (poppler-utils) is not installed.");
        foreach (var language in (string[])["en", "ar"])
            Assert.Contains(
                "A/RES/71/280",
                await Poppler.Run(
                    "pdftotext",
                    (await Typeset(SixLanguages.In(language) with { Body = "x (A/RES/71/280) y" })).Pdf),
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_line_of_Chinese_begins_with_what_closes_a_sentence()
    {
        var made = await Typeset(
            SixLanguages.In("zh") with
            {
                Body = string.Concat(
                    Enumerable
                        .Range(0, 40)
                        .Select(number =>
                            $"{new string('案', number % 9 + 3)}，谨转递草案{new string('修', number % 7 + 1)}。各国、各方")),
            });

        Assert.All(
            Pdf.Layout(made.Pdf)
                .SelectMany(page =>
                    page.Letters.GroupBy(letter => Math.Round(letter.StartBaseLine.Y))
                        .Select(line => line.MinBy(letter => letter.StartBaseLine.X)!)),
            first => Assert.DoesNotContain(first.Value, (string[])["，", "。", "、"]));
    }

    [Theory]
    [InlineData("ru", "соответствующее", true)]
    [InlineData("fr", "intergouvernemental", true)]
    [InlineData("es", "intergubernamentales", true)]
    [InlineData("en", "intergovernmental", false)]
    public async Task Long_words_are_divided_at_the_ends_of_lines_where_the_language_has_many(
        string language,
        string word,
        bool isDivided)
    {
        Assert.SkipUnless(Poppler.IsInstalled("pdftotext"), "pdftotext (poppler-utils) is not installed.");
        var made = await Typeset(
            SixLanguages.In(language) with
            {
                // Every length of what stands before brings another place of the word to the end of a line.
                Body = string.Join(
                    "\n\n",
                    Enumerable.Range(1, 20).Select(number => $"{new string('x', number)} {string.Join(' ', Enumerable.Repeat(word, 6))}")),
            });

        Assert.Null(made.Problem);
        var lines = (await Poppler.Run("pdftotext", made.Pdf, "-layout")).Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.Equal(isDivided, lines.Exists(line => line.Length > 60 && line[^1] is '-' or '\u00AD' or '\u2010'));
    }

    [Fact]
    public async Task Three_letterheads_and_three_signatures_stand_side_by_side()
    {
        var made = await Typeset(
            SampleLetter.Source with
            {
                Signatories =
                [
                    new("Alpha", "Ambassador", "Mission One"),
                    new("Beta", "Ambassador", "Mission Two"),
                    new("Gamma", "Ambassador", "Mission Three"),
                ],
            });
        var words = Pdf.Layout(made.Pdf)[0].Words;

        foreach (var row in (string[][])[["One", "Two", "Three"], ["Alpha", "Beta", "Gamma"]])
        {
            var boxes = row.Select(text => words.First(word => word.Text == text).BoundingBox).ToList();
            Assert.Equal(boxes.OrderBy(box => box.Left), boxes);
            Assert.All(boxes, box => Assert.Equal(boxes[0].Bottom, box.Bottom, 3.0));
        }
    }

    [Fact]
    public async Task Its_links_and_its_code_lead_where_they_say()
    {
        var made = await Typeset(
            SampleLetter.Source with
            {
                Body = "See [the page](https://www.un.org/gcm) and <mailto:x@missions.example>.",
            });

        var links = Pdf.Links(made.Pdf);
        Assert.Contains("https://www.un.org/gcm", links);
        Assert.Contains("https://letters.example/verify?reference=7QJ4MX2K9TWB", links);
    }

    [Theory]
    [InlineData("| | Third |\n|---|---|\n| Dates | |\n| | |")]
    [InlineData("# A\n\n### B\n\n## C")]
    [InlineData("#### x\n\n# y\n\ntext")]
    [InlineData("##\n\n> ### quoted\n\n- ## listed\n\ntext")]
    [InlineData("one\ttwo and&#9;three")]
    public async Task Ordinary_text_is_set_whatever_its_order_and_gaps(string body)
    {
        var made = await Typeset(SampleLetter.Source with { Body = body });

        Assert.Null(made.Problem);
        Assert.Empty(made.Missing);
        Assert.Equal(1, made.Pages);
    }

    [Fact]
    public void Headings_are_counted_in_the_order_they_are_read()
    {
        var source = SampleLetter.Source with { Body = "# A\n\n### B\n\n## C\n\n##\n\n### D\n\n# E" };

        Assert.Equal(
            [("A", 1), ("B", 2), ("C", 2), ("D", 3), ("E", 1)],
            ((LetterDocument)SampleLetter.Job(source, null).Document)
                .Body.OfType<Heading>()
                .Select(heading => (heading.Runs[0].Text, heading.Level)));
    }

    [Theory]
    [InlineData("#read(\"/etc/passwd\")")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Whatever_a_field_looks_like_it_is_printed_as_text(string hostile)
    {
        var made = await Typeset(SampleLetter.Source with
        {
            Place = $"P {hostile}",
            Reference = $"R {hostile}",
            Signatories = [new($"N {hostile}", $"T {hostile}", $"L {hostile}")],
            Enclosures = [SampleLetter.Source.Enclosures[0] with { Title = $"E {hostile}" }],
            Address = AddressForm.Addressed,
        }, SampleLetter.Mission("x", "X", $"M {hostile}", new HeadOfMission($"H {hostile}", "H.E.")));
        var text = Pdf.Text(made.Pdf).Replace(" ", "", StringComparison.Ordinal);

        foreach (var field in "PRNTLEMH")
            Assert.Contains($"{field}{hostile}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_fonts_are_embedded_as_subsets()
    {
        Assert.SkipUnless(Poppler.IsInstalled("pdffonts"), "pdffonts (poppler-utils) is not installed.");
        foreach (var language in (string[])["en", "ar", "zh"])
        {
            var fonts = (await Poppler.Run("pdffonts", (await Typeset(SixLanguages.In(language))).Pdf)).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries)[2..];

            Assert.NotEmpty(fonts);
            // The columns at the end: embedded, subset, and with a table back to Unicode; then the object.
            Assert.All(
                fonts,
                font =>
                    Assert.Equal(["yes", "yes", "yes"], font.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^5..^2])
            );
        }
    }

    private static void HasWordsAndFootAtTheFoot(TypesetResult made, string[] words)
    {
        Assert.Null(made.Problem);
        var last = Pdf.PageTexts(made.Pdf)[^1];
        Assert.All(words, phrase => Assert.Contains(phrase, last, StringComparison.Ordinal));
        var page = Pdf.Layout(made.Pdf)[^1];
        // The reference beside the code stands in the last 45 mm above the bottom margin of 24 mm.
        Assert.InRange(page.Words.Single(word => word.Text == "7QJ4-MX2K-9TWB").BoundingBox.Bottom, 60, 130);
    }

    private static string Text(int sentences) =>
        string.Concat(Enumerable.Range(1, sentences).Select(number => $"{Sentence}{(number % 3 == 0 ? "\n\n" : "")}"))
            .Trim();

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static Task<TypesetResult> Typeset(LetterSource source, Mission? mission = null) =>
        TypesetterFixture.Shared.Typeset(SampleLetter.Job(source, mission), Cancellation);
}
