using Distribution.Register;

namespace Distribution.Letters;

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
