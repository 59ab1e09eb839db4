using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;

namespace Distribution.Intake;

/// <summary>
/// What a file of Word, Excel, PowerPoint or LibreOffice holds beside what it prints: what was left of its writing.
/// </summary>
internal sealed partial class OfficeParts
{
    private readonly List<string> changedBy = [];
    private readonly List<string> commentedBy = [];
    private readonly List<string> authors = [];
    private readonly List<string> hiddenSheets = [];
    private readonly List<string> embedded = [];
    private readonly List<string> contacted = [];
    private readonly Dictionary<string, (bool? Hides, string? BasedOn)> styles = [];
    private readonly ArchiveBudget budget;

    private OfficeParts(ArchiveBudget budget) => this.budget = budget;

    /// <summary>Text put in, taken out, moved or formatted anew, which is on record in the file.</summary>
    public int Changes { get; private set; }

    public IEnumerable<string> ChangedBy => changedBy.Distinct();

    public int Comments { get; private set; }

    public IEnumerable<string> CommentedBy => commentedBy.Distinct();

    /// <summary>Pieces of text marked as hidden, which do not print.</summary>
    public int HiddenTexts { get; private set; }

    public IReadOnlyList<string> HiddenSheets => hiddenSheets;

    public int HiddenSlides { get; private set; }

    /// <summary>Rows with something in them that a sheet does not show.</summary>
    public int HiddenRows { get; private set; }

    /// <inheritdoc cref="HiddenRows"/>
    public int HiddenColumns { get; private set; }

    /// <summary>Whether it has more rows than are looked through.</summary>
    public bool HasMoreRows { get; private set; }

    /// <summary>Files within it, such as the whole workbook behind one chart.</summary>
    public IReadOnlyList<string> Embedded => embedded;

    /// <summary>Copies of the rows that pivot tables sum up.</summary>
    public int PivotData { get; private set; }

    /// <summary>Other workbooks whose values it keeps.</summary>
    public int LinkedWorkbooks { get; private set; }

    /// <summary>Where it fetches something, such as its template or a picture, when it is opened.</summary>
    public IEnumerable<string> Contacted => contacted.Distinct();

    /// <summary>Slides with notes for the speaker.</summary>
    public int Notes { get; private set; }

    /// <summary>Who wrote the file and who saved it last.</summary>
    public IEnumerable<string> Authors => authors.Distinct();

    public bool IsEncrypted { get; private set; }

    /// <summary>Whether it holds nothing but what it prints.</summary>
    public bool IsClean =>
        !HasMoreRows
        && Changes + Comments + HiddenTexts + HiddenSheets.Count + HiddenRows + HiddenColumns + HiddenSlides + Notes
            + Embedded.Count + PivotData + LinkedWorkbooks + contacted.Count == 0;

    /// <summary>What a file of the type is called; null for a type that is none of these.</summary>
    public static string? KindOf(string extension) => extension switch
    {
        "docx" => "a Word file",
        "xlsx" => "an Excel file",
        "pptx" => "a PowerPoint file",
        "odt" => "a text document",
        "ods" => "a spreadsheet",
        "odp" => "a presentation",
        _ => null,
    };

    /// <summary>The part that holds a Word file's text; null if there is none.</summary>
    public static ZipArchiveEntry? Document(ZipArchive archive) =>
        archive.Entries.FirstOrDefault(entry => WordDocument().IsMatch(entry.FullName));

    /// <summary>Whether an archive has the parts that a file of the type must have.</summary>
    public static bool IsOfType(ZipArchive archive, string extension) => extension switch
    {
        "docx" => HasTypes(archive) && Document(archive) is not null,
        "xlsx" => HasTypes(archive) && archive.Entries.Any(entry => Workbook().IsMatch(entry.FullName)),
        "pptx" => HasTypes(archive) && archive.Entries.Any(entry => Presentation().IsMatch(entry.FullName)),
        _ => archive.GetEntry("mimetype") is not null && archive.GetEntry("content.xml") is not null,
    };

    /// <exception cref="InvalidDataException">A part is damaged.</exception>
    /// <exception cref="XmlException">A part is damaged.</exception>
    /// <exception cref="ArchiveBudget.ExceededException">It unpacks to more than any document holds.</exception>
    public static OfficeParts Of(ZipArchive archive, ArchiveBudget budget)
    {
        var parts = new OfficeParts(budget);
        // It says first whether the others are locked: they cannot be read then. What styles hide comes before the
        // text.
        foreach (var entry in archive.Entries.OrderBy(entry => entry.FullName switch
        {
            "META-INF/manifest.xml" => 0,
            "word/styles.xml" => 1,
            // The largest, of which a part may be left.
            var sheet when Worksheet().IsMatch(sheet) => 3,
            _ => 2,
        }))
            if (!parts.IsEncrypted)
                parts.Read(entry);
        // The names of those who comment stand apart from their comments, and stay when these are gone.
        if (parts.Comments == 0)
            parts.commentedBy.Clear();
        return parts;
    }

