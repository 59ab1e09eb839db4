using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Reports;

/// <summary>
/// When one mission was served: the first time that a server accepted its letter for a mailbox from which it did not
/// bounce.
/// </summary>
/// <param name="Service">The first such event; null where the mission was not served.</param>
/// <param name="Mailbox">The mailbox that was served first; null where none was.</param>
/// <param name="Remark">Why it was not served, or what else a reader must know; may be empty.</param>
internal sealed record ServedLine(ReportedMission Of, DeliveryEvent? Service, string? Mailbox, Phrase Remark)
{
    public Mission Mission => Of.Mission;

    /// <summary>When it was served; null where it was not.</summary>
    public DateTimeOffset? At => Service?.At;

    /// <summary>What happened then, in words; empty where it was not served.</summary>
    public Phrase How =>
        Service is null ? Plain("")
        : LoggedFacts.IsPerson(Service.Source) ? Say($"Vouched for")
        : DeliveryLog.Words(Service);

    /// <summary>The kind of evidence; empty where it was not served.</summary>
    public Phrase Evidence => Service is null ? Plain("") : EvidenceRanks.Words(Service);

    /// <summary>Whether a server simply accepted it, or it was not served. Then the way needs no explanation.</summary>
    public bool IsPlain =>
        Service is null or { Kind: DeliveryEventKind.Accepted or DeliveryEventKind.Delivered }
        && !LoggedFacts.IsPerson(Service?.Source);

    public bool IsServedBefore(DateTimeOffset instant) => At < instant;
}

