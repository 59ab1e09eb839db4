using System.Collections.Concurrent;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Whose turn it is among messages that wait: what was tried in vain comes after all that was not, so that however many
/// cannot be handled, none stands in the way of another. This process alone remembers it, and nothing depends on it.
/// </summary>
internal sealed class Turns<T>
    where T : notnull
{
    private readonly ConcurrentDictionary<T, long> tried = new();

    private long tries;

    /// <param name="waiting">All that wait, in the order in which they are taken where none was tried.</param>
    public IReadOnlyList<T> Next(IReadOnlyCollection<T> waiting, int most)
    {
        foreach (var gone in tried.Keys.Except(waiting))
            tried.TryRemove(gone, out _);
        return [.. waiting.OrderBy(one => tried.GetValueOrDefault(one)).Take(most)];
    }

    /// <summary>To be called before the try: it may end with the whole run.</summary>
    public void Try(T one) => tried[one] = Interlocked.Increment(ref tries);
}
