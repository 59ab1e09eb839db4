using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking;

/// <summary>How a mission told the secretariat that it has the letter.</summary>
internal enum AcknowledgementChannel
{
    /// <summary>On the mission's page.</summary>
    Page,

    /// <summary>By a reply to the letter.</summary>
    Reply,
    Telephone,
    NoteVerbale,
    InPerson,
}

/// <summary>
/// A person's statement that a mission has the letter. One statement counts for all of the mission's mailboxes.
/// </summary>
/// <param name="By">Who made it, as typed or as the reply names its sender.</param>
/// <param name="Function">As typed; null where none was given.</param>
/// <param name="At">When it was made.</param>
/// <param name="Recorder">Who at the secretariat wrote it down; null where the mission stated it itself.</param>
internal sealed record Acknowledgement(
    string By,
    string? Function,
    AcknowledgementChannel Channel,
    DateTimeOffset At,
    string? Recorder = null)
{
    /// <summary>
    /// Who made it, in a language. Where no person was named, it is the mission's name in that language; where the name
    /// was erased, it says so in that language.
    /// </summary>
    public string ByIn(string language, Mission mission) =>
        IsByNobodyNamed(mission) ? mission.NameIn(language)
        : By == PersonalValue.Erased ? PageWords.Of(language)["name_erased"]
        : By;

    /// <summary>Whether it is on record by the mission's name, since no person was named.</summary>
    public bool IsByNobodyNamed(Mission mission) => By == mission.Name;
}

/// <summary>One change to a mission's acknowledgement: a new one, a correction, or a withdrawal.</summary>
/// <param name="Id">
/// The id of the form, reply or act that caused it. It makes recording idempotent: the same id is recorded once.
/// </param>
/// <param name="By">Who caused it: as typed on the mission's page, or the signed-in person.</param>
/// <param name="Stands">The acknowledgement that is valid from then on; null where it was withdrawn.</param>
/// <param name="Words">Why, or on what evidence; may be empty.</param>
internal sealed record AcknowledgementStep(
    string Id,
    DateTimeOffset At,
    string By,
    Acknowledgement? Stands,
    string Words = "")
{
    /// <summary>
    /// Whether a person of the secretariat made this change in their own name, and not someone who has the mission's
    /// link or writes from its mailbox.
    /// </summary>
    public bool IsSecretariats { get; init; }
}

/// <summary>The history of one mission's acknowledgement.</summary>
/// <param name="Steps">
/// In the order in which they were recorded. Steps are only added, never changed or removed.
/// </param>
internal sealed record MissionAcknowledgement(
    string DistributionId,
    string MissionId,
    ImmutableList<AcknowledgementStep> Steps)
{
    /// <summary>
    /// Limits for steps through the mission's own link and replies: their number, and the length of the whole record
    /// after them, in characters. So nobody who has the link can fill the record, and the secretariat can still add to
    /// it. A table row holds half a million characters.
    /// </summary>
    private const int MostOfMission = 40;

    private const int LongestByMission = 120_000;

    /// <summary>Room for one step of a reply, in characters: a sender, an address and a sentence.</summary>
    private const int LongestStep = 2_000;

    private const int Longest = 400_000;

    /// <summary>
    /// Whether there is a record that cannot be read: whether the mission has acknowledged is not known.
    /// </summary>
    [JsonIgnore]
    public bool IsLeftOut { get; init; }

    public static MissionAcknowledgement None(string distributionId, string missionId) =>
        new(distributionId, missionId, []);

    /// <summary>
    /// The ids of the steps that the mission was told of by mail; none in records of versions before that.
    /// </summary>
    public ImmutableList<string> Told { get; init; } = [];

    /// <summary>The acknowledgement that is valid now; null where there is none or it was withdrawn.</summary>
    public Acknowledgement? Stands => Steps.IsEmpty ? null : Steps[^1].Stands;

    /// <summary>The id of the last step; null where there is none.</summary>
    public string? LastId => Steps.IsEmpty ? null : Steps[^1].Id;

    public bool Has(string stepId) => Steps.Exists(known => known.Id == stepId);

    /// <summary>
    /// Whether there is room for a step. The limit for the mission's own steps is far below the secretariat's.
    /// </summary>
    public bool HasRoomFor(AcknowledgementStep step)
    {
        // Both lengths, so that the record is still within its limit once the step is in it.
        var length = Json.Write(this).Length + Json.Write(step).Length;
        return step.IsSecretariats
            ? length <= Longest
            : length <= LongestByMission && Steps.Count(known => !known.IsSecretariats) < MostOfMission;
    }

    /// <summary>
    /// Whether there is no room for another step of the mission's own, such as a reply that acknowledges without a
    /// person. Then a person of the secretariat must record it.
    /// </summary>
    public bool IsFullForMission() =>
        // The step is not made yet, so room for the longest one is kept.
        Json.Write(this).Length > LongestByMission - LongestStep
        || Steps.Count(known => !known.IsSecretariats) >= MostOfMission;

    /// <summary>Adds a step, unless one with its id is already recorded.</summary>
    public MissionAcknowledgement With(AcknowledgementStep step) =>
        Has(step.Id) ? this : this with { Steps = Steps.Add(step) };
}

/// <summary>The result of recording a step.</summary>
internal enum RecordingResult
{
    Recorded,

    /// <summary>A step with this id was recorded before.</summary>
    Before,

    /// <summary>Something else was recorded after its author read the record.</summary>
    TooLate,

    /// <summary>The record is full for steps of this origin.</summary>
    Full,
}
