using System.Xml.Linq;
using Distribution.Common;

namespace Distribution.Intake.CoverLetters;

/// <summary>Counts what is in a Word file and does not become text of a letter.</summary>
internal sealed class WordRemains
{
    private readonly List<string> boxes = [];
    private readonly List<string> margins = [];
    private readonly List<string> changedBy = [];
    private int changes;

    public int Pictures { get; private set; }

    public int Notes { get; set; }

    public int Comments { get; set; }

    public int Hidden { get; set; }

    public int Formulas { get; set; }

    public int Symbols { get; set; }

    public int Struck { get; set; }

    public int Underlined { get; set; }

    public int Highlighted { get; set; }

    /// <summary>Other documents that Word would put in when it opens the file.</summary>
    public int Inserted { get; set; }

    /// <summary>A picture, or a text box with its words.</summary>
    public void Drawn(XElement drawing)
    {
        var text = drawing
            .Descendants()
            .Where(part => part.Is("txbxContent"))
            .Select(WordLetter.PlainText)
            .FirstOrDefault(words => words.Length > 0);
        if (text is not null)
            boxes.Add(UnsafeCharacters.Briefly(text));
        else
            Pictures++;
    }

    /// <summary>The head or foot of the pages.</summary>
    public void InMargins(string text)
    {
        if (text.Any(char.IsLetter))
            margins.Add(UnsafeCharacters.Briefly(text));
    }

    public void Changed(XElement change)
    {
        changes++;
        if (change.Value("author") is { Length: > 0 } author)
            changedBy.Add(UnsafeCharacters.Briefly(author.Trim()));
    }

    public IReadOnlyList<string> Sentences =>
    [
        .. changes > 0
            ?
            [
                $"{EnglishText.Counted(changes, "tracked change")}{By} {(changes == 1 ? "was" : "were")} taken as accepted: read whether the text says what you mean."
            ]
            : (string[])[],
        .. One(Comments, "comment", "A letter has none", "was", "were"),
        .. One(Notes, "footnote", "A letter has none: put into the text what must be said", "was", "were"),
        .. One(
            Pictures,
            "picture",
            "The letter prints its own letterhead; a signature is an image beside the letter",
            "was",
            "were"),
        .. Quoted(boxes, "The text box", "The text boxes", "put into the text what must be said"),
        .. Quoted(
            margins.Distinct().ToList(),
            "The head or foot of the page",
            "The head and foot of the pages",
            "the letter prints its own"),
        .. One(Hidden, "hidden text", Hidden == 1 ? "It does not print" : "They do not print", "was", "were"),
        .. One(Formulas, "formula", "A letter has none: write it in words", "was", "were"),
        .. One(
            Symbols,
            "sign",
            Symbols == 1
                ? "It belongs to a font of Word's own: type it anew where it is needed"
                : "They belong to a font of Word's own: type them anew where they are needed",
            "was",
            "were"),
        .. One(Inserted, "inserted document", "Copy what it says into the text", "was", "were"),
        .. Struck > 0
            ? ["Words that are struck through stand in the text as plain words: take out what is not meant."]
            : (string[])[],
        .. Highlighted > 0
            ? ["Highlighted words stand in the text as plain words: read whether something was still to be settled."]
            : (string[])[],
        .. Underlined > 0 ? ["Underlined words stand in the text as plain words."] : (string[])[],
    ];

    private string By => changedBy.Count > 0 ? $", by {EnglishText.Listed(changedBy.Distinct().Take(3))}," : "";

    private static string[] One(int count, string what, string why, string was, string were) =>
        count == 0 ? [] : [$"{EnglishText.Counted(count, what)} {(count == 1 ? was : were)} left out. {why}."];

    private static string[] Quoted(IReadOnlyList<string> texts, string one, string many, string why) =>
        texts.Count switch
        {
            0 => [],
            1 => [$"{one} was left out (“{texts[0]}”): {why}."],
            _ => [$"{many} were left out (“{string.Join("”, “", texts.Take(3))}”): {why}."],
        };
}