    private void Read(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (Embedding().IsMatch(name))
            embedded.Add(entry.Name is "content.xml" ? Path.GetDirectoryName(name)! : entry.Name);
        else if (PivotCache().IsMatch(name))
            PivotData++;
        else if (ExternalLink().IsMatch(name))
            LinkedWorkbooks++;
        else if (name.EndsWith(".rels", StringComparison.Ordinal))
            Each(entry, ReadRelation);
        else if (name is "word/styles.xml")
            ReadStyles(entry);
        else if (Worksheet().IsMatch(name))
            try
            {
                ReadSheet(entry);
            }
            catch (ArchiveBudget.ExceededException)
            {
                // A workbook of very many rows is none that unpacks without end: a person looks at it.
                HasMoreRows = true;
            }
        else if (WordDocument().IsMatch(name) || WordText().IsMatch(name))
            ReadWord(entry);
        else if (Workbook().IsMatch(name))
            Each(entry, reader =>
            {
                if (reader.LocalName == "sheet" && reader.GetAttribute("state") is "hidden" or "veryHidden")
                    hiddenSheets.Add(reader.GetAttribute("name") ?? "");
            });
        else if (Comment().IsMatch(name))
            Each(entry, ReadComment);
        else if (Slide().IsMatch(name))
            Each(entry, reader =>
            {
                if (reader is { LocalName: "sld", Depth: 0 } && reader.GetAttribute("show") is "0" or "false")
                    HiddenSlides++;
            });
        else if (SlideNotes().IsMatch(name))
            ReadNotes(entry);
        else if (name is "docProps/core.xml" or "meta.xml")
            Each(entry, reader =>
            {
                if (reader.LocalName is "creator" or "lastModifiedBy" or "initial-creator")
                    Add(authors, TextOf(reader));
            });
        else if (name is "content.xml")
            ReadOpenDocument(entry);
        else if (name is "META-INF/manifest.xml")
            Each(entry, reader => IsEncrypted |= reader.LocalName == "encryption-data");
    }

    private void ReadWord(ZipArchiveEntry entry)
    {
        var (isRun, isHidden, isParagraphHidden, former) = (false, false, false, -1);
        Each(entry, reader =>
        {
            // How a text was formatted before stands within the change of its formatting.
            if (former >= 0 && reader.Depth <= former)
                former = -1;
            switch (reader.LocalName)
            {
                case "ins" or "del" or "moveFrom" or "moveTo" or "cellIns" or "cellDel" or "cellMerge":
                case var change when change.EndsWith("Change", StringComparison.Ordinal):
                    if (reader.LocalName.EndsWith("Change", StringComparison.Ordinal))
                        former = reader.Depth;
                    if (OfWord(reader, "author") is { } author)
                    {
                        Changes++;
                        Add(changedBy, author);
                    }

                    break;
                case "comment":
                    Comments++;
                    Add(commentedBy, OfWord(reader, "author") ?? "");
                    break;
                case "r":
                    (isRun, isHidden) = (true, isParagraphHidden);
                    break;
                case "p":
                    (isRun, isParagraphHidden) = (false, false);
                    break;
                case "pStyle" when former < 0:
                    isParagraphHidden = Hides(OfWord(reader, "val"));
                    break;
                case "rStyle" when isRun && former < 0:
                    isHidden |= Hides(OfWord(reader, "val"));
                    break;
                case "vanish" when isRun && former < 0:
                    // What a run says of itself outweighs its styles (ECMA-376 Part 1, 17.7.2).
                    isHidden = OfWord(reader, "val") is not ("0" or "false" or "off");
                    break;
                case "t" when isRun && isHidden:
                    // Once for each run: a run may hold several texts.
                    (HiddenTexts, isRun) = (HiddenTexts + 1, false);
                    break;
                default:
                    break;
            }
        });
    }

    private void ReadStyles(ZipArchiveEntry entry)
    {
        string? style = null;
        Each(entry, reader =>
        {
            switch (reader.LocalName)
            {
                case "style":
                    style = OfWord(reader, "type") is "table" or "numbering" ? null : OfWord(reader, "styleId");
                    break;
                case "basedOn" when style is not null:
                    styles[style] = styles.GetValueOrDefault(style) with { BasedOn = OfWord(reader, "val") };
                    break;
                case "vanish" when style is not null:
                    styles[style] = styles.GetValueOrDefault(style) with
                    {
                        Hides = OfWord(reader, "val") is not ("0" or "false" or "off")
                    };
                    break;
                default:
                    break;
            }
        });
    }

