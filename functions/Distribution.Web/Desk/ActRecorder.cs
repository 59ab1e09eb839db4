using Distribution.Common;
using Distribution.Storage;
using Distribution.Tracking;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Distribution.Web.Desk;

/// <summary>What a form of the desk asks for, in words for the record of acts.</summary>
internal sealed record ActName(string Words);

/// <summary>Names forms for the record of acts, and adds what exactly a press asked for.</summary>
internal static class ActNames
{
    /// <summary>Names what a form asks for, for the record of acts, and requires a policy.</summary>
    /// <param name="policy">One of the policies of <see cref="Roles"/>.</param>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder form, string words, string policy) =>
        form.WithMetadata(new ActName(words)).RequireAuthorization(policy);

    /// <summary>Adds to the record of the act what exactly was asked for: which files, or how it was decided.</summary>
    public static void Detail(this HttpContext http, Phrase words) => http.Items[typeof(ActNames)] = words;

    /// <summary>What was added to the record of the act; null for nothing.</summary>
    public static Phrase? Detail(this HttpContext http) => http.Items[typeof(ActNames)] as Phrase;
}

/// <summary>
/// Records every act of a person: before it is carried out, so that nothing happens that is not on record, and what
/// came of it afterwards, in the words the person reads. An act that the person is not allowed is recorded too; what
/// the form contained is not. What does not come from one of our pages is nobody's act.
/// </summary>
internal sealed class ActRecorder(
    DeskActs acts,
    IAntiforgery antiforgery,
    TimeProvider clock,
    ILogger<ActRecorder> logger)
    : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler platform = new();

    /// <summary>Wraps every form of the desk; other requests pass through.</summary>
    public async Task Record(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ActName>() is null)
        {
            await next(http);
            return;
        }

        // Where this fails, nothing is carried out: what is not on record is not done.
        var act = await Of(http);
        await acts.Add(act, http.RequestAborted);
        http.Features.Set(act);
        // What is on record is carried out: a second click, or a tab that is closed, leaves no act half done.
        http.RequestAborted = CancellationToken.None;
        try
        {
            await next(http);
        }
        catch (Exception failure)
        {
            // A body that was too large, broken, or not as our page sends it: a form is read as a whole before anything
            // is done.
            var refused = failure is BadHttpRequestException;
            var page = FailurePages.Of(http, failure);
            await Conclude(
                http,
                act,
                refused ? DeskOutcome.Refused : DeskOutcome.Failed,
                Phrase.Say($"{page.Heading}."),
                null);
            throw;
        }

        // Before the response begins: a redirect has no body, so the page it leads to is asked for only afterwards.
        if (http.Features.Get<ActResult>() is { } result)
            await Conclude(http, act, result.Outcome, result.Words, result.Page);
        else
            await Conclude(http, act, DeskOutcome.Refused, Phrase.Say($"{FailurePages.Of(http).Heading}."), null);
    }

    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        // Only where the form came from a page of ours: else another site could fill a person's record with acts that
        // they never asked for.
        if (authorizeResult.Forbidden
            && context.GetEndpoint()?.Metadata.GetMetadata<ActName>() is not null
            && await IsFromOurPages(context))
            await acts.Add(
                await Of(context) with
                {
                    Outcome = DeskOutcome.Refused,
                    Words = Phrase.Say($"{FailurePages.Forbidden(context).Heading}.").In(DeskLanguage.English),
                },
                context.RequestAborted);
        await platform.HandleAsync(next, context, policy, authorizeResult);
    }

    /// <summary>Asked before the middleware asks it: what is not allowed gets no further.</summary>
    private async Task<bool> IsFromOurPages(HttpContext http)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(http);
        }
        catch (Exception unread) when (unread is AntiforgeryValidationException or BadHttpRequestException)
        {
            return false;
        }
    }

    private async Task<DeskAct> Of(HttpContext http)
    {
        var now = clock.GetUtcNow();
        var values = http.Request.RouteValues;
        var letter = await http.FindLetter();
        var isAboutLetter = DeskForms.IsAboutLetter(http);
        return new(
            DeskActs.NewId(now),
            now,
            SignedIn.NameOf(http.User),
            SignedIn.IdOf(http.User),
            Roles.Of(http.User)?.In(DeskLanguage.English) ?? "",
            http.GetEndpoint()?.Metadata.GetMetadata<ActName>()?.Words
                ?? throw new InvalidOperationException("A form of the desk has no name for the record."),
            isAboutLetter ? values["id"]?.ToString() : null,
            isAboutLetter ? values["mission"]?.ToString() : values["id"]?.ToString(),
            Letter: letter is null ? null
                : letter.Version > 1 ? $"{letter.DraftLabel}, version {letter.Version}"
                : letter.DraftLabel);
    }

    private static Dictionary<string, string> InOthers(Func<DeskLanguage, string> words) =>
        DeskLanguage.All
            .Where(language => language != DeskLanguage.English)
            .ToDictionary(language => language.Code, words);

    /// <summary>
    /// Records the outcome. The act has happened already, so a failure to write its outcome must not undo it. Such an
    /// act stays on record without an outcome.
    /// </summary>
    private async Task Conclude(HttpContext http, DeskAct act, DeskOutcome outcome, Phrase words, string? page)
    {
        try
        {
            await acts.Conclude(
                act with
                {
                    Outcome = outcome,
                    // In English for the record and the log, and in the other languages beside it: the reader of the
                    // next page may have chosen another one.
                    Words = words.In(DeskLanguage.English),
                    Translations = InOthers(words.In),
                    Page = page is null ? null : Addresses.Path(page),
                    Detail = http.Detail() is { } detail ? SingleLine.Of(detail.In(DeskLanguage.English)) : null,
                    DetailIn = http.Detail() is { } put ? InOthers(language => SingleLine.Of(put.In(language))) : null,
                },
                CancellationToken.None);
        }
        catch (Exception failure) when (StorageFailures.IsStorages(failure))
        {
            logger.LogWarning(failure, "What came of the act {Act} could not be recorded: {Outcome}", act.Id, outcome);
        }
    }
}
