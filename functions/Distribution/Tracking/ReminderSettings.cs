namespace Distribution.Tracking;

/// <summary>Settings under <c>Reminders</c>.</summary>
internal sealed class ReminderSettings
{
    /// <summary>How long after its hour a reminder may still leave by itself; later a person is asked.</summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromHours(6);
}
