using System.Collections.Concurrent;

namespace Distribution.Intake.Unfinished;

/// <summary>
/// Work that a form asks for again and again while somebody types. It is done one at a time, for all people together; a
/// person who asks again gets no answer to the request before.
/// </summary>
internal sealed class LatestOnly
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The number of what each person has asked for last of each letter.</summary>
    private readonly ConcurrentDictionary<(string Letter, string Person), long> latest = new();

    private long asked;

    /// <returns>Null if the same person asked again before it began, or if the work has no answer.</returns>
    public async Task<T?> Do<T>(string letter, string person, Func<Task<T?>> work, CancellationToken cancellation)
        where T : class
    {
        var mine = Interlocked.Increment(ref asked);
        latest[(letter, person)] = mine;
        try
        {
            return await Do(
                async () => latest.GetValueOrDefault((letter, person)) == mine ? await work() : null,
                cancellation);
        }
        finally
        {
            // Only this number: where the person asked again, a later one stands there.
            latest.TryRemove(KeyValuePair.Create((letter, person), mine));
        }
    }

    /// <summary>The same for work that is asked for once.</summary>
    public async Task<T> Do<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }
}
