using System.Collections.Immutable;
using Distribution.Common;

namespace Distribution.Tracking;

/// <summary>How a mission let it be known that it has the letter.</summary>
internal enum AcknowledgementChannel
{
    /// <summary>On the mission's page.</summary>
    Page,

    /// <summary>By answering the letter.</summary>
    Reply,
    Telephone,
    NoteVerbale,
    InPerson,
}

/// <summary>A human statement that a mission has the letter. One counts for all of the mission's mailboxes.</summary>
/// <param name="By">Who made it, as typed or as the reply's sender is named.</param>
/// <param name="Function">As typed; null where none was given.</param>
/// <param name="At">When it was made.</param>
/// <param name="Recorder">Who at the secretariat wrote it down; null where the mission did so itself.</param>
internal sealed record Acknowledgement(
    string By,
    string? Function,
    AcknowledgementChannel Channel,
    DateTimeOffset At,
    string? Recorder = null);

/// <summary>
/// One change of what is on record of a mission: an acknowledgement, its correction, or its withdrawal.
/// </summary>
/// <param name="Id">Of the form, reply or act that brought it: the same one is taken once.</param>
/// <param name="By">Who brought it about: as typed on the mission's page, or the person signed in.</param>
/// <param name="Stands">What stands from then on; null where it was withdrawn.</param>
/// <param name="Words">Why, or on what evidence; may be empty.</param>
internal sealed record AcknowledgementStep(
    string Id,
    DateTimeOffset At,
    string By,
    Acknowledgement? Stands,
    string Words = "")
{
    /// <summary>
    /// Whether a person of the secretariat took it, in their name, and not someone who holds the mission's link or
    /// writes from its mailbox.
    /// </summary>
    public bool IsSecretariats { get; init; }
}

/// <summary>What is on record of one mission's acknowledgement.</summary>
/// <param name="Steps">In the order they were recorded. They are only ever added.</param>
internal sealed record MissionAcknowledgement(
    string DistributionId,
    string MissionId,
    ImmutableList<AcknowledgementStep> Steps)
{
    /// <summary>
    /// The most steps that the mission's own link and replies may make, and what the whole may then have, in
    /// characters: whoever holds the link cannot fill the record, and the secretariat can go on after them. A row of a
    /// table holds half a million characters.
    /// </summary>
    private const int MostOfMission = 40;

    private const int LongestByMission = 120_000;

    /// <summary>Of a reply's: a sender, an address and a sentence.</summary>
    private const int LongestStep = 2_000;

    private const int Longest = 400_000;

    /// <summary>What stands now; null where the mission is silent, or has withdrawn.</summary>
    public Acknowledgement? Stands => Steps.IsEmpty ? null : Steps[^1].Stands;

    /// <summary>The id of the last step; null where there is none.</summary>
    public string? LastId => Steps.IsEmpty ? null : Steps[^1].Id;

    public bool Has(string stepId) => Steps.Exists(known => known.Id == stepId);

    /// <summary>
    /// Whether there is room for a step; the mission's own are stopped long before the secretariat's.
    /// </summary>
    public bool HasRoomFor(AcknowledgementStep step)
    {
        var length = Json.Write(this).Length + Json.Write(step).Length;
        return step.IsSecretariats
            ? length <= Longest
            : length <= LongestByMission && Steps.Count(known => !known.IsSecretariats) < MostOfMission;
    }

    /// <summary>
    /// Whether nothing more of the mission's own fits, such as a reply that acknowledges by itself: then a person of
    /// the secretariat records it.
    /// </summary>
    public bool IsFullForMission() =>
        Json.Write(this).Length > LongestByMission - LongestStep
        || Steps.Count(known => !known.IsSecretariats) >= MostOfMission;

    /// <summary>Records a step, but for one that is on record already.</summary>
    public MissionAcknowledgement With(AcknowledgementStep step) =>
        Has(step.Id) ? this : this with { Steps = Steps.Add(step) };
}

/// <summary>What became of a step that was to be recorded.</summary>
internal enum RecordingResult
{
    Recorded,

    /// <summary>This very step has been recorded before.</summary>
    Before,

    /// <summary>Something else has been recorded since its author looked.</summary>
    TooLate,

    /// <summary>So much has been recorded that nothing more is taken this way.</summary>
    Full,
}
