using Distribution.Common;
using Distribution.Storage;
using Distribution.Web.Desk;
using Distribution.Web.Missions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Distribution.Common.Phrase;

namespace Distribution.Web;

/// <summary>The error pages. A person always reads in words what happened and what to do.</summary>
internal static class FailurePages
{
    /// <summary>
    /// Answers a request that failed with an exception, and logs the exception under the reference that the page names.
    /// </summary>
    public static Task Write(HttpContext context)
    {
        var failure = context.Features.GetRequiredFeature<IExceptionHandlerFeature>();
        if (failure.Error is BadHttpRequestException refused)
        {
            context.Response.StatusCode = refused.StatusCode;
            return WriteStatus(context);
        }

        // These two are no faults of the page: their own words say what to do, and no reference is needed.
        if (failure.Error is LaterFormatException)
            return Show(StatusCodes.Status503ServiceUnavailable, Upgrading);
        if (failure.Error is UnreadableRecordException)
            return Show(StatusCodes.Status409Conflict, Unreadable);
        // Short and in capitals, so that a person can pass it on; the log has the same.
        var reference = Guid.NewGuid().ToString("n")[..8].ToUpperInvariant();
        context
            .RequestServices.GetRequiredService<ILoggerFactory>()
            .CreateLogger(typeof(FailurePages))
            .LogError(
                failure.Error,
                "{Method} {Route} failed, reference {Reference}",
                context.Request.Method,
                Route(failure),
                reference);
        return Show(StatusCodes.Status500InternalServerError, Failed(IsAct(failure.Endpoint), reference));

        Task Show(int status, Message message) =>
            // A visitor with a mission's link gets a page in the mission's language, and nothing of the desk.
            (IsOfMission(failure.Endpoint)
                ? MissionFailures.Page(status, context.Request)
                : Pages.Message(status, message)).ExecuteAsync(context);
    }

    /// <summary>Answers a request that ended with a status of 400 or more and without a body.</summary>
    public static Task WriteStatus(HttpContext context) =>
        (IsOfMission(context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint)
            ? MissionFailures.Page(context.Response.StatusCode, context.Request)
            : Pages.Message(context.Response.StatusCode, Of(context))).ExecuteAsync(context);

    /// <summary>What the page says that is shown when a request fails with an exception.</summary>
    public static Message Of(HttpContext context, Exception failure) =>
        failure switch
        {
            BadHttpRequestException refused => Of(context, refused.StatusCode),
            LaterFormatException => Upgrading,
            UnreadableRecordException => Unreadable,
            _ => Failed(IsAct(context.GetEndpoint()), reference: ""),
        };

    /// <summary>What the page says that is shown where a request was answered with a status and no page.</summary>
    public static Message Of(HttpContext context) => Of(context, context.Response.StatusCode);

    private static Message Of(HttpContext context, int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => new(
                Say($"You are not signed in"),
                [.. NothingDone(context), Say($"This page is for the secretariat.")])
            {
                LeadsToSignIn = true,
            },
            StatusCodes.Status403Forbidden => Forbidden(context),
            StatusCodes.Status404NotFound => Pages.NothingThere,
            StatusCodes.Status413PayloadTooLarge => new(
                Say($"That was too much"),
                [
                    // The server itself refuses some bodies, and says nothing of their size.
                    context.Features.Get<LimitedBody>()?.Refused?.Words
                        ?? Say($"What was sent is longer than this page takes."),
                    Say($"Nothing of it was taken in. Go back, make it smaller and try again."),
                ]),
            _ => new(
                Say($"That could not be taken in"),
                [
                    .. NothingDone(context),
                    Say($"The page you came from may have been open for long, or was sent in a way this page does not know."),
                    IsAct(context.GetEndpoint())
                        ? Say($"Go back, copy what you have typed, refresh the page and try again.")
                        : Say($"Go back, refresh the page and try again."),
                ]),
        };

    /// <summary>
    /// Nothing is done with a form whose sender is not signed in, or that does not come from one of our pages.
    /// </summary>
    private static IEnumerable<Phrase> NothingDone(HttpContext context) =>
        IsAct(context.GetEndpoint())
        && (context.User.Identity?.IsAuthenticated is not true
            || context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true })
            ? [Say($"Nothing was done.")]
            : [];

    /// <summary>What the page says to a person whose roles do not allow it, or who has no role.</summary>
    public static Message Forbidden(HttpContext context) =>
        Roles.Of(context.User) is { } roles
            ? new(
                Say($"You may not do this"),
                [
                    Say($"Nothing was done. You are signed in as {context.User.Identity?.Name}, {roles}. Only {Roles.Who(PolicyOf(context))} may do this."),
                    Say($"Ask one of your colleagues who may, or whoever looks after this service."),
                ])
            : new(
                Say($"This service is not open to you"),
                [
                    Say($"You are signed in as {context.User.Identity?.Name}, but have no role here."),
                    Say($"Ask whoever looks after this service for one of the roles: {Either(Roles.All.Select(Roles.Called))}."),
                ]);

    /// <summary>Others may read this page than the secretariat, so it does not say which record it is.</summary>
    private static readonly Message Unreadable = new(
        Say($"This cannot be read"),
        [
            Say($"What this page shows is on record, but a part of the record is missing or is not what was written, so nothing of it is shown."),
            Say($"Tell whoever looks after this service; a notice on the front page of the desk names that part, and the runbook says how it is brought back. All other letters go on."),
        ]);

    /// <summary>A newer version of this service wrote the record: that happens during a rollout.</summary>
    private static Message Upgrading =>
        new(
            Say($"This service is being upgraded"),
            [
                Say($"What this page shows is being looked after by the newer version, which is starting."),
                Say($"Try again in a minute. If it happens again, tell whoever looks after this service that an earlier version is running than the one that wrote its records."),
            ]);

    /// <summary>
    /// A failed act may have been carried out all the same, so nobody is told to press again at once.
    /// </summary>
    private static Message Failed(bool isAct, string reference) =>
        isAct
            ? new(
                Say($"It is not known what came of this"),
                [
                    Say($"Something went wrong on our side while what you asked for was being done. It may have been done all the same."),
                    Say($"Open the page you came from anew and look before you press again. If it happens again, tell whoever looks after this service the reference {reference}."),
                ])
            : new(
                Say($"This page could not be shown"),
                [
                    Say($"Something went wrong on our side. Nothing you did is to blame, and letters already on their way are not affected."),
                    Say($"Try again in a few minutes. If it happens again, tell whoever looks after this service the reference {reference}."),
                ]);

    // Never log the path itself: whoever reads a mission's link in a log could use it.
    private static string Route(IExceptionHandlerFeature failure) =>
        (failure.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "A page without a route";

    private static bool IsOfMission(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<OpenToMissions>() is not null;

    private static bool IsAct(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<ActName>() is not null;

    private static string PolicyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>()?.Policy
        ?? Roles.Read;
}
