using Distribution.Common;
using Distribution.Letters;
using Distribution.Tracking.Erasure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Missions;

internal static class MissionEndpoints
{
    public static void MapMissions(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: missions have no accounts, and the signed token in the address is what lets them
        // in.
        var missions = endpoints.MapGroup("").AllowAnonymous().WithMetadata(new OpenToMissions());
        missions.WithRequestTimeout(RateLimits.Time);
        missions.MapMethods(LinkVisit.Link, ReadMethods.Read, Show);
        missions.MapMethods(LinkVisit.Link + ReceiptView.Page, ReadMethods.Read, Receipt);
        missions.MapPost(LinkVisit.Link, Acknowledge)
            // No antiforgery token on purpose: no cookie gives access here, so another site cannot misuse one (CSRF).
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.MissionForm))
            .RequireRateLimiting(RateLimits.Answers);
        missions.MapMethods(
            MissionRoutes.Acknowledge + "/proof",
            ReadMethods.Read,
            () => Proof(
                Say($"In a mission's own letter, this link leads to the page on which it acknowledges receipt. Here it acknowledges nothing.")));
        missions.MapMethods(
            MissionRoutes.Acknowledge + "/proof" + MissionDocuments.Page,
            ReadMethods.Read,
            () => Proof(
                Say($"In a mission's own letter, this link leads to the page on which it finds the letter's files. Here it hands out nothing.")));
        // Open to everyone on purpose: anyone who has a letter may ask whether it is genuine. The answer does not say
        // who received it.
        missions.MapMethods(
            MissionRoutes.Verify,
            ReadMethods.Read,
            async (
                string? hash,
                string? reference,
                string? lang,
                VerificationLookup desk,
                HttpRequest request,
                CancellationToken cancellation) =>
                Pages.Show<VerifyPage, VerifyView>(
                    (await desk.Find(hash, reference, PageLanguage.Of(request), cancellation)) with
                    {
                        Chosen = PageLanguage.Chosen(lang),
                    }));
        // Mail programs cut long links, break them, and add signs to them. Where the token is whole, the link opens; a
        // cut link gets the same answer as a forged one.
        missions.Map(
            MissionRoutes.Acknowledge + "/{**rest}",
            (string? rest, MissionLinks links, HttpRequest request) => Mended(rest ?? "", links, request));
    }

    private static async Task<IResult> Show(
        LinkVisit visit,
        string? act,
        string? late,
        MissionLinkHandler desk,
        MissionLinks links,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Show(visit, Wished(act), FormStep.Of(request), late is not null, cancellation) is { } view
            ? Pages.Show<AcknowledgePage, AcknowledgeView>(view)
            : Mended(visit.Path, links, request);

    private static async Task<IResult> Receipt(
        LinkVisit visit,
        OpenLinks links,
        HttpRequest request,
        CancellationToken cancellation) =>
        await links.Open(visit, cancellation) is not { } link ? Invalid(request)
        : ReceiptView.Of(link, await links.Record(link, cancellation)) is { } view
            ? Pages.Show<ReceiptPage, ReceiptView>(view)
        // Nothing is on record any more; the mission's page says so.
        : Pages.SeeOther(request.PathBase + link.Address());

    private static async Task<IResult> Acknowledge(
        LinkVisit visit,
        [FromForm] string? name,
        [FromForm] string? function,
        [FromForm] string? reference,
        [FromForm] string? seal,
        [FromForm] string? website,
        [FromForm] string? back,
        MissionLinkHandler desk,
        HttpRequest request,
        CancellationToken cancellation)
    {
        var post = new MissionPost(
            name ?? "",
            function ?? "",
            reference ?? "",
            seal ?? "",
            website ?? "",
            back is not null);
        var answer = await desk.Handle(visit, post, cancellation);
        return FormStep.Answer<AcknowledgePage, AcknowledgeView>(
            answer,
            request,
            visit.Language,
            Pages.Itself(
                request,
                place: null,
                (PageLanguage.Parameter, visit.Language),
                (AcknowledgeView.Late, answer?.IsLate == true ? "yes" : null)));
    }

    /// <param name="meaning">Where the link leads in a letter that was sent.</param>
    private static IResult Proof(Phrase meaning) =>
        Pages.Message(
            StatusCodes.Status200OK,
            Say($"This is a proof"),
            Say($"The letter you followed this link from was sent to be read before its release."),
            meaning);

    private static MissionAct? Wished(string? act) =>
        Enum.TryParse<MissionAct>(act, ignoreCase: true, out var wished) ? wished : null;

    /// <summary>Leads a visitor whose mail program has changed the link to the link as it was signed.</summary>
    public static IResult Mended(string path, MissionLinks links, HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? links.Whole(path, MissionDocuments.Page) is { } signed
                && signed != request.Path.ToUriComponent().TrimEnd('/')
                ? Pages.SeeOther(request.PathBase + signed)
                : Invalid(request)
            : Invalid(request);

    /// <summary>What a visitor reads whose link leads nowhere.</summary>
    public static IResult Invalid(HttpRequest request) =>
        new LeadsNowhere(PageWords.Of(PageLanguage.Of(request)));

    /// <summary>
    /// Says that the link is not whole, or, of a link that was signed, that its letter was erased: whoever has one is
    /// nobody who tries links. The language of the letter would tell which letters there are, so it is that of the
    /// reader's browser.
    /// </summary>
    private sealed class LeadsNowhere(PageWords words) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var isErased = await IsErased(httpContext);
            await Pages
                .Show<DeadLinkPage, DeadLink>(
                    new(words, isErased),
                    isErased ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound)
                .ExecuteAsync(httpContext);
        }

        private static async Task<bool> IsErased(HttpContext http) =>
            http.GetRouteValue("distribution") is string distribution
            && http.GetRouteValue("mission") is string mission
            && http.GetRouteValue("token") is string token
            && http.RequestServices.GetRequiredService<MissionLinks>().Verify(distribution, mission, token)
            && await http.RequestServices.GetRequiredService<Erasures>().Find(distribution, http.RequestAborted)
                is { ReleasedAt: not null };
    }
}
