using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Reports;

/// <summary>A mission to reach by telephone or by pouch.</summary>
/// <param name="Reason">Why its mail did not reach it: a sentence for each mailbox.</param>
/// <param name="LastAttempt">
/// The time of the latest event of its mail, without remarks and withdrawals; null where there is none.
/// </param>
/// <param name="Telephone">As the current register has it; null if it has none.</param>
/// <param name="Alternates">Its mailboxes in the current register to which the letter was not sent.</param>
internal sealed record UnreachableLine(
    ReportedMission Of,
    Phrase Reason,
    DateTimeOffset? LastAttempt,
    string? Telephone,
    IReadOnlyList<string> Alternates)
{
    public Mission Mission => Of.Mission;

    /// <summary>What is said where <see cref="LastAttempt"/> is null.</summary>
    public Phrase NoAttempt => Of.CannotBeRead ? Say($"Not known") : Say($"Never tried");
}

/// <summary>
/// The missions that do not have the letter by mail, in English protocol order: it bounced, is delayed, was never sent,
/// or is not known to have left. A mission that has acknowledged by another way is listed too, and the list says so.
/// </summary>
internal sealed record UnreachableList(ReportedDistribution Reported, IReadOnlyList<UnreachableLine> Lines)
{
    /// <summary>How many there are, in a sentence.</summary>
    public Phrase Summary => !Reported.IsReleased ? Say($"Nothing has been sent: this letter was not released.")
        : Lines.Count == 0 && Reported.Missions.Any(mission => mission.IsNotNeeded)
            ? Say($"The letter is on record as having reached every mission that needed it.")
        : Lines.Count == 0 ? Say($"The letter is on record as having reached every mission.")
        : Say($"{Joined([Counted, .. Exceptions])}.");

    /// <summary>Where to find what the list does not have.</summary>
    public Phrase WhereElse =>
        Lines.All(line => line.Telephone is not null)
            ? Say($"The register holds no street addresses: take them from the Blue Book of the Protocol and Liaison Service.")
        : Lines.Any(line => line.Telephone is not null)
            ? Say($"The register holds no street addresses, and not every telephone number: take them from the Blue Book of the Protocol and Liaison Service.")
        : Say($"The register holds no telephone numbers and street addresses: take them from the Blue Book of the Protocol and Liaison Service.");

    private Phrase Counted =>
        Reported.Missions.Count == 1
            ? Say($"{Lines.Count} of 1 mission")
            : Say(
                Lines.Count,
                $"{Lines.Count} of {Reported.Missions.Count} missions",
                $"{Lines.Count} of {Reported.Missions.Count} missions");

    private IEnumerable<Phrase> Exceptions
    {
        get
        {
            if (Lines.Count(line => line.Of.Reach.Standing == MissionStanding.NeverSent) is > 0 and var never)
                yield return Say(never, $"{never} was never sent to", $"{never} were never sent to");
            if (Lines.Count(line => line.Of.Acknowledgement is not null) is > 0 and var acknowledged)
                yield return Say(
                    acknowledged,
                    $"{acknowledged} has acknowledged by another way",
                    $"{acknowledged} have acknowledged by another way");
        }
    }

    /// <param name="register">
    /// The missions of the current register, which may have newer mailboxes than the frozen roster.
    /// </param>
    public static UnreachableList Of(ReportedDistribution reported, IReadOnlyList<Mission> register)
    {
        var now = register.ToDictionary(mission => mission.Id);
        return new(
            reported,
            !reported.IsReleased
                ? []
                :
                [
                    .. reported
                        .Missions.Where(mission =>
                            mission
                                is {
                                    IsNotNeeded: false,
                                    // It has acknowledged this very letter, whatever is known of its mail.
                                    Reach.Standing: not MissionStanding.Acknowledged,
                                    State: not (DeliveryState.Accepted or DeliveryState.Delivered)
                                })
                        .Select(mission => new UnreachableLine(
                            mission,
                            Sentences([
                                .. mission.CannotBeRead ? [ServedReport.Sentence(ReportedMission.NotKnown)]
                                    : mission.Attempts.Count == 0 ? [Say($"Not sent yet.")]
                                    : (Phrase[])[],
                                .. mission
                                    .LastDeliveries.Where(delivery =>
                                        delivery.State is not (DeliveryState.Accepted or DeliveryState.Delivered)
                                        || delivery.IsReachedByMailAlone)
                                    .Select(delivery =>
                                        ServedReport.Sentence(ServedReport.Fate(delivery, reported.Now))),
                            ]),
                            mission
                                .Deliveries.SelectMany(delivery => delivery.Events)
                                .Where(happened =>
                                    happened.Kind is not (DeliveryEventKind.Remark or DeliveryEventKind.Withdrawn))
                                .Select(happened => (DateTimeOffset?)happened.At)
                                .Max(),
                            // As the register has it today: the person who reads the list is about to call.
                            now.GetValueOrDefault(mission.Mission.Id, mission.Mission).Telephone,
                            [
                                .. now.GetValueOrDefault(mission.Mission.Id, mission.Mission)
                                    .Mailboxes.Select(mailbox => mailbox.Address)
                                    .Except(
                                        mission.Deliveries.Where(Tried).Select(delivery => delivery.Mailbox.Address),
                                        StringComparer.OrdinalIgnoreCase),
                            ])),
                ]);
    }

    private static bool Tried(MailboxDelivery delivery) =>
        delivery.State is not (DeliveryState.Pending or DeliveryState.Withdrawn);
}
