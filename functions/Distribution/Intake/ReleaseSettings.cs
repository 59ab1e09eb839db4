namespace Distribution.Intake;

/// <summary>Settings under <c>Release</c>.</summary>
internal sealed class ReleaseSettings
{
    /// <summary>
    /// Whether <c>release: automatic</c> in a letter is allowed. Off by default; on requires <see cref="People"/> 1.
    /// </summary>
    public bool AllowAutomatic { get; set; }

    /// <summary>
    /// How many different people a letter needs before it is sent: 2, or 1. The person who uploaded it at the desk is
    /// one of them.
    /// </summary>
    public int People { get; set; } = 2;
}
