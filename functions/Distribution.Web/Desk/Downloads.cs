using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Desk;

/// <summary>Files that are generated on request.</summary>
internal static class Downloads
{
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
