using Azure.Core;
using Azure.Core.Pipeline;

namespace Distribution.Tests.Storage;

/// <summary>Does something before the first request to a place in storage is sent.</summary>
/// <param name="place">A part of its path and query.</param>
/// <param name="method">Null for the first of any kind.</param>
internal sealed class Meanwhile(string place, Func<Task> what, RequestMethod? method = null) : HttpPipelinePolicy
{
    private int count;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (message.Request.Uri.PathAndQuery.Contains(place, StringComparison.Ordinal)
            && (method is null || message.Request.Method == method)
            && Interlocked.Increment(ref count) == 1)
            await what();
        await ProcessNextAsync(message, pipeline);
    }
}
