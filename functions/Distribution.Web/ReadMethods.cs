using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

internal static class ReadMethods
{
    /// <summary>Pages answer HEAD like GET: link scanners send HEAD requests.</summary>
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
}
