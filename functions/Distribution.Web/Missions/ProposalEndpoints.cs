using Distribution.Letters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Missions;

/// <summary>Where a mission proposes changes, and where a mailbox that it proposes is confirmed.</summary>
internal static class ProposalEndpoints
{
    private const string Link = LinkVisit.Link + ProposalView.Page;

    private const string Mailbox = MissionRoutes.Mailbox + "/{mission}/{proposal}/{token}";

    public static void MapProposals(this IEndpointRouteBuilder endpoints)
    {
        // Open to everyone on purpose: missions have no accounts, and the signed token in the address lets them in.
        var open = endpoints.MapGroup("").AllowAnonymous().WithMetadata(new OpenToMissions());
        open.WithRequestTimeout(RateLimits.Time);
        open.MapMethods(Link, ReadMethods.Read, Show);
        open.MapMethods(Mailbox, ReadMethods.Read, Ask);
        // A mail program breaks a long link before its token, or within it.
        open.Map(
            MissionRoutes.Mailbox + "/{**rest}",
            (HttpRequest request) =>
                Shown(new(PageWords.Of(PageLanguage.Of(request)), MailboxStage.Cut), StatusCodes.Status404NotFound));
        // No antiforgery token on purpose: no cookie gives access here, so another site cannot misuse one (CSRF).
        var forms = open.MapGroup("").DisableAntiforgery();
        forms.WithMetadata(new RequestSizeLimitAttribute(RequestLimits.MissionForm)).RequireRateLimiting(RateLimits.Answers);
        forms.MapPost(Link, Propose);
        forms.MapPost(Mailbox, Confirm);
    }

    private static async Task<IResult> Show(
        LinkVisit visit,
        ProposalHandler desk,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Show(visit, FormStep.Of(request), cancellation) is { } view
            ? Pages.Show<ProposalPage, ProposalView>(view)
            : MissionEndpoints.Invalid(request);

    /// <param name="form">
    /// A field for each column, a box for each that can be emptied, <c>name</c>, <c>function</c>, <c>seal</c>,
    /// <c>website</c>, <c>back</c>.
    /// </param>
    private static async Task<IResult> Propose(
        LinkVisit visit,
        IFormCollection form,
        ProposalHandler desk,
        HttpRequest request,
        CancellationToken cancellation)
    {
        var post = new ProposalPost(
            new(
                form[ProposalForm.NameField].ToString(),
                form[ProposalForm.FunctionField].ToString(),
                ProposalForm.Columns.ToDictionary(column => column, column => form[column].ToString()))
            {
                Removed = [.. ProposalForm.Removable.Where(column => form[ProposalForm.RemovedField(column)] == "yes")],
            },
            form["seal"].ToString(),
            form["website"].ToString(),
            form.ContainsKey("back"));
        return FormStep.Answer<ProposalPage, ProposalView>(
            await desk.Handle(visit, post, cancellation),
            request,
            visit.Language,
            // The page begins with an empty form: what was just recorded stands below it.
            Pages.Itself(request, ProposalView.OnRecord, (PageLanguage.Parameter, visit.Language)));
    }

    private static async Task<IResult> Ask(
        string mission,
        string proposal,
        string token,
        MailboxConfirmation desk,
        HttpRequest request,
        CancellationToken cancellation) =>
        Shown(
            await desk.Show(mission, proposal, token, PageLanguage.Of(request), cancellation),
            StatusCodes.Status200OK);

    private static async Task<IResult> Confirm(
        string mission,
        string proposal,
        string token,
        [FromForm] string? seal,
        string? lang,
        MailboxConfirmation desk,
        HttpRequest request,
        CancellationToken cancellation) =>
        await desk.Confirm(mission, proposal, token, seal ?? "", PageLanguage.Of(request), cancellation) is { } view
            ? Shown(view, StatusCodes.Status422UnprocessableEntity)
            : Pages.Itself(request, place: null, (PageLanguage.Parameter, PageLanguage.Chosen(lang)));

    private static IResult Shown(MailboxView view, int status) =>
        Pages.Show<MailboxPage, MailboxView>(
            view,
            view.Stage == MailboxStage.Cut ? StatusCodes.Status404NotFound : status);
}
