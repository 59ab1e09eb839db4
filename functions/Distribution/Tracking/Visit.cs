using System.Collections.Immutable;
using Distribution.Common;

namespace Distribution.Tracking;

/// <summary>What a visitor, human or machine, did with a mission's link without acknowledging.</summary>
internal enum VisitKind
{
    /// <summary>The page was requested.</summary>
    Opened,

    /// <summary>A form was submitted sooner than a person can have read it.</summary>
    SubmittedTooSoon,

    /// <summary>A field that people cannot see was filled in (honeypot).</summary>
    HiddenFieldFilled,

    /// <summary>A form was filled in, and the page asked to confirm it.</summary>
    FilledIn,

    /// <summary>A form was submitted that had been used, had expired, or was never issued (replay).</summary>
    Replayed,

    /// <summary>A file was handed out, after a person's time on the page.</summary>
    DocumentTaken,

    /// <summary>A file was asked for sooner than a person can have read the page; it was not handed out.</summary>
    DocumentAskedTooSoon,
}

/// <summary>Counts of the visits to one mission's link. No visit is ever an acknowledgement.</summary>
/// <param name="First">When the first visit was.</param>
/// <param name="Last">When the last visit was.</param>
/// <param name="Agents">The User-Agent values of the visiting programs, the latest first, at most a few.</param>
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

    /// <param name="agent">The User-Agent value; may be empty.</param>
    public MissionVisits With(VisitKind kind, string agent, DateTimeOffset at)
    {
        agent = SingleLine.Of(agent);
        if (agent.Length > LongestAgent)
            // Not within a surrogate pair: half a character is no text.
            agent = $"{agent[..(char.IsHighSurrogate(agent[LongestAgent - 1]) ? LongestAgent - 1 : LongestAgent)]}…";
        return this with
        {
            Counts = Counts.SetItem(kind, Count(kind) + 1),
            // Several instances count, and not in the order of their times.
            Last = at > Last ? at : Last,
            Agents = agent is "" ? Agents : [agent, .. Agents.Remove(agent).Take(MostAgents - 1)],
        };
    }
}
