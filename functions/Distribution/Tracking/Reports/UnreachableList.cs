namespace Distribution;

/// <summary>A mission to reach by telephone or pouch.</summary>
/// <param name="Reason">Why, a sentence for each mailbox.</param>
/// <param name="LastAttempt">When it was last tried; null where it never was.</param>
/// <param name="Alternates">Mailboxes of the register now in use that the letter has not gone to.</param>
internal sealed record UnreachableLine(ReportedMission Of, string Reason, DateTimeOffset? LastAttempt, IReadOnlyList<string> Alternates)
{
    public Mission Mission => Of.Mission;
}

/// <summary>The missions whom the letter is not on record as having reached, in English protocol order.</summary>
internal sealed record UnreachableList(Reported Reported, IReadOnlyList<UnreachableLine> Lines)
{
    /// <param name="register">The missions of the register now in use, which may know newer mailboxes than the frozen roster.</param>
    public static UnreachableList Of(Reported reported, IReadOnlyList<Mission> register)
    {
        var now = register.ToDictionary(mission => mission.Id);
        return new(reported, !reported.IsReleased ? [] :
        [
            .. reported.Missions.Where(mission => !mission.State.IsReached).Select(mission => new UnreachableLine(
                mission,
                mission.Attempts.Count == 0 ? "Not sent yet." : string.Join(' ', mission.LastDeliveries.Where(delivery => !delivery.State.IsReached || delivery.IsReachedByMailAlone).Select(delivery => ServedReport.Sentence(ServedReport.Fate(delivery)))),
                mission.Deliveries.SelectMany(delivery => delivery.Events)
                    .Where(happened => happened.Kind is not (DeliveryEventKind.Remark or DeliveryEventKind.Withdrawn))
                    .Select(happened => (DateTimeOffset?)happened.At).Max(),
                [
                    .. now.GetValueOrDefault(mission.Mission.Id, mission.Mission).Mailboxes.Select(mailbox => mailbox.Address)
                        .Except(mission.Deliveries.Where(Tried).Select(delivery => delivery.Mailbox.Address), StringComparer.OrdinalIgnoreCase),
                ])),
        ]);
    }

    private static bool Tried(MailboxDelivery delivery) => delivery.State is not (DeliveryState.Pending or DeliveryState.Withdrawn);
}
