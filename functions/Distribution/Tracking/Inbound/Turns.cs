using System.Collections.Concurrent;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// The order in which waiting messages are tried: those that failed before come after all that were not tried yet. So
/// messages that cannot be handled, however many, never keep another one waiting. Only this process remembers it, and
/// nothing depends on it.
/// </summary>
internal sealed class Turns<T>
    where T : notnull
{
    private readonly ConcurrentDictionary<T, long> tried = new();

    private long tries;

    /// <param name="waiting">All that wait, in the order in which they are to be tried at first.</param>
    public IReadOnlyList<T> Next(IReadOnlyCollection<T> waiting, int most)
    {
        foreach (var gone in tried.Keys.Except(waiting))
            tried.TryRemove(gone, out _);
        return [.. waiting.OrderBy(one => tried.GetValueOrDefault(one)).Take(most)];
    }

    /// <summary>Call it before the try, which may end the whole run.</summary>
    public void Try(T one) => tried[one] = Interlocked.Increment(ref tries);
}
