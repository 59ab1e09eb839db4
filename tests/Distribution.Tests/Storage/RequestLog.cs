using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Distribution.Tests.Storage;

/// <summary>Writes down what is asked of storage.</summary>
internal sealed class RequestLog : HttpPipelinePolicy
{
    private readonly ConcurrentQueue<(string Method, string Path, string Query)> requests = new();

    /// <summary>Every request that changes something, such as <c>PUT /account/drafts/letter.md</c>.</summary>
    public IReadOnlyList<string> Writes =>
        [.. requests.Where(request => request.Method is not ("GET" or "HEAD")).Select(Line)];

    /// <summary>How often a blob was read.</summary>
    public int Reads(string blob) =>
        requests.Count(request =>
            request.Method == "GET" && request.Path.EndsWith($"/{blob}", StringComparison.Ordinal));

    /// <summary>What is read of a table: each list with its filter, each row with its key.</summary>
    public IReadOnlyList<string> ReadsOfTable(string table) =>
        [
            .. requests
                .Where(request =>
                    request.Method == "GET" && request.Path.Contains($"/{table}(", StringComparison.Ordinal))
                .Select(request => $"{request.Path[request.Path.LastIndexOf('(')..]}{request.Query}"),
        ];

    public void Clear() => requests.Clear();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Note(message.Request);
        ProcessNext(message, pipeline);
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Note(message.Request);
        return ProcessNextAsync(message, pipeline);
    }

    private void Note(Request request) =>
        requests.Enqueue(
            (
                request.Method.ToString(),
                Uri.UnescapeDataString(request.Uri.Path),
                Uri.UnescapeDataString(request.Uri.Query)));

    private static string Line((string Method, string Path, string Query) request) => $"{request.Method} {request.Path}";
}
