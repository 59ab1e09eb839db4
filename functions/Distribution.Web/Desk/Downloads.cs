using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Desk;

/// <summary>Files that are made when they are asked for.</summary>
internal static class Downloads
{
    /// <summary>
    /// By way of a file on disk: what cannot be made is told in words, not in half a download, and nothing large is
    /// held in memory.
    /// </summary>
    /// <param name="write">Returns false where there is nothing to be had.</param>
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
