using Distribution.Common;
using Distribution.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Distribution.Web;

/// <summary>The error pages. A person always reads in words what happened and what to do.</summary>
internal static class FailurePages
{
    public static Task Write(HttpContext context)
    {
        var failure = context.Features.GetRequiredFeature<IExceptionHandlerFeature>();
        if (failure.Error is BadHttpRequestException refused)
        {
            context.Response.StatusCode = refused.StatusCode;
            return WriteStatus(context);
        }

        // A newer version of this service wrote the record: that happens during a rollout.
        if (failure.Error is LaterFormatException)
            return Pages
                .Message(
                    StatusCodes.Status503ServiceUnavailable,
                    "This service is being upgraded",
                    "What this page shows is being looked after by the newer version, which is starting.",
                    "Try again in a minute. If it happens again, tell whoever looks after this service that an earlier version is running than the one that wrote its records."
                )
                .ExecuteAsync(context);

        // Others may read this page than the secretariat, so it does not say which record it is.
        if (failure.Error is UnreadableRecordException)
            return Pages
                .Message(
                    StatusCodes.Status409Conflict,
                    "This cannot be read",
                    "What this page shows is on record, but the record is not what was written, so nothing of it is shown.",
                    "Tell whoever looks after this service; a notice on the front page of the desk names the record. All other letters go on."
                )
                .ExecuteAsync(context);

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
        return Pages
            .Message(
                StatusCodes.Status500InternalServerError,
                "This page could not be shown",
                "Something went wrong on our side. Nothing you did is to blame, and letters already on their way are not affected.",
                $"Try again in a few minutes. If it happens again, tell whoever looks after this service the reference {reference}."
            )
            .ExecuteAsync(context);
    }

    // Never log the path itself: whoever reads a mission's link in a log could use it.
    private static string Route(IExceptionHandlerFeature failure) =>
        (failure.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "A page without a route";

    public static Task WriteStatus(HttpContext context) =>
        (
            context.Response.StatusCode switch
            {
                StatusCodes.Status401Unauthorized => Pages.Message(
                    StatusCodes.Status401Unauthorized,
                    "You are not signed in",
                    "This page is for the secretariat.",
                    "Sign in, then open the page again."),
                StatusCodes.Status403Forbidden => Forbidden(context),
                StatusCodes.Status404NotFound => Pages.NotFound(),
                StatusCodes.Status413PayloadTooLarge => Pages.Message(
                    StatusCodes.Status413PayloadTooLarge,
                    "That was too much",
                    "What was sent is longer than this page takes.",
                    "Go back, shorten it and try again."),
                var status => Pages.Message(
                    status,
                    "That could not be taken in",
                    "The page you came from may have been open for long, or was sent in a way this page does not know.",
                    "Go back, refresh the page and try again."),
            }).ExecuteAsync(context);

    private static IResult Forbidden(HttpContext context) =>
        Roles.Of(context.User) is { Length: > 0 } roles
            ? Pages.Message(
                StatusCodes.Status403Forbidden,
                "You may not do this",
                $"Nothing was done. You are signed in as {context.User.Identity?.Name}, {roles}. Only {Roles.Who(PolicyOf(context))} may do this.",
                "Ask one of your colleagues who may, or whoever looks after this service.")
            : Pages.Message(
                StatusCodes.Status403Forbidden,
                "This service is not open to you",
                $"You are signed in as {context.User.Identity?.Name}, but have no role here.",
                $"Ask whoever looks after this service for one of the roles: {EnglishText.Listed(Roles.All, "or")}.");

    private static string PolicyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>()?.Policy
        ?? Roles.Read;
}
