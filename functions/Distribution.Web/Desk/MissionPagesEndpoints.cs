using Distribution.Register;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Desk;

/// <summary>The missions at the desk: a list, each one's page, and the search in every page's head.</summary>
internal static class MissionPagesEndpoints
{
    public static void MapMissionPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Addresses.MissionList, ReadMethods.Read, List);
        endpoints.MapMethods(
            $"{Addresses.MissionList}/{{id}}",
            ReadMethods.Read,
            async (string id, string? before, MissionPages pages, CancellationToken cancellation) =>
                Pages.Found<MissionPage, MissionView>(await pages.Of(id, Number(before), cancellation)));
        endpoints.MapMethods(
            Addresses.Search,
            ReadMethods.Read,
            async (string? q, MissionPages pages, CancellationToken cancellation) =>
                Pages.Show<SearchPage, SearchView>(await pages.Search(q, cancellation)));
    }

    private static async Task<IResult> List(
        string? q,
        string? kind,
        string? language,
        string? group,
        string? troubled,
        string? page,
        MissionPages pages,
        CancellationToken cancellation) =>
        Pages.Show<MissionListPage, MissionListView>(
            await pages.List(
                new(
                    MissionPages.Cut(q ?? ""),
                    Enum.TryParse<MissionKind>(kind, ignoreCase: true, out var wanted) && Enum.IsDefined(wanted)
                        ? wanted
                        : null,
                    string.IsNullOrEmpty(language) ? null : language,
                    string.IsNullOrEmpty(group) ? null : group,
                    troubled is "yes",
                    Number(page)),
                cancellation));

    /// <summary>What is no number, as somebody may type into an address, is none.</summary>
    private static int Number(string? typed) => int.TryParse(typed, out var number) ? number : 0;
}
