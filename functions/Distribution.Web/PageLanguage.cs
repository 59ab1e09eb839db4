using Distribution.Common;
using Distribution.Letters;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>
/// The language a page for missions is shown in. It stands in the page's address, so that it needs no cookie and goes
/// along when the address is passed on.
/// </summary>
internal static class PageLanguage
{
    /// <inheritdoc cref="MissionLinks.Language"/>
    public const string Parameter = MissionLinks.Language;

    /// <returns>The language that a visitor chose; null where none of the six was named.</returns>
    public static string? Chosen(string? language) =>
        language is not null && Languages.IsOfficial(language) ? language : null;

    /// <returns>The official language that the reader's browser asks for most; null where it asks for none.</returns>
    public static string? Accepted(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(Languages.IsOfficial);

    /// <returns>
    /// The language that a visitor chose, or else the one that their browser asks for, or else English.
    /// </returns>
    public static string Of(HttpRequest request) =>
        Chosen(request.Query[Parameter]) ?? Accepted(request) ?? Languages.English;

    /// <summary>A query with these parameters; those without a value are left out.</summary>
    /// <returns><c>?</c> alone where there are none, which as a link leads to the page without its query.</returns>
    public static string Query(params IEnumerable<(string Name, string? Value)> parameters) =>
        "?"
        + string.Join(
            '&',
            parameters
                .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
                .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
}
