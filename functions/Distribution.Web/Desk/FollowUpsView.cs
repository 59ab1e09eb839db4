using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;

namespace Distribution.Web.Desk;

/// <summary>
/// What comes after a letter: its reminders, addenda and corrections, and the letter that it follows itself.
/// </summary>
/// <param name="Earlier">The letter it follows; null where it follows none.</param>
/// <param name="Following">The earliest first.</param>
/// <param name="Register">The missions it can also be sent to, from the current register.</param>
/// <param name="Languages">The languages the letter can be requested in.</param>
/// <param name="Silent">
/// How many silent missions a reminder of this letter goes to; those that got an addendum are reminded of that instead.
/// </param>
/// <param name="Reach">Which missions have the letter.</param>
/// <param name="Reaches">How far the follow-ups have come, by id.</param>
internal sealed record FollowUpsView(
    DistributionRecord Letter,
    DistributionRecord? Earlier,
    IReadOnlyList<DistributionRecord> Following,
    IReadOnlyList<Mission> Register,
    IReadOnlyList<string> Languages,
    int Silent,
    Reach Reach,
    IReadOnlyDictionary<string, Reach> Reaches)
{
    /// <summary>The next deadline of the letter at its release; null where it has none.</summary>
    public Deadline? Deadline { get; init; }

    /// <summary>The hour of today's last reminder; null for none.</summary>
    public DateTimeOffset? RemindedToday { get; init; }

    public int Unreached => Reach.Count(MissionStanding.NotReached);

    public int NeverSent => Reach.Count(MissionStanding.NeverSent);

    /// <summary>How many of the missions it did not reach have acknowledged it nevertheless.</summary>
    public int UnreachedAcknowledged =>
        Reach.Missions.Count(mission =>
            mission is { IsAcknowledged: true, State: DeliveryState.Bounced or DeliveryState.Failed });

    public int NeverSentAcknowledged =>
        Reach.Missions.Count(mission =>
            mission is { IsAcknowledged: true, IsNotNeeded: false, State: DeliveryState.Withdrawn });

    public bool IsReminder => Letter.IsReminder;

    public IEnumerable<DistributionRecord> Addenda =>
        Following.Where(other => other.Follows!.Kind == FollowUpKind.Addendum);

    /// <summary>Those that have left, or still can.</summary>
    public IEnumerable<DistributionRecord> Corrections =>
        Following.Where(other => other is { Follows.IsCorrection: true, IsPast: false });

    public bool MayRemind => !IsReminder && Letter.StandsFirm && Silent > 0;

    public bool MayStopReminders =>
        Letter.Reminders.Exists(reminder => reminder.State is ReminderState.Planned or ReminderState.Missed)
        || Following.Any(other => other is { Follows.Kind: FollowUpKind.Reminder, State.IsUnderWay: true });

    public bool MayAdd => Letter is { StandsFirm: true, IsLetter: true };

    public bool MayResend => Letter.StandsFirm && Unreached > 0;

    /// <summary>
    /// A correction that is still to be released: a mission that does not have the letter would get the correction
    /// alone.
    /// </summary>
    public DistributionRecord? CorrectionToCome =>
        Corrections.FirstOrDefault(correction =>
            correction.State is DistributionState.AwaitingRelease or DistributionState.Scheduled);

    /// <summary>The distribution that was made for a reminder; null while there is none.</summary>
    public DistributionRecord? Made(PlannedReminder reminder) =>
        Following.FirstOrDefault(other => other.Id == Letter.IdOf(reminder));
}
