using System.Security.Claims;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Log;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Distribution.Web.Desk;

/// <summary>The secretariat's pages, for people who are signed in.</summary>
internal static class DeskEndpoints
{
    // An id that cannot be the key of a record matches no route.
    internal const string Distribution = @"/distributions/{id:maxlength(200):regex(^[\w.~-]+$)}";

    public static void MapDesk(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Addresses.Front, ReadMethods.Read, Overview);
        endpoints.MapMethods(Distribution, ReadMethods.Read, Status);
        endpoints.MapMethods($"{Distribution}/letters/{{mission}}", ReadMethods.Read, Preview);
        endpoints.MapMethods($"{Distribution}/letters/{{mission}}/html", ReadMethods.Read, LetterHtml);
        endpoints.MapMethods($"{Distribution}/letters/{{mission}}/{{file}}", ReadMethods.Read, LetterFile);
        endpoints.MapMethods($"{Distribution}/enclosures/{{file}}", ReadMethods.Read, EnclosureFile);
        endpoints.MapMethods($"{Distribution}/log.csv", ReadMethods.Read, Log);
        endpoints.MapMethods($"{Distribution}/log.zip", ReadMethods.Read, SealedLog);
        endpoints.MapMethods($"{Distribution}/audit", ReadMethods.Read, Audited);
        endpoints.MapMethods($"{Distribution}/audit.csv", ReadMethods.Read, AuditedFile);
        endpoints.MapFallback("{**path}", Pages.NotFound);

