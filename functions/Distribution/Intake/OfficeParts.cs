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

    /// <summary>Slides with notes for the speaker.</summary>
    public int Notes { get; private set; }

    /// <summary>Who wrote the file and who saved it last.</summary>
    public IEnumerable<string> Authors => authors.Distinct();

    public bool IsEncrypted { get; private set; }

    /// <summary>Whether it holds nothing but what it prints.</summary>
    public bool IsClean => Changes + Comments + HiddenTexts + HiddenSheets.Count + HiddenSlides + Notes == 0;

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
        // It says first whether the others are locked: they cannot be read then.
        foreach (var entry in archive.Entries.OrderBy(entry => entry.FullName != "META-INF/manifest.xml"))
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
        if (WordDocument().IsMatch(name) || WordText().IsMatch(name))
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
        var (isRun, isHidden, former) = (false, false, -1);
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
                    (isRun, isHidden) = (true, false);
                    break;
                case "p":
                    isRun = false;
                    break;
                case "vanish" when isRun && former < 0:
                    isHidden = OfWord(reader, "val") is not ("0" or "false" or "off");
                    break;
                case "t" when isRun && isHidden:
                    (HiddenTexts, isRun) = (HiddenTexts + 1, false);
                    break;
                default:
                    break;
            }
        });
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
                default:
                    break;
            }
        });
    }

    /// <summary>Looks at each element of a part in turn.</summary>
    private void Each(ZipArchiveEntry entry, Action<XmlReader> look)
    {
        using var stream = budget.Bound(entry.Open());
        using var reader = XmlReader.Create(stream, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        while (reader.Read())
            if (reader.NodeType is XmlNodeType.Element)
                look(reader);
    }

    private static string? TextOf(XmlReader reader) =>
        !reader.IsEmptyElement && reader.Read() && reader.NodeType is XmlNodeType.Text ? reader.Value : null;

    // In the namespace of the element, of which the format has two.
    private static string? OfWord(XmlReader reader, string attribute) => reader.GetAttribute(attribute, reader.NamespaceURI);

    private static void Add(List<string> names, string? name)
    {
        if (!string.IsNullOrWhiteSpace(name) && names.Count < MostNames)
            names.Add(name.Trim());
    }

    private const int MostNames = 1_000;

    private static bool HasTypes(ZipArchive archive) => archive.GetEntry("[Content_Types].xml") is not null;

    [GeneratedRegex(@"^word/document\d*\.xml$")]
    private static partial Regex WordDocument();

    [GeneratedRegex(@"^word/(header\d*|footer\d*|footnotes\d*|endnotes\d*|comments)\.xml$")]
    private static partial Regex WordText();

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
