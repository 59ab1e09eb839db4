using System.Globalization;
using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking.Reports;

/// <summary>
/// When one mission was served: the first time that a server accepted its letter for a mailbox from which it did not
/// bounce.
/// </summary>
/// <param name="Service">The first such event; null where the mission was not served.</param>
/// <param name="Mailbox">The mailbox that was served first; null where none was.</param>
/// <param name="Remark">Why it was not served, or what else a reader must know; may be empty.</param>
internal sealed record ServedLine(ReportedMission Of, DeliveryEvent? Service, string? Mailbox, string Remark)
{
    public Mission Mission => Of.Mission;

    /// <summary>When it was served; null where it was not.</summary>
    public DateTimeOffset? At => Service?.At;

    /// <summary>What happened then, in words; empty where it was not served.</summary>
    public string How =>
        Service is null ? ""
        : LoggedFacts.IsPerson(Service.Source) ? "Vouched for"
        : DeliveryLog.Words(Service);

    /// <summary>The kind of evidence; empty where it was not served.</summary>
    public string Evidence => Service is null ? "" : EvidenceRanks.Words(Service);

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
    public const string Statement =
        "This report states when letters were accepted for delivery. The outcome of a silence procedure is declared by people, and nothing here declares it.";

    private const int MostNamed = 12;

    public int Served => Lines.Count(line => line.At is not null);

    /// <summary>The missions that were not served in time, or not at all where no time was asked about.</summary>
    public IReadOnlyList<ServedLine> Missing =>
        [.. Lines.Where(line => Before is { } instant ? !line.IsServedBefore(instant) : line.At is null)];

    public bool IsToCome => Before > Reported.Now;

    /// <summary>The result, in a sentence.</summary>
    public string Verdict
    {
        get
        {
            var before = Before is { } instant ? $" before {Time(instant)}" : "";
            return !Reported.IsReleased ? "Nothing has been sent: this letter was not released."
                : Missing is []
                    ? $"{(Lines.Count == 1 ? "The one mission was" : $"All {Lines.Count} missions were")} served{before}.{Delays}"
                : IsToCome
                    ? $"{Missing.Count} of {Missions} {(Missing.Count == 1 ? "has" : "have")} not been served yet, and {Time(Before!.Value)} is still to come: {Named}.{Delays}"
                : $"{Missing.Count} of {Missions} {(Missing.Count == 1 ? "was" : "were")} not served{before}: {Named}.{Delays}";
        }
    }

    /// <summary>
    /// Those that count as served because a server on the way has the letter, and the mission's own has put it off.
    /// </summary>
    private string Delays =>
        Lines
            .Where(line => line.At is not null && line.Of.Reach.Standing == MissionStanding.Delayed)
            .Select(line => line.Mission)
            .ToList()
            is { Count: > 0 } delayed
            ? $" To {EnglishText.Counted(delayed.Count, "mission")} of those served it is delayed on its way: {Reach.Named(delayed)}."
            : "";

    public string Missions => EnglishText.Counted(Lines.Count, "mission");

    private string Named =>
        Missing.Count <= MostNamed
            ? EnglishText.Listed(Missing.Select(line => line.Mission.Name))
            : $"{string.Join(", ", Missing.Take(MostNamed).Select(line => line.Mission.Name))} and {Missing.Count - MostNamed} more";

    public static ServedReport Of(ReportedDistribution reported, DateTimeOffset? before = null) =>
        new(reported, [.. reported.Missions.Select(mission => Line(mission, reported.Now))], before);

    private static ServedLine Line(ReportedMission mission, DateTimeOffset now)
    {
        // A mailbox from which the letter bounced was not served, even if a server accepted it first. Evidence by mail
        // alone does not count.
        var first = mission
            .Deliveries.Where(delivery => delivery.State.IsReached)
            .SelectMany(delivery =>
                delivery.Events.Where(IsService).Select(happened => (delivery.Mailbox.Address, Happened: happened)))
            .OrderBy(found => found.Happened.At)
            .Select(found => ((string Address, DeliveryEvent Happened)?)found)
            .FirstOrDefault();
        var failed = mission
            .LastDeliveries.Where(delivery =>
                delivery.State is not (DeliveryState.Accepted or DeliveryState.Delivered)
                || delivery.IsReachedByMailAlone)
            .ToList();
        return first is { } served
            ? new(mission, served.Happened, served.Address, Sentences(failed.Select(delivery => Fate(delivery, now))))
            : new(
                mission,
                null,
                null,
                Sentences([
                    .. failed.Count == 0 ? ["Not sent yet"] : failed.Select(delivery => Fate(delivery, now)),
                    .. mission.Acknowledgement is { } acknowledged
                        ? [$"But {AcknowledgementWords.Of(acknowledged)}"]
                        : (string[])[],
                ])
            );
    }

    /// <summary>
    /// What became of a mailbox that the letter did not reach, or has not reached yet, such as
    /// <c>che@missions.example: accepted …, came back …</c>.
    /// </summary>
    /// <param name="now">When this is said: a delay that should be over by then is.</param>
    public static string Fate(MailboxDelivery delivery, DateTimeOffset now)
    {
        var accepted = delivery.Events.Where(IsService).OrderBy(happened => happened.At).FirstOrDefault();
        var telling = delivery.Telling;
        if (delivery.IsReachedByMailAlone)
            return $"{delivery.Mailbox.Address}: mail alone says that it was sent{(telling is null ? "" : $", on {NewYorkTime.Words(telling.At)}")}, which proves nothing";
        var end =
            telling is null ? "not sent yet"
            : telling.Kind is DeliveryEventKind.HandingOver ? $"being handed over since {NewYorkTime.Words(telling.At)}"
            : $"{EnglishText.WithinLine(DeliveryLog.Words(telling))} {NewYorkTime.Words(telling.At)}{(telling.Words.Length > 0 && !telling.Words.Contains(DeliveryLog.Words(telling), StringComparison.OrdinalIgnoreCase) ? $" ({telling.Words.TrimEnd('.')})" : "")}{(telling.IsByMail ? ", as a report by mail says" : "")}{(delivery.State == DeliveryState.Deferred && telling.TriedUntil < now ? "; no failure was reported since" : "")}";
        return $"{delivery.Mailbox.Address}: {(accepted is null || accepted == telling ? "" : $"accepted {NewYorkTime.Words(accepted.At)}, ")}{end}";
    }

    /// <summary>Adds a full stop, unless there is one already, as after "p.m."</summary>
    public static string Sentence(string words) => words.EndsWith('.') ? words : $"{words}.";

    /// <summary>Whether a server took the letter, by more than mail alone.</summary>
    public static bool IsService(DeliveryEvent happened) =>
        !happened.IsByMail
        && happened.Kind is DeliveryEventKind.Accepted or DeliveryEventKind.Deferred or DeliveryEventKind.Delivered;

    private static string Time(DateTimeOffset instant)
    {
        var time = NewYorkTime.At(instant);
        // Show seconds only where there are any: they must not be rounded away, and a time without them is easier to
        // read aloud.
        return time.Second == 0
            ? $"{NewYorkTime.Words(instant)} New York time"
            : string.Create(CultureInfo.InvariantCulture, $"{time:d MMMM yyyy, HH:mm:ss} New York time");
    }

    private static string Sentences(IEnumerable<string> parts) => string.Join(' ', parts.Select(Sentence));
}
