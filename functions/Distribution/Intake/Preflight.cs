namespace Distribution;

/// <summary>A file of the upload folder, whole.</summary>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record UploadedFile(string Name, ReadOnlyMemory<byte> Content, string Hash);

/// <summary>Everything that would leave if this upload were released: what the pre-flight looks at.</summary>
/// <param name="IsStanding">Whether a process's standing letter serves the file.</param>
/// <param name="Templates">The template the letter names, or null where there is none to be had.</param>
/// <param name="Files">The enclosures the letter names, in its order; all present.</param>
/// <param name="TranslatedInto">Courtesy translations, each the whole letter in its language.</param>
/// <param name="Images">The signatures' images, by file name.</param>
/// <param name="Roster">The missions of the letter's audience, in protocol order.</param>
internal sealed record Preflight(
    bool IsStanding,
    LetterSource Letter,
    TemplateSet? Templates,
    IReadOnlyList<UploadedFile> Files,
    IReadOnlyList<Mission> Roster,
    IReadOnlyList<LetterSource>? TranslatedInto = null,
    IReadOnlyList<UploadedFile>? Images = null)
{
    public IReadOnlyList<LetterSource> Translations => TranslatedInto ?? [];
}

/// <summary>One of the checks made before anything is sent; each lives in the step that knows its matter.</summary>
internal interface IPreflightCheck
{
    /// <returns>Every fault found, not only the first; none when all is well.</returns>
    IEnumerable<Fault> Check(Preflight preflight);
}
