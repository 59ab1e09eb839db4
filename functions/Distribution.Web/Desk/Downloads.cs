using Distribution.Letters;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Distribution.Web.Desk;

/// <summary>Files that pages hand out.</summary>
internal static class Downloads
{
    public const string CsvType = "text/csv; charset=utf-8";

    /// <summary>A PDF that the browser shows, and saves under this name.</summary>
    public static IResult Inline(HttpResponse response, string file, ReadOnlyMemory<byte> pdf)
    {
        response.Headers.ContentSecurityPolicy = SecurityHeaders.Document;
        var disposition = new ContentDispositionHeaderValue("inline");
        // Writes both forms of RFC 6266, since a name may have letters of any script.
        disposition.SetHttpFileName(file);
        response.Headers.ContentDisposition = disposition.ToString();
        return Results.Bytes(pdf, ContentTypes.Pdf);
    }

    /// <summary>A table as a file; 404 where there is none.</summary>
    public static IResult Csv(byte[]? table, string name) =>
        table is null ? Pages.NotFound() : Results.Bytes(table, CsvType, name);

    /// <summary>
    /// Writes to a temporary file first. So a failure can be answered with a page in words and not with half a
    /// download, and nothing large is held in memory.
    /// </summary>
    /// <param name="write">Returns false where there is nothing to download.</param>
    public static async Task<IResult> ByWayOfFile(Func<Stream, Task<bool>> write, string contentType, string name)
    {
        var file = TemporaryFiles.Open();
        try
        {
            if (await write(file))
            {
                file.Position = 0;
                // The file is deleted when it is closed, which the result does after the last byte.
                return Results.Stream(file, contentType, name);
            }
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        await file.DisposeAsync();
        return Pages.NotFound();
    }
}
