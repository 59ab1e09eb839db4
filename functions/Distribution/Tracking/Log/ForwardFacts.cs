using Distribution.Sending;
using Distribution.Tracking.Forwarding;

namespace Distribution.Tracking.Log;

/// <summary>
/// Turns what a mission forwarded into facts of the log, and back: one fact for what was asked for, one for what became
/// of it, once that is known, and one where a report says that it could not be delivered. Names, addresses and words
/// are personal values.
/// </summary>
internal static class ForwardFacts
{
    public const string Asked = "ForwardAsked";

    private const string OutcomePrefix = "Forward";

    private const string OutcomeSuffix = "/outcome";

    public const string Returned = "ForwardReturned";

    private const string ReturnedSuffix = "/returned";

    /// <summary>It came over the mission's own link.</summary>
    private const string Mission = "mission";

    private const string Who = "who";

    private const string Address = "address";

    private const string Words = "words";

    /// <returns>One to three facts for each forward, in the order in which they were asked for.</returns>
    public static IEnumerable<LoggedFact> Of(MissionForwards record)
    {
        foreach (var (place, forward) in record.All.Index())
        {
            var id = Prefix(record.MissionId) + forward.Id;
            yield return new(id, forward.At.ToUniversalTime(), Asked, Mission, record.MissionId, Step: place)
            {
                Personal = LoggedFacts.Personal((Who, forward.By), (Address, forward.To)),
            };
            if (forward.EndedAt is { } ended)
                yield return new(
                    id + OutcomeSuffix,
                    ended.ToUniversalTime(),
                    $"{OutcomePrefix}{forward.State}",
                    LoggedFacts.Worker,
                    record.MissionId,
                    Step: place)
                {
                    Personal = LoggedFacts.Personal((Words, forward.Words)),
                };
            if (forward.Returned is { } returned)
                yield return new(
                    id + ReturnedSuffix,
                    returned.At.ToUniversalTime(),
                    Returned,
                    returned.Source,
                    record.MissionId,
                    Step: place)
                {
                    Personal = LoggedFacts.Personal((Words, returned.Words)),
                };
        }
    }

    /// <summary>The ids of the facts whose names were erased from the record.</summary>
    public static IEnumerable<string> Erased(MissionForwards record) =>
        record
            .All.Where(forward => forward.By == PersonalValue.Erased)
            .Select(forward => Prefix(record.MissionId) + forward.Id)
            // All that there can be: an id without a fact does no harm.
            .SelectMany(id => (string[])[id, id + OutcomeSuffix, id + ReturnedSuffix]);

    /// <summary>
    /// What a mission forwarded, as the log has it. Of one whose end is not in the log it is not known whether it left:
    /// it is not sent again.
    /// </summary>
    /// <param name="facts">Facts about what this mission forwarded, in any order.</param>
    public static MissionForwards Read(
        string distributionId,
        string missionId,
        IEnumerable<LoggedFact> facts,
        LogReading log,
        DateTimeOffset now)
    {
        var byId = facts.ToDictionary(fact => fact.Id);
        return new(
            distributionId,
            missionId,
            [
                .. byId
                    .Values.Where(fact => fact.Kind == Asked)
                    .OrderBy(fact => fact.Step)
                    .Select(fact =>
                    {
                        var outcome = byId.GetValueOrDefault(fact.Id + OutcomeSuffix);
                        return new Forward(
                            fact.Id[Prefix(missionId).Length..],
                            fact.At,
                            log.Value(fact, Who) ?? PersonalValue.Erased,
                            log.Value(fact, Address) ?? PersonalValue.Erased).Ended(
                            outcome is null
                                ? ForwardState.NotKnown
                                : Enum.Parse<ForwardState>(outcome.Kind[OutcomePrefix.Length..]),
                            // Ended in any case: only what waits is sent.
                            outcome?.At ?? now,
                            outcome is null ? "" : log.ValueOrErased(outcome, Words) ?? "") with
                        {
                            Returned = byId.GetValueOrDefault(fact.Id + ReturnedSuffix) is { } returned
                                ? new(returned.At, returned.Source, log.ValueOrErased(returned, Words) ?? "")
                                : null,
                        };
                    }),
            ]);
    }

    private static string Prefix(string missionId) => $"{LoggedFacts.ForwardPrefix}:{missionId}/";
}
