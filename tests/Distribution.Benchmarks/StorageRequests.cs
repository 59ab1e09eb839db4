using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Distribution.Benchmarks;

/// <summary>Counts what storage is asked, and how long it takes to answer.</summary>
internal sealed class StorageRequests : HttpPipelinePolicy
{
    private long count;
    private long ticks;

    public (long Count, TimeSpan Time) So =>
        (Interlocked.Read(ref count), TimeSpan.FromTicks(Interlocked.Read(ref ticks)));

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var begun = Stopwatch.GetTimestamp();
        await ProcessNextAsync(message, pipeline);
        Interlocked.Increment(ref count);
        Interlocked.Add(ref ticks, Stopwatch.GetElapsedTime(begun).Ticks);
    }
}
