using Distribution.Common;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>
/// A page in the language of its reader. Only while it is rendered is there a language: whatever a request does before
/// that, it does in English.
/// </summary>
/// <param name="component">The page's component, which may say that it is in English for every reader.</param>
internal sealed class SpokenPage(Type component, IResult page) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var language = component.IsDefined(typeof(InEnglishAttribute), inherit: false)
            ? DeskLanguage.English
            : ReaderLanguage.Of(httpContext);
        return language.Speak(() => page.ExecuteAsync(httpContext));
    }
}

/// <summary>
/// A page that the desk's languages do not reach, for it has words of its own in the language of a mission.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class InEnglishAttribute : Attribute;
