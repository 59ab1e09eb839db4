using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace Distribution.Tests;

/// <summary>What storage answers where there is nothing.</summary>
internal sealed class EmptyAnswer : Response
{
    private readonly Dictionary<string, string> headers;
    private bool isError;

    private EmptyAnswer(Request request, int status, string type, string body, string? code = null)
    {
        (Status, ClientRequestId) = (status, request.ClientRequestId);
        headers = new(StringComparer.OrdinalIgnoreCase)
        {
            ["x-ms-request-id"] = request.ClientRequestId,
            ["Content-Type"] = type,
        };
        if (code is not null)
            headers["x-ms-error-code"] = code;
        var bytes = Encoding.UTF8.GetBytes(body);
        ContentStream = new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
    }

    public override int Status { get; }

    public override string ReasonPhrase => "";

    public override bool IsError => isError;

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; }

    public static EmptyAnswer OfTable(Request request) => new(request, 200, "application/json", """{ "value": [] }""");

    public static EmptyAnswer NoRow(Request request) =>
        new(
            request,
            404,
            "application/json",
            """{ "odata.error": { "code": "ResourceNotFound", "message": { "lang": "en-US", "value": "The specified resource does not exist." } } }""",
            "ResourceNotFound");

    public static EmptyAnswer OfContainer(Request request, string name) =>
        new(
            request,
            200,
            "application/xml",
            $"""<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://127.0.0.1/" ContainerName="{name}"><Blobs /><NextMarker /></EnumerationResults>""");

    /// <summary>Answers the request. Who asks whether something is there takes a no for no error.</summary>
    public void To(HttpMessage message)
    {
        message.Response = this;
        isError = message.ResponseClassifier.IsErrorResponse(message);
    }

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
}
