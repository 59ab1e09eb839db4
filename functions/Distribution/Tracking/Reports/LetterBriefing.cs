using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking.Reports;

/// <summary>Missions of a letter that do not have it, or may not, for one reason.</summary>
/// <param name="Why">Such as <c>Came back: no such mailbox</c>, without a full stop.</param>
/// <param name="Missions">In protocol order.</param>
internal sealed record LackingGroup(string Why, IReadOnlyList<Mission> Missions);

/// <summary>Something that was done with a letter, in words for somebody who was not there.</summary>
internal sealed record BriefedAct(DateTimeOffset At, string Words);

/// <summary>
/// One letter as it is told to the ambassador at nine o'clock: who has it, who does not and why, who is silent, since
/// when all are served, and what was done. It fits on one printed page, whatever became of the letter.
/// </summary>
/// <param name="Lacking">Every mission that is in <see cref="Reach.Lacking"/>, by reason; the worst first.</param>
/// <param name="Silent">The missions that have it and have said nothing; see <see cref="MissionReach.IsSilent"/>.</param>
/// <param name="Answered">Those that have it and whose message waits to be read.</param>
/// <param name="Served">To how many missions of the roster a server accepted it, from whom it did not come back.</param>
/// <param name="LastServed">The last of these times; null where there is none.</param>
/// <param name="LeftOut">
/// The missions of which a record is missing or cannot be read: they are never told as silent.
/// </param>
/// <param name="Acts">The latest first.</param>
internal sealed record LetterBriefing(
    DistributionRecord Letter,
    Reach Reach,
    IReadOnlyList<LackingGroup> Lacking,
    IReadOnlyList<Mission> Silent,
    IReadOnlyList<Mission> Answered,
    int Served,
    DateTimeOffset? LastServed,
    IReadOnlyList<Mission> LeftOut,
    IReadOnlyList<Deadline> Deadlines,
    IReadOnlyList<BriefedAct> Acts,
    DateTimeOffset Now)
{
    /// <summary>
    /// With more missions than this the reasons are told by kind and no longer for each mission: they would fill the page.
    /// </summary>
    private const int MostExplained = 8;

    /// <summary>With more kinds of reasons than this, the last ones are put together.</summary>
    private const int MostReasons = 9;

    /// <summary>How much of a server's own words is told, in characters.</summary>
    private const int LongestAnswer = 110;

    /// <summary>Of a letter whose frozen content cannot be read: nothing is known of any mission.</summary>
    public static LetterBriefing Unreadable(DistributionRecord letter, DateTimeOffset now) =>
        new(
            letter,
            new(letter.State, letter.MissionCount, []) { CannotBeRead = true },
            [], [], [], 0, null, [], [],
            ActsOf(letter, []),
            now);

    /// <param name="reach">Of the same entries and acknowledgements as the report.</param>
    /// <param name="answered">The ids of the missions whose message waits to be read.</param>
    /// <param name="following">Its reminders, addenda and corrections.</param>
    /// <param name="leftOut">The ids of the missions of which a record is missing or cannot be read.</param>
    public static LetterBriefing Of(
        ServedReport report,
        Reach reach,
        IReadOnlySet<string> answered,
        IReadOnlySet<string> leftOut,
        IReadOnlyList<DistributionRecord> following)
    {
        var reported = report.Reported;
        var roster = reach.Missions.Select(mission => mission.Mission.Id).ToHashSet();
        var lines = report.Lines.Where(line => roster.Contains(line.Mission.Id)).ToDictionary(line => line.Mission.Id);
        var held = reach.Missions.Where(mission => !leftOut.Contains(mission.Mission.Id)).ToList();
        return new(
            reported.Distribution,
            reach,
            Groups(reach, lines, leftOut),
            [.. held.Where(mission => mission.IsSilent(answered.Contains(mission.Mission.Id))).Select(mission => mission.Mission)],
            [
                .. held.Where(mission => mission.Standing == MissionStanding.Reached && answered.Contains(mission.Mission.Id))
                    .Select(mission => mission.Mission),
            ],
            lines.Values.Count(line => line.At is not null),
            lines.Values.Max(line => line.At),
            [.. reach.Missions.Where(mission => leftOut.Contains(mission.Mission.Id)).Select(mission => mission.Mission)],
            reported.Letter.Deadlines,
            ActsOf(reported.Distribution, following),
            reported.Now);
    }

    /// <summary>When all were served, or that not all were.</summary>
    public string ServedWords
    {
        get
        {
            if (Reach.CannotBeRead)
                return "When it was served is not known: its content cannot be read.";
            if (Letter.ReleasedAt is null)
                return "Nothing of it has been sent.";
            if (LastServed is not { } last)
                return "No server has accepted it for any mission yet.";
            if (Served == Reach.MissionCount)
                return $"{(Served == 1 ? "The one mission was" : $"All {Served} missions were")} served by {NewYorkTime.Words(last)}";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Not all are served: {Served} of {Reach.MissionCount}, the last on {NewYorkTime.Words(last)}");
        }
    }

    private static IReadOnlyList<LackingGroup> Groups(
        Reach reach,
        IReadOnlyDictionary<string, ServedLine> lines,
        IReadOnlySet<string> leftOut)
    {
        var isEach = reach.Lacking.Count <= MostExplained;
        var groups = reach
            .Lacking.GroupBy(mission => (Order: Order(mission.Standing), Why: Why(mission, lines.GetValueOrDefault(mission.Mission.Id), leftOut, isEach)))
            .OrderBy(group => group.Key.Order)
            .ThenByDescending(group => group.Count())
            .Select(group => new LackingGroup(group.Key.Why, [.. group.Select(mission => mission.Mission)]))
            .ToList();
        return groups.Count <= MostReasons
            ? groups
            :
            [
                .. groups.Take(MostReasons - 1),
                new("For other reasons", [.. groups.Skip(MostReasons - 1).SelectMany(group => group.Missions)]),
            ];
    }

    /// <summary>Not reached first, then not known, then delayed, then what was never sent on purpose.</summary>
    private static int Order(MissionStanding standing) => standing switch
    {
        MissionStanding.NotReached => 0,
        MissionStanding.Unknown => 1,
        MissionStanding.Delayed => 2,
        _ => 3,
    };

    private static string Why(MissionReach mission, ServedLine? line, IReadOnlySet<string> leftOut, bool withAnswer)
    {
        if (mission.Standing == MissionStanding.NeverSent)
            return "Never sent: sending was stopped before";
        if (mission.Standing == MissionStanding.Unknown && leftOut.Contains(mission.Mission.Id))
            return "Not known: its record is missing or cannot be read";
        // What mail alone says proves nothing, so it is no reason either.
        var failed = line?.Of.LastDeliveries
            .Where(delivery => delivery.State is not (DeliveryState.Accepted or DeliveryState.Delivered))
            .Select(delivery => delivery.Telling)
            .OfType<DeliveryEvent>()
            .Select(telling => withAnswer ? WithAnswer(telling) : DeliveryLog.Words(telling))
            .Distinct()
            .ToList();
        return mission.Standing == MissionStanding.Unknown ? "Not known whether it was sent"
            : failed is { Count: > 0 } ? string.Join("; ", failed)
            : mission.Standing == MissionStanding.Delayed ? "Delayed on its way"
            : "Not reached";
    }

    private static string WithAnswer(DeliveryEvent telling)
    {
        var words = telling.Words.Length > LongestAnswer ? $"{telling.Words[..LongestAnswer].TrimEnd()} …" : telling.Words;
        return $"{DeliveryLog.Words(telling)} on {NewYorkTime.Words(telling.At)}{(words.Length > 0 && telling.Kind != DeliveryEventKind.Deferred ? $" ({words.TrimEnd('.')})" : "")}";
    }

    private static IReadOnlyList<BriefedAct> ActsOf(
        DistributionRecord letter,
        IReadOnlyList<DistributionRecord> following) =>
        [
            .. letter.Acts.Select(act => Words(act) is { } words ? new BriefedAct(act.At, words) : null)
                .OfType<BriefedAct>()
                .Concat(
                    following.Where(other => other.ReleasedAt is not null)
                        .Select(other => new BriefedAct(
                            other.ReleasedAt!.Value,
                            $"{Begun(FollowUp.Words(other.Follows!.Kind))} was released, to {EnglishText.Counted(other.MissionCount, "mission")}")))
                // Of what was done at one moment, what was done last comes first too.
                .Reverse()
                .OrderByDescending(act => act.At),
        ];

    /// <returns>Null for what was done before the release, or is told as a letter of its own.</returns>
    private static string? Words(AuditEntry act)
    {
        var by = act.By is { } person ? $" by {person}" : "";
        return act.Act switch
        {
            Act.Released => $"Released{by}",
            Act.Scheduled => $"Released for later{by}",
            Act.HeldBack => $"Held back{by}",
            Act.HourMissed => "Its hour passed, and it could not be sent then",
            Act.Approved => $"Approved{by}",
            Act.Paused => $"Put on hold: {act.Words.TrimEnd('.')}",
            Act.Resumed => $"Let go on{by}",
            Act.Withdrawn => $"Stopped{by}",
            Act.Superseded => $"Superseded by a correction",
            Act.ResendAsked => $"Sent again, as {act.By} asked{(act.Words.Length > 0 ? $": {act.Words.TrimEnd('.')}" : "")}",
            Act.Settled => $"An outcome that was not known was settled{by}",
            Act.ReminderMissed => "A reminder could not leave at its hour",
            Act.RemindersStopped => $"Reminders were stopped{by}",
            Act.Completed => "Sending ended",
            Act.Rebuilt => "Its record was rebuilt from the log",
            _ => null,
        };
    }

    private static string Begun(string phrase) => char.ToUpperInvariant(phrase[0]) + phrase[1..];
}
