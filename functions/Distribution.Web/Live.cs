using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Web.Desk;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Distribution.Web;

/// <summary>
/// A page that updates itself. A request with <c>?parts</c> and the version the browser has (<c>If-None-Match</c>) is
/// answered with 304 where nothing has changed, and otherwise with only those <see cref="LivePart"/>s that have, in a
/// few KB. The version is made of the hashes of all parts, so the service keeps no state.
/// </summary>
internal sealed partial class LiveResult(RazorComponentResult page) : IResult
{
    /// <summary>The query parameter that asks for the parts alone.</summary>
    public const string Query = "parts";

    /// <summary>
    /// Placeholder for the version in a page that is being rendered: the version is computed from the rendered page.
    /// </summary>
    public const string NoVersion = "none";

    /// <summary>In hexadecimal digits: enough to distinguish one state of a page from the next.</summary>
    private const int HashLength = 12;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var html = await Render(httpContext);
        var parts = Part()
            .Matches(html)
            .Select(match => (Id: match.Groups[1].Value, Html: match.Groups[2].Value))
            .ToList();
        var frame = (Title: Title().Match(html).Value, Page: Page().Match(html).Value);
        List<(string Id, string Hash)> now =
        [
            ("page", Hash(frame.Title + frame.Page)),
            .. parts.Select(part => (part.Id, Hash(part.Html))),
        ];
        var version = string.Join('.', now.Select(part => $"{part.Id}:{part.Hash}"));

        var response = httpContext.Response;
        if (!httpContext.Request.Query.ContainsKey(Query))
        {
            await response.WriteAsync(
                // Only within the first element: the same letters may stand in what people typed.
                html.Replace(
                    frame.Page,
                    frame.Page.Replace(
                        $"data-version=\"{NoVersion}\"",
                        $"data-version=\"{version}\"",
                        StringComparison.Ordinal),
                    StringComparison.Ordinal),
                httpContext.RequestAborted);
            return;
        }

        response.Headers.ETag = $"\"{version}\"";
        // Part by part: a browser that has most of the page gets only the rest of it.
        var had = httpContext.Request.Headers.IfNoneMatch.ToString().Trim('"').Split('.').ToHashSet();
        var changed = now.Where(part => !had.Contains($"{part.Id}:{part.Hash}")).Select(part => part.Id).ToHashSet();
        if (changed.Count == 0)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            // Set while the page was rendered; an answer without a body has none.
            response.ContentType = null;
            return;
        }

        await response.WriteAsync(
            $"<!DOCTYPE html>{frame.Title}{frame.Page}</div>{string.Concat(parts.Where(part => changed.Contains(part.Id)).Select(part => part.Html))}",
            httpContext.RequestAborted);
    }

    private async Task<string> Render(HttpContext http)
    {
        var body = http.Response.Body;
        using var rendered = new MemoryStream();
        // The version of a page is made of what was rendered, so that nothing can be sent before it is whole.
        http.Response.Body = rendered;
        try
        {
            await page.ExecuteAsync(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        return Encoding.UTF8.GetString(rendered.ToArray());
    }

    /// <summary>
    /// Hashes what a reader sees. The antiforgery token is left out: it is different in every response.
    /// </summary>
    private static string Hash(string html) =>
        Sha256Hex.Of(Token().Replace(html, ""))[..HashLength];

    [GeneratedRegex("""<!--live ([a-z-]+)-->(.*?)<!--/live-->""", RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex("<title>.*?</title>", RegexOptions.Singleline)]
    private static partial Regex Title();

    [GeneratedRegex("""<div id="page"[^>]*>""")]
    private static partial Regex Page();

    [GeneratedRegex("""<input type="hidden" name="__RequestVerificationToken"[^>]*>""")]
    private static partial Regex Token();
}
