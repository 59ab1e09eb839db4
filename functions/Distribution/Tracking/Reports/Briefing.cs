using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Reports;

/// <summary>A mission that lacks several letters.</summary>
internal sealed record LackingMission(Mission Mission, IReadOnlyList<DistributionRecord> Letters);

/// <summary>How a released letter stands, where there is a line for each; what is told first comes first.</summary>
internal enum BriefedStanding
{
    /// <summary>Some mission does not have it, or may not; it is on hold; or nothing is known of it.</summary>
    Lacking,

    /// <summary>It is being sent, and nothing has gone wrong.</summary>
    Leaving,

    /// <summary>Every mission has it.</summary>
    Complete,

    /// <summary>Not every mission has it, and a correction went out in its place.</summary>
    Superseded,
}

/// <summary>
/// Several letters as they are told at nine o'clock. If there is no room for all, letters that every mission has are
/// left out before any that some mission lacks.
/// </summary>
/// <param name="Process">The process it is about; null for all.</param>
/// <param name="Processes">Those that can be asked for by themselves.</param>
/// <param name="Shown">The released letters: those that some mission lacks first, then the latest.</param>
/// <param name="Waiting">Those that have not been released and still can be, the latest first.</param>
/// <param name="Counts">How many released letters are in each group, including those that are not shown.</param>
/// <param name="LeftOut">How many letters' records cannot be read; it is not known which letters they are.</param>
internal sealed record Briefing(
    string? Process,
    IReadOnlyList<string> Processes,
    IReadOnlyList<LetterBriefing> Shown,
    IReadOnlyList<DistributionRecord> Waiting,
    IReadOnlyDictionary<BriefedStanding, int> Counts,
    int LeftOut,
    DateTimeOffset Now)
{
    /// <summary>Whether some mission had no need of one of those that are complete.</summary>
    public bool SparesSome { get; init; }

    /// <summary>What the whole sheet comes to, in a sentence.</summary>
    public Phrase Verdict
    {
        get
        {
            var all = Counts.Values.Sum();
            if (all == 0)
                return Say($"No letter has been released.");
            var whole = Of(BriefedStanding.Complete);
            if (whole == all)
                return SparesSome
                    ? Say(
                        all,
                        $"The one letter released is with every mission that needed it.",
                        $"All {all} letters released are with every mission that needed them.")
                    : Say(
                        all,
                        $"The one letter released is with every mission.",
                        $"All {all} letters released are with every mission.");
            var parts = Joined(Enum.GetValues<BriefedStanding>()
                .OrderBy(standing => standing != BriefedStanding.Complete)
                .Where(standing => Of(standing) > 0)
                .Select(standing => Part(standing, Of(standing))));
            return Say(all, $"Of {all} letter released, {parts}.", $"Of {all} letters released, {parts}.");
        }
    }

    /// <summary>How many letters that were released are not shown.</summary>
    public int More => Counts.Values.Sum() - Shown.Count;

    /// <summary>How many of these some mission lacks.</summary>
    public int MoreLacking =>
        Of(BriefedStanding.Lacking)
        - Shown.Count(letter => StandingOf(letter.Letter, letter.Reach) == BriefedStanding.Lacking);

    /// <param name="letter">A released letter.</param>
    public static BriefedStanding StandingOf(DistributionRecord letter, Reach reach) =>
        reach.IsComplete ? BriefedStanding.Complete
        : letter.IsCorrected ? BriefedStanding.Superseded
        : reach is { CannotBeRead: false, IsLacking: false, Phase: ReachPhase.Leaving or ReachPhase.Sending }
            ? BriefedStanding.Leaving
        : BriefedStanding.Lacking;

    /// <summary>The missions that lack more than one of the letters shown, those that lack most first.</summary>
    public IReadOnlyList<LackingMission> LackSeveral =>
        [
            .. Shown
                .SelectMany(letter => letter.Reach.Lacking.Select(mission => (letter.Letter, mission.Mission)))
                .GroupBy(found => found.Mission.Id)
                .Where(group => group.Count() > 1)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => ProtocolOrder.Key(group.First().Mission.Name), StringComparer.Ordinal)
                .Select(group => new LackingMission(group.First().Mission, [.. group.Select(found => found.Letter)])),
        ];

    private int Of(BriefedStanding standing) => Counts.GetValueOrDefault(standing);

    private Phrase Part(BriefedStanding standing, int count) => standing switch
    {
        BriefedStanding.Complete when SparesSome =>
            Say(
                count,
                $"{count} is with every mission that needed it",
                $"{count} are with every mission that needed them"),
        BriefedStanding.Complete => Say(count, $"{count} is with every mission", $"{count} are with every mission"),
        BriefedStanding.Leaving => Say(count, $"{count} is still being sent", $"{count} are still being sent"),
        BriefedStanding.Superseded => Say(
            count,
            $"{count} was superseded by a correction",
            $"{count} were superseded by corrections"),
        _ => Say(
            count,
            $"{count} is not with every mission, or not known to be",
            $"{count} are not with every mission, or not known to be"),
    };
}
