using Distribution.Register;

namespace Distribution.Letters;

/// <summary>The languages in which one mission gets a letter.</summary>
/// <param name="Email">The language of the email.</param>
/// <param name="Letters">
/// The languages of the attached letters: the authentic one first, then the courtesy translations.
/// </param>
internal sealed record MissionLanguages(string Email, IReadOnlyList<string> Letters);

/// <summary>
/// Selects the languages for a mission. Every mission gets the authentic letter, and the existing courtesy translations
/// into its language of correspondence and its official languages.
/// </summary>
internal static class LetterLanguages
{
    /// <param name="translations">The languages in which the letter has courtesy translations.</param>
    public static MissionLanguages Of(Mission mission, string authentic, IReadOnlyCollection<string> translations)
    {
        string[] letters =
        [
            authentic,
            .. mission
                .OfficialLanguages.Prepend(mission.Language)
                .Distinct()
                .Where(language => language != authentic && translations.Contains(language)),
        ];
        return new(letters.Contains(mission.Language) ? mission.Language : authentic, letters);
    }
}
