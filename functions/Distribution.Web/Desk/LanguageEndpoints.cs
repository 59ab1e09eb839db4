using Distribution.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Desk;

/// <summary>The link in every page's head that changes the language of the desk.</summary>
internal static class LanguageEndpoints
{
    public static void MapLanguage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/language", (string? of, string? back, HttpContext http) =>
        {
            ReaderLanguage.Choose(http, DeskLanguage.Of(of));
            // The address came with the request, and must not lead to another site.
            return Pages.SeeOther(Addresses.IsOurs(back) ? back! : Addresses.Front);
        });
}
