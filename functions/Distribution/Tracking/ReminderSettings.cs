namespace Distribution.Tracking;

/// <summary>Settings under <c>Reminders</c>.</summary>
internal sealed class ReminderSettings
{
    /// <summary>
    /// How long after its planned time a reminder may still be sent automatically. Later, a person is asked.
    /// </summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromHours(6);
}
