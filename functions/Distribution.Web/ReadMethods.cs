using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

internal static class ReadMethods
{
    /// <summary>A page answers HEAD as it answers GET: link scanners ask that way.</summary>
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
}
