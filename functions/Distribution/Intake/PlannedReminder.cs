namespace Distribution.Intake;

/// <summary>A planned reminder to the missions that are silent at its time.</summary>
/// <param name="Number">From 1, in the order of their times.</param>
internal sealed record PlannedReminder(int Number, DateTimeOffset At, ReminderState State = ReminderState.Planned);
