using System.Collections.Immutable;
using Distribution.Common;

namespace Distribution.Tracking;

/// <summary>What was done with a mission's link short of acknowledging, by whom or whatever it was.</summary>
internal enum VisitKind
{
    /// <summary>The page was asked for.</summary>
    Opened,

    /// <summary>A form came back sooner than a person can have read it.</summary>
    SubmittedTooSoon,

    /// <summary>A field that no person sees was filled in.</summary>
    HiddenFieldFilled,

    /// <summary>A form was filled in, and the page asked to confirm it.</summary>
    FilledIn,

    /// <summary>A form came that had been used, had expired, or was never given out.</summary>
    Replayed,
}

/// <summary>The visits to one mission's link, counted. No visit is ever an acknowledgement.</summary>
/// <param name="First">The moment of the first.</param>
/// <param name="Last">The moment of the last.</param>
/// <param name="Agents">The programs that made them as they call themselves, the latest first, a few at most.</param>
internal sealed record MissionVisits(
    string DistributionId,
    string MissionId,
    ImmutableSortedDictionary<VisitKind, int> Counts,
    DateTimeOffset First,
    DateTimeOffset Last,
    ImmutableList<string> Agents)
{
    private const int MostAgents = 5;

    private const int LongestAgent = 160;

    public static MissionVisits None(string distributionId, string missionId, DateTimeOffset at) =>
        new(distributionId, missionId, ImmutableSortedDictionary<VisitKind, int>.Empty, at, at, []);

    public int Count(VisitKind kind) => Counts.GetValueOrDefault(kind);

    /// <param name="agent">As the program calls itself; may be empty.</param>
    public MissionVisits With(VisitKind kind, string agent, DateTimeOffset at)
    {
        agent = SingleLine.Of(agent);
        if (agent.Length > LongestAgent)
            agent = $"{agent[..(char.IsHighSurrogate(agent[LongestAgent - 1]) ? LongestAgent - 1 : LongestAgent)]}…";
        return this with
        {
            Counts = Counts.SetItem(kind, Count(kind) + 1),
            Last = at > Last ? at : Last,
            Agents = agent is "" ? Agents : [agent, .. Agents.Remove(agent).Take(MostAgents - 1)],
        };
    }
}
