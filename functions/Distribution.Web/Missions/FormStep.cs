using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Missions;

/// <summary>
/// A step of a form of two steps that is shown by its address: what was typed stands in it, sealed. So the browser's back
/// button comes to a page that is asked for, and never to one for which a form would have to be sent again.
/// </summary>
/// <param name="Seal">The form as it was filled in (<see cref="SealedForm{T}"/>).</param>
/// <param name="IsBack">Whether it is shown to be changed, and not to be confirmed.</param>
internal sealed record FormStep(string Seal, bool IsBack)
{
    /// <summary>The query parameter that has the seal.</summary>
    public const string Parameter = "form";

    /// <summary>The query parameter that is there where it is shown to be changed.</summary>
    public const string Back = "back";

    /// <summary>In characters: web servers refuse longer queries. Who types that much is shown the page at once.</summary>
    private const int Longest = 1_900;

    /// <returns>Null where an address has no step.</returns>
    public static FormStep? Of(HttpRequest request) =>
        request.Query[Parameter].ToString() is { Length: > 0 } seal ? new(seal, request.Query.ContainsKey(Back)) : null;

    /// <summary>
    /// A page that answers a form and has no address, as one that says why a form was not taken. The visitor's own browser
    /// keeps it for who goes back to it.
    /// </summary>
    public static IResult Answer<TPage, TView>(TView view, bool isTaken, HttpResponse response)
        where TPage : IComponent
    {
        response.Headers.CacheControl = "private, no-cache";
        return Pages.Show<TPage, TView>(view, isTaken ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Leads to the step.</summary>
    /// <returns>Null where its address would be too long.</returns>
    public IResult? Redirect(HttpRequest request, string? language) =>
        PageLanguage.Query((PageLanguage.Parameter, PageLanguage.Chosen(language)), (Parameter, Seal), (Back, IsBack ? "yes" : null))
            is { Length: <= Longest } query
            ? Pages.SeeOther(request.PathBase + request.Path + query)
            : null;
}
