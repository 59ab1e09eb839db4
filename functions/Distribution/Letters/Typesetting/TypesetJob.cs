namespace Distribution.Letters.Typesetting;

internal enum PdfStandard
{
    /// <summary>PDF/UA-1: tagged, for readers of all abilities.</summary>
    Ua1,

    /// <summary>PDF/A-2a: tagged, for archives.</summary>
    A2a,
}

/// <summary>One letter or list to be typeset.</summary>
/// <param name="Template">The text of <c>letter.typ</c>, or of what stands in its place.</param>
/// <param name="TemplateFile">Its name for messages: <c>templates/co-facilitators/letter.typ</c>.</param>
/// <param name="Images">The images the document names, by that name.</param>
internal sealed record TypesetJob(
    string Template,
    string TemplateFile,
    ITypesetDocument Document,
    IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Images,
    PdfStandard Standard);

/// <summary>What came of typesetting one letter: the PDF, or what is wrong with the letter or its template.</summary>
/// <param name="Missing">The characters no font of the letter has, each once. Empty where there is a PDF.</param>
/// <param name="Problem">
/// In the typesetter's words, with the line of letter.typ where known; null where there is a PDF.
/// </param>
/// <param name="Bytes">
/// Of the PDF, also where there are too many of them and it is not given; 0 where there are too many pages.
/// </param>
internal sealed record TypesetResult(
    ReadOnlyMemory<byte> Pdf,
    int Pages,
    IReadOnlyList<string> Missing,
    TypesetProblem? Problem,
    long Bytes = 0)
{
    /// <summary>More than anybody reads as a letter.</summary>
    public const int MostPages = 100;

    /// <summary>What a letter may weigh, beside its enclosures, in a message.</summary>
    public const long MostBytes = 10_000_000;

    public bool IsTooLarge => Pages > MostPages || Bytes > MostBytes;
}

/// <param name="Line">Of letter.typ, from 1; null where the typesetter does not say.</param>
/// <param name="Image">The image it is about, or null.</param>
internal sealed record TypesetProblem(string Words, int? Line, string? Image);
