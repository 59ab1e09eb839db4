using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>The HTTP methods of pages that only show something.</summary>
internal static class ReadMethods
{
    /// <summary>Pages answer HEAD like GET: link scanners send HEAD requests.</summary>
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
}