/// <summary>
/// When each mission was served. The report states when letters were accepted and concludes nothing: the outcome of a
/// silence procedure is declared by people.
/// </summary>
/// <param name="Before">The point in time that was asked about; null for none.</param>
internal sealed record ServedReport(
    ReportedDistribution Reported,
    IReadOnlyList<ServedLine> Lines,
    DateTimeOffset? Before)
{
    public static Phrase Statement =>
        Say($"This report states when letters were accepted for delivery. The outcome of a silence procedure is declared by people, and nothing here declares it.");

    private const int MostNamed = 12;

    public int Served => Lines.Count(line => line.At is not null);

    /// <summary>The missions that were not served in time, or not at all where no time was asked about.</summary>
    public IReadOnlyList<ServedLine> Missing { get; } =
        [.. Lines.Where(line => !IsInTime(line, Before) && !line.Of.CannotBeRead)];

    /// <summary>The missions of which it is not known, because what is on record of them cannot be read.</summary>
    public IReadOnlyList<ServedLine> Unread { get; } =
        [.. Lines.Where(line => !IsInTime(line, Before) && line.Of.CannotBeRead)];

    /// <summary>All others.</summary>
    public IReadOnlyList<ServedLine> InTime { get; } = [.. Lines.Where(line => IsInTime(line, Before))];

    public bool IsToCome => Before > Reported.Now;

    /// <summary>The result, in a sentence.</summary>
    public Phrase Verdict =>
        Reported.IsReleased
            ? Sentences(((Phrase?[])[NotKnown, Result, Delays]).OfType<Phrase>())
            : Say($"Nothing has been sent: this letter was not released.");

    private Phrase? NotKnown =>
        Unread.Count == 0
            ? null
            : Say(
                Unread.Count,
                $"Of {Unread.Count} mission it is not known whether it was served, for its record is missing or cannot be read: {Named(Unread)}.",
                $"Of {Unread.Count} missions it is not known whether they were served, for their records are missing or cannot be read: {Named(Unread)}.");

    /// <summary>Null where nothing is known of any mission.</summary>
    private Phrase? Result
    {
        get
        {
            var (all, missing) = (Lines.Count - Unread.Count, Missing.Count);
            return (Unread.Count > 0, missing, IsToCome, Before) switch
            {
                (true, 0, _, _) when all == 0 => null,
                (true, 0, _, null) => Say(
                    all,
                    $"The one other mission was served.",
                    $"All {all} other missions were served."),
                (true, 0, _, { } before) => Say(
                    all,
                    $"The one other mission was served before {Time(before)}.",
                    $"All {all} other missions were served before {Time(before)}."),
                (_, 0, _, null) => Say(all, $"The one mission was served.", $"All {all} missions were served."),
                (_, 0, _, { } before) => Say(
                    all,
                    $"The one mission was served before {Time(before)}.",
                    $"All {all} missions were served before {Time(before)}."),
                (_, _, true, { } before) => Say(
                    missing,
                    $"{missing} of {Missions} has not been served yet, and {Time(before)} is still to come: {Named(Missing)}.",
                    $"{missing} of {Missions} have not been served yet, and {Time(before)} is still to come: {Named(Missing)}."),
                (_, _, _, { } before) => Say(
                    missing,
                    $"{missing} of {Missions} was not served before {Time(before)}: {Named(Missing)}.",
                    $"{missing} of {Missions} were not served before {Time(before)}: {Named(Missing)}."),
                _ => Say(
                    missing,
                    $"{missing} of {Missions} was not served: {Named(Missing)}.",
                    $"{missing} of {Missions} were not served: {Named(Missing)}."),
            };
        }
    }

    /// <summary>
    /// Those that count as served because a server on the way has the letter, and the mission's own has put it off;
    /// null where there are none.
    /// </summary>
    private Phrase? Delays =>
        Lines
            .Where(line => line.At is not null && line.Of.Reach.Standing == MissionStanding.Delayed)
            .Select(line => line.Mission)
            .ToList()
            is { Count: > 0 and var count } delayed
            ? Say(
                count,
                $"To {count} mission of those served it is delayed on its way: {Reach.Named(delayed)}.",
                $"To {count} missions of those served it is delayed on its way: {Reach.Named(delayed)}.")
            : null;

    public Phrase Missions => Say(Lines.Count, $"{Lines.Count} mission", $"{Lines.Count} missions");

    private static Phrase Named(IReadOnlyList<ServedLine> lines) =>
        Listed([
            .. lines.Take(MostNamed).Select(line => line.Mission.Said),
            .. lines.Count > MostNamed ? [Amounts.More(lines.Count - MostNamed)] : (Phrase[])[],
        ]);

    /// <param name="before">The point in time to ask about: who was served before it; null for none.</param>
    public static ServedReport Of(ReportedDistribution reported, DateTimeOffset? before = null) =>
        new(reported, [.. reported.Missions.Select(mission => Line(mission, reported.Now))], before);

    private static bool IsInTime(ServedLine line, DateTimeOffset? before) =>
        before is { } instant ? line.IsServedBefore(instant) : line.At is not null;

    private static ServedLine Line(ReportedMission mission, DateTimeOffset now)
    {
        // A mailbox from which the letter bounced was not served, even if a server accepted it first. Evidence by mail
        // alone does not count.
        var first = mission
            .Deliveries.Where(delivery => delivery.State.IsReached)
            .SelectMany(delivery =>
                delivery.Events.Where(IsService).Select(happened => (delivery.Mailbox.Address, Happened: happened)))
            // Events come in any order, and from clocks of several servers.
            .OrderBy(found => found.Happened.At)
            .Select(found => ((string Address, DeliveryEvent Happened)?)found)
            .FirstOrDefault();
        var failed = mission
            .LastDeliveries.Where(delivery =>
                delivery.State is not (DeliveryState.Accepted or DeliveryState.Delivered)
                || delivery.IsReachedByMailAlone)
            .ToList();
        return first is { } served
            ? new(
                mission,
                served.Happened,
                served.Address,
                Sentences(failed.Select(delivery => Sentence(Fate(delivery, now)))))
            : new(
                mission,
                null,
                null,
                Sentences([
                    .. mission.CannotBeRead ? [Sentence(ReportedMission.NotKnown)]
                        : failed.Count == 0 ? [Say($"Not sent yet.")]
                        : (Phrase[])[],
                    .. failed.Select(delivery => Sentence(Fate(delivery, now))),
                    .. mission.Acknowledgement is { } acknowledged
                        ? [Sentence(Say($"But {AcknowledgementWords.Of(acknowledged, mission.Mission)}"))]
                        : (Phrase[])[],
                ])
            );
    }

    /// <summary>
    /// What became of a mailbox that the letter did not reach, or has not reached yet, such as
    /// <c>che@missions.example: accepted …, came back …</c>.
    /// </summary>
    /// <param name="now">When this is said: a delay that should be over by then is.</param>
    public static Phrase Fate(MailboxDelivery delivery, DateTimeOffset now)
    {
        var address = delivery.Mailbox.Address;
        var accepted = delivery.Events.Where(IsService).OrderBy(happened => happened.At).FirstOrDefault();
        var telling = delivery.Telling;
        if (delivery.IsReachedByMailAlone)
            return telling is null
                ? Say($"{address}: mail alone says that it was sent, which proves nothing")
                : Say($"{address}: mail alone says that it was sent, on {OfMoment(telling.At)}, which proves nothing");
        var end = telling switch
        {
            null => Say($"not sent yet"),
            { Kind: DeliveryEventKind.HandingOver } => Say($"being handed over since {OfMoment(telling.At)}"),
            _ => End(delivery, telling, now),
        };
        return accepted is null || accepted == telling
            ? Say($"{address}: {end}")
            : Say($"{address}: accepted {OfMoment(accepted.At)}, {end}");
    }

    private static Phrase End(MailboxDelivery delivery, DeliveryEvent telling, DateTimeOffset now)
    {
        var words = DeliveryLog.Words(telling);
        var end = Say($"{words.WithinLine} {OfMoment(telling.At)}");
        if (telling.Words.Length > 0
            && !telling.Words.Contains(words.In(DeskLanguage.English), StringComparison.OrdinalIgnoreCase))
            end = Say($"{end} ({Recorded(telling.Words).WithoutStop})");
        if (telling.IsByMail)
            end = Say($"{end}, as a report by mail says");
        return delivery.State == DeliveryState.Deferred && telling.TriedUntil < now
            ? Say($"{end}; no failure was reported since")
            : end;
    }

    /// <summary>Adds a full stop, unless there is one already, as after "p.m."</summary>
    public static Phrase Sentence(Phrase words) =>
        Phrase.Of(language => words.In(language) is var said && said.EndsWith('.') ? said : $"{said}.");

    /// <summary>Whether a server took the letter, by more than mail alone.</summary>
    public static bool IsService(DeliveryEvent happened) =>
        !happened.IsByMail
        && happened.Kind is DeliveryEventKind.Accepted or DeliveryEventKind.Deferred or DeliveryEventKind.Delivered;

    private static Phrase Time(DateTimeOffset instant) =>
        // Show seconds only where there are any: they must not be rounded away, and a time without them is easier to
        // read aloud.
        NewYorkTime.At(instant).Second == 0
            ? Say($"{OfMoment(instant)} New York time")
            : Say($"{OfDay(NewYorkTime.Day(instant))}, {OfClock(instant)} New York time");
}
