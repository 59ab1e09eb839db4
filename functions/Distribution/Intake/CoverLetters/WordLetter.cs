using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Distribution.Common;

namespace Distribution.Intake.CoverLetters;

/// <summary>What became of a file that was brought as a cover letter: its text, or why there is none.</summary>
internal sealed record WordLetterReading(LetterBlocks? Read, Finding? Fault);

/// <summary>
/// Reads the text of a Word file as a letter's author would type it. What a letter cannot have is left out, and named:
/// pictures, text boxes, notes, comments. Tracked changes are taken as the file prints them, the deleted words left
/// out.
/// </summary>
internal sealed partial class WordLetter
{
    /// <summary>In bytes; a cover letter has a page or two, and at most a seal or a signature as a picture.</summary>
    public const int MaxBytes = 20_000_000;

    /// <summary>In characters of XML: some two thousand for each paragraph.</summary>
    private const int MostCharacters = 20_000_000;

    /// <summary>Of text, in characters; a letter's own limit is below it, and says so at its text.</summary>
    private const int LongestText = 200_000;

    private const int MostBlocks = 5_000;
    private const int MaxNesting = 100;

    /// <summary>In twentieths of a point: what is narrower is where cells of two rows do not meet exactly.</summary>
    private const int Hairline = 100;

    /// <summary>Of a table; Word has no more.</summary>
    private const int MostColumns = 63;

    private readonly WordNumbering numbering;
    private readonly Dictionary<string, XElement> styles;
    private readonly Dictionary<string, string> links;
    private readonly WordRemains remains = new();
    private int count;

    /// <summary>Whether the style of the paragraph that is being read hides its text.</summary>
    private bool isParagraphHidden;

    private WordLetter(
        WordNumbering numbering,
        Dictionary<string, XElement> styles,
        Dictionary<string, string> links) =>
        (this.numbering, this.styles, this.links) = (numbering, styles, links);

