using Distribution.Tracking;

namespace Distribution.Web.Missions;

internal enum MissionStage
{
    /// <summary>Says what is on record.</summary>
    Done,

    /// <summary>Shows the form.</summary>
    Form,

    /// <summary>Shows what was typed and asks to confirm it.</summary>
    Confirm,
}

/// <summary>The page that a mission's link opens, in the language of its email.</summary>
/// <param name="Acknowledged">The acknowledgement on record; null where there is none.</param>
/// <param name="Words">As <c>LanguageWords.AcknowledgePage</c> has them.</param>
/// <param name="AsksReference">Whether the reference printed in the letter is asked for.</param>
/// <param name="Seal">The seal of the form; empty where the page has no form.</param>
/// <param name="Remark">What the page says first; null for nothing.</param>
internal sealed record AcknowledgeView(
    string Mission,
    string Process,
    string DraftLabel,
    string Date,
    string EnclosuresHeading,
    IReadOnlyList<string> Enclosures,
    Acknowledgement? Acknowledged,
    string Language,
    IReadOnlyDictionary<string, string> Words,
    bool AsksReference,
    MissionStage Stage,
    MissionAct Act,
    AcknowledgeForm Form,
    string Seal = "",
    string? Remark = null)
{
    /// <summary>The page that hands out the letter's documents; null where the letter has none.</summary>
    public string? DocumentsAddress { get; init; }
}
