namespace Distribution.Sending;

/// <summary>
/// Whether it is worth reading every entry of a distribution to see if all are refused in the same way
/// (<see cref="SameRefusal"/>): after a first letter that failed, since other workers may have seen more; when five
/// have failed here and none was accepted between; and then each time when as many more have. Thread-safe.
/// </summary>
internal sealed class RefusalWatch
{
    private const int MostDistributions = 100;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Streak> streaks = [];

    /// <param name="state">What became of a letter.</param>
    /// <returns>Whether to look. The caller then says what it found, by <see cref="Looked"/>.</returns>
    public bool Answered(string distributionId, DeliveryState state)
    {
        lock (gate)
        {
            if (!streaks.TryGetValue(distributionId, out var streak))
            {
                if (streaks.Count >= MostDistributions)
                    // To forget them costs one further look at each.
                    streaks.Clear();
                streaks[distributionId] = streak = new(0, 1);
            }

            if (state == DeliveryState.Failed)
                streak = streak with { Failed = streak.Failed + 1 };
            else if (state.IsReached)
                streak = new(0, SameRefusal.Enough);
            streaks[distributionId] = streak;
            return state == DeliveryState.Failed && streak.Failed >= streak.LookAt;
        }
    }

    /// <param name="isSame">
    /// Whether all are refused in the same way: then the next that fails is looked at again.
    /// </param>
    public void Looked(string distributionId, bool isSame)
    {
        lock (gate)
            if (streaks.TryGetValue(distributionId, out var streak))
                streaks[distributionId] = streak with
                {
                    LookAt = isSame ? streak.Failed + 1 : Math.Max(SameRefusal.Enough, streak.Failed * 2),
                };
    }

    /// <param name="Failed">Letters that failed since one was accepted.</param>
    /// <param name="LookAt">After how many to look.</param>
    private sealed record Streak(int Failed, int LookAt);
}
