namespace Distribution.Common;

/// <summary>
/// When the timer looks for what is mostly not there: at once where this process knows of some, and otherwise once a
/// minute, for what other processes have left.
/// </summary>
internal sealed class SeldomLook(TimeProvider clock)
{
    // The timer runs each half minute, at times a little early: with a whole minute here, the look would then be left
    // to the run after.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(50);

    private DateTimeOffset? last;
    private volatile bool known;

    /// <summary>There is something to find, or may be.</summary>
    public void Expect() => known = true;

    /// <returns>Whether to look now. Whoever then finds something says so by <see cref="Expect"/>.</returns>
    public bool Begin()
    {
        var now = clock.GetUtcNow();
        // The absolute difference, so that nothing waits for a clock that was set back.
        if (!known && last is { } then && (now - then).Duration() < Every)
            return false;
        // Before the look and not after it: what comes while it goes on is expected anew.
        known = false;
        last = now;
        return true;
    }
}
