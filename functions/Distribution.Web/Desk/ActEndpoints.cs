using Distribution.Common;
using Distribution.Tracking;
using Distribution.Tracking.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <param name="DistributionId">The letter they are about; null for all.</param>
internal sealed record ActsView(IReadOnlyList<DeskAct> Acts, string? DistributionId);

/// <summary>The record of acts: the latest as a page, all of them as a file.</summary>
internal static class ActEndpoints
{
    /// <summary>How many acts the page shows, the latest first; the file has all.</summary>
    public const int Shown = 100;

    public static void MapActs(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(
            "/acts",
            ReadMethods.Read,
            async (string? distribution, DeskActs acts, CancellationToken cancellation) =>
                Pages.Show<ActsPage, ActsView>(new(await acts.Latest(distribution, Shown, cancellation), distribution))
        );
        endpoints.MapMethods(
            "/acts.csv",
            ReadMethods.Read,
            (string? distribution, DeskActs acts, CancellationToken cancellation) =>
                Downloads.ByWayOfFile(
                    async file =>
                    {
                        await ActsFile.Write(file, acts.All(distribution, cancellation));
                        return true;
                    },
                    Downloads.CsvType,
                    "acts.csv"));
    }
}

/// <summary>The record of acts as a table.</summary>
internal static class ActsFile
{
    public static Task Write(Stream file, IAsyncEnumerable<DeskAct> acts) =>
        CsvTable.Write(
            file,
            [
                "when_utc",
                "when_new_york",
                "who",
                "who_id",
                "roles",
                "what",
                "distribution",
                "letter",
                "about",
                "detail",
                "outcome",
                "words",
            ],
            acts.Select(act =>
                (IReadOnlyList<string?>)
                    [
                        CsvTable.Utc(act.At),
                        CsvTable.InNewYork(act.At),
                        act.Who,
                        act.WhoId,
                        act.Roles,
                        act.What,
                        act.DistributionId,
                        act.Letter,
                        act.About,
                        act.Detail,
                        Words(act.Outcome),
                        act.Words,
                    ])
        );

    /// <summary>What came of an act, in one or two words; null where it is not on record.</summary>
    public static Phrase Words(DeskOutcome? outcome) => outcome switch
    {
        DeskOutcome.Done => Say($"done"),
        DeskOutcome.NothingChanged => Say($"nothing changed"),
        DeskOutcome.Refused => Say($"refused"),
        DeskOutcome.Failed => Say($"failed"),
        _ => Say($"not known"),
    };
}
