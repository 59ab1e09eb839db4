using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace Distribution.Tests;

/// <summary>
/// What storage answers whoever reads in a container, a queue or a table that holds nothing, as the emulator words it.
/// </summary>
internal sealed class NothingThere : Response
{
    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);

    private NothingThere(Request request, int status, string? error, string type, string body)
    {
        ClientRequestId = request.ClientRequestId;
        Status = status;
        headers["Content-Type"] = type;
        headers["x-ms-version"] = "2026-02-06";
        if (error is not null)
            headers["x-ms-error-code"] = error;
        ContentStream = new MemoryStream(Encoding.UTF8.GetBytes(body));
    }

    public override int Status { get; }

    public override string ReasonPhrase => Status == 200 ? "OK" : "Not Found";

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; }

    public static Response To(Request request)
    {
        const string xml = "application/xml";
        var path = Uri.UnescapeDataString(request.Uri.Path).Trim('/').Split('/');
        var query = request.Uri.Query;
        if (path is [_, _, "messages"])
            return new NothingThere(request, 200, null, xml, "<QueueMessagesList />");
        if (query.Contains("comp=list", StringComparison.Ordinal))
            return new NothingThere(
                request,
                200,
                null,
                xml,
                $"""<EnumerationResults ServiceEndpoint="{request.Uri.Host}" ContainerName="{path[1]}"><Blobs /><NextMarker /></EnumerationResults>""");
        if (path is [_, _, _, ..])
            return new NothingThere(request, 404, "BlobNotFound", xml, "<Error><Code>BlobNotFound</Code></Error>");
        const string json = "application/json;odata=minimalmetadata";
        return path[1].EndsWith("()", StringComparison.Ordinal)
            ? new NothingThere(request, 200, null, json, """{"value":[]}""")
            : new NothingThere(
                request,
                404,
                "ResourceNotFound",
                json,
                """{"odata.error":{"code":"ResourceNotFound","message":{"lang":"en-US","value":"The specified resource does not exist."}}}""");
    }

    // Clients read it after that, as they do an answer that they hold in memory.
    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
        headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) =>
        headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}
