using Distribution.Register;

namespace Distribution.Letters;

/// <summary>Which languages one mission's letter comes in.</summary>
/// <param name="Email">The language of the email.</param>
/// <param name="Letters">
/// The languages of the attached letters: the authentic one first, then the courtesy translations.
/// </param>
internal sealed record MissionLanguages(string Email, IReadOnlyList<string> Letters);

/// <summary>
/// Every mission gets the authentic letter, and the courtesy translation in its language of correspondence and in any
/// of its official languages, where there is one.
/// </summary>
internal static class LetterLanguages
{
    /// <param name="translations">The languages the letter has courtesy translations in.</param>
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
