using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Distribution.Tests.Storage;

/// <summary>Writes down what is asked of storage.</summary>
internal sealed class RequestLog : HttpPipelinePolicy
{
    private readonly ConcurrentQueue<(string Method, string Path)> requests = new();

    /// <summary>Every request that changes something, such as <c>PUT /account/drafts/letter.md</c>.</summary>
    public IReadOnlyList<string> Writes =>
        [.. requests.Where(request => request.Method is not ("GET" or "HEAD")).Select(Line)];

    /// <summary>How often a blob was read.</summary>
    public int Reads(string blob) =>
        requests.Count(request =>
            request.Method == "GET" && request.Path.EndsWith($"/{blob}", StringComparison.Ordinal));

    public void Clear() => requests.Clear();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException();

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        requests.Enqueue((message.Request.Method.ToString(), Uri.UnescapeDataString(message.Request.Uri.Path)));
        return ProcessNextAsync(message, pipeline);
    }

    private static string Line((string Method, string Path) request) => $"{request.Method} {request.Path}";
}
