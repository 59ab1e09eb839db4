using Distribution.Register;

namespace Distribution.Letters;

/// <summary>What a reminder says beside its letter.</summary>
/// <param name="Date">The reminder's own.</param>
/// <param name="Thread">
/// The Message-ID of the letter each mission has, by mission id: a reminder stands in the same conversation.
/// </param>
internal sealed record ReminderOf(DateOnly Date, IReadOnlyDictionary<string, string> Thread);

/// <summary>
/// Everything a distribution's letters are made of, as it was when the upload was accepted. Nothing else is read to
/// send them.
/// </summary>
/// <param name="Letter">The authentic letter.</param>
/// <param name="Translations">Courtesy translations, in the order of the languages.</param>
/// <param name="Pdfs">The typeset letters. A signed scan of the authentic letter is an enclosure instead.</param>
/// <param name="Follows">The earlier distribution it follows; null for a letter of its own.</param>
/// <param name="Reminder">What makes it a reminder of the letter it follows; null otherwise.</param>
/// <param name="Reference">What the letter's code leads to on the page that verifies letters.</param>
internal sealed record FrozenContent(
    LetterSource Letter,
    IReadOnlyList<LetterSource> Translations,
    IReadOnlyList<Enclosure> Enclosures,
    TemplateSet Templates,
    IReadOnlyList<Mission> Roster,
    IReadOnlyList<LetterPdf> Pdfs,
    string Reference,
    FollowUp? Follows = null,
    ReminderOf? Reminder = null)
{
    public MissionLanguages LanguagesOf(Mission mission) =>
        LetterLanguages.Of(mission, Letter.Language, [.. Translations.Select(translation => translation.Language)]);

    /// <summary>The authentic letter or its translation.</summary>
    public LetterSource LetterIn(string language) =>
        Translations.FirstOrDefault(translation => translation.Language == language) ?? Letter;

    /// <summary>The typeset letters a mission gets, the authentic one first where it is not a scan.</summary>
    public IReadOnlyList<LetterPdf> PdfsOf(Mission mission) =>
        [
            .. LanguagesOf(mission)
                .Letters.SelectMany(language =>
                    Pdfs.Where(pdf => pdf.Language == language && (pdf.Mission is null || pdf.Mission == mission.Id))),
        ];
}
