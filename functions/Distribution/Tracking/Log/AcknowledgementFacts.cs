using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>
/// Turns the steps of a mission's acknowledgement into facts of the log, and back. Names and words are personal values,
/// so that erasing them leaves the log whole; that the mission acknowledged, when and how, is in the line itself.
/// </summary>
internal static class AcknowledgementFacts
{
    public const string Acknowledged = nameof(Acknowledged);

    public const string Corrected = "AcknowledgementCorrected";

    public const string Withdrawn = "AcknowledgementWithdrawn";

    /// <summary>The source of a step that came over the mission's own link, or by its reply.</summary>
    private const string Mission = "mission";

    private const string Who = "who";

    private const string Words = "words";

    private const string Name = "name";

    private const string Function = "function";

    private const string Recorder = "recorder";

    /// <returns>One fact for each step, in the order of the steps.</returns>
    public static IEnumerable<LoggedFact> Of(MissionAcknowledgement record) =>
        record.Steps.Select(
            (step, place) =>
                new LoggedFact(
                    Id(record.MissionId, step),
                    step.At.ToUniversalTime(),
                    step.Stands is null ? Withdrawn
                        : place > 0 && record.Steps[place - 1].Stands is not null ? Corrected
                        : Acknowledged,
                    step.IsSecretariats ? LoggedFacts.Person : Mission,
                    record.MissionId,
                    Step: place,
                    Channel: step.Stands?.Channel.ToString(),
                    Stated: step.Stands?.At.ToUniversalTime())
                {
                    Personal = LoggedFacts.Personal(
                        (Who, step.By),
                        (Words, step.Words),
                        (Name, step.Stands?.By),
                        (Function, step.Stands?.Function),
                        (Recorder, step.Stands?.Recorder)),
                });

    /// <summary>The ids of the facts whose names were erased from the record.</summary>
    public static IEnumerable<string> Erased(MissionAcknowledgement record) =>
        record.Steps.Where(step => step.By == PersonalValue.Erased).Select(step => Id(record.MissionId, step));

    /// <summary>
    /// Whether a personal value goes when a mission's names are erased. Who wrote the acknowledgement down at the
    /// secretariat stays, in the record as in the log.
    /// </summary>
    public static bool IsErasable(string value) => value != Recorder;

    /// <summary>
    /// The history of a mission's acknowledgement as the log has it. Values that were erased, or are missing beside the
    /// log, read as erased.
    /// </summary>
    /// <param name="facts">Facts about this mission's acknowledgement, in any order.</param>
    public static MissionAcknowledgement Read(
        string distributionId,
        string missionId,
        IEnumerable<LoggedFact> facts,
        LogReading log) =>
        new(
            distributionId,
            missionId,
            [
                .. facts
                    .OrderBy(fact => fact.Step)
                    .ThenBy(fact => fact.At)
                    .Select(fact => new AcknowledgementStep(
                        fact.Id[Prefix(missionId).Length..],
                        fact.At,
                        log.Value(fact, Who) ?? PersonalValue.Erased,
                        // A withdrawal has neither.
                        fact is { Channel: { } channel, Stated: { } stated }
                            ? new(
                                log.Value(fact, Name) ?? PersonalValue.Erased,
                                log.Value(fact, Function),
                                Enum.Parse<AcknowledgementChannel>(channel),
                                stated,
                                log.ValueOrErased(fact, Recorder))
                            : null,
                        log.Value(fact, Words) ?? "")
                    {
                        IsSecretariats = fact.Source == LoggedFacts.Person,
                    }),
            ]);

    private static string Prefix(string missionId) => $"{LoggedFacts.AcknowledgementPrefix}:{missionId}/";

    private static string Id(string missionId, AcknowledgementStep step) => Prefix(missionId) + step.Id;
}