    private bool Hides(string? style)
    {
        // Bounded: styles of a damaged file may be based on each other in a circle.
        for (
            var depth = 0;
            depth < MostStyles && style is not null && styles.TryGetValue(style, out var found);
            depth++)
        {
            if (found.Hides is { } hides)
                return hides;
            style = found.BasedOn;
        }

        return false;
    }

    // What a link leads to is fetched when someone follows it; a picture, a template or a frame when the file is
    // opened.
    private void ReadRelation(XmlReader reader)
    {
        if (reader.LocalName == "Relationship"
            && reader.GetAttribute("TargetMode") == "External"
            && reader.GetAttribute("Type") is { } type
            && !type.EndsWith("/hyperlink", StringComparison.Ordinal)
            && !type.EndsWith("/externalLinkPath", StringComparison.Ordinal)
            && reader.GetAttribute("Target") is { } target
            && Elsewhere().IsMatch(target))
            Add(contacted, target);
    }

    private void ReadSheet(ZipArchiveEntry entry)
    {
        var lines = new HiddenLines(this);
        Each(entry, reader =>
        {
            switch (reader.LocalName)
            {
                case "col":
                    if (int.TryParse(reader.GetAttribute("min"), out var first)
                        && int.TryParse(reader.GetAttribute("max"), out var last))
                        lines.Columns(first, last, IsHidden());
                    break;
                case "row":
                    lines.Row(IsHidden());
                    break;
                case "c":
                    lines.At(reader.GetAttribute("r") is { } place ? ColumnOf(place) : null);
                    break;
                // A cell without value, text or formula has a format and nothing else.
                case "v" or "is" or "f":
                    lines.Hold();
                    break;
                default:
                    break;
            }

            bool IsHidden() => reader.GetAttribute("hidden") is "1" or "true";
        });

        static int ColumnOf(string place) =>
            place
                .TakeWhile(char.IsAsciiLetterUpper)
                .Take(4)
                .Aggregate(0, (number, letter) => number * 26 + letter - 'A' + 1);
    }

