using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace Distribution.Tests.Letters;

/// <summary>What a reader's program finds in a PDF.</summary>
internal static class Pdf
{
    /// <summary>All the text, with one space for each run of white space.</summary>
    public static string Text(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return string.Join(
            ' ',
            document
                .GetPages()
                .SelectMany(page =>
                    ContentOrderTextExtractor.GetText(page).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );
    }

    /// <summary>Its lines as they stand on the pages, from the top: words of one height with spaces between them.</summary>
    public static IReadOnlyList<string> Lines(ReadOnlyMemory<byte> pdf) =>
    [
        .. Layout(pdf).SelectMany(page =>
            page.Words
                .GroupBy(word => Math.Round(word.BoundingBox.Bottom / 4))
                .OrderByDescending(line => line.Key)
                .Select(line => string.Join(' ', line.OrderBy(word => word.BoundingBox.Left).Select(word => word.Text)))),
    ];

    public static int Pages(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return document.NumberOfPages;
    }

    /// <summary>The names of the fonts its letters are set in, without the mark of a subset.</summary>
    public static IReadOnlyList<string> Fonts(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return [.. document.GetPages().SelectMany(page => page.Letters).Select(letter => letter.FontName!).Distinct()];
    }

    /// <summary>The document's own account of itself.</summary>
    public static string Metadata(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return document.TryGetXmpMetadata(out var metadata) ? Encoding.UTF8.GetString(metadata.GetXmlBytes()) : "";
    }

    /// <summary>
    /// Whether its text has tags that say what is a paragraph, a list or a heading, and in which language.
    /// </summary>
    public static (bool Tagged, string? Language) Structure(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        var catalog = document.Structure.Catalog.CatalogDictionary;
        return (
            catalog.ContainsKey(UglyToad.PdfPig.Tokens.NameToken.Create("StructTreeRoot"))
                && catalog.ContainsKey(UglyToad.PdfPig.Tokens.NameToken.Create("MarkInfo")),
            catalog.TryGet(UglyToad.PdfPig.Tokens.NameToken.Create("Lang"), out var language)
            && language is UglyToad.PdfPig.Tokens.IDataToken<string> { Data: { } code }
                ? code
                : null);
    }

    /// <summary>Whether a window shows its title, and in which direction its pages are read; null where it does not say.</summary>
    public static (string? DisplayDocTitle, string? Direction) ViewerPreferences(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return document.Structure.Catalog.CatalogDictionary.TryGet(
            UglyToad.PdfPig.Tokens.NameToken.Create("ViewerPreferences"),
            out UglyToad.PdfPig.Tokens.DictionaryToken preferences)
            ? (Of("DisplayDocTitle")?.ToString()?.ToLowerInvariant(), (Of("Direction") as UglyToad.PdfPig.Tokens.NameToken)?.Data)
            : (null, null);

        UglyToad.PdfPig.Tokens.IToken? Of(string name) =>
            preferences.TryGet(UglyToad.PdfPig.Tokens.NameToken.Create(name), out var value) ? value : null;
    }

    /// <summary>Where its words stand, page by page, as UglyToad finds them.</summary>
    public static IReadOnlyList<(
        double Width,
        double Height,
        IReadOnlyList<UglyToad.PdfPig.Content.Word> Words,
        IReadOnlyList<UglyToad.PdfPig.Content.Letter> Letters)> Layout(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return
        [
            .. document
                .GetPages()
                .Select(page =>
                    (
                        page.Width,
                        page.Height,
                        (IReadOnlyList<UglyToad.PdfPig.Content.Word>)[.. page.GetWords()],
                        page.Letters)),
        ];
    }

    /// <summary>The text of each page, with one space for each run of white space.</summary>
    public static IReadOnlyList<string> PageTexts(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return
        [
            .. document
                .GetPages()
                .Select(page =>
                    string.Join(
                        ' ',
                        ContentOrderTextExtractor
                            .GetText(page)
                            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
        ];
    }

    /// <summary>The addresses its links lead to.</summary>
    public static IReadOnlyList<string> Links(ReadOnlyMemory<byte> pdf)
    {
        using var document = PdfDocument.Open(pdf.ToArray());
        return
        [
            .. document
                .GetPages()
                .SelectMany(page => page.GetAnnotations())
                .Where(annotation => annotation.Type == UglyToad.PdfPig.Annotations.AnnotationType.Link)
                .Select(annotation => annotation.Action is UglyToad.PdfPig.Actions.UriAction action ? action.Uri : ""),
        ];
    }
}
