using Distribution.Register;

namespace Distribution.Letters;

/// <summary>What a reminder adds to the letter that it reminds of.</summary>
/// <param name="Date">The date of the reminder itself.</param>
/// <param name="Thread">
/// The Message-ID of the letter that each mission got, by mission id, so that mail programs show the reminder in the
/// same conversation (thread).
/// </param>
internal sealed record ReminderOf(DateOnly Date, IReadOnlyDictionary<string, string> Thread);

/// <summary>
/// A snapshot of everything that a distribution's letters are made from, taken when the upload was accepted. Sending
/// makes letters from nothing else, so later changes to the register or the templates have no effect.
/// </summary>
/// <param name="Letter">The authentic letter.</param>
/// <param name="Translations">Courtesy translations, in the order of the languages.</param>
/// <param name="Pdfs">The typeset letters. A signed scan of the authentic letter is an enclosure instead.</param>
/// <param name="Follows">The earlier distribution it follows; null if it follows none.</param>
/// <param name="Reminder">Set only for a reminder of the letter it follows; otherwise null.</param>
/// <param name="Reference">The reference in the letter's QR code, which the verification page looks up.</param>
/// <param name="TooLarge">The names of the enclosures too large for mail; null for none.</param>
internal sealed record FrozenContent(
    LetterSource Letter,
    IReadOnlyList<LetterSource> Translations,
    IReadOnlyList<Enclosure> Enclosures,
    TemplateSet Templates,
    IReadOnlyList<Mission> Roster,
    IReadOnlyList<LetterPdf> Pdfs,
    string Reference,
    FollowUp? Follows = null,
    ReminderOf? Reminder = null,
    IReadOnlyList<string>? TooLarge = null)
{
    /// <summary>The names of the enclosures that are fetched from a mission's page instead of coming by mail.</summary>
    public IReadOnlyList<string> Linked => TooLarge ?? [];

    /// <summary>The languages in which a mission gets its email and its letters.</summary>
    public MissionLanguages LanguagesOf(Mission mission) =>
        LetterLanguages.Of(mission, Letter.Language, [.. Translations.Select(translation => translation.Language)]);

    /// <summary>
    /// The letter in a language: the authentic letter or its translation. The authentic letter if there is no
    /// translation.
    /// </summary>
    public LetterSource LetterIn(string language) =>
        Translations.FirstOrDefault(translation => translation.Language == language) ?? Letter;

    /// <summary>
    /// The typeset letters that a mission gets: the authentic one first, unless that is a scan, then the translations.
    /// </summary>
    public IReadOnlyList<LetterPdf> PdfsOf(Mission mission) =>
        [
            .. LanguagesOf(mission)
                .Letters.SelectMany(language =>
                    Pdfs.Where(pdf => pdf.Language == language && (pdf.Mission is null || pdf.Mission == mission.Id))),
        ];
}
