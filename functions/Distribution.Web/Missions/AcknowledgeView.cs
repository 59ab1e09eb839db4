using Distribution.Tracking;

namespace Distribution.Web.Missions;

internal enum MissionStage
{
    /// <summary>Says what stands.</summary>
    Done,

    /// <summary>Asks.</summary>
    Form,

    /// <summary>Shows what was typed and asks to confirm it.</summary>
    Confirm,
}

/// <summary>What a mission's link opens, in the language of its email.</summary>
/// <param name="Acknowledged">What stands; null where nothing does.</param>
/// <param name="Words">As <c>Words.AcknowledgePage</c> has them.</param>
/// <param name="AsksReference">Whether the reference printed in the letter is asked for.</param>
/// <param name="Seal">Of the form; empty where there is none.</param>
/// <param name="Remark">What the page says before all else; null where it has nothing to say.</param>
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
    string? Remark = null);
