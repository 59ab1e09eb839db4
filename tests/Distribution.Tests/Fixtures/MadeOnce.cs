using System.Runtime.CompilerServices;

namespace Distribution.Tests.Fixtures;

/// <summary>
/// What all cases of one test begin with and none of them changes, such as a letter that was sent and the pages about it:
/// made for the first case, and kept for the others.
/// </summary>
public sealed class MadeOnce : IAsyncDisposable
{
    // In the order in which they were made; cases of one class come one after another.
    private readonly List<(string Test, IAsyncDisposable Made)> all = [];

    /// <param name="test">Each test has its own; a name that several give is of what they share.</param>
    internal async Task<T> Of<T>(Func<Task<T>> make, [CallerMemberName] string test = "")
        where T : IAsyncDisposable
    {
        if (all.Where(known => known.Test == test).Select(known => known.Made).OfType<T>().FirstOrDefault() is { } known)
            return known;
        var made = await make();
        all.Add((test, made));
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, made) in Enumerable.Reverse(all))
            await made.DisposeAsync();
    }
}
