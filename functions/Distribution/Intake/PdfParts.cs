using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokens;

namespace Distribution.Intake;

/// <summary>What a PDF does by itself, and what it carries beside its pages.</summary>
/// <param name="Scripts">How many programs in JavaScript it holds.</param>
/// <param name="Launched">What it has started on the reader's machine.</param>
/// <param name="Embedded">The names of the files within it.</param>
/// <param name="Contacted">Where it sends what a reader types, or what it opens by itself.</param>
/// <param name="Comments">How many comments and marks readers have put on its pages.</param>
/// <param name="Commenters">Who put them there.</param>
/// <param name="IsWhole">False if it has more parts than are looked through.</param>
internal sealed record PdfParts(
    int Scripts,
    IReadOnlyList<string> Launched,
    IReadOnlyList<string> Embedded,
    IReadOnlyList<string> Contacted,
    int Comments,
    IReadOnlyList<string> Commenters,
    bool IsWhole)
{
    private const int MaxBytes = 50_000_000;

    /// <summary>Far more than the parts of a document of a thousand pages that can do something.</summary>
    private const int MostParts = 1_000_000;

    // What these lead to is printed, or leads back: nothing in it acts, and it is most of a document.
    private static readonly HashSet<string> Inert =
    [
        "Parent", "P", "Resources", "Contents", "StructTreeRoot", "AP", "Thumb", "Metadata", "PieceInfo",
        "OCProperties", "Dests", "PageLabels",
    ];

    private static readonly HashSet<string> Marks =
    [
        "Text", "FreeText", "Highlight", "Underline", "Squiggly", "StrikeOut", "Caret", "Ink", "Stamp", "Line",
        "Square", "Circle", "Polygon", "PolyLine", "Redact",
    ];

    /// <returns>Null if it cannot be read.</returns>
    public static PdfParts? Of(ReadOnlyMemory<byte> pdf)
    {
        if (pdf.Length > MaxBytes)
            return null;
        try
        {
            using var document = PdfText.Open(pdf, new());
            return new Search(document.Structure).Run();
        }
        // As in PdfText: a broken PDF can make the library throw any exception.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>
    /// A walk through all that the catalogue leads to, each part once, without unpacking what is printed.
    /// </summary>
    private sealed class Search(UglyToad.PdfPig.Structure structure)
    {
        private readonly Stack<(IToken Token, bool ActsByItself)> open = new();
        /// <summary>
        /// Each part, and whether it was reached from what acts by itself. One that is reached so later is looked at
        /// again.
        /// </summary>
        private readonly HashSet<(IndirectReference Part, bool ActsByItself)> seen = [];
        private readonly List<string> launched = [];
        private readonly List<string> embedded = [];
        private readonly List<string> contacted = [];
        private readonly List<string> commenters = [];
        private int scripts;
        private int comments;

        public PdfParts Run()
        {
            open.Push((structure.Catalog.CatalogDictionary, false));
            var parts = 0;
            for (; open.TryPop(out var next) && parts < MostParts; parts++)
                Visit(next.Token, next.ActsByItself);
            return new(
                scripts,
                [.. launched.Distinct()],
                [.. embedded.Distinct()],
                [.. contacted.Distinct()],
                comments,
                [.. commenters.Distinct()],
                parts < MostParts);
        }

        private void Visit(IToken token, bool actsByItself)
        {
            switch (token)
            {
                case IndirectReferenceToken reference
                    when !seen.Contains((reference.Data, true)) && seen.Add((reference.Data, actsByItself)):
                    if (structure.GetObject(reference.Data)?.Data is { } found)
                        open.Push((found, actsByItself));
                    break;
                case StreamToken stream:
                    Visit(stream.StreamDictionary, actsByItself);
                    break;
                case ArrayToken array:
                    // The last one pushed is looked at first.
                    foreach (var item in array.Data.Where(Leads).Reverse())
                        open.Push((item, actsByItself));
                    break;
                case DictionaryToken dictionary:
                    // A page that is shown when the document opens does not follow the links on it. An action has an S.
                    actsByItself &= Name(dictionary, "Type") != "Page" || dictionary.Data.ContainsKey("S");
                    Note(dictionary, actsByItself);
                    // What acts by itself is looked at first, so that it is counted once.
                    foreach (var (key, value) in dictionary.Data.OrderBy(entry => entry.Key is "OpenAction" or "AA"))
                        if (Leads(value) && !Inert.Contains(key))
                            open.Push((value, actsByItself || key is "OpenAction" or "AA"));
                    break;
            }
        }

        private void Note(DictionaryToken dictionary, bool actsByItself)
        {
            var action = Name(dictionary, "S");
            if (action == "JavaScript" || dictionary.Data.ContainsKey("JS"))
                scripts++;
            else if (action == "Launch")
                launched.Add(
                    FileOf(dictionary)
                    ?? FileOf(At(dictionary, "Win") as DictionaryToken)
                    ?? "a program that it does not name");
            else if (action is "SubmitForm" or "ImportData" || (action is "URI" or "GoToR" && actsByItself))
                contacted.Add(Text(At(dictionary, "URI")) ?? FileOf(dictionary) ?? "an address that it does not name");
            // A form in XFA brings its scripts in streams, which are not looked into.
            if (dictionary.Data.ContainsKey("XFA"))
                scripts++;
            if (dictionary.Data.ContainsKey("EF"))
                embedded.Add(FileOf(dictionary) ?? Text(At(dictionary, "UF")) ?? "a file without a name");
            if (Name(dictionary, "Subtype") is { } kind && Marks.Contains(kind) && dictionary.Data.ContainsKey("Rect"))
            {
                comments++;
                if (Text(At(dictionary, "T")) is { Length: > 0 } author)
                    commenters.Add(author);
            }
        }

        // The name stands in the entry itself, or in a file specification that it leads to.
        private string? FileOf(DictionaryToken? dictionary) => dictionary is null ? null
            : Text(At(dictionary, "UF")) ?? At(dictionary, "F") switch
            {
                DictionaryToken file => Text(At(file, "UF")) ?? Text(At(file, "F")),
                var name => Text(name),
            };

        private string? Name(DictionaryToken dictionary, string key) => (At(dictionary, key) as NameToken)?.Data;

        private IToken? At(DictionaryToken dictionary, string key) =>
            dictionary.Data.GetValueOrDefault(key) is IndirectReferenceToken reference
                ? structure.GetObject(reference.Data)?.Data
                : dictionary.Data.GetValueOrDefault(key);

        private static string? Text(IToken? token) => token switch
        {
            StringToken text => text.Data,
            HexToken text => text.Data,
            _ => null,
        };

        private static bool Leads(IToken token) =>
            token is IndirectReferenceToken or DictionaryToken or ArrayToken or StreamToken;
    }
}
