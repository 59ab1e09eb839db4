using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Reports;

/// <summary>One distribution's roster, entries and acknowledgements.</summary>
/// <param name="Acknowledgements">By mission id.</param>
internal sealed record ReportedRoster(
    IReadOnlyList<Mission> Missions,
    IReadOnlyList<MissionEntry> Dispatches,
    IReadOnlyDictionary<string, MissionAcknowledgement> Acknowledgements)
{
    /// <param name="missions">Its frozen roster.</param>
    public static async Task<ReportedRoster> Read(
        DistributionRecord distribution,
        IReadOnlyList<Mission> missions,
        MissionEntries entries,
        Acknowledgements acknowledgements,
        CancellationToken cancellation)
    {
        var sent = entries.All(distribution.Id, cancellation);
        var acknowledged = acknowledgements.Of(distribution.AcknowledgedUnder, cancellation);
        await Task.WhenAll(sent, acknowledged);
        return new(missions, [.. (await sent).Select(stored => stored.Value)], await acknowledged);
    }
}

/// <summary>One mission, with all that was sent to it of one letter and its addenda.</summary>
/// <param name="State">The best state among the letter and its addenda.</param>
/// <param name="Attempts">Those of the letter first, then those of its addenda.</param>
/// <param name="AddedLater">Whether only an addendum goes to it.</param>
/// <param name="IsNotNeeded">Whether it was not sent because the mission did not need it.</param>
/// <param name="CannotBeRead">
/// Whether an entry of it is missing or cannot be read: then there may be more that was sent than is shown.
/// </param>
internal sealed record ReportedMission(
    Mission Mission,
    DeliveryState State,
    IReadOnlyList<DeliveryAttempt> Attempts,
    Acknowledgement? Acknowledgement,
    bool AddedLater = false,
    bool IsNotNeeded = false,
    bool CannotBeRead = false)
{
    /// <summary>What stands in the place of what cannot be read.</summary>
    public static Phrase NotKnown => Say($"Not known: its record is missing or cannot be read");

    public MissionReach Reach => new(Mission, State, Acknowledgement is not null, IsNotNeeded);

    public IEnumerable<MailboxDelivery> Deliveries => Attempts.SelectMany(attempt => attempt.Mailboxes);

    /// <summary>Each mailbox's last delivery.</summary>
    public IEnumerable<MailboxDelivery> LastDeliveries =>
        Deliveries.Reverse().DistinctBy(delivery => delivery.Mailbox.Address.ToUpperInvariant()).Reverse();
}

/// <summary>A distribution as reports show it, with its addenda: they are the same letter.</summary>
/// <param name="Missions">In English protocol order; missions that were added by an addendum are at the end.</param>
internal sealed record ReportedDistribution(
    DistributionRecord Distribution,
    LetterSource Letter,
    IReadOnlyList<ReportedMission> Missions,
    DateTimeOffset Now)
{
    public bool IsReleased => Distribution.ReleasedAt is not null;

    /// <param name="first">The distribution's own roster.</param>
    /// <param name="addenda">In the order they were prepared.</param>
    public static ReportedDistribution Of(
        DistributionRecord distribution,
        LetterSource letter,
        ReportedRoster first,
        IReadOnlyList<ReportedRoster> addenda,
        DateTimeOffset now)
    {
        IReadOnlyList<ReportedRoster> all = [first, .. addenda];
        var entries = all.SelectMany(roster => roster.Dispatches).ToLookup(entry => entry.MissionId);
        var known = first.Missions.Select(mission => mission.Id).ToHashSet();
        // Every mission has an entry from the beginning.
        var unread = all.SelectMany(roster =>
                roster
                    .Missions.Select(mission => mission.Id)
                    .Except(roster.Dispatches.Select(entry => entry.MissionId)))
            .ToHashSet();
        return new(
            distribution,
            letter,
            [
                .. all.SelectMany(roster => roster.Missions)
                    .DistinctBy(mission => mission.Id)
                    .Select(mission => new ReportedMission(
                        mission,
                        StateOf([.. entries[mission.Id]], unread.Contains(mission.Id)),
                        [.. entries[mission.Id].SelectMany(entry => entry.Attempts)],
                        all.Select(roster => roster.Acknowledgements.GetValueOrDefault(mission.Id)?.Stands)
                            .FirstOrDefault(stands => stands is not null),
                        AddedLater: !known.Contains(mission.Id),
                        IsNotNeeded: distribution.Follows is not null
                            && entries[mission.Id].Any()
                            && entries[mission.Id].All(entry => entry.EntryState.IsNotNeeded),
                        CannotBeRead: unread.Contains(mission.Id))),
            ],
            now);
    }

    private static DeliveryState StateOf(IReadOnlyList<MissionEntry> entries, bool isUnread) =>
        // The letter and its addenda are the same text: what reached the mission best counts.
        entries.FirstOrDefault(entry => entry.ToldState == DeliveryState.Delivered)?.ToldState
        ?? entries.FirstOrDefault(entry => entry.ToldState.IsReached)?.ToldState
        ?? (isUnread
            ? DeliveryState.OutcomeUnknown
            : DeliveryStates.MostTelling(entries.Select(entry => entry.ToldState)));
}
