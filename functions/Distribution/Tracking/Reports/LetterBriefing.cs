using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking.Archive;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Reports;

/// <summary>Missions of a letter that do not have it, or may not, for one reason.</summary>
/// <param name="Why">Such as <c>Came back: no such mailbox</c>, without a full stop.</param>
/// <param name="Missions">In protocol order.</param>
internal sealed record LackingGroup(Phrase Why, IReadOnlyList<Mission> Missions);

/// <summary>Something that was done with a letter, in words for somebody who was not there.</summary>
internal sealed record BriefedAct(DateTimeOffset At, Phrase Words);

/// <summary>
/// One letter as it is reported to the ambassador at nine o'clock: who has it, who does not and why, who is silent,
/// since when all are served, and what was done. It always fits on one printed page.
/// </summary>
/// <param name="Lacking">Every mission that is in <see cref="Reach.Lacking"/>, by reason; the worst first.</param>
/// <param name="Silent">
/// The missions that have it and have said nothing; see <see cref="MissionReach.IsSilent"/>.
/// </param>
/// <param name="Answered">Those that have it and whose message waits to be read.</param>
/// <param name="Served">
/// To how many missions of the roster a server accepted it, from whom it did not come back.
/// </param>
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
    /// With more missions than this the reasons are told by kind and no longer for each mission: they would fill the
    /// page.
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
            ActsOf(letter, [], []),
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
            [
                .. held.Where(mission => mission.IsSilent(answered.Contains(mission.Mission.Id)))
                    .Select(mission => mission.Mission)
            ],
            [
                .. held
                    .Where(mission =>
                        mission.Standing == MissionStanding.Reached && answered.Contains(mission.Mission.Id))
                    .Select(mission => mission.Mission),
            ],
            lines.Values.Count(line => line.At is not null),
            lines.Values.Max(line => line.At),
            [
                .. reach.Missions.Where(mission => leftOut.Contains(mission.Mission.Id))
                    .Select(mission => mission.Mission)
            ],
            reported.Letter.Deadlines,
            ActsOf(reported.Distribution, reach.Missions, following),
            reported.Now);
    }

    /// <summary>When all were served, or that not all were.</summary>
    public Phrase ServedWords
    {
        get
        {
            if (Reach.CannotBeRead)
                return Say($"When it was served is not known: its content cannot be read.");
            if (Letter.ReleasedAt is null)
                return Say($"Nothing of it has been sent.");
            if (LastServed is not { } last)
                return LeftOut.Count > 0 ? ReportedMission.NotKnown : Say($"No mission is served.");
            if (Served == Reach.MissionCount)
                return Say(
                    Served,
                    $"The one mission was served by {OfMoment(last)}",
                    $"All {Served} missions were served by {OfMoment(last)}");
            if (LeftOut.Count > 0)
                return Say($"Known to be served: {Served} of {Reach.MissionCount}, the last on {OfMoment(last)}");
            return Say($"Not all are served: {Served} of {Reach.MissionCount}, the last on {OfMoment(last)}");
        }
    }

    private static IReadOnlyList<LackingGroup> Groups(
        Reach reach,
        IReadOnlyDictionary<string, ServedLine> lines,
        IReadOnlySet<string> leftOut)
    {
        var isEach = reach.Lacking.Count <= MostExplained;
        var groups = reach
            .Lacking.Select(mission =>
                (
                    Mission: mission.Mission,
                    Order: Order(mission.Standing),
                    Why: Why(mission, lines.GetValueOrDefault(mission.Mission.Id), leftOut, isEach)))
            // By their English words: a phrase has no equality of its own.
            .GroupBy(lacking => (lacking.Order, Why: lacking.Why.In(DeskLanguage.English)))
            .OrderBy(group => group.Key.Order)
            .ThenByDescending(group => group.Count())
            .Select(group => new LackingGroup(group.First().Why, [.. group.Select(lacking => lacking.Mission)]))
            .ToList();
        return groups.Count <= MostReasons
            ? groups
            :
            [
                .. groups.Take(MostReasons - 1),
                // They are the smallest groups of the least urgent kinds.
                new(Say($"For other reasons"), [.. groups.Skip(MostReasons - 1).SelectMany(group => group.Missions)]),
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

    private static Phrase Why(MissionReach mission, ServedLine? line, IReadOnlySet<string> leftOut, bool withAnswer)
    {
        if (mission.Standing == MissionStanding.NeverSent)
            return Say($"Never sent: sending was stopped before");
        if (mission.Standing == MissionStanding.Unknown && leftOut.Contains(mission.Mission.Id))
            return Say($"Not known: its record is missing or cannot be read");
        // What mail alone says proves nothing, so it is no reason either.
        var failed = line?.Of.LastDeliveries
            .Where(delivery => delivery.State is not (DeliveryState.Accepted or DeliveryState.Delivered))
            .Select(delivery => delivery.Telling)
            .OfType<DeliveryEvent>()
            .Select(telling => withAnswer ? WithAnswer(telling) : DeliveryLog.Words(telling))
            .DistinctBy(words => words.In(DeskLanguage.English))
            .ToList();
        return mission.Standing == MissionStanding.Unknown ? Say($"Not known whether it was sent")
            : failed is { Count: > 0 } ? Joined(failed)
            : mission.Standing == MissionStanding.Delayed ? Say($"Delayed on its way")
            : Say($"Not reached");
    }

    private static Phrase WithAnswer(DeliveryEvent telling)
    {
        var words = Phrase.Of(language =>
            Recorded(telling.Words).In(language) is var said && said.Length > LongestAnswer
                ? $"{TextStart.Of(said, LongestAnswer).TrimEnd()} …"
                : said);
        return telling.Words.Length > 0 && telling.Kind != DeliveryEventKind.Deferred
            ? Say($"{DeliveryLog.Words(telling)} on {OfMoment(telling.At)} ({words.WithoutStop})")
            : Say($"{DeliveryLog.Words(telling)} on {OfMoment(telling.At)}");
    }

    private static IReadOnlyList<BriefedAct> ActsOf(
        DistributionRecord letter,
        IReadOnlyList<MissionReach> roster,
        IReadOnlyList<DistributionRecord> following) =>
        [
            .. letter.Acts.Select(act => Words(act, roster) is { } words ? new BriefedAct(act.At, words) : null)
                .OfType<BriefedAct>()
                .Concat(
                    following.Where(other => other.ReleasedAt is not null)
                        .Select(other => new BriefedAct(
                            other.ReleasedAt!.Value,
                            Say(
                                other.MissionCount,
                                $"{FollowUp.Words(other.Follows!.Kind).Begun} was released, to {other.MissionCount} mission",
                                $"{FollowUp.Words(other.Follows!.Kind).Begun} was released, to {other.MissionCount} missions"))))
                // Of what was done at one moment, what was done last comes first too.
                .Reverse()
                .OrderByDescending(act => act.At),
        ];

    /// <returns>Null for what was done before the release, or is told as a letter of its own.</returns>
    private static Phrase? Words(AuditEntry act, IReadOnlyList<MissionReach> roster) =>
        act.Act switch
        {
            Act.Released => By(act.By, person => Say($"Released by {person}"), Say($"Released")),
            Act.Scheduled => By(act.By, person => Say($"Released for later by {person}"), Say($"Released for later")),
            Act.HeldBack => By(act.By, person => Say($"Held back by {person}"), Say($"Held back")),
            Act.HourMissed => Say($"Its hour passed, and it could not be sent then"),
            Act.Approved => By(act.By, person => Say($"Approved by {person}"), Say($"Approved")),
            Act.Paused => Say($"Put on hold: {Recorded(act.Words).WithoutStop}"),
            Act.Resumed => By(act.By, person => Say($"Let go on by {person}"), Say($"Let go on")),
            Act.Withdrawn => By(act.By, person => Say($"Stopped by {person}"), Say($"Stopped")),
            Act.Superseded => Say($"Superseded by a correction"),
            Act.ResendAsked => SentTo(act, roster),
            Act.Settled => By(
                act.By,
                person => Say($"An outcome that was not known was settled by {person}"),
                Say($"An outcome that was not known was settled")),
            Act.ReminderMissed => Say($"A reminder could not leave at its hour"),
            Act.RemindersStopped => By(
                act.By,
                person => Say($"Reminders were stopped by {person}"),
                Say($"Reminders were stopped")),
            Act.Completed => Say($"Sending ended"),
            Act.Rebuilt when act.Words.StartsWith(BringBack.FromArchive, StringComparison.Ordinal) =>
                By(
                    act.By,
                    person => Say($"What was sent while the service was out of reach was noted by {person}"),
                    Say($"What was sent while the service was out of reach was noted")),
            Act.Rebuilt => Say($"Its record was rebuilt from the log"),
            _ => null,
        };

    /// <summary>To a mission, which is on record by its id, or to as many as the act counted.</summary>
    private static Phrase SentTo(AuditEntry act, IReadOnlyList<MissionReach> roster)
    {
        if (Resends.Counted(act.Words) is var (missions, wasStopped))
            return wasStopped
                ? Say(
                    missions,
                    $"Sent after all to {missions} mission that the stop had left out, as {act.By} asked",
                    $"Sent after all to {missions} missions that the stop had left out, as {act.By} asked")
                : Say(
                    missions,
                    $"Sent again to {missions} mission it had not reached, as {act.By} asked",
                    $"Sent again to {missions} missions it had not reached, as {act.By} asked");
        var mission =
            roster.FirstOrDefault(line => line.Mission.Id == act.Words)?.Mission.Said
            ?? Plain(act.Words.TrimEnd('.'));
        return act.Words.Length > 0
            ? Say($"Sent again, as {act.By} asked: {mission}")
            : Say($"Sent again, as {act.By} asked");
    }

    /// <param name="done">What was done, where a person is on record for it, and where none is.</param>
    private static Phrase By(string? person, Func<Phrase, Phrase> done, Phrase byNobody) =>
        person is null ? byNobody : done(Recorded(person));
}
