using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Distribution.Common;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class LetterBodyTests
{
    [Fact]
    public void Writes_plain_text_that_reads_by_itself() =>
        Assert.Equal(
            """
            A paragraph with emphasis and *stars*, a link to the page
            (https://example.org/page), and an address comments@example.org that is
            wrapped at seventy-two columns.

            A new line
            by hand.

            - first
            - second, which is so long that it must go on over to a second line,
              under its own text
              - inner

             9. nine
            10. ten

            Meeting | Room
            First   | 2

                Paragraph 41 remains.

            * * *

            Heading

            Four spaces are no code, nor are `backticks`.
            """.ReplaceLineEndings("\n"),
            Text(
                """
                A *paragraph* with **emphasis** and \*stars\*, a link to [the page](https://example.org/page),
                and an address [comments@example.org](mailto:comments@example.org) that is wrapped at seventy-two columns.

                A new line\
                by hand.

                - first
                - second, which is so long that it must go on over to a second line, under its own text
                  - inner

                9. nine
                10. ten

                | Meeting | Room |
                |---|---|
                | First | 2 |

                > Paragraph 41 remains.

                ---

                ## Heading

                    Four spaces are no code, nor are `backticks`.
                """));

    [Fact]
    public void Gives_each_element_the_templates_style_and_none_of_the_authors()
    {
        var html = Html(
            "# H\n\n<p style=\"color:red\" onclick=\"x()\">raw</p>\n\n[page](https://example.org/page \"Title\")\n\n| a |\n|--:|\n| b |"
        );

        Assert.Equal(
            "<p style=\"color:red\" onclick=\"x()\">raw</p>",
            html.QuerySelectorAll("p").Single(p => p.TextContent.Contains("raw", StringComparison.Ordinal)).TextContent
        );
        Assert.Equal(
            "padding:.35em .6em;border:1px solid #888888;vertical-align:top;",
            html.QuerySelectorAll("td").Single(td => td.TextContent == "b").GetAttribute("style"));
        Assert.Equal(
            "color:inherit;text-decoration:underline;",
            html.QuerySelector("a[title=Title]")!.GetAttribute("style"));
        Assert.Empty(html.QuerySelectorAll("[onclick]"));
    }

    [Theory]
    [InlineData("see [x](javascript:alert(1))", "javascript:alert(1)")]
    [InlineData("see [x](data:text/html,hello)", "data:text/html,hello")]
    [InlineData("see [x](page.html)", "page.html")]
    [InlineData("see <javascript:alert(1)>", "javascript:alert(1)")]
    public void Refuses_a_link_a_letter_may_not_carry(string body, string target)
    {
        var fault = Assert.Single(SampleLetter.Faults(SampleLetter.WithBody($"first\n\n{body}")));

        Assert.Equal(420, fault.Number);
        Assert.Contains(target, fault.Words, StringComparison.Ordinal);
        Assert.StartsWith("letter.md, line 1", fault.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_picture() =>
        Assert.Equal(
            (421, "letter.md, line 12"),
            SampleLetter
                .Faults(SampleLetter.WithBody("first\n\n![emblem](https://example.org/emblem.png)"))
                .Select(fault => (fault.Number, fault.Place))
                .Single());

    [Fact]
    public void Refuses_a_style_for_an_element_no_letter_has()
    {
        var fault = Assert.Single(
            Assert
                .Throws<LetterFaultException>(() =>
                    new LetterBody("styles.yaml", "p: \"margin:0\"\nimg: \"width:1px\""))
                .Faults);

        Assert.Equal((405, "styles.yaml, line 2"), (fault.Number, fault.Place));
    }

    [Theory]
    [InlineData(">", 400)]
    [InlineData("*a **b ", 8_000)]
    [InlineData("> ", 11)]
    public void Refuses_signs_nested_deeper_than_any_letter_naming_the_line(string sign, int times) =>
        Assert.Equal(
            (423, "letter.md, line 12"),
            SampleLetter
                .Faults(SampleLetter.WithBody($"first\n\n{string.Concat(Enumerable.Repeat(sign, times))}a"))
                .Select(fault => (fault.Number, fault.Place))
                .Single());

    [Fact]
    public void Refuses_a_table_with_more_columns_than_a_page_holds_naming_the_line() =>
        Assert.Equal(
            (422, "letter.md, line 11"),
            SampleLetter
                .Faults(
                    SampleLetter.WithBody(
                        $"first\n{Row("a", 1_500)}\n{Row("-", 1_500)}\n{string.Concat(Enumerable.Repeat("|\n", 1_000))}"
                    ))
                .Select(fault => (fault.Number, fault.Place))
                .Single());

    [Fact]
    public void Takes_a_table_of_twenty_columns() =>
        Assert.Equal(
            40,
            Html($"{Row("a", 20)}\n{Row("-", 20)}\n{Row(@"a\|b", 20)}")
                .QuerySelectorAll("table[style*=collapse] th, table[style*=collapse] td")
                .Count(cell => cell.TextContent is "a" or "a|b"));

    [Theory]
    [InlineData("[a](b", 2_001, 424)]
    [InlineData("Prose and prose.\n", 6_000, 418)]
    public void Refuses_a_text_that_would_take_too_long_to_read(string part, int times, int fault) =>
        Assert.Equal(
            fault,
            Assert
                .Single(SampleLetter.Faults(SampleLetter.WithBody(string.Concat(Enumerable.Repeat(part, times)))))
                .Number);

    [Fact]
    public void Refuses_a_small_text_that_comes_out_large() =>
        Assert.Equal(
            418,
            Assert
                .Single(
                    SampleLetter.Faults(
                        SampleLetter.WithBody(
                            $"{Row("a", 20)}\n{Row("-", 20)}\n{string.Concat(Enumerable.Repeat("|\n", 4_000))}")))
                .Number);

    private static string Row(string cell, int columns) => $"|{string.Concat(Enumerable.Repeat($"{cell}|", columns))}";

    private static string Text(string markdown)
    {
        var faults = new List<Finding>();
        var body = LetterBody.Parse(
            LineEnds.Mark(markdown.ReplaceLineEndings("\n")),
            new TemplateText(Location.In("letter.md"), "x"),
            BodyRules.AsTyped,
            "en",
            RenderLimits.Default,
            faults);
        Assert.Empty(faults);
        return MarkdownText.Write(body!.Document).Plain();
    }

    private static IHtmlDocument Html(string body) =>
        new HtmlParser().ParseDocument(SampleLetter.Render(SampleLetter.WithBody(body)).Html);
}
