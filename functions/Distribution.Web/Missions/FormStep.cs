using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Missions;

/// <summary>
/// A step of a form of two steps that is shown by its address: what was typed stands in it, sealed. So the browser's
/// back button comes to a page that is asked for, and never to one for which a form would have to be sent again.
/// </summary>
/// <param name="Seal">The form as it was filled in (<see cref="SealedForm{T}"/>).</param>
/// <param name="IsBack">Whether it is shown to be changed, and not to be confirmed.</param>
internal sealed record FormStep(string Seal, bool IsBack)
{
    /// <summary>The query parameter that has the seal.</summary>
    public const string Parameter = "form";

    /// <summary>The query parameter that is there where it is shown to be changed.</summary>
    public const string Back = "back";

    /// <summary>
    /// In characters: web servers refuse longer queries. Who types that much is shown the page at once.
    /// </summary>
    private const int Longest = 1_900;

    /// <returns>Null where an address has no step.</returns>
    public static FormStep? Of(HttpRequest request) =>
        request.Query[Parameter].ToString() is { Length: > 0 } seal ? new(seal, request.Query.ContainsKey(Back)) : null;

    /// <summary>Answers a form: with a step at its address, with a page, or with what is on record.</summary>
    /// <param name="answer">Null where the link leads nowhere.</param>
    /// <param name="language">The language that the visitor chose.</param>
    /// <param name="onRecord">Leads to the page that says what is on record.</param>
    public static IResult Answer<TPage, TView>(
        FormAnswer<TView>? answer,
        HttpRequest request,
        string? language,
        IResult onRecord)
        where TPage : IComponent
        where TView : class, IFormView<TView> =>
        answer switch
        {
            null => MissionEndpoints.Invalid(request),
            { Step: { } step } when step.Redirect(request, language) is { } shown => shown,
            { View: { } view, IsTaken: var isTaken } =>
                Show<TPage, TView>(view.AsAnswer(), isTaken, request.HttpContext.Response),
            _ => onRecord,
        };

    /// <summary>
    /// A page that answers a form and has no address, as one that says why a form was not taken. The visitor's own
    /// browser keeps it for who goes back to it.
    /// </summary>
    private static IResult Show<TPage, TView>(TView view, bool isTaken, HttpResponse response)
        where TPage : IComponent
    {
        response.Headers.CacheControl = "private, no-cache";
        return Pages.Show<TPage, TView>(view, isTaken ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Leads to the step.</summary>
    /// <returns>Null where its address would be too long.</returns>
    private IResult? Redirect(HttpRequest request, string? language) =>
        PageLanguage.Query((PageLanguage.Parameter, language), (Parameter, Seal), (Back, IsBack ? "yes" : null))
            is { Length: <= Longest } query
            ? Pages.SeeOther(request.PathBase + request.Path + query)
            : null;
}
