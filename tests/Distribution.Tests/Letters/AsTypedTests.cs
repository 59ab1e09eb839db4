using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters.Reading;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>
/// What an author typed is what prints, in the email, its text and the PDF alike: every word, number and sign in its
/// order, spaces and hyphens at the ends of lines aside.
/// </summary>
public sealed partial class AsTypedTests
{
    /// <summary>Paragraphs and lists as letters have them.</summary>
    internal static readonly string[] Paragraphs =
    [
        "1) first;\n2) second.",
        "We ask delegations to send:\n(a) written comments;\n(b) proposals:\n    (i) on the preamble;\n    (ii) on follow-up.",
        "a. first\nb. second",
        "1.1 first\n1.2 second\n\n2.1 third",
        "1. first\n1.1 below\n1.1.1 deeper\n1.1.2 deeper\n1.2 below\n2. second",
        "I. First part\nII. Second part\nIV. Fourth part",
        "A. First part\nB. Second part",
        "J. Lauber\nL. Smith",
        "• the preamble;\n• the objectives;\n• follow-up.",
        "– the preamble;\n– the objectives.",
        "* one\n* two",
        "- one\n- two\n  - inner\n- three",
        "We propose the following:\n7. seventh;\n8. eighth.",
        "1. one\n3. three\n7. seven",
        "1. first point;\n1. second point;\n1. third point.",
        "2026. That is the year of adoption.",
        "2025 was the year of the first round.",
        "5. March is the date of the next round.",
        "1. first:\n   (a) one;\n   (b) two;\n2. second.",
        "1. first:\n(a) one;\n(b) two;\n2. second.",
        "1. First point.\n\n   It goes on in a second paragraph.\n\n2. Second point.",
        "1.\u00A0first point;\n2.\u00A0second point.",
        "1° premier\n2° second",
        "1.- uno\n2.- dos",
        "а) первое;\nб) второе.",
        "9. nine\n10. ten",
        "1. (a) The Committee decides\n\n(b) and the second",
        "Written comments go to:\nOffice of the Co-facilitators\nRoom S-1234\nNew York, NY 10017",
        "Permanent Mission of the Republic of Atlantis to the United Nations in New York\n820 Second Avenue\nNew York",
        "Yours sincerely,\nA. B. Kovač\nChair",
        "Contact:\n+ 41 22 555 0100 (Geneva)\n+ 1 212 555 0100 (New York)",
        "The round will be held from 3 to 6 April in Conference Room 2, from 10 a.m.\n- 1 p.m. and from 3 to 6 p.m., and telephones are on\n+ 1 212 555 0100.",
        "Temperatures fell to\n- 5 degrees.",
        "See the footnote.\n* As amended.",
        "Items 1, 2 and\n# 5 of the list",
        "# 5 Statement by the Chair",
        "More than\n> 5 per cent of members and <5 % of others",
        "> 5 per cent of members",
        "    Four spaces are an indent.",
        "All other paragraphs stand as they were.\n===\nThe next round opens on Monday.",
        "The sides are 5 * 3 * 2 and 2*3*4 metres.",
        "A snake_case_word and __init__.py, ~40 per cent, a/b, R&D; AT&T, 50 % & more.",
        @"The file C:\drafts\_final_\rev_1.docx or \\server\share\_a_.",
        "[Alt]: delete the words in brackets",
        "The words [and others] in [paragraph 5](new) and in [12], [ ] and [x].",
        "[1]: see below",
        "Footnote* and other* signs, *) as well.",
        "Name: ________ Date: ___ (____)",
        "`code` and ``more`` and ```",
        "a | b\nc | d",
        "Date\tTopic\tRoom\n3 April\tPreamble\t2\n4 April\t\t3",
        "Tel.\t+41 22 555 0100",
        "Delegations may write to _office_@coast.example or to co-facilitators+_x_@coast.example.",
        "The text is at https://share.example/_drafts_/rev1.pdf?token=_aB3_ and at www.coast.example/a_b_c.",
        "It is at https://share.example/_drafts_/a-very-long-address/that/does/not/fit/on/one/line/of/the/letter/rev1.pdf?token=_aB3_&more=0123456789.",
        "(https://share.example/a_(b)), “https://share.example/c”; https://share.example/d.",
        "{curly} $dollar$ @ref #tag ^caret =equal== 100% !important",
        "“Quoted”, ‘single’, «angled», „low“ — dash – and … dots.",
        "________________\nSignature",
        "The text takes in what delegations said in the first two rounds, and answers\nthe questions put to us on four matters. It is before you, in the version of\ntoday, with a list of what was changed.",
    ];

