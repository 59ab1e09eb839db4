using System.Diagnostics;
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
    public async Task Whatever_opens_is_written_with_the_same_meaning_and_comes_whole_through_the_editor()
    {
        List<string> documents = [];
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(8),
            Prop.ForAll(
                Bodies.ToArbitrary(),
                body =>
                {
                    if (EditorReader.Read(body) is not { } document)
                        return;
                    documents.Add(document.Json());
                    IsSame(body, EditorWriter.Write(document));
                }));

        Assert.Equal(documents, await ThroughTheEditor(documents));
    }

    [Theory]
    [InlineData("un**happy**ness", "**unhappyness**")]
    [InlineData(" ** bold ** ", "**bold**")]
    [InlineData("a**-***b*c", "***a-bc***")]
    [InlineData("*a***b**", "***ab***")]
    public void What_is_bold_or_in_italics_is_made_of_whole_words(string marked, string written) => Assert.Equal(
        written,
        EditorWriter.Write(new("doc", Content: [new("paragraph", Content: Runs(marked))])));

    [Theory]
    [InlineData("1. one", @"1\. one")]
    [InlineData("(a) one", @"\(a) one")]
    [InlineData("- 5 degrees", @"\- 5 degrees")]
    [InlineData("# five", @"\# five")]
    [InlineData("> five", @"\> five")]
    [InlineData("---", @"\---")]
    [InlineData("*stars* and 2*3*4", @"\*stars\* and 2\*3\*4")]
    [InlineData("[it](https://coast.example)", @"\[it\](https\://coast.example)")]
    [InlineData("{{ if true }}", @"\{\{ if true }}")]
    [InlineData(@"C:\drafts\_a_", @"C:\drafts\_a_")]
    [InlineData("https://coast.example/_a_/b*c* and R&D <5 [x]", "https://coast.example/_a_/b*c* and R&D <5 [x]")]
    public void What_is_typed_as_text_is_no_markup(string typed, string written)
    {
        var text = EditorWriter.Write(new("doc", Content: [new("paragraph", Content: [new("text", Text: typed)])]));

        Assert.Equal(typed, MarkdownText.Write(TypedBlocks.Parse(LineEnds.Mark(text))!));
        Assert.Equal(written, text);
    }

    [Theory]
    [InlineData("|")]
    [InlineData("*")]
    [InlineData("[")]
    [InlineData("\\|")]
    public void What_is_bold_is_so_before_a_sign_that_is_written_with_a_backslash(string sign)
    {
        EditorNode[] content = [new("text", Text: "due", Marks: [new("strong")]), new("text", Text: sign)];
        EditorNode paragraph = new("paragraph", Content: content);
        EditorNode row = new("table_row", Content: [new("table_cell", Content: [paragraph])]);
        EditorNode document = new("doc", Content: [paragraph, new("table", Content: [row, row])]);
        var printed = Printed(DocumentBody.Of(TypedBlocks.Parse(LineEnds.Mark(EditorWriter.Write(document)))!));

        Assert.Equal(Words(document), printed);
    }

    /// <summary>Whatever a person makes, or a program says it made: no word is lost.</summary>
    [Fact]
    public void Whatever_is_made_in_the_editor_prints_with_all_its_words() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(10),
        Prop.ForAll(
            Gen.ListOf(Block(2)).Select(blocks => new EditorNode("doc", Content: [.. blocks])).ToArbitrary(),
            document =>
            {
                var written = EditorWriter.Write(document);
                var taken = EditorFields.TakeOut(LineEnds.Mark(written))!.Value;
                Assert.Equal(Words(document), Printed(DocumentBody.Of(TypedBlocks.Parse(taken.Text)!)));
                Assert.All(taken.Sources, source => Assert.Equal("{{ letter.date }}", source));
            }));

    /// <summary>An instruction decides what is printed, so the editor cannot show it.</summary>
    [Theory]
    [InlineData("{{ if letter.reference }}One{{ else }}two{{ end }}")]
    [InlineData("{{ for x in [1, 2] }}\n{{ x }}\n{{ end }}")]
    [InlineData("{{ letter.process | string.upcase }}")]
    [InlineData("![emblem](https://coast.example/emblem.png)")]
    [InlineData("See https://coast.example/{{ letter.draft }}.")]
    [InlineData("1. one\n---\n2. two")]
    [MemberData(nameof(TooMuch))]
    public void What_the_editor_cannot_show_as_it_is_printed_does_not_open(string body) => Assert.Null(EditorReader.Read(body));

    public static TheoryData<string> TooMuch =>
    [
        string.Concat(Enumerable.Repeat("*a **b ", 8_000)),
        new string('[', 5_000),
        string.Concat(Enumerable.Repeat("> ", 400)) + "a",
        $"a{new string('|', 1_500)}\n{string.Concat(Enumerable.Repeat("|-", 1_500))}|\nb",
        new string('x', 100_001),
    ];

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

    /// <summary>The documents as the editor has them, and gives them back.</summary>
    private static async Task<IReadOnlyList<string>> ThroughTheEditor(IEnumerable<string> documents)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("node", ["--input-type=module", "--eval", Script])
        {
            WorkingDirectory = Path.Combine(SampleLetter.Templates, "..", "functions", "Distribution.Web", "obj", "editor", configuration),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var said = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var given = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var document in documents)
            await node.StandardInput.WriteLineAsync(document);
        node.StandardInput.Close();
        var lines = (await given).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, await said);
        return [.. lines.Select(line => EditorNode.Of(line)!.Json())];
    }

    private const string Script =
        """
        import { createInterface } from "node:readline";
        import { Node } from "prosemirror-model";
        import { forService, fromService, schema } from "./src/schema.js";
        for await (const line of createInterface({ input: process.stdin })) {
          const document = Node.fromJSON(schema, fromService(JSON.parse(line)));
          document.check();
          console.log(JSON.stringify(forService(document.toJSON())));
        }
        """;

    /// <summary>Runs of a text in which stars set and unset bold and italics, wherever they stand.</summary>
    private static List<EditorNode> Runs(string marked)
    {
        List<EditorNode> runs = [];
        var (strong, emphasis) = (false, false);
        foreach (var piece in System.Text.RegularExpressions.Regex.Split(marked, @"(\*\*|\*)"))
        {
            (strong, emphasis) = (strong ^ piece == "**", emphasis ^ piece == "*");
            if (piece is not ("" or "*" or "**"))
                runs.Add(new InlineStyle(null, strong, emphasis).On(new("text", Text: piece)));
        }

        return runs;
    }

    private static Gen<EditorNode> Inline =>
        from text in Gen.Elements("one", " two ", "3.", "(a)", "•", "*", "**x", "_y_", "[z](u)", "{{ a }}", "{", "\\", "C:\\d", "文字", "。", "https://coast.example/_a_", "a@b.example", "\t", "<5", "#", "|", ">", "بند")
        from strong in Gen.Elements(true, false, false)
        from emphasis in Gen.Elements(true, false, false)
        from link in Gen.Elements(null, null, null, new LinkTarget("https://coast.example/(a", "A \"title\""))
        from kind in Gen.Frequency((8, Gen.Constant("text")), (1, Gen.Constant("hard_break")), (1, Gen.Constant("field")))
        select new InlineStyle(link, strong, emphasis).On(
            kind == "text" ? new(kind, Text: text) : kind == "field" ? new(kind, new(Source: "{{ letter.date }}")) : new(kind));

    private static Gen<EditorNode> AnyParagraph =>
        Gen.ListOf(Inline).Select(inlines => new EditorNode("paragraph", Content: [.. inlines]));

    private static Gen<EditorNode> Block(int depth) => depth == 0 ? AnyParagraph : Gen.Frequency(
        (4, AnyParagraph),
        (1, Gen.Constant(new EditorNode("rule"))),
        (1, from words in AnyParagraph from level in Gen.Choose(1, 6) select new EditorNode("heading", new(Level: level), words.Content)),
        (1, Gen.ListOf(Block(depth - 1)).Select(blocks => new EditorNode("quotation", Content: [.. blocks]))),
        (2,
            from mark in Gen.Elements("1.", "(a)", "•", "–", "2.1", "no mark", "١.")
            from loose in Gen.Elements(true, false)
            from items in Gen.NonEmptyListOf(Gen.NonEmptyListOf(Block(depth - 1)))
            select new EditorNode("list", new(Loose: loose), [.. items.Select(item => new EditorNode("item", new(Mark: mark), [.. item]))])),
        (1,
            from head in Gen.Elements("table_header", "table_cell")
            from rows in Gen.NonEmptyListOf(Gen.NonEmptyListOf(AnyParagraph))
            select new EditorNode("table", Content: [.. rows.Select(row => new EditorNode("table_row", Content: [.. row.Take(20).Select(cell => new EditorNode(head, Content: [cell]))]))])));

    private static string Words(EditorNode node) =>
        node.Type == "text" ? Letters(node.Text!)
        : node.Type == "field" ? $"{EditorFields.Sign}"
        : node.Type == "item" ? (node.Attrs!.Mark == "no mark" ? "–" : node.Attrs.Mark) + string.Concat(node.Parts.Select(Words))
        : string.Concat(node.Parts.Select(Words));

    private static string Printed(IEnumerable<DocumentBlock> blocks) => string.Concat(blocks.Select(block => block switch
    {
        Paragraph paragraph => Printed(paragraph.Runs),
        Heading heading => Printed(heading.Runs),
        Quotation quotation => Printed(quotation.Blocks),
        ItemList list => string.Concat(list.Items.Select((item, place) => list.Marks![place] + Printed(item))),
        TableOfCells table => string.Concat(table.Rows.SelectMany(row => row).Select(Printed)),
        _ => "",
    }));

    private static string Printed(IEnumerable<Run> runs) => Letters(string.Concat(runs.Select(run => run.Text)));

    /// <summary>All that is seen, but for space.</summary>
    private static string Letters(string text) => string.Concat(text.Where(sign => !char.IsWhiteSpace(sign)));

    private static string Printed(string body)
    {
        var parsed = TypedBlocks.Parse(EditorFields.TakeOut(LineEnds.Mark(body))!.Value.Text)!;
        return Json.Write(DocumentBody.Of(parsed)) + "\n" + string.Join(' ', MarkdownText.Write(parsed).Split());
    }
}
