namespace Distribution.Intake;

/// <summary>Settings under <c>Release</c>.</summary>
internal sealed class ReleaseSettings
{
    /// <summary>
    /// Whether <c>release: automatic</c> in a letter is honoured. Off unless set; then one person must be enough.
    /// </summary>
    public bool AllowAutomatic { get; set; }

    /// <summary>
    /// How many different people must stand behind a letter before it leaves: 2, or 1. Whoever uploaded it at the desk
    /// is one of them.
    /// </summary>
    public int People { get; set; } = 2;
}
