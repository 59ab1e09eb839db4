using Distribution.Common;
using Distribution.Letters;
using Distribution.Storage;
using Distribution.Tracking.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The secretariat's pages, for people who are signed in.</summary>
internal static class DeskEndpoints
{
    // An id that cannot be the key of a record matches no route.
    internal const string Distribution = DeskPages.Distributions + @"/{id:maxlength(200):regex(^[\w.~-]+$)}";

    public static void MapDesk(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Addresses.Front, ReadMethods.Read, Overview);
        endpoints.MapMethods(Distribution, ReadMethods.Read, Status);
        endpoints.MapMethods($"{Distribution}/letters/{{mission}}", ReadMethods.Read, Preview);
        endpoints.MapMethods($"{Distribution}/letters/{{mission}}/html", ReadMethods.Read, LetterHtml);
        endpoints.MapMethods($"{Distribution}/letters/{{mission}}/{{file}}", ReadMethods.Read, LetterFile);
        endpoints.MapMethods($"{Distribution}/enclosures/{{file}}", ReadMethods.Read, EnclosureFile);
        endpoints.MapMethods($"{Distribution}/proof", ReadMethods.Read, ProofEndpoints.Form);
        endpoints.MapMethods($"{Distribution}/log.csv", ReadMethods.Read, Log);
        endpoints.MapMethods($"{Distribution}/log.zip", ReadMethods.Read, SealedLog);
        endpoints.MapMethods($"{Distribution}/audit", ReadMethods.Read, Audited);
        endpoints.MapMethods($"{Distribution}/audit.csv", ReadMethods.Read, AuditedFile);
        // Not MapFallback: what is compiled for it would leave out addresses that look like a file's.
        endpoints.Map("{**path}", Pages.NotFound).WithOrder(int.MaxValue);

        var forms = endpoints.MapForms();
        var letter = forms.MapLetter();
        var mission = letter.MapMission();
        letter.MapRelease();
        letter.MapSending();
        letter.MapProofs();
        letter.MapFollowUps();
        mission.MapResends();
        mission.MapAcknowledgements();
        endpoints.MapReplies(forms);
        endpoints.MapErasure(forms, mission);
        endpoints.MapUploads(forms);
        endpoints.MapParts(forms);
        endpoints.MapLetterForm(forms);
        endpoints.MapSettings(forms);
        endpoints.MapWords(forms);
        endpoints.MapKinds();
        endpoints.MapRegister(forms);
        endpoints.MapMissionEdits(forms);
        endpoints.MapProposalDesk(forms);
        forms.MapMissionNotes();
        forms.MapTestMessages();
        endpoints.MapActs();
        endpoints.MapLanguage();
        forms.MapPost(@"/notices/{id:maxlength(200):regex(^[\w.~-]+$)}/seen", Seen).Asks("See to a notice", Roles.Keep);
    }

    private static async Task<IResult> Overview(
        HttpRequest request,
        FrontReader front,
        CancellationToken cancellation) =>
        Pages.Live<OverviewPage, OverviewView>(
            await front.Of(MissionQuery.PageNumber(request.Query["page"]), cancellation));

    private static async Task<IResult> Status(
        string id, string? mission, HttpRequest request, StatusReader reader, CancellationToken cancellation) =>
        await reader.Of(id, MissionQuery.Read(name => request.Query[name]), mission, cancellation) is { } status
            ? Pages.Live<StatusPage, StatusView>(status)
            : Pages.NotFound();

    private static async Task<IResult> Preview(
        string id,
        string mission,
        MissionLetterReader reader,
        CancellationToken cancellation) =>
        Pages.Found<LetterPage, LetterView>(await reader.Preview(id, mission, cancellation));

    private static async Task<IResult> LetterFile(
        string id,
        string mission,
        string file,
        MissionLetterReader reader,
        HttpResponse response,
        CancellationToken cancellation) =>
        await reader.Pdf(id, mission, file, cancellation) is { } pdf
            ? Downloads.Inline(response, file, pdf)
            : Pages.NotFound();

    /// <summary>The browser shows a PDF; any other file is only downloaded.</summary>
    private static async Task<IResult> EnclosureFile(
        string id,
        string file,
        MissionLetterReader reader,
        HttpResponse response,
        CancellationToken cancellation) =>
        await reader.Enclosure(id, file, cancellation) is not var (enclosure, bytes) ? Pages.NotFound()
        : enclosure.ContentType == ContentTypes.Pdf ? Downloads.Inline(response, file, bytes)
        : Results.Bytes(bytes, enclosure.ContentType, enclosure.File);

    private static async Task<IResult> LetterHtml(
        string id,
        string mission,
        MissionLetterReader reader,
        HttpResponse response,
        CancellationToken cancellation)
    {
        if (await reader.Letter(id, mission, cancellation) is not { } letter)
            return Pages.NotFound();
        // A letter is written by people and made by templates: shown in a sandbox, whatever it holds does nothing here.
        response.Headers.ContentSecurityPolicy = SecurityHeaders.Letter;
        return Results.Content(letter.Html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> Log(string id, MissionLetterReader reader, CancellationToken cancellation) =>
        Downloads.Csv(await reader.Log(id, cancellation), $"delivery-log-{id}.csv");

    private static Task<IResult> SealedLog(string id, LogExport export, CancellationToken cancellation) =>
        Downloads.ByWayOfFile(target => export.Write(id, target, cancellation), "application/zip", $"log-{id}.zip");

    private static async Task<IResult> Audited(string id, DistributionAudit audit, CancellationToken cancellation) =>
        Pages.Found<AuditPage, AuditReport>(await audit.Of(id, cancellation));

    private static async Task<IResult> AuditedFile(
        string id,
        DistributionAudit audit,
        CancellationToken cancellation) =>
        Downloads.Csv(
            await audit.Of(id, cancellation) is { } report ? AuditFile.Write(report) : null,
            $"audit-{id}.csv");

    private static Task<ActResult> Seen(string id, Notices notices, CancellationToken cancellation) =>
        ActResult.Of(
            notices.Remove(id, cancellation),
            Say($"The notice is seen to, and stands on this page no more."),
            Say($"Nothing was changed: somebody had seen to this notice already when you pressed."),
            Addresses.Front);
}
