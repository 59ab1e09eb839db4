using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Distribution.Benchmarks;

/// <summary>Counts what storage is asked, and how long it takes to answer.</summary>
internal sealed class StorageRequests : HttpPipelinePolicy
{
    private readonly ConcurrentDictionary<string, int> kinds = new();
    private long count;
    private long ticks;

    public (long Count, TimeSpan Time) So =>
        (Interlocked.Read(ref count), TimeSpan.FromTicks(Interlocked.Read(ref ticks)));

    /// <summary>How many there were of each kind since this was asked last, the most first.</summary>
    public IReadOnlyList<(string Kind, int Count)> TakeKinds()
    {
        var taken = kinds.ToArray();
        foreach (var kind in taken)
            kinds.TryRemove(kind);
        return [.. taken.OrderByDescending(kind => kind.Value).Select(kind => (kind.Key, kind.Value))];
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var begun = Stopwatch.GetTimestamp();
        await ProcessNextAsync(message, pipeline);
        Interlocked.Increment(ref count);
        kinds.AddOrUpdate(Kind(message.Request), 1, (_, so) => so + 1);
        Interlocked.Add(ref ticks, Stopwatch.GetElapsedTime(begun).Ticks);
    }

    /// <summary>The verb, and which container, queue or table.</summary>
    private static string Kind(Request request)
    {
        var path = request.Uri.ToUri().AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return $"{request.Method} {path.ElementAtOrDefault(1)?.Split('(')[0]}{(path.Length > 2 ? "/…" : "")}";
    }
}
