namespace Distribution.Intake;

/// <summary>What people and the workflow did with a distribution as a whole.</summary>
internal enum Act
{
    Prepared, Released, Paused, Resumed, Withdrawn, Completed, ResendAsked, Settled,
    Scheduled, HeldBack, HourMissed, Superseded, AddendumPrepared, Reminded, ReminderMissed, RemindersStopped,
    NamesErased, Erased, Approved, ApprovalTakenBack, Replaced, Discarded, Rebuilt,
}
