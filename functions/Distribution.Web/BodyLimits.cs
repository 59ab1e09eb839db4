using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Distribution.Web;

/// <summary>
/// Holds each request's body against the limit of its endpoint (<see cref="IRequestSizeLimitMetadata"/>, else
/// <see cref="RequestLimits.Form"/>), and sees to it that whoever is refused can read why.
/// </summary>
internal sealed class BodyLimits(RequestDelegate next)
{
    public Task Invoke(HttpContext http)
    {
        // Most requests: without a body there is nothing to count.
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return next(http);
        // The server's own limit would cut the connection where this one answers.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = RequestLimits.Drained;
        var limit =
            http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize
            ?? RequestLimits.Form;
        var body = new LimitedBody(http.Request.Body, limit, http.Request.ContentLength);
        http.Request.Body = body;
        http.Features.Set(body);
        // When the answer begins: until then a handler may still read.
        http.Response.OnStarting(() => Finish(http, body));
        return next(http);
    }

    private static async Task Finish(HttpContext http, LimitedBody body)
    {
        // Whoever was given up for being slow, or still waits for a word before sending anything, is answered at once.
        var isSent =
            http.Response.StatusCode is not (StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout)
            && !(body.IsUnread && http.Request.Headers.Expect.Count > 0);
        if (isSent ? !await body.Drain(http.RequestAborted) : body.IsUnread)
            http.Response.Headers.Connection = "close";
    }
}
