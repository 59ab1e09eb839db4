using Distribution.Hosting;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>The only answer of a service that cannot read its secrets; <c>/health</c> says which.</summary>
internal static class SuspendedPages
{
    /// <summary>Answers any request with 503; at <c>/health</c> with the names of the settings.</summary>
    public static Task Write(HttpContext context, UnresolvedSecrets unresolved)
    {
        // 503 for SendGrid, too: it sends again what it could not hand over.
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.RetryAfter = "300";
        return context.Response.WriteAsync(
            context.Request.Path == "/health"
                ? unresolved.Words
                : "This service is not ready yet. Please come back later.",
            context.RequestAborted);
    }
}
