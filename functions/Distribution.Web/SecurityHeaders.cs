using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>
/// Sets the security headers of every response: load nothing from other sites, run no script but ours, send no
/// referrer, cache nothing. An endpoint may set its own Content-Security-Policy or Cache-Control first.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Pages =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>For a letter as its reader's mail program shows it: inline styles, and nothing active.</summary>
    public const string Letter =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

    /// <summary>For a document that the browser's own viewer shows in a page of the desk.</summary>
    public const string Document =
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";

    /// <summary>For an image that somebody brought: an SVG may say more than it shows.</summary>
    public const string Picture = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

    /// <summary>For a page of plain sentences that a frame of the desk shows in place of a document.</summary>
    public const string Framed =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

    public Task Invoke(HttpContext context)
    {
        // Set when the response starts, because the exception handler clears headers that were set before.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            // An endpoint that shows a letter, a document or an image has set its own by now.
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = Pages;
            if (headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            // For browsers that do not know frame-ancestors; both have to say the same.
            headers.XFrameOptions =
                headers.ContentSecurityPolicy == Letter
                    || headers.ContentSecurityPolicy == Document
                    || headers.ContentSecurityPolicy == Framed
                    ? "SAMEORIGIN"
                    : "DENY";
            headers.XContentTypeOptions = "nosniff";
            // Anyone who has the address of a mission's page can acknowledge.
            headers["Referrer-Policy"] = "no-referrer";
            headers["X-Robots-Tag"] = "noindex";
            // A browser ignores it where the connection is not encrypted. Subdomains are left out: the address may be
            // one beside others of an organization.
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000";
            // Meant for a Blazor script that these pages do not use.
            headers.Remove("blazor-enhanced-nav");
            return Task.CompletedTask;
        });
        return next(context);
    }
}
