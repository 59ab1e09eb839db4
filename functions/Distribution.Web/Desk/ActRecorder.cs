using Distribution.Intake;
using Distribution.Tracking;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Distribution.Web.Desk;

/// <summary>What a form of the desk asks for, in words for the record.</summary>
internal sealed record ActName(string Words);

internal static class ActNames
{
    /// <summary>Says what a form asks for and who may ask.</summary>
    /// <param name="policy">One of the policies of <see cref="Roles"/>.</param>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder form, string words, string policy) =>
        form.WithMetadata(new ActName(words)).RequireAuthorization(policy);

    /// <summary>Says on record what exactly was asked for: which files, or how it was decided.</summary>
    public static void Detail(this HttpContext http, string words) => http.Items[typeof(ActNames)] = words;

    public static string? Detail(this HttpContext http) => http.Items[typeof(ActNames)] as string;
}

/// <summary>
/// Puts every act of a person on record: before it is carried out, so that nothing happens that is not on record, and
/// what came of it after. What a person may not do is recorded too; what the form held is not.
/// </summary>
internal sealed class ActRecorder(
    DeskActs acts,
    DistributionRecords distributions,
    TimeProvider clock,
    ILogger<ActRecorder> logger) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler platform = new();

    /// <summary>Around every form of the desk; anything else passes.</summary>
    public async Task Record(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ActName>() is null)
        {
            await next(http);
            return;
        }

        var act = await Of(http);
        await acts.Add(act, http.RequestAborted);
        try
        {
            await next(http);
        }
        catch (Exception)
        {
            await Conclude(act, DeskOutcome.Failed, http.Detail());
            throw;
        }

        await Conclude(act, Outcome(http.Response), http.Detail());
    }

    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden && context.GetEndpoint()?.Metadata.GetMetadata<ActName>() is not null)
        {
            var act = await Of(context);
            await acts.Add(act with { Outcome = DeskOutcome.Refused }, context.RequestAborted);
        }

        await platform.HandleAsync(next, context, policy, authorizeResult);
    }

    private async Task<DeskAct> Of(HttpContext http)
    {
        var now = clock.GetUtcNow();
        var values = http.Request.RouteValues;
        var isAboutLetter =
            (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.StartsWith(
                "/distributions/",
                StringComparison.Ordinal)
            is true;
        var letter =
            isAboutLetter && values["id"]?.ToString() is { Length: <= 200 } id
                ? await distributions.Find(id, http.RequestAborted)
                : null;
        return new(
            DeskActs.NewId(now),
            now,
            SignedIn.NameOf(http.User),
            SignedIn.IdOf(http.User),
            Roles.Of(http.User),
            http.GetEndpoint()?.Metadata.GetMetadata<ActName>()?.Words
                ?? throw new InvalidOperationException("A form of the desk has no name for the record."),
            isAboutLetter ? values["id"]?.ToString() : null,
            isAboutLetter ? values["mission"]?.ToString() : values["id"]?.ToString(),
            Letter: letter is null ? null
                : letter.Version > 1 ? $"{letter.DraftLabel}, version {letter.Version}"
                : letter.DraftLabel);
    }

    private static DeskOutcome Outcome(HttpResponse response) =>
        response.StatusCode switch
        {
            StatusCodes.Status303SeeOther
                when !response.Headers.Location.ToString().Contains("?late=", StringComparison.Ordinal) =>
                DeskOutcome.Done,
            StatusCodes.Status400BadRequest or StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden =>
                DeskOutcome.Refused,
            _ => DeskOutcome.NothingChanged,
        };

    /// <summary>
    /// The act has happened: that its end could not be written must not undo it, and shows by the end that is missing.
    /// </summary>
    private async Task Conclude(DeskAct act, DeskOutcome outcome, string? detail)
    {
        try
        {
            await acts.Conclude(act, outcome, detail, CancellationToken.None);
        }
        catch (Exception failure) when (failure is Azure.RequestFailedException or AggregateException)
        {
            logger.LogWarning(failure, "What came of the act {Act} could not be recorded: {Outcome}", act.Id, outcome);
        }
    }
}
