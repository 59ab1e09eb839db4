using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tracking;

namespace Distribution.Web.Desk;

/// <summary>What a list of missions was asked for; each null or empty for all.</summary>
/// <param name="Search">Words that must all occur in what the register has of a mission.</param>
/// <param name="Troubled">Whether only those with a mailbox that refused or returned a letter lately.</param>
internal sealed record RegisterQuery(
    string Search,
    MissionKind? Kind,
    string? Language,
    string? Group,
    bool Troubled,
    int Page);

/// <summary>A page of the missions of the register in use.</summary>
/// <param name="Missions">Null where the register cannot be read.</param>
/// <param name="Found">How many there are on all pages.</param>
/// <param name="Former">Those of the latest letters that the register does not have any more.</param>
/// <param name="Troubles">By address.</param>
internal sealed record MissionListView(
    RegisterQuery Query,
    IReadOnlyList<Mission>? Missions,
    int Found,
    int All,
    int Pages,
    IReadOnlyList<string> Languages,
    IReadOnlyList<string> Groups,
    IReadOnlyList<(Mission Mission, DistributionRecord Letter)> Former,
    IReadOnlyDictionary<string, MailboxTrouble> Troubles);

/// <summary>What a search in a page's head found.</summary>
/// <param name="Missions">The first ones.</param>
/// <param name="FoundMissions">How many there are.</param>
/// <param name="Letters">The latest ones.</param>
internal sealed record SearchView(
    string Search,
    bool IsRegisterUnreadable,
    IReadOnlyList<Mission> Missions,
    int FoundMissions,
    IReadOnlyList<(Mission Mission, DistributionRecord Letter)> Former,
    IReadOnlyList<DistributionRecord> Letters,
    int FoundLetters);

/// <summary>One mission's page.</summary>
/// <param name="Troubles">Of its mailboxes in the register.</param>
/// <param name="Edits">What people asked for to change it at the desk, the latest first.</param>
/// <param name="Changes">What came into use with registers, the latest first.</param>
/// <param name="Notes">The latest first.</param>
/// <param name="Tests">The last test message to each mailbox, the latest first.</param>
internal sealed record MissionView(
    MissionRecord Record,
    IReadOnlyList<MailboxTrouble> Troubles,
    IReadOnlyList<DeskAct> Edits,
    IReadOnlyList<RecordedChange> Changes,
    IReadOnlyList<MissionNote> Notes,
    IReadOnlyList<MailboxTest> Tests)
{
    /// <summary>
    /// The mailboxes that a test message can be sent to; none for a mission that the register does not have.
    /// </summary>
    public IReadOnlyList<string> Testable { get; init; } = [];

    /// <summary>A change of this mission that waits to be confirmed, in a sentence; null where none does.</summary>
    public Phrase? Waiting { get; init; }

    /// <summary>Whether a change that the mission proposes waits for a person.</summary>
    public bool IsProposing { get; init; }

    /// <summary>A note as it was typed, where it could not be kept.</summary>
    public string Note { get; init; } = "";

    /// <summary>Why it could not; null for nothing.</summary>
    public Phrase? NoteProblem { get; init; }

    /// <summary>The id of the form for a note.</summary>
    public Guid NoteForm { get; } = Guid.NewGuid();
}