    // Excel's, PowerPoint's, and the lists of those who comment there. Of a conversation in Excel each line is one.
    private void ReadComment(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "comment" or "cm":
                Comments++;
                break;
            case "author" when reader.GetAttribute("name") is { } name:
                Add(commentedBy, name);
                break;
            case "author":
                // Excel puts “tc=” and an id for the author of a conversation; who that is stands in another part.
                if (TextOf(reader) is { } named && !named.StartsWith("tc=", StringComparison.Ordinal))
                    Add(commentedBy, named);
                break;
            case "cmAuthor":
                Add(commentedBy, reader.GetAttribute("name") ?? "");
                break;
            case "person":
                Add(commentedBy, reader.GetAttribute("displayName") ?? "");
                break;
            default:
                break;
        }
    }

    private void ReadNotes(ZipArchiveEntry entry)
    {
        var (hasText, field) = (false, -1);
        Each(entry, reader =>
        {
            if (field >= 0 && reader.Depth <= field)
                field = -1;
            // The number of the slide is a field, which every page of notes has.
            if (reader.LocalName == "fld")
                field = reader.Depth;
            else if (reader.LocalName == "t" && field < 0)
                hasText |= TextOf(reader) is { } text && !string.IsNullOrWhiteSpace(text);
        });
        Notes += hasText ? 1 : 0;
    }

    private void ReadOpenDocument(ZipArchiveEntry entry)
    {
        var isChange = false;
        var (lines, row) = (new HiddenLines(this), int.MaxValue);
        Each(entry, reader =>
        {
            switch (reader.LocalName)
            {
                case "changed-region":
                    (Changes, isChange) = (Changes + 1, true);
                    break;
                case "annotation":
                    (Comments, isChange) = (Comments + 1, false);
                    break;
                case "creator":
                    Add(isChange ? changedBy : commentedBy, TextOf(reader));
                    break;
                case "hidden-text" or "hidden-paragraph":
                    HiddenTexts++;
                    break;
                case "table":
                    lines = new(this);
                    break;
                case "table-column":
                    lines.Columns(Repeated("number-columns-repeated"), IsCollapsed());
                    break;
                case "table-row":
                    row = reader.Depth;
                    lines.Row(IsCollapsed());
                    break;
                case "table-cell" or "covered-table-cell":
                    lines.Next(Repeated("number-columns-repeated"));
                    break;
                case "p" when reader.Depth > row:
                    lines.Hold();
                    break;
                case "p":
                    row = int.MaxValue;
                    break;
                default:
                    break;
            }

            bool IsCollapsed() => reader.GetAttribute("visibility", reader.NamespaceURI) is "collapse" or "filter";

            int Repeated(string attribute) =>
                // LibreOffice writes the empty rest of a row as one cell, repeated to the last column.
                int.TryParse(reader.GetAttribute(attribute, reader.NamespaceURI), out var times)
                && times is > 0 and < MostColumns
                    ? times
                    : 1;
        });
    }

    /// <summary>Looks at each element of a part in turn.</summary>
    private void Each(ZipArchiveEntry entry, Action<XmlReader> look)
    {
        using var stream = budget.Bound(entry.Open());
        // Some programs begin a manifest with a DOCTYPE. What that declares is not read.
        using var reader = XmlReader.Create(stream, new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        while (reader.Read())
            if (reader.NodeType is XmlNodeType.Element)
                look(reader);
    }

    private static string? TextOf(XmlReader reader) =>
        !reader.IsEmptyElement && reader.Read() && reader.NodeType is XmlNodeType.Text ? reader.Value : null;

    // In the namespace of the element, of which the format has two.
    private static string? OfWord(XmlReader reader, string attribute) =>
        reader.GetAttribute(attribute, reader.NamespaceURI);

    private static void Add(List<string> names, string? name)
    {
        if (!string.IsNullOrWhiteSpace(name) && names.Count < MostNames)
            names.Add(name.Trim());
    }

    private const int MostNames = 1_000;

    private const int MostStyles = 20;

    private const int MostColumns = 20_000;

    /// <summary>
    /// Counts the hidden rows and columns of one sheet that hold something, as its parts come one by one.
    /// </summary>
    private sealed class HiddenLines(OfficeParts parts)
    {
        private const int MostRanges = 100;

        private readonly List<(int First, int Last)> hidden = [];
        private readonly HashSet<int> counted = [];
        private int columns;
        private bool isRowHidden;
        private (int First, int Last) cell;

        /// <summary>The next columns.</summary>
        public void Columns(int count, bool isHidden) => Columns(columns + 1, columns + count, isHidden);

        public void Columns(int first, int last, bool isHidden)
        {
            columns = last;
            if (isHidden && hidden.Count < MostRanges)
                hidden.Add((first, last));
        }

        public void Row(bool isHidden) => (isRowHidden, cell) = (isHidden, (0, 0));

        /// <summary>The cell at a column; the next one where that is not said.</summary>
        public void At(int? column) => cell = (column ?? cell.Last + 1, column ?? cell.Last + 1);

        /// <summary>The next cells, which hold the same.</summary>
        public void Next(int count) => cell = (cell.Last + 1, cell.Last + count);

        /// <summary>The last cell holds something.</summary>
        public void Hold()
        {
            if (isRowHidden)
                parts.HiddenRows++;
            isRowHidden = false;
            if (hidden.Exists(range => cell.First <= range.Last && cell.Last >= range.First) && counted.Add(cell.First))
                parts.HiddenColumns++;
        }
    }

    private static bool HasTypes(ZipArchive archive) => archive.GetEntry("[Content_Types].xml") is not null;

    [GeneratedRegex(@"^word/document\d*\.xml$")]
    private static partial Regex WordDocument();

    [GeneratedRegex(@"^word/(header\d*|footer\d*|footnotes\d*|endnotes\d*|comments)\.xml$")]
    private static partial Regex WordText();

    // Of Microsoft's files and of LibreOffice's, which keeps the parts of what it embeds in a folder.
    [GeneratedRegex(@"^((word|xl|ppt)/embeddings/[^/]+|Object [^/]+/content\.xml)$")]
    private static partial Regex Embedding();

    [GeneratedRegex(@"^xl/pivotCache/pivotCacheRecords\d*\.xml$")]
    private static partial Regex PivotCache();

    [GeneratedRegex(@"^xl/externalLinks/externalLink\d*\.xml$")]
    private static partial Regex ExternalLink();

    [GeneratedRegex(@"^xl/worksheets/[^/]+\.xml$")]
    private static partial Regex Worksheet();

    // On another machine: by an address of the Web, or a network drive's, file://server/… or \\server\….
    [GeneratedRegex(@"^(https?:|ftp:|(file:/*)?\\\\[^\\]|(file:(///?)?)?//[^/\\])", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"^xl/workbook\d*\.xml$")]
    private static partial Regex Workbook();

    [GeneratedRegex(@"^ppt/presentation\d*\.xml$")]
    private static partial Regex Presentation();

    [GeneratedRegex(@"^(xl/(comments/?\w*|persons/\w+)|ppt/(comments/\w+|commentAuthors|authors))\.xml$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^ppt/slides/slide\d+\.xml$")]
    private static partial Regex Slide();

    [GeneratedRegex(@"^ppt/notesSlides/notesSlide\d+\.xml$")]
    private static partial Regex SlideNotes();
}
