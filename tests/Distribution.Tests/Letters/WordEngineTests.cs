using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Distribution.Common;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>
/// Outlook for Windows shows mail with Word's engine, which ignores much of what browsers know. Which properties it
/// knows on which elements is Microsoft's list, “Word 2007 HTML and CSS Rendering Capabilities in Outlook 2007” (MSDN,
/// aa338200 and aa338201), as https://www.hteumeuleu.com/2020/outlook-rendering-engine/ sums it up: three sets of
/// properties; body and span know the first, div and p the first two, all others all three.
/// </summary>
public sealed class WordEngineTests
{
    private static readonly HashSet<string> Elements =
    [
        "html", "head", "meta", "title", "body", "table", "thead", "tbody", "tr", "td", "th", "div", "p", "span", "a", "strong",
        "em", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr",
    ];

    private static readonly HashSet<string> Core =
    [
        "color", "background-color", "font", "font-family", "font-style", "font-size", "font-weight", "text-decoration",
        "text-align", "vertical-align", "letter-spacing", "line-height", "white-space", "border", "border-color", "border-style",
        "border-width", "border-collapse",
    ];

    private static readonly HashSet<string> CoreExtended =
        ["text-indent", "margin", "margin-left", "margin-right", "margin-top", "margin-bottom"];

    private static readonly HashSet<string> Full =
    [
        "width", "height", "padding", "padding-left", "padding-right", "padding-top", "padding-bottom", "border-left",
        "border-right", "border-top", "border-bottom",
    ];

    /// <summary>What it ignores where nothing is lost by it.</summary>
    private static readonly HashSet<string> Spare =
    [
        // A table around it, for this engine alone, has the width.
        "div max-width",
        // The number of an item then has one space behind it.
        "span display", "span min-width", "span text-indent",
        // Lines of a letterhead are then less even, and a long name of a file may stand out.
        "td text-wrap", "span word-break",
    ];

    private const string Body = """
        ## First heading

        A **bold** word and an *italic* one, https://undocs.example/A/RES/71/280 and a@b.example.

        1. first:
           (a) one;
           (b) two:
               (i) alpha;
               (ii) beta;
        7. seventh.

        • a point
        • another

        | Day | Hours |
        |---|---|
        | Tuesday | 10-13 |

        > quoted
        > in two lines

        ---

        The end.
        """;

    public static TheoryData<string, string, int> Kinds =>
    [
        .. from language in (string[])["en", "ar", "zh"]
           from form in Enum.GetNames<LetterForm>()
           from signatories in form == nameof(LetterForm.NoteVerbale) ? (int[])[0] : [1, 2, 3]
           select (language, form, signatories),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_no_kind_of_letter_it_ignores_what_would_be_missed(string language, string form, int signatories)
    {
        var html = SampleLetter.Render(Letter(language, Enum.Parse<LetterForm>(form), signatories)).Html;
        var document = new HtmlParser().ParseDocument(html);

        foreach (var element in document.All)
        {
            Assert.Contains(element.LocalName, Elements);
            Assert.Empty(element.Attributes.Select(attribute => attribute.Name).Intersect(["class", "id", "background"]));
            foreach (var (property, value) in StyleOf(element))
            {
                Assert.True(
                    Knows(element.LocalName, property) || Spare.Contains($"{element.LocalName} {property}"),
                    $"<{element.LocalName}> has {property}");
                Assert.DoesNotContain("(", value, StringComparison.Ordinal);
                // It knows no automatic margins: what stands in the middle says so in an attribute as well.
                Assert.True(property != "margin" || !value.Contains("auto", StringComparison.Ordinal) || element.GetAttribute("align") == "center");
            }
        }

        Assert.Contains("<!--[if mso]><table role=\"presentation\" width=\"640\"", html, StringComparison.Ordinal);
        Assert.Contains("<!--[if mso]></td></tr></table><![endif]-->", html, StringComparison.Ordinal);
        Assert.Empty(document.QuerySelectorAll("style, link, script, img"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ar")]
    public void Numbers_of_lists_are_text_and_those_of_the_PDF(string language)
    {
        var source = Letter(language, LetterForm.Letter, 1);
        var printed = LetterDocument.Of(
            new LetterRenderer(source, [], SampleLetter.Template).Content(null),
            source,
            new DocumentVerification("", "", "", "")).Body.SelectMany(Marks).ToList();
        var document = new HtmlParser().ParseDocument(SampleLetter.Render(source).Html);

        Assert.Equal(["1.", "(a)", "(b)", "(i)", "(ii)", "7.", "•", "•", "•"], printed);
        Assert.Equal(printed, document.QuerySelectorAll("[role=listitem] > span").Select(mark => mark.TextContent));
        Assert.Empty(document.QuerySelectorAll("ol, ul"));
    }

    [Fact]
    public void An_item_hangs_by_a_margin_as_far_as_its_number_stands_out()
    {
        var list = new HtmlParser().ParseDocument(SampleLetter.Render(Letter("en", LetterForm.Letter, 1)).Html).QuerySelector("[role=list]")!;
        var (around, item) = (StyleOf(list).ToDictionary(), StyleOf(list.FirstElementChild!).ToDictionary());

        Assert.Equal($"-{around["margin-left"]}", item["text-indent"]);
        Assert.Equal(around["margin-left"], around["margin-right"]);
    }

    private static LetterSource Letter(string language, LetterForm form, int signatories) =>
        SixLanguages.In(language) with
        {
            Form = form,
            Signatories = [.. Enumerable.Repeat(SampleLetter.Source.Signatories[0], signatories)],
            Sender = form == LetterForm.NoteVerbale ? new("The Permanent Mission", "Permanent Mission") : null,
            Body = Body,
            Reference = "GCM/2018/7",
            MarkedAs = [Marking.Confidential, Marking.AdvanceUnedited],
            EmbargoedUntil = NewYorkTime.Instant(new DateTime(2018, 3, 26, 18, 0, 0)),
            TracksReplies = true,
            MeetsAt = [MeetingTextTests.Reading with { Link = "https://webtv.un.org" }],
        };

    private static bool Knows(string element, string property) =>
        Core.Contains(property)
        || (element is not ("body" or "span" or "a" or "strong" or "em") && CoreExtended.Contains(property))
        || (element is not ("body" or "span" or "a" or "strong" or "em" or "div" or "p") && Full.Contains(property));

    private static IEnumerable<(string Property, string Value)> StyleOf(IElement element) =>
        (element.GetAttribute("style") ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(declaration => declaration.Split(':', 2, StringSplitOptions.TrimEntries))
            // Of two that say the same, the later one counts.
            .GroupBy(declaration => declaration[0], declaration => declaration[1])
            .Select(property => (property.Key, property.Last()))
            // A margin or padding of nothing is what there is without it.
            .Where(declaration => !(declaration is { Item1: "padding" or "margin", Item2: "0" }));

    private static IEnumerable<string> Marks(DocumentBlock block) => block switch
    {
        ItemList list => list.Marks!.Zip(list.Items).SelectMany(item => item.Second.SelectMany(Marks).Prepend(item.First)),
        Quotation quotation => quotation.Blocks.SelectMany(Marks),
        _ => [],
    };
}
