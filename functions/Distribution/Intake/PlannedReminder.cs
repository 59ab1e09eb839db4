namespace Distribution.Intake;

/// <summary>A reminder to the missions that are silent at that moment.</summary>
/// <param name="Number">From 1, in the order of their hours.</param>
internal sealed record PlannedReminder(int Number, DateTimeOffset At, ReminderState State = ReminderState.Planned);
