using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Editing;
using Distribution.Letters.Reading;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Distribution.Tests.Letters.Editing;

/// <summary>
/// A letter's text that is opened in the editor and written again prints the same, whatever stands in it; and whatever is
/// made in the editor prints with all its words.
/// </summary>
public sealed class EditorTextTests
{
    private static readonly string[] Marked =
    [
        "We *may*, **shall** and ***must***; **all *of* it**, *all **of** it*, and **bold**, *italics*.",
        "On {{ letter.date }} **{{ letter.draft }}** of *{{ letter.process }}*: {{ enclosures }}, by {{ date \"2018-04-03\" }}.",
        "See [the page](https://coast.example/a_b), [**it**](https://coast.example \"Title\"), **[it](https://coast.example) too** and <https://coast.example>.",
        "Write to <a@coast.example>, b@coast.example or [us](mailto:c@coast.example); https://share.example/_drafts_/x*y*.",
        "重点**重点**重点，*文*。**文**字*文*。",
        "## A heading\n\nand what stands below",
        "# The first\n\n### The *third*, 5",
        "> A quotation\n> of two lines\n>\n> 1. with\n> 2. a list",
        "> 5 per cent\n>",
        "---",
        "| Date | *Topic* |\n|:-:|--:|\n| 3 April | **a** \\| b |\n| 4 April | |",
        "1. one\n\n   > quoted\n\n   | a | b |\n   |---|---|\n   | 1 | 2 |\n\n2. two\n   - x\n   - y\n     1. deep\n     2. deeper",
        "1. one\n\n2. two\n\n   more of two\n\n3. three",
        "1.\n   (a) first\n   (b) second\n2. last",
        "First line\\\nsecond line\\\n**third** line",
        @"Stars \*so\*, \[x\](https://coast.example), \# no heading, 1\. no item and \{\{ no field }}.",
        @"\1. one" + "\n" + @"1\. one" + "\n" + @"\(a) two",
        "Ɀ is a letter, and {{ letter.date }} Ɀ.",
        "(*see*), *“quoted”*, **(all)** and **a**/*b*, x**y**z, a_b_c, 5*3*2.",
    ];

    private static Gen<string> Bodies =>
        Gen.NonEmptyListOf(
                Gen.Frequency(
                    (3, Gen.Elements([.. AsTypedTests.Paragraphs, .. AsTypedTests.InChinese, .. AsTypedTests.InArabic])),
                    (4, Gen.Elements(Marked)),
                    (1, AsTypedTests.Lines)))
            .Select(list => string.Join("\n\n", list));

    [Fact]
    public void Every_letter_of_the_samples_and_cases_opens_and_is_written_with_the_same_meaning()
    {
        var bodies = Directory
            .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Intake", "cases"), "letter.md", SearchOption.AllDirectories)
            .Select(path => LetterFile.Read("letter.md", File.ReadAllBytes(path)).Letter?.Body)
            .OfType<string>()
            .Concat(Languages.Official.Select(language => SixLanguages.In(language).Body))
            .Concat(AsTypedTests.Paragraphs)
            .Concat(AsTypedTests.InArabic)
            .Concat(AsTypedTests.InChinese)
            .Concat(Marked)
            .ToList();
        Assert.True(bodies.Count > 100);

        Assert.All(bodies, Opens);
    }

    [Fact]
    public void Whatever_opens_is_written_with_the_same_meaning() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(8),
        Prop.ForAll(
            Bodies.ToArbitrary(),
            body =>
            {
                if (EditorReader.Read(body) is { } document)
                    IsSame(body, EditorWriter.Write(document));
            }));

    /// <summary>An instruction decides what is printed, so the editor cannot show it.</summary>
    [Theory]
    [InlineData("{{ if letter.reference }}One{{ else }}two{{ end }}")]
    [InlineData("{{ for x in [1, 2] }}\n{{ x }}\n{{ end }}")]
    [InlineData("{{ letter.process | string.upcase }}")]
    [InlineData("![emblem](https://coast.example/emblem.png)")]
    [InlineData("See https://coast.example/{{ letter.draft }}.")]
    [InlineData("1. one\n---\n2. two")]
    public void What_the_editor_cannot_show_as_it_is_printed_does_not_open(string body) => Assert.Null(EditorReader.Read(body));

    private static void Opens(string body)
    {
        var document = EditorReader.Read(body);
        Assert.True(document is not null, $"Does not open:\n{body}\n\nas\n{EditorWriterOf(body)}");
        IsSame(body, EditorWriter.Write(document));
        Assert.Equal(document.Json(), EditorNode.Of(document.Json())!.Json());
    }

    private static string EditorWriterOf(string body) =>
        EditorFields.TakeOut(LineEnds.Mark(body)) is { } taken && EditorReader.Blocks(taken.Text, taken.Sources) is { } document
            ? EditorWriter.Write(document)
            : "instructions";

    /// <summary>The same blocks of the PDF, and the same email.</summary>
    private static void IsSame(string body, string written)
    {
        var (before, after) = (Printed(body), Printed(written));
        Assert.True(before == after, $"{body}\n\nwas written as\n\n{written}\n\nand prints\n{after}\ninstead of\n{before}");
    }

    private static string Printed(string body)
    {
        var parsed = TypedBlocks.Parse(EditorFields.TakeOut(LineEnds.Mark(body))!.Value.Text)!;
        return Json.Write(DocumentBody.Of(parsed, text => text)) + "\n" + string.Join(' ', MarkdownText.Write(parsed).Split());
    }
}