        var forms = endpoints
            .MapGroup("")
            .WithMetadata(new RequireAntiforgeryTokenAttribute())
            .AddEndpointFilter(OnlyFromOurForms);
        forms.MapRelease(Distribution);
        forms.MapPost($"{Distribution}/resume", Resume).Asks("Go on with a letter on hold", Roles.Send);
        forms.MapPost($"{Distribution}/withdraw", Withdraw).Asks("Stop a letter", Roles.Keep);
        forms.MapPost($"{Distribution}/proof", Proof).Asks("Send a proof", Roles.Keep);
        forms
            .MapPost(
                $"{Distribution}/letters/{{mission}}/resend",
                (
                    string id,
                    string mission,
                    [FromForm] string? also,
                    ClaimsPrincipal user,
                    Resends resends,
                    CancellationToken cancellation) =>
                    Decided(
                        id,
                        mission,
                        "resend",
                        resends.Resend(id, mission, SignedIn.NameOf(user), cancellation, also is "yes")))
            .Asks("Send a letter again to a mission", Roles.Send);
        forms
            .MapPost(
                $"{Distribution}/letters/{{mission}}/send-again",
                (string id, string mission, ClaimsPrincipal user, Resends resends, CancellationToken cancellation) =>
                    Decided(id, mission, "settle", resends.SendAgain(id, mission, SignedIn.NameOf(user), cancellation)))
            .Asks("Send again what may not have been sent", Roles.Send);
        forms
            .MapPost(
                $"{Distribution}/letters/{{mission}}/vouch",
                (string id, string mission, ClaimsPrincipal user, Resends resends, CancellationToken cancellation) =>
                    Decided(id, mission, "settle", resends.Vouch(id, mission, SignedIn.NameOf(user), cancellation)))
            .Asks("Say that a mission has a letter", Roles.Send);
        forms.MapFollowUps(Distribution);
        endpoints.MapReplies(forms);
        endpoints.MapErasure(forms);
        endpoints.MapUploads(forms);
        endpoints.MapActs();
        forms
            .MapPost($"{Distribution}/letters/{{mission}}/acknowledgement", RecordAcknowledgement)
            .Asks("Record an acknowledgement", Roles.Keep);
        forms
            .MapPost($"{Distribution}/letters/{{mission}}/acknowledgement/withdraw", WithdrawAcknowledgement)
            .Asks("Withdraw an acknowledgement", Roles.Keep);
        forms.MapPost(@"/notices/{id:maxlength(200):regex(^[\w.~-]+$)}/seen", Seen).Asks("See to a notice", Roles.Keep);
    }

    private static async Task<IResult> Overview(DeskReader desk, CancellationToken cancellation) =>
        Pages.Live<OverviewPage, OverviewView>(await desk.Overview(cancellation));


    private static async Task<IResult> Status(
        string id, string? show, string? mission, string? late, DeskReader desk, CancellationToken cancellation) =>
        await desk.Status(id, Filter(show), mission, late, cancellation) is { } status
            ? Pages.Live<StatusPage, StatusView>(status)
            : Pages.NotFound();

    private static async Task<IResult> Preview(
        string id,
        string mission,
        string? late,
        DeskReader desk,
        CancellationToken cancellation) =>
        await desk.Preview(id, mission, late, cancellation) is { } letter
            ? Pages.Show<LetterPage, LetterView>(letter)
            : Pages.NotFound();

    private static async Task<IResult> LetterFile(
        string id,
        string mission,
        string file,
        DeskReader desk,
        HttpResponse response,
        CancellationToken cancellation) =>
        await desk.Pdf(id, mission, file, cancellation) is { } pdf ? Shown(response, file, pdf) : Pages.NotFound();

    /// <summary>The browser shows a PDF; any other file is only downloaded.</summary>
    private static async Task<IResult> EnclosureFile(
        string id,
        string file,
        DeskReader desk,
        HttpResponse response,
        CancellationToken cancellation) =>
        await desk.Enclosure(id, file, cancellation) is not var (enclosure, bytes) ? Pages.NotFound()
        : enclosure.ContentType == ContentTypes.Pdf ? Shown(response, file, bytes)
        : Results.Bytes(bytes, enclosure.ContentType, enclosure.File);

    private static IResult Shown(HttpResponse response, string file, ReadOnlyMemory<byte> pdf)
    {
        response.Headers.ContentSecurityPolicy = SecurityHeaders.Document;
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(file);
        response.Headers.ContentDisposition = disposition.ToString();
        return Results.Bytes(pdf, ContentTypes.Pdf);
    }

    private static async Task<IResult> LetterHtml(
        string id,
        string mission,
        DeskReader desk,
        HttpResponse response,
        CancellationToken cancellation)
    {
        if (await desk.Letter(id, mission, cancellation) is not { } letter)
            return Pages.NotFound();
        response.Headers.ContentSecurityPolicy = SecurityHeaders.Letter;
        return Results.Content(letter.Html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> Log(string id, DeskReader desk, CancellationToken cancellation) =>
        await desk.Log(id, cancellation) is { } file
            ? Results.Bytes(file, "text/csv; charset=utf-8", $"delivery-log-{id}.csv")
            : Pages.NotFound();

    private static Task<IResult> SealedLog(string id, LogExport export, CancellationToken cancellation) =>
        Downloads.ByWayOfFile(target => export.Write(id, target, cancellation), "application/zip", $"log-{id}.zip");

    private static async Task<IResult> Audited(string id, DistributionAudit audit, CancellationToken cancellation) =>
        await audit.Of(id, cancellation) is { } report
            ? Pages.Show<AuditPage, AuditReport>(report)
            : Pages.NotFound();

    private static async Task<IResult> AuditedFile(
        string id,
        DistributionAudit audit,
        CancellationToken cancellation) =>
        await audit.Of(id, cancellation) is { } report
            ? Results.Bytes(AuditFile.Write(report), "text/csv; charset=utf-8", $"audit-{id}.csv")
            : Pages.NotFound();

    private static async Task<IResult> Resume(
        string id,
        ClaimsPrincipal user,
        DistributionRecords distributions,
        Releases releases,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return Pages.NotFound();
        return Pages.SeeOther(await releases.Resume(id, SignedIn.NameOf(user), cancellation)
            ? Addresses.Distribution(id)
            : $"{Addresses.Distribution(id)}?late=resume");
    }

    private static async Task<IResult> Withdraw(
        string id,
        ClaimsPrincipal user,
        DistributionRecords distributions,
        Releases releases,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return Pages.NotFound();
        return Pages.SeeOther(await releases.Withdraw(id, SignedIn.NameOf(user), cancellation)
            ? Addresses.Distribution(id)
            : $"{Addresses.Distribution(id)}?late=withdraw");
    }

    private static async Task<IResult> Decided(string id, string mission, string late, Task<bool> decision) =>
        Pages.SeeOther(
            await decision ? $"{Addresses.Letter(id, mission)}#record" : $"{Addresses.Letter(id, mission)}?late={late}"
        );

    private static async Task<IResult> RecordAcknowledgement(
        string id,
        string mission,
        [FromForm] string? form,
        [FromForm] string? after,
        [FromForm] string? how,
        [FromForm] string? by,
        [FromForm] string? function,
        [FromForm] string? date,
        [FromForm] string? time,
        [FromForm] string? words,
        ClaimsPrincipal user,
        RecordedAcknowledgements acknowledgements,
        DeskReader desk,
        CancellationToken cancellation)
    {
        var entry = new AcknowledgementEntry(how ?? "", by ?? "", function ?? "", date ?? "", time ?? "", words ?? "");
        var outcome = await acknowledgements.Record(
            id,
            mission,
            FormId(form),
            after is "" ? null : after,
            entry,
            SignedIn.NameOf(user),
            cancellation);
        return await Entered(id, mission, outcome, desk, view => view with { Entry = entry }, cancellation);
    }

    private static async Task<IResult> WithdrawAcknowledgement(
        string id,
        string mission,
        [FromForm] string? form,
        [FromForm] string? after,
        [FromForm] string? words,
        ClaimsPrincipal user,
        RecordedAcknowledgements acknowledgements,
        DeskReader desk,
        CancellationToken cancellation)
    {
        var outcome = await acknowledgements.Withdraw(
            id,
            mission,
            FormId(form),
            after is "" ? null : after,
            words ?? "",
            SignedIn.NameOf(user),
            cancellation);
        return await Entered(
            id,
            mission,
            outcome,
            desk,
            view => view with { Entry = view.Entry with { Words = words ?? "" }, IsWithdrawal = true },
            cancellation);
    }

    private static async Task<IResult> Entered(
        string id,
        string mission,
        AcknowledgementOutcome outcome,
        DeskReader desk,
        Func<LetterView, LetterView> typed,
        CancellationToken cancellation)
    {
        if (outcome.Problems is [])
            return Pages.SeeOther(
                outcome.Taken is RecordingResult.TooLate or RecordingResult.Full
                    ? $"{Addresses.Letter(id, mission)}?late={(outcome.Taken == RecordingResult.Full ? "full" : "acknowledgement")}"
                    : $"{Addresses.Letter(id, mission)}#acknowledgement");
        return await desk.Preview(id, mission, null, cancellation) is { } view
            ? Pages.Show<LetterPage, LetterView>(
                typed(view) with
                {
                    EntryProblems = outcome.Problems,
                },
                StatusCodes.Status422UnprocessableEntity)
            : Pages.NotFound();
    }

    /// <summary>The form's id as the page served it; a form without one gets a new id.</summary>
    private static string FormId(string? form) =>
        Guid.TryParse(form, out var id) ? id.ToString("n") : Guid.NewGuid().ToString("n");

    private static async Task<IResult> Proof(
        string id,
        DistributionRecords distributions,
        ProofSender proofs,
        CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is not { } distribution)
            return Pages.NotFound();
        if (distribution is not { State: DistributionState.AwaitingRelease, Proof.Count: > 0 })
            return Pages.SeeOther($"{Addresses.Distribution(id)}?late=proof");
        await proofs.Request(id, cancellation);
        return Pages.SeeOther($"{Addresses.Distribution(id)}#proof");
    }

    private static async Task<IResult> Seen(string id, Notices notices, CancellationToken cancellation)
    {
        await notices.Remove(id, cancellation);
        return Pages.SeeOther(Addresses.Front);
    }

    /// <param name="show">
    /// The filter by its name. <c>failed</c> is what earlier versions called <c>NotReached</c>.
    /// </param>
    private static MissionFilter Filter(string? show) =>
        show is "failed" ? MissionFilter.NotReached
        : Enum.TryParse<MissionFilter>(show, ignoreCase: true, out var filter) && Enum.IsDefined(filter) ? filter
        : MissionFilter.All;

    /// <summary>
    /// Refuses forms without a valid antiforgery token. The middleware only notes whether the token is valid; an
    /// endpoint that binds no form must check that itself.
    /// </summary>
    private static async ValueTask<object?> OnlyFromOurForms(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next) =>
        context.HttpContext.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
            ? await next(context)
            : Results.StatusCode(StatusCodes.Status400BadRequest);
}