    /// <param name="name">The file's name, for messages.</param>
    public static WordLetterReading Read(string name, ReadOnlyMemory<byte> file)
    {
        if (NotWord(name, file.Span) is { } other)
            return new(null, other);
        if (file.Length > MaxBytes)
            return new(null, CoverLetterFaults.WordFileTooLarge(name, EnglishText.Size(MaxBytes)));
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file.ToArray(), writable: false));
            if (OfficeParts.Document(archive) is not { } document)
                return new(null, OtherArchive(name, archive));
            return Read(name, archive, document);
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or IOException)
        {
            return new(null, CoverLetterFaults.WordFileDamaged(name));
        }
        catch (ArchiveBudget.ExceededException)
        {
            return new(null, CoverLetterFaults.WordFileTooLarge(name, EnglishText.Size(MostCharacters)));
        }
    }

    private static WordLetterReading Read(string name, ZipArchive archive, ZipArchiveEntry document)
    {
        var budget = new ArchiveBudget();
        var styles = Root(archive.GetEntry("word/styles.xml"), budget)
            .Children("style")
            .GroupBy(style => style.Value("styleId") ?? "")
            .ToDictionary(same => same.Key, same => same.First());
        var links = (Root(archive.GetEntry($"word/_rels/{document.Name}.rels"), budget)?.Elements() ?? [])
            .Where(link => link.Attribute("TargetMode")?.Value == "External")
            .GroupBy(link => link.Attribute("Id")?.Value ?? "")
            .ToDictionary(same => same.Key, same => same.First().Attribute("Target")?.Value ?? "");
        var letter = new WordLetter(new(Root(archive.GetEntry("word/numbering.xml"), budget)), styles, links);
        foreach (var margin in archive.Entries.Where(entry => IsMargin(entry.FullName)).Take(10))
            letter.remains.InMargins(PlainText(Root(margin, budget)));
        var body = Root(document, budget).Child("body");
        JoinParagraphs(body);
        var blocks = letter.Blocks(body, 0).ToList();
        if (letter.count > MostBlocks)
            return new(null, CoverLetterFaults.WordFileTooLarge(name, EnglishText.Counted(MostBlocks, "paragraph")));
        if (blocks.SelectMany(Flat).Sum(paragraph => (long)paragraph.Plain.Length) > LongestText)
            return new(null, CoverLetterFaults.WordFileTooLarge(name, EnglishText.Counted(LongestText, "character")));
        return blocks.TrueForAll(block => block is LetterBlock.Paragraph { IsBlank: true })
            ? new(null, CoverLetterFaults.WordFileWithoutText(name, letter.remains.Pictures))
            : new(new(blocks, letter.remains.Sentences), null);
    }

    /// <summary>
    /// Where the end of a paragraph was deleted, the next one goes on in its line, and keeps its own form (ECMA-376
    /// Part 1, 17.13.5.15).
    /// </summary>
    private static void JoinParagraphs(XElement? body)
    {
        foreach (var paragraph in body?.Descendants().Where(IsEndDeleted).ToList() ?? [])
            if (paragraph.ElementsAfterSelf().FirstOrDefault() is { } next && next.Is("p"))
            {
                var content = paragraph.Elements().Where(part => !part.Is("pPr")).ToList();
                if (next.Child("pPr") is { } properties)
                    properties.AddAfterSelf(content);
                else
                    next.AddFirst(content);
                paragraph.Elements().Where(part => !part.Is("pPr")).Remove();
            }

        static bool IsEndDeleted(XElement element) =>
            element.Is("p") && element.Child("pPr").Child("rPr").Child("del") is not null;
    }

    /// <summary>What a file is that is no archive; null for an archive.</summary>
    private static Finding? NotWord(string name, ReadOnlySpan<byte> file) =>
        file.StartsWith("PK"u8) ? null
        : file.IsEmpty ? CoverLetterFaults.WordFileWithoutText(name, 0)
        : file.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0])
            // Word keeps a file with a password in the container of its old format.
            ? file.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0
                ? CoverLetterFaults.WordFileLocked(name)
                : CoverLetterFaults.OldWordFile(name)
        : file[..Math.Min(file.Length, 1_024)].IndexOf("%PDF-"u8) >= 0 ? CoverLetterFaults.NotAWordFile(name, "a PDF")
        : file.StartsWith("{\\rtf"u8) ? CoverLetterFaults.NotAWordFile(name, "a text in the format RTF")
        : FileTypes.ExtensionOf(name) == "docx" ? CoverLetterFaults.WordFileDamaged(name)
        : CoverLetterFaults.NotAWordFile(name, "a file of another kind");

    private static Finding OtherArchive(string name, ZipArchive archive) =>
        archive.GetEntry("content.xml") is not null && archive.GetEntry("mimetype") is not null
            ? CoverLetterFaults.NotAWordFile(name, "a text of LibreOffice or OpenOffice (.odt)")
        : archive.Entries.Any(entry => entry.FullName.StartsWith("xl/", StringComparison.Ordinal))
            ? CoverLetterFaults.NotAWordFile(name, "an Excel file")
        : archive.Entries.Any(entry => entry.FullName.StartsWith("ppt/", StringComparison.Ordinal))
            ? CoverLetterFaults.NotAWordFile(name, "a PowerPoint file")
        : FileTypes.ExtensionOf(name) == "docx" ? CoverLetterFaults.WordFileDamaged(name)
        : CoverLetterFaults.NotAWordFile(name, "an archive");

    private static bool IsMargin(string part) =>
        (part.StartsWith("word/header", StringComparison.Ordinal)
            || part.StartsWith("word/footer", StringComparison.Ordinal))
        && part.EndsWith(".xml", StringComparison.Ordinal);

    private static XElement? Root(ZipArchiveEntry? part, ArchiveBudget budget)
    {
        if (part is null)
            return null;
        using var stream = budget.Bound(part.Open());
        using var reader = XmlReader.Create(
            stream,
            new()
            {
                // Word writes no DTD, and entities of one that name each other can fill any memory.
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MostCharacters,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
        // A blank between two words may be an element of its own.
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root;
    }

    private IEnumerable<LetterBlock> Blocks(XElement? container, int depth)
    {
        foreach (var element in Within(depth, container))
            switch (element.WordName())
            {
                // Counted on beyond the limit, so that the caller sees that there are more.
                case "p" when ++count <= MostBlocks:
                    yield return Paragraph(element);
                    break;
                case "tbl":
                    yield return Table(element, depth);
                    break;
                case "ins" or "moveTo":
                    remains.Changed(element);
                    foreach (var block in Blocks(element, depth + 1))
                        yield return block;
                    break;
                case "del" or "moveFrom":
                    remains.Changed(element);
                    break;
                case "sdt" or "sdtContent" or "smartTag" or "customXml":
                    foreach (var block in Blocks(element, depth + 1))
                        yield return block;
                    break;
                case "altChunk":
                    remains.Inserted++;
                    break;
                default:
                    break;
            }
    }

    private bool IsDeleted(XElement row)
    {
        if (row.Child("trPr").Child("del") is not { } deleted)
            return false;
        remains.Changed(deleted);
        return true;
    }

    private LetterBlock.Table Table(XElement table, int depth)
    {
        var grid = table.Child("tblGrid").Children("gridCol")
            .Select(column => !int.TryParse(column.Value("w"), out var width) || width >= Hairline)
            .ToList();
        var rows = Descend(table, "tr", depth)
            .Where(row => !IsDeleted(row))
            .Select(row => Row(row, grid, depth))
            .ToList();
        // A column in which no cell begins is only reached over.
        var columns = Enumerable.Range(0, rows.Select(row => row.Count).DefaultIfEmpty().Max())
            .Where(column => rows.Exists(row => row.ElementAtOrDefault(column) is not null))
            .ToList();
        return new(
        [
            .. rows.Select(row => (IReadOnlyList<IReadOnlyList<LetterBlock.Paragraph>>)
                [.. columns.Where(column => column < row.Count).Select(column => row[column] ?? [])]),
        ]);
    }

    /// <summary>The cells of a row, each in its column; null in a column that a cell reaches over.</summary>
    /// <param name="grid">Of each column of the table's grid whether it is wide enough to be seen.</param>
    private List<IReadOnlyList<LetterBlock.Paragraph>?> Row(XElement row, IReadOnlyList<bool> grid, int depth)
    {
        var place = Count(row.Child("trPr").Child("gridBefore"), 0);
        List<IReadOnlyList<LetterBlock.Paragraph>?> cells = [];
        for (var skipped = Seen(0, place); skipped > 0; skipped--)
            cells.Add(null);
        foreach (var cell in Descend(row, "tc", depth))
        {
            var columns = Count(cell.Child("tcPr").Child("gridSpan"), 1);
            cells.Add([.. Blocks(cell, depth + 1).SelectMany(Flat)]);
            for (var reached = Seen(place, columns); reached > 1; reached--)
                cells.Add(null);
            place += columns;
        }

        return cells;

        int Seen(int from, int count) =>
            Enumerable.Range(from, count).Count(column => grid.Count <= column || grid[column]);

        static int Count(XElement? columns, int usual) =>
            int.TryParse(columns.Value("val"), out var count) ? Math.Clamp(count, usual, MostColumns) : usual;
    }


    /// <summary>The paragraphs of a block, and those of tables within a table from top to bottom.</summary>
    private static IEnumerable<LetterBlock.Paragraph> Flat(LetterBlock block) => block switch
    {
        LetterBlock.Table table => table.Rows.SelectMany(row => row).SelectMany(cell => cell),
        _ => [(LetterBlock.Paragraph)block],
    };

    /// <summary>Rows or cells, also within what Word puts around them.</summary>
    private static IEnumerable<XElement> Descend(XElement container, string name, int depth)
    {
        foreach (var element in Within(depth, container))
            if (element.Is(name))
                yield return element;
            else if (element.WordName() is "sdt" or "sdtContent" or "customXml" or "ins")
                foreach (var found in Descend(element, name, depth + 1))
                    yield return found;
    }

    private static IEnumerable<XElement> Within(int depth, XElement? container) =>
        // Deeper nesting would exhaust the stack, which nothing catches.
        depth > MaxNesting ? throw new InvalidDataException("It is nested too deeply.") : container?.Elements() ?? [];

    private LetterBlock.Paragraph Paragraph(XElement paragraph)
    {
        var properties = paragraph.Child("pPr");
        // The end of the paragraph was deleted, which is a tracked change too.
        if (properties.Child("rPr").Child("del") is { } ended)
            remains.Changed(ended);
        var style = Styles(properties.Child("pStyle")).ToList();
        isParagraphHidden = style
            .Select(one => one.Child("rPr").Child("vanish").IsOn())
            .FirstOrDefault(on => on is not null) is true;
        List<TextRun> runs = [];
        var field = new FieldState();
        Collect(paragraph, runs, null, field, 0);
        runs = Trimmed(runs);
        var plain = string.Concat(runs.Select(run => run.Text));
        if (string.IsNullOrWhiteSpace(plain))
            return LetterBlock.Paragraph.Blank;
        var (mark, level) = Mark(properties, style);
        var name = style.Select(one => one.Child("name").Value("val")?.ToLowerInvariant() ?? "").FirstOrDefault() ?? "";
        var kind = name.StartsWith("heading", StringComparison.Ordinal) || name == "title" ? ParagraphKind.Heading
            : name is "quote" or "quotations" or "intense quote" or "block text" ? ParagraphKind.Quotation
            : ParagraphKind.Text;
        // The style itself makes a heading bold, and a quotation italic.
        var styled = kind == ParagraphKind.Text
            ? runs
            : [.. runs.Select(run => run with { IsBold = false, IsItalic = false })];
        return new(
            TypedRuns.Write(styled.Select(run => run with { Text = run.Text.Replace('\t', ' ') })),
            plain,
            mark,
            level,
            kind);
    }

    private (string? Mark, int Level) Mark(XElement? properties, IReadOnlyList<XElement> style)
    {
        var own = properties.Child("numPr");
        var named = style.Select(one => one.Child("pPr").Child("numPr")).FirstOrDefault(found => found is not null);
        var number = (own.Child("numId") ?? named.Child("numId")).Value("val");
        _ = int.TryParse((own.Child("ilvl") ?? named.Child("ilvl")).Value("val"), out var level);
        // A list 0 takes away the one that the style names (ECMA-376 Part 1, 17.9.18).
        return number is null or "0" ? (null, 0) : (numbering.Next(number, level), Math.Clamp(level, 0, 8));
    }

    /// <summary>The style that a paragraph or a run names and those it is based on, the nearest first.</summary>
    private IEnumerable<XElement> Styles(XElement? named)
    {
        var name = named.Value("val");
        // Bounded: styles of a damaged file may be based on each other in a circle.
        for (var depth = 0; depth < 20 && name is not null && styles.TryGetValue(name, out var style); depth++)
        {
            yield return style;
            name = style.Child("basedOn").Value("val");
        }
    }

    private void Collect(XElement container, List<TextRun> runs, string? target, FieldState field, int depth)
    {
        foreach (var element in Within(depth, container))
            switch (element.WordName())
            {
                case "r":
                    Run(element, runs, target, field);
                    break;
                case "hyperlink":
                    Collect(element, runs, Target(element), field, depth + 1);
                    break;
                case "ins" or "moveTo":
                    remains.Changed(element);
                    Collect(element, runs, target, field, depth + 1);
                    break;
                case "del" or "moveFrom":
                    remains.Changed(element);
                    break;
                case "fldSimple":
                    var linked = Linked(FieldState.TargetOf(element.Value("instr") ?? ""));
                    Collect(element, runs, linked ?? target, field, depth + 1);
                    break;
                case "sdt" or "sdtContent" or "smartTag" or "customXml" or "dir" or "bdo":
                    Collect(element, runs, target, field, depth + 1);
                    break;
                case "":
                    if (element.Name.LocalName is "oMath" or "oMathPara")
                        remains.Formulas++;
                    break;
                default:
                    break;
            }
    }

    private string? Target(XElement link) =>
        link.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == "id")?.Value is { } id
            ? Linked(links.GetValueOrDefault(id))
            : null;

    private static string? Linked(string? target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp
            || address.Scheme == Uri.UriSchemeHttps
            || address.Scheme == Uri.UriSchemeMailto)
            ? target
            : null;

    private void Run(XElement run, List<TextRun> runs, string? target, FieldState field)
    {
        var properties = run.Child("rPr");
        var isHidden = StyleOf(properties, "vanish") ?? isParagraphHidden;
        var text = new StringBuilder();
        foreach (var part in run.Elements())
            switch (part.WordName())
            {
                case "fldChar":
                    field.Change(part.Value("fldCharType"));
                    break;
                case "instrText":
                    field.Add(part.Value);
                    break;
                case "t" when !field.IsCode && isHidden:
                    remains.Hidden++;
                    break;
                case "t" when !field.IsCode:
                    // Line ends of the XML are blanks; those of the text are elements of their own.
                    text.Append(part.Value.Replace('\n', ' ').Replace('\r', ' '));
                    break;
                case "tab" or "ptab" when !field.IsCode:
                    text.Append('\t');
                    break;
                // A page that is ended by hand ends a line as well.
                case "br" or "cr":
                    text.Append('\n');
                    break;
                case "noBreakHyphen":
                    text.Append('\u2011');
                    break;
                case "sym":
                    remains.Symbols++;
                    break;
                case "ruby":
                    text.Append(PlainText(part.Child("rubyBase")));
                    break;
                // Counted by their signs in the text: the parts that hold them have separators as well.
                case "footnoteReference" or "endnoteReference":
                    remains.Notes++;
                    break;
                case "commentReference":
                    remains.Comments++;
                    break;
                case "drawing" or "pict" or "object":
                    remains.Drawn(part);
                    break;
                case "" when part.Name.LocalName == "AlternateContent":
                    // Its second part says the same for old programs.
                    remains.Drawn(part.Elements().FirstOrDefault(choice => choice.Name.LocalName == "Choice") ?? part);
                    break;
                default:
                    break;
            }

        if (text.Length == 0)
            return;
        target ??= Linked(field.Target);
        // Some programs shade words in place of highlighting them.
        if (properties.Child("highlight").IsOn() is true
            || properties.Child("shd").Value("fill") is { Length: 6 } and not ("FFFFFF" or "ffffff"))
            remains.Highlighted++;
        if (properties.Child("strike").IsOn() is true || properties.Child("dstrike").IsOn() is true)
            remains.Struck++;
        if (properties.Child("u").IsOn() is true && target is null)
            remains.Underlined++;
        runs.Add(
            new(
                Raised(text.ToString(), properties),
                StyleOf(properties, "b") is true,
                StyleOf(properties, "i") is true,
                target));
    }

    /// <summary>
    /// Capitals as Word shows them, and raised or lowered digits as signs of their own: 10⁶ is not 106. Raised letters,
    /// as in 20th, stand in the line.
    /// </summary>
    private string Raised(string text, XElement? properties)
    {
        if (StyleOf(properties, "caps") is true)
            text = text.ToUpperInvariant();
        var signs = properties.Child("vertAlign").Value("val") switch
        {
            "superscript" => "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻",
            "subscript" => "₀₁₂₃₄₅₆₇₈₉₊₋",
            _ => "",
        };
        const string Plain = "0123456789+-";
        return signs.Length > 0 && text.Trim() is { Length: > 0 } raised && raised.All(Plain.Contains)
            ? string.Concat(text.Select(sign => Plain.IndexOf(sign) is >= 0 and var place ? signs[place] : sign))
            : text;
    }

    /// <summary>Whether a run is bold, say, as it says itself, or as its style says; null where neither says.</summary>
    private bool? StyleOf(XElement? properties, string look) =>
        properties.Child(look).IsOn()
        ?? Styles(properties.Child("rStyle"))
            .Select(style => style.Child("rPr").Child(look).IsOn())
            .FirstOrDefault(on => on is not null);

    private static List<TextRun> Trimmed(List<TextRun> runs)
    {
        var trimmed = runs.ToList();
        while (trimmed is [var first, ..] && first.Text.TrimStart() is var text && text.Length < first.Text.Length)
        {
            trimmed[0] = first with { Text = text };
            if (text.Length > 0)
                break;
            trimmed.RemoveAt(0);
        }

        while (trimmed is [.., var last] && last.Text.TrimEnd() is var text && text.Length < last.Text.Length)
        {
            trimmed[^1] = last with { Text = text };
            if (text.Length > 0)
                break;
            trimmed.RemoveAt(trimmed.Count - 1);
        }

        return trimmed;
    }

    /// <summary>The words in an element, wherever they stand in it.</summary>
    internal static string PlainText(XElement? element) =>
        string.Join(
            ' ',
            (element?.Descendants() ?? [])
                .Where(part =>
                    part.Is("t")
                    && !part.Ancestors().Any(above => above.Is("del") || above.Name.LocalName == "Fallback"))
                .Select(part => part.Value.Trim())
                .Where(words => words.Length > 0));

    /// <summary>
    /// Where in a field a run stands: its code is for Word, its result is printed. Fields stand in each other.
    /// </summary>
    private sealed partial class FieldState
    {
        private readonly Stack<(bool IsCode, string Code)> fields = [];

        public bool IsCode => fields.Any(open => open.IsCode);

        /// <summary>What the field that the run stands in links to; null if it is no link.</summary>
        public string? Target =>
            fields.Select(open => TargetOf(open.Code)).FirstOrDefault(target => target is not null);

        public void Change(string? to)
        {
            if (to == "begin")
                fields.Push((true, ""));
            else if (fields.TryPop(out var field) && field.IsCode && to == "separate")
                fields.Push((false, field.Code));
        }

        public void Add(string code)
        {
            if (fields.TryPop(out var field))
                fields.Push(field with { Code = field.Code + code });
        }

        public static string? TargetOf(string code) =>
            Hyperlink().Match(code) is { Success: true } link ? link.Groups["target"].Value : null;

        [GeneratedRegex("""^\s*HYPERLINK\s+"(?<target>[^"]+)"(?!.*\\l)""", RegexOptions.Singleline)]
        private static partial Regex Hyperlink();
    }
}
