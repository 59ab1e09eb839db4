using System.Text.RegularExpressions;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>
/// Turns acts at the desk into facts of the log, and back: one fact for what was asked for, and one for what came of
/// it, once that is known. The names of people are personal values.
/// </summary>
internal static partial class DeskFacts
{
    public const string Asked = "DeskAsked";

    private const string OutcomePrefix = "Desk";

    private const string OutcomeSuffix = "/outcome";

    private const string Who = "who";

    private const string WhoId = "who id";

    private const string Roles = "roles";

    private const string About = "about";

    private const string Letter = "letter";

    private const string Detail = "detail";

    private const string Words = "words";

    private const string Page = "page";

    /// <returns>One fact, or two where the outcome is known.</returns>
    public static IEnumerable<LoggedFact> Of(DeskAct act)
    {
        var id = $"{LoggedFacts.DeskPrefix}:{act.Id}";
        var mission = act.About is { } about && MissionId().IsMatch(about) ? about : null;
        yield return new(
            id,
            act.At.ToUniversalTime(),
            Asked,
            LoggedFacts.Person,
            mission,
            Asked: act.What)
        {
            Personal = LoggedFacts.Personal(
                (Who, act.Who),
                (WhoId, act.WhoId),
                (Roles, act.Roles),
                // What stands in the address of a request is any text.
                (About, mission is null ? act.About : null),
                (Letter, act.Letter)),
        };
        // With the time of the request: acts have no time of their own for what came of them.
        if (act.Outcome is { } outcome)
            yield return new(
                id + OutcomeSuffix,
                act.At.ToUniversalTime(),
                $"{OutcomePrefix}{outcome}",
                LoggedFacts.Worker,
                mission)
            {
                Personal = LoggedFacts.Personal((Detail, act.Detail), (Words, act.Words), (Page, act.Page)),
            };
    }

    /// <summary>The acts at the desk as the log has them, the earliest first.</summary>
    public static IEnumerable<DeskAct> Read(string distributionId, LogReading log)
    {
        var byId = log.About(FactSubject.Desk).ToDictionary(fact => fact.Id);
        foreach (var fact in byId.Values.Where(fact => fact.Kind == Asked).OrderBy(fact => fact.At))
        {
            var outcome = byId.GetValueOrDefault(fact.Id + OutcomeSuffix);
            yield return new(
                fact.Id[(LoggedFacts.DeskPrefix.Length + 1)..],
                fact.At,
                log.Value(fact, Who) ?? PersonalValue.Erased,
                log.ValueOrErased(fact, WhoId),
                log.ValueOrErased(fact, Roles) ?? "",
                fact.Asked ?? "",
                distributionId,
                fact.Mission ?? log.ValueOrErased(fact, About),
                outcome is null ? null : Enum.Parse<DeskOutcome>(outcome.Kind[OutcomePrefix.Length..]),
                log.ValueOrErased(fact, Letter))
            {
                Detail = outcome is null ? null : log.ValueOrErased(outcome, Detail),
                Words = outcome is null ? null : log.ValueOrErased(outcome, Words),
                Page = outcome is null ? null : log.ValueOrErased(outcome, Page),
            };
        }
    }

    /// <summary>The form of a mission's id in the register.</summary>
    [GeneratedRegex(@"^[a-z0-9]{1,30}(-[a-z0-9]{1,30}){0,5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MissionId();
}