    internal static readonly string[] InChinese = ["一、序言；\n二、目标；\n三、后续行动。", "（一）第一项；\n（二）第二项。", "1．第一；\n2．第二。", "第一，案文见 https://share.example/_a_/b。"];

    internal static readonly string[] InArabic =
    [
        "١. أولا؛\n٢. ثانيا.",
        "(أ) بند أول؛\n(ب) بند ثان.",
        "النص متاح على https://share.example/_drafts_/rev1.pdf?t=_a_ الآن.",
        "انظر الوثائق A/72/L.67 and A/72/L.68 and then some more Latin words that go on for long في النص.",
        "النص على https://share.example/_drafts_/a-very-long-address/that/does/not/fit/on/one/line/of/the/letter/rev1.pdf?token=_aB3_ الآن.",
    ];

    private static readonly string Particulars =
        WrittenLetter.Text[..WrittenLetter.Text.IndexOf("We are pleased", StringComparison.Ordinal)];

    private static int TextLine => Particulars.Count(sign => sign == '\n') + 1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Whatever_was_typed_stands_in_the_email_and_its_text() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(12),
        Prop.ForAll(
            Gen.NonEmptyListOf(Gen.Elements(Paragraphs)).Select(list => string.Join("\n\n", list)).ToArbitrary(),
            body =>
            {
                var letter = SampleLetter.Render(SampleLetter.WithBody(body));
                Holds(body, letter.Text);
                Holds(body, new HtmlParser().ParseDocument(letter.Html).Body!.TextContent);
            }));

    [Theory]
    // The tab behind the last row's second cell was lost with the end of the text.
    [InlineData(
        "Date\tTopic\tRoom\n3 April\tPreamble\t2\n4 April\t\t3\n5 April\tClosing",
        "Date|Topic|Room/3 April|Preamble|2/4 April||3/5 April|Closing|")]
    [InlineData("Group\tChair\nAfrica\tMs. A\nAsia\t\nEurope\tMr. E", "Group|Chair/Africa|Ms. A/Asia|/Europe|Mr. E")]
    [InlineData("Tel.\t\t1\nAddress\t2", "Tel.|1/Address|2")]
    [InlineData(
        "Name\t\tCountry\tRole\nAlexandra\tFrance\tChair\nBo\t\tKenya",
        "Name|Country|Role/Alexandra|France|Chair/Bo|Kenya|")]
    public void A_table_with_tabs_keeps_its_columns(string body, string rows)
    {
        var page = new HtmlParser().ParseDocument(SampleLetter.Render(SampleLetter.WithBody(body)).Html);
        var table = Assert.Single(
            page.QuerySelectorAll("table"),
            table => table.QuerySelector("table") is null && table.TextContent.Contains(body[..4], StringComparison.Ordinal));
        Assert.Equal(
            rows,
            string.Join(
                '/',
                table.QuerySelectorAll("tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent.Trim())))));
    }

    [Fact]
    public void Words_of_any_signs_stand_as_they_were_typed() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(12),
        Prop.ForAll(
            Lines.ToArbitrary(),
            body =>
            {
                var letter = SampleLetter.Render(SampleLetter.WithBody(body));
                Holds(body, letter.Text);
                Holds(body, new HtmlParser().ParseDocument(letter.Html).Body!.TextContent);
            }));

    [Fact]
    public void The_samples_and_every_case_that_can_be_read_stand_as_they_were_typed()
    {
        var cases = Directory
            .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Intake", "cases"), "letter.md", SearchOption.AllDirectories)
            .Select(path => LetterFile.Read("letter.md", File.ReadAllBytes(path)).Letter)
            .OfType<LetterSource>()
            .Concat(Languages.Official.Select(SixLanguages.In))
            .ToList();
        Assert.True(cases.Count > 40);
        Assert.All(
            cases,
            source =>
            {
                var letter = new LetterRenderer(source, [SampleLetter.Draft], SampleLetter.Template).Render(SampleLetter.Swiss, SampleLetter.Link);
                var body = Field().Replace(source.Body, "\n\n");
                Holds(body, BidiMarks().Replace(letter.Text, ""));
                Holds(body, BidiMarks().Replace(new HtmlParser().ParseDocument(letter.Html).Body!.TextContent, ""));
            });
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    [InlineData("ar")]
    public async Task Whatever_was_typed_stands_in_the_PDF(string language)
    {
        var bodies = language switch { "zh" => InChinese, "ar" => InArabic, _ => Paragraphs };
        var body = string.Join("\n\nThe next.\n\n", bodies);
        var made = await TypesetterFixture.Shared.Typeset(
            SampleLetter.Job(SixLanguages.In(language) with { Body = body }, null),
            Cancellation);

        Assert.Null(made.Problem);
        Assert.Empty(made.Missing);
        var text = Pdf.Text(made.Pdf);
        Assert.DoesNotMatch(Unseen, text);
        if (Poppler.IsInstalled("pdftotext"))
            Assert.DoesNotMatch(Unseen, await Poppler.Run("pdftotext", made.Pdf));
        // The library keeps no order in Arabic.
        if (language != "ar")
            Holds(body, PageNumber().Replace(text, ""));
        Assert.All(
            Address().Matches(body),
            address => Assert.Contains(address.Value, Pdf.Links(made.Pdf)));
    }

    [Fact]
    public void Addresses_are_links_in_the_email_and_nothing_is_left_in_them()
    {
        var email = new HtmlParser().ParseDocument(
            SampleLetter.Render(SampleLetter.WithBody(string.Join("\n\n", Paragraphs))).Html);
        var links = email.QuerySelectorAll("a").DistinctBy(link => link.TextContent).ToDictionary(link => link.TextContent, link => link.GetAttribute("href"));

        Assert.Equal("mailto:_office_@coast.example", links["_office_@coast.example"]);
        Assert.Equal("https://share.example/_drafts_/rev1.pdf?token=_aB3_", links["https://share.example/_drafts_/rev1.pdf?token=_aB3_"]);
        Assert.Equal("https://www.coast.example/a_b_c", links["www.coast.example/a_b_c"]);
        Assert.Equal("https://share.example/a_(b)", links["https://share.example/a_(b)"]);
    }

    [Fact]
    public void An_address_among_Arabic_is_set_apart_by_its_direction()
    {
        var link = new HtmlParser()
            .ParseDocument(SampleLetter.Render(SixLanguages.In("ar") with { Body = InArabic[2] }).Html)
            .QuerySelector("a[href*=_drafts_]")!;

        Assert.Equal(("https://share.example/_drafts_/rev1.pdf?t=_a_", "ltr"), (link.TextContent, link.GetAttribute("dir")));
    }

    [Fact]
    public void Markup_that_a_letter_can_have_works()
    {
        var html = Html(
            """
            *italics*, **bold**, (*see*), *“quoted”*, _under_ and **{{ letter.draft }}**; 重点**重点**重点.

            ## A heading

            > A quotation
            > of two lines

            ---

            [the page](https://coast.example/a_b) \*starred\*

            | a | *b* |
            |---|---|
            | 1 | 2 |
            """);

        Assert.Equal(["italics", "see", "“quoted”", "under", "b"], html.QuerySelectorAll("em").Select(element => element.TextContent));
        Assert.Equal(["bold", "Draft Rev 1", "重点"], html.QuerySelectorAll("strong").Select(element => element.TextContent).Take(3));
        Assert.Equal("A heading", html.QuerySelector("h2")!.TextContent);
        Assert.Equal("A quotation\nof two lines", html.QuerySelector("blockquote")!.TextContent.Trim());
        Assert.NotNull(html.QuerySelector("hr"));
        Assert.Equal("https://coast.example/a_b", html.QuerySelectorAll("a").First(link => link.TextContent == "the page").GetAttribute("href"));
        Assert.Contains("*starred*", html.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, html.QuerySelectorAll("td").Count(cell => cell.TextContent is "1" or "2"));
    }

    [Theory]
    [InlineData("1) first;\n2) second.", "1) first;|2) second.")]
    [InlineData("Send:\n(a) comments;\n(b) proposals:\n    (i) one;\n    (ii) two.", "(a) comments;|(b) proposals:|(i) one;|(ii) two.")]
    [InlineData("1. first:\n(a) one;\n(b) two;\n2. second.", "1. first:|(a) one;|(b) two;|2. second.")]
    [InlineData("1. one\n3. three\n7. seven", "1. one|3. three|7. seven")]
    [InlineData("2026. That is the year.\n\n5. March is the date.\n\n1.5 million people", "")]
    [InlineData("J. Lauber\nL. Smith", "")]
    [InlineData("I. Première partie\nII. Deuxième partie", "I. Première partie|II. Deuxième partie")]
    [InlineData("- 5 degrees", "")]
    [InlineData("1. first\n\nA paragraph.\n\n1) other\n2) other", "1) other|2) other")]
    public void What_is_surely_a_list_hangs_and_what_is_not_is_a_paragraph(string body, string items) => Assert.Equal(
        items,
        string.Join(
            '|',
            Html(body)
                .QuerySelectorAll("[role=listitem]")
                .Select(item => string.Concat(item.ChildNodes.TakeWhile(node => node is not AngleSharp.Dom.IElement { LocalName: "div" }).Select(node => node.TextContent)).Trim())));

    [Fact]
    public void Lines_ended_by_hand_stay_and_lines_an_editor_wrapped_run_on()
    {
        var text = SampleLetter.Render(SampleLetter.WithBody($"{Paragraphs[^1]}\n\n{Paragraphs[27]}")).Text;

        Assert.Contains("\nOffice of the Co-facilitators\nRoom S-1234\nNew York, NY 10017\n", text, StringComparison.Ordinal);
        Assert.Contains("answers the questions", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("<br", Html(Paragraphs[^1]).QuerySelector("p:has(+ p)")?.InnerHtml ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("First<br>second", 436, 1)]
    [InlineData("A line\nsecond&nbsp;line\nthird&nbsp;line", 436, 2)]
    [InlineData("<!-- internal: do not send -->\nText", 436, 1)]
    [InlineData("It <u>should</u> be", 436, 1)]
    [InlineData("<span style=\"color:red\">x</span>", 436, 1)]
    [InlineData("As agreed.[^1]\n\n[^1]: https://undocs.example/A/RES/71/280", 437, 1)]
    [InlineData("The words ~~shall~~ should", 438, 1)]
    [InlineData("be ++read++ so", 438, 1)]
    public void Markup_no_letter_has_is_one_fault_with_its_line(string body, int number, int line)
    {
        var finding = Assert.Single(Read(body));

        Assert.Equal((number, $"letter.md, line {TextLine + line - 1}"), (finding.Number, finding.Place));
    }

    [Theory]
    [InlineData("Fewer than <5 %, a < b > c, <name>, <title>, <insert date>, <https://coast.example>, <a@b.example>")]
    [InlineData("R&D; Q&A; AT&T; {{ if 1 < 2 }}x{{ end }} &c.; C++ and C++; ~40, ~~~")]
    [InlineData(@"\<b> and \&nbsp; and \[^1]")]
    public void What_only_looks_like_it_is_no_fault(string body) => Assert.Empty(Read(body));

    [Fact]
    public void A_letter_that_was_frozen_before_leaves_as_it_was_looked_at()
    {
        const string Body = "We propose:\n1. one\n1. two\n\n(a) x\n(b) y\n\nText\n---\n[a]: b\n\nAddress\nRoom";
        var json = Json.Write(SampleLetter.WithBody(Body) with { BodyRules = BodyRules.Markdown });
        // As an earlier version wrote it, without the rules.
        var frozen = Json.Read<LetterSource>(
            json.Replace(",\"bodyRules\":\"Markdown\"", "", StringComparison.Ordinal));

        Assert.Equal(BodyRules.Markdown, frozen.BodyRules);
        var html = new HtmlParser().ParseDocument(SampleLetter.Render(frozen).Html);
        Assert.Equal(2, html.QuerySelectorAll("ol > li").Length);
        Assert.Equal("Text", html.QuerySelector("h2")!.TextContent);
        Assert.Contains("Address Room", SampleLetter.Render(frozen).Text, StringComparison.Ordinal);
    }

    /// <summary>Every block of the body, one after the other, without white space; a table's cells one by one.</summary>
    private static void Holds(string body, string made)
    {
        var text = Space().Replace(made, "");
        var from = 0;
        foreach (var block in body.Split("\n\n").SelectMany(block => block.Contains('\t') ? block.Split('\t', '\n') : [block]))
        {
            var typed = Space().Replace(block, "");
            var at = text.IndexOf(typed, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"“{block}” does not stand in:\n{made}");
            from = at + typed.Length;
        }
    }

    /// <summary>Lines of words of letters, digits and signs, of which none is markup.</summary>
    internal static Gen<string> Lines =>
        from lines in Gen.NonEmptyListOf(
            from words in Gen.NonEmptyListOf(
                from signs in Gen.NonEmptyListOf(
                    Gen.Elements("a", "b", "I", "1", "2", "26", ".", ",", ":", ";", "(", ")", "-", "+", "–", "•", "<", "~", "`", "&", "!", "\"", "'", "/", "=", "$", "%", "ж", "ب", "中", "。"))
                select string.Concat(signs))
            from indent in Gen.Elements("", "", "  ", "    ", "\u00A0")
            select indent + string.Join(' ', words))
        let body = string.Join('\n', lines)
        where !body.Split('\n').Any(line => Dashes().IsMatch(line))
        select body;

    private static IHtmlDocument Html(string body) =>
        new HtmlParser().ParseDocument(SampleLetter.Render(SampleLetter.WithBody(body)).Html);

    private static IReadOnlyList<Finding> Read(string body) => WrittenLetter.Read($"{Particulars}{body}\n").Faults;

    private const string Unseen = "[\u00AD\u200B-\u200F\u2060-\u2069\uFEFF\uFFFC]";

    /// <summary>A field, or a line of hyphens, which is drawn.</summary>
    [GeneratedRegex(@"\{\{.*?\}\}|\n---\n")]
    private static partial Regex Field();

    [GeneratedRegex(@"[\u2066\u2069]")]
    private static partial Regex BidiMarks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^\s*-[\s-]*-\s*$")]
    private static partial Regex Dashes();

    [GeneratedRegex(@"https://(?:[^\s()。）”;,]|\([^\s()]*\))+(?<!\.)")]
    private static partial Regex Address();

    [GeneratedRegex(@"Page \d+ of \d+|第\s*\d+\s*页[^\d]*\d+\s*页")]
    private static partial Regex PageNumber();
}
