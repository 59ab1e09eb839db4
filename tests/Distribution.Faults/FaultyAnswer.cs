using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace Distribution.FaultSuite;

/// <summary>An answer of the service's own kind, with its code in header and body.</summary>
internal sealed class FaultyAnswer(Request request, int status, string code) : Response
{
    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["x-ms-error-code"] = code,
        ["x-ms-request-id"] = request.ClientRequestId,
        ["Content-Type"] = "application/json",
    };

    public override int Status => status;

    public override string ReasonPhrase => code;

    public override bool IsError => true;

    // Its buffer is to be seen, as the SDK reads the code there.
    public override Stream? ContentStream { get; set; } = Buffered(
        $$"""{ "odata.error": { "code": "{{code}}", "message": { "lang": "en-US", "value": "{{code}}" } } }""");

    public override string ClientRequestId { get; set; } = request.ClientRequestId;

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) =>
        headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
        headers.Select(header => new HttpHeader(header.Key, header.Value));

    private static MemoryStream Buffered(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
    }
}
