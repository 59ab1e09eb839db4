using Distribution.Letters.Typesetting;
using Distribution.Tracking.Archive;
using Distribution.Tracking.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>What the secretariat takes away from a distribution: reports, lists, files and the archive.</summary>
internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder endpoints)
    {
        const string Distribution = DeskEndpoints.Distribution;
        endpoints.MapMethods($"{Distribution}/served", ReadMethods.Read, Served);
        endpoints.MapMethods($"{Distribution}/served.csv", ReadMethods.Read, ServedFile);
        endpoints.MapMethods($"{Distribution}/unreachable", ReadMethods.Read, Unreachable);
        endpoints.MapMethods($"{Distribution}/unreachable.pdf", ReadMethods.Read, UnreachablePdf);
        endpoints.MapMethods($"{Distribution}/tick-sheet.pdf", ReadMethods.Read, TickSheetPdf);
        endpoints.MapMethods($"{Distribution}/tick-sheet.csv", ReadMethods.Read, TickSheetFile);
        endpoints.MapMethods($"{Distribution}/acknowledgements.csv", ReadMethods.Read, AcknowledgementsFile);
        endpoints.MapMethods($"{Distribution}/archive.zip", ReadMethods.Read, Archive);
    }

    private static async Task<IResult> Served(
        string id,
        string? by,
        ReportReader reports,
        CancellationToken cancellation)
    {
        var asked = Asked(by);
        return await reports.Of(id, cancellation) is { } reported
            ? Pages.Show<ServedPage, ServedView>(
                new(ServedReport.Of(reported, asked?.Instant), asked),
                asked?.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity)
            : Pages.NotFound();
    }

    private static async Task<IResult> ServedFile(
        string id,
        string? by,
        ReportReader reports,
        CancellationToken cancellation)
    {
        var asked = Asked(by);
        if (await reports.Of(id, cancellation) is not { } reported)
            return Pages.NotFound();
        return asked?.Problem is { } problem
            ? Pages.Message(StatusCodes.Status422UnprocessableEntity, Say($"This time cannot be used"), problem)
            : Downloads.Csv(ReportTables.Served(ServedReport.Of(reported, asked?.Instant)), $"served-{id}.csv");
    }

    private static async Task<IResult> Unreachable(string id, ReportReader reports, CancellationToken cancellation) =>
        Pages.Found<UnreachablePage, UnreachableList>(await reports.Unreachable(id, cancellation));

    /// <param name="part">Of a long list, from 1; null for the first.</param>
    private static async Task<IResult> UnreachablePdf(
        string id,
        int? part,
        ReportReader reports,
        ListTypesetter printer,
        HttpResponse response,
        CancellationToken cancellation) =>
        await reports.Unreachable(id, cancellation) is { } list
            ? await Printed(ReportLists.Of(list), $"unreachable-{id}", part, printer, response, cancellation)
            : Pages.NotFound();

    /// <inheritdoc cref="UnreachablePdf"/>
    private static async Task<IResult> TickSheetPdf(
        string id,
        int? part,
        ReportReader reports,
        ListTypesetter printer,
        HttpResponse response,
        CancellationToken cancellation) =>
        await reports.Of(id, cancellation) is { } reported
            ? await Printed(
                ReportLists.Of(TickSheet.Of(reported)),
                $"tick-sheet-{id}",
                part,
                printer,
                response,
                cancellation)
            : Pages.NotFound();

    private static async Task<IResult> TickSheetFile(string id, ReportReader reports, CancellationToken cancellation) =>
        Downloads.Csv(
            await reports.Of(id, cancellation) is { } reported
                ? ReportTables.TickSheet(TickSheet.Of(reported))
                : null,
            $"tick-sheet-{id}.csv");

    private static async Task<IResult> AcknowledgementsFile(
        string id,
        ReportReader reports,
        CancellationToken cancellation) =>
        Downloads.Csv(
            await reports.Acknowledged(id, cancellation) is { } records ? ReportTables.Acknowledgements(records) : null,
            $"acknowledgements-{id}.csv");

    private static async Task<IResult> Archive(string id, DistributionArchive archive, CancellationToken cancellation)
    {
        try
        {
            return await Downloads.ByWayOfFile(
                target => archive.Write(id, target, cancellation),
                "application/zip",
                $"archive-{id}.zip");
        }
        // Caught here, since nothing has been sent yet: ByWayOfFile writes the whole archive first.
        catch (InvalidDataException damaged)
        {
            return Pages.Message(
                StatusCodes.Status500InternalServerError,
                Say($"The archive cannot be made"),
                [damaged.Message],
                Say($"The audit of this distribution says what else is not as it was frozen. Restore the stored file from a backup, then take the archive again.")
            );
        }
    }

    private static async Task<IResult> Printed(
        ListDocument list,
        string file,
        int? part,
        ListTypesetter printer,
        HttpResponse response,
        CancellationToken cancellation)
    {
        if (list.Part(part ?? 1) is not { } asked)
            return Pages.NotFound();
        try
        {
            var pdf = await printer.ToPdf(asked, cancellation);
            return Downloads.Inline(response, $"{file}{(part is null ? "" : $"-{part}")}.pdf", pdf);
        }
        catch (TypesetterException unavailable)
        {
            return Pages.Message(
                StatusCodes.Status503ServiceUnavailable,
                Say($"This list cannot be had as a PDF just now"),
                [unavailable.Problem, unavailable.Remedy],
                Say($"Its page, which can be printed, and its CSV file hold the same."));
        }
    }

    private static NewYorkWallClock? Asked(string? by) =>
        string.IsNullOrWhiteSpace(by) ? null : NewYorkWallClock.Read(by);
}
