using Distribution.Tracking.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Desk;

/// <summary>The sheet for nine o'clock: of one letter, of one process, and of all.</summary>
internal static class BriefingEndpoints
{
    public static void MapBriefings(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(
            Addresses.Briefing(),
            ReadMethods.Read,
            async (string? process, BriefingReader reader, CancellationToken cancellation) =>
                Pages.Show<BriefingPage, Briefing>(await reader.OfAll(process, cancellation)));
        endpoints.MapMethods(
            $"{DeskEndpoints.Distribution}/nine-oclock",
            ReadMethods.Read,
            async (string id, BriefingReader reader, CancellationToken cancellation) =>
                Pages.Found<LetterBriefingPage, LetterBriefing>(await reader.Of(id, cancellation)));
    }
}
