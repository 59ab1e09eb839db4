namespace Distribution.Web;

/// <summary>What comes after a letter: its reminders, addenda and corrections, and what it follows itself.</summary>
/// <param name="Earlier">The letter it follows; null for a letter of its own.</param>
/// <param name="Following">The earliest first.</param>
/// <param name="Register">The missions it can be sent to besides, as the register has them now.</param>
/// <param name="Languages">Those the letter can be asked for in.</param>
/// <param name="Silent">How many missions have the letter and have not acknowledged it.</param>
/// <param name="Unreached">How many it did not reach.</param>
internal sealed record FollowUpsView(
    Distribution Letter,
    Distribution? Earlier,
    IReadOnlyList<Distribution> Following,
    IReadOnlyList<Mission> Register,
    IReadOnlyList<string> Languages,
    int Silent,
    int Unreached)
{
    public bool IsReminder => Letter.Follows is { Kind: FollowUpKind.Reminder };

    public IEnumerable<Distribution> Addenda => Following.Where(other => other.Follows!.Kind == FollowUpKind.Addendum);

    public IEnumerable<Distribution> Corrections => Following.Where(other => other.Follows!.IsCorrection);

    public bool MayRemind => !IsReminder && Letter.StandsFirm && Silent > 0;

    public bool MayStopReminders => Letter.Reminders.Exists(reminder => reminder.State is ReminderState.Planned or ReminderState.Missed)
        || Following.Any(other => other is { Follows.Kind: FollowUpKind.Reminder, State: DistributionState.Released or DistributionState.Sending or DistributionState.Paused });

    public bool MayAdd => Letter is { StandsFirm: true, IsLetter: true };

    public bool MayResend => Letter.StandsFirm && Unreached > 0;

    /// <summary>The distribution a reminder was made as; null while there is none.</summary>
    public Distribution? Made(PlannedReminder reminder) => Following.FirstOrDefault(other => other.Id == $"{Letter.Id}-r{reminder.Number}");
}
