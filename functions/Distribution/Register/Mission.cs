using Distribution.Common;

namespace Distribution.Register;

internal enum MissionKind { MemberState, ObserverState, ObserverOrganization }

internal enum MailboxField { To, Cc }

/// <summary>A permanent or observer mission, or an observer organization, as the register has it.</summary>
/// <param name="Id">Short and stable: ISO 3166-1 alpha-3 in lower case for States, a slug for organizations.</param>
/// <param name="Names">The name by language code; English is always present.</param>
/// <param name="Titles">
/// The mission's title by language code ("Permanent Mission of … to the United Nations"); English is always present.
/// </param>
/// <param name="HeadTitle">The title of the head of mission ("Permanent Representative").</param>
/// <param name="Head">Null if the register has none.</param>
/// <param name="Language">The code of the mission's language of correspondence, one of the six official ones.</param>
/// <param name="AlternateLanguage">The code of another one that it reads; null if the register has none.</param>
/// <param name="OfficialLanguages">Codes of those of the six that are official in the State; may be empty.</param>
/// <param name="Mailboxes">At least one in the To field; these first, then those in the Cc field.</param>
internal sealed record Mission(
    string Id,
    MissionKind Kind,
    IReadOnlyDictionary<string, string> Names,
    IReadOnlyDictionary<string, string> Titles,
    string HeadTitle,
    HeadOfMission? Head,
    string Language,
    string? AlternateLanguage,
    IReadOnlyList<string> OfficialLanguages,
    IReadOnlyList<Mailbox> Mailboxes)
{
    private const int LongestTightName = 4;

    /// <summary>Telephone numbers as the register has them; null if it has none.</summary>
    public string? Telephone { get; init; }

    /// <summary>
    /// At most four letters or digits that stand for the mission in tight lists; null if it has none.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>The groups it belongs to, for audiences: <c>g77 eu</c>; null if the register names none.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>
    /// Up to four capital letters or digits for tight lists. Where the register has no code: a short id, or the
    /// initials of a longer one. Two missions may have the same, so the name always stands beside it or is read aloud
    /// instead.
    /// </summary>
    public string TightName =>
        (Code ?? (Id.Length <= LongestTightName ? Id : Initials)).ToUpperInvariant();

    public string Name => Names[Languages.English];

    public string Title => Titles[Languages.English];

    /// <summary>
    /// Whether a person who types this means the mission: its id, its code, or its name in any language of the
    /// register, in any case, with or without accents and punctuation.
    /// </summary>
    public bool IsCalled(string typed) =>
        typed == Id
        || string.Equals(typed, Code, StringComparison.OrdinalIgnoreCase)
        || (ProtocolOrder.Key(typed) is { Length: > 0 } key
            && Names.Values.Any(name => key == ProtocolOrder.Key(name)));

    /// <summary>The name in a language, or in English if the register has no name in it.</summary>
    public string NameIn(string language) => Names.GetValueOrDefault(language, Name);

    /// <summary>The title in a language, or in English where there is none in it.</summary>
    public string TitleIn(string language) => Titles.GetValueOrDefault(language) ?? Made(language) ?? Title;

    /// <summary>
    /// Whether there is a title in a language: the register's, or in Chinese the one made of a State's name.
    /// </summary>
    public bool HasTitleIn(string language) => Titles.ContainsKey(language) || Made(language) is not null;

    /// <summary>In Chinese the name of a State makes its mission's title by itself, without article or case.</summary>
    private string? Made(string language) =>
        language == "zh" && Names.GetValueOrDefault(language) is { } name
            ? Kind switch
            {
                MissionKind.MemberState => $"{name}常驻联合国代表团",
                MissionKind.ObserverState => $"{name}常驻联合国观察员代表团",
                _ => null,
            }
            : null;

    private string Initials
    {
        get
        {
            var words = Id.Split('-', StringSplitOptions.RemoveEmptyEntries);
            var letters = words.Length > 1 ? string.Concat(words.Select(word => word[0])) : Id;
            return letters[..Math.Min(letters.Length, LongestTightName)];
        }
    }
}
