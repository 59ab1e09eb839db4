using System.Collections.Concurrent;

namespace Distribution.Intake;

/// <summary>
/// Lets this process examine each folder once at a time. Whoever comes while an examination runs waits, and then looks
/// at the folder as it is by then: of any number of events, one leads to another examination at most.
/// </summary>
internal sealed class ExaminationTurns
{
    // Never removed: there are some hundreds of folders in a year.
    private readonly ConcurrentDictionary<UploadFolder, SemaphoreSlim> turns = new();

    /// <summary>Waits for the folder's turn; dispose of the result when done.</summary>
    public async Task<IDisposable> Enter(UploadFolder folder, CancellationToken cancellation)
    {
        var turn = Of(folder);
        await turn.WaitAsync(cancellation);
        return new Turn(turn);
    }

    /// <returns>Null if the folder is being examined in this process.</returns>
    public IDisposable? TryEnter(UploadFolder folder) =>
        Of(folder) is var turn && turn.Wait(TimeSpan.Zero) ? new Turn(turn) : null;

    private SemaphoreSlim Of(UploadFolder folder) => turns.GetOrAdd(folder, _ => new(1));

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
