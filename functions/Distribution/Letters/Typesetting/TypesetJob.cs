namespace Distribution.Letters.Typesetting;

/// <summary>
/// One letter or list to typeset, with everything the typesetter needs. Every PDF it becomes bears two marks: PDF/UA-1
/// (accessibility) and PDF/A-2a (archiving).
/// </summary>
/// <param name="Template">The text of <c>letter.typ</c> or of another Typst template.</param>
/// <param name="TemplateFile">The template's name for messages: <c>templates/co-facilitators/letter.typ</c>.</param>
/// <param name="Images">The images of the document, by the names it uses for them.</param>
internal sealed record TypesetJob(
    string Template,
    string TemplateFile,
    ITypesetDocument Document,
    IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Images)
{
    /// <summary>
    /// How far the document's lines are closed up, from 0 (as usual) to 5; null for no more than it takes to save the
    /// last page. A template may ignore it.
    /// </summary>
    public int? Tightness { get; init; }
}

/// <summary>The result of typesetting one letter: the PDF, or what is wrong with the letter or its template.</summary>
/// <param name="Missing">The characters that no font of the letter has, each once. Empty if there is a PDF.</param>
/// <param name="Problem">
/// The typesetter's error message, with the line of letter.typ if known; null if there is a PDF.
/// </param>
/// <param name="Bytes">
/// The size of the PDF in bytes, also if it is too large and therefore not returned; 0 if it has too many pages.
/// </param>
internal sealed record TypesetResult(
    ReadOnlyMemory<byte> Pdf,
    int Pages,
    IReadOnlyList<string> Missing,
    TypesetProblem? Problem,
    long Bytes = 0)
{
    /// <summary>The most pages: more than anybody reads as a letter.</summary>
    public const int MostPages = 100;

    /// <summary>
    /// The largest PDF of a letter, in bytes, so that it fits into a message together with its enclosures.
    /// </summary>
    public const long MostBytes = 10_000_000;

    /// <summary>How far its lines are closed up, from 0 to 5.</summary>
    public int Tightness { get; init; }

    /// <summary>The processor time it took; nothing if it was given up.</summary>
    public TimeSpan Cost { get; init; }

    public bool IsTooLarge => Pages > MostPages || Bytes > MostBytes;
}

/// <summary>An error that the typesetter reports.</summary>
/// <param name="Words">The error message.</param>
/// <param name="Line">The line of letter.typ, from 1; null if the typesetter does not say.</param>
/// <param name="Image">The image that the error is about; null if it is about none.</param>
internal sealed record TypesetProblem(string Words, int? Line, string? Image);
