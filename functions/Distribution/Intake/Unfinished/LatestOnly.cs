using System.Collections.Concurrent;

namespace Distribution.Intake.Unfinished;

/// <summary>
/// Work that a form asks for again and again while somebody types: one at a time is done, whoever asks, and who asks
/// anew gets no answer to what they asked before.
/// </summary>
internal sealed class LatestOnly
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The number of what each person has asked for last of each letter.</summary>
    private readonly ConcurrentDictionary<(string Letter, string Person), long> latest = new();

    private long asked;

    /// <returns>Null where the same person has asked anew before it was begun, or the work has no answer.</returns>
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
            latest.TryRemove(KeyValuePair.Create((letter, person), mine));
        }
    }

    /// <summary>What nobody asks for anew.</summary>
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
