using System.Globalization;
using Distribution.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Web;

/// <summary>Finds the language of a reader: what they chose, else what their browser asks for, else English.</summary>
internal static class ReaderLanguage
{
    /// <summary>The language to answer a request in.</summary>
    public static DeskLanguage Of(HttpContext http) =>
        DeskLanguage.Of(http.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.TwoLetterISOLanguageName);

    /// <summary>What a person chose, for a year.</summary>
    public static void Choose(HttpContext http, DeskLanguage language) =>
        http.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new("", language.Code)),
            new()
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
                // It is asked for by a press, and holds nothing of the person.
                IsEssential = true,
            });

    public static void Add(IServiceCollection services) =>
        services.Configure<RequestLocalizationOptions>(options =>
        {
            // Numbers and dates outside of what a page says are the same for every reader.
            options.DefaultRequestCulture = new(
                CultureInfo.InvariantCulture,
                CultureInfo.GetCultureInfo(Languages.English));
            options.SupportedCultures = [CultureInfo.InvariantCulture];
            options.SupportedUICultures =
                [.. DeskLanguage.All.Select(language => CultureInfo.GetCultureInfo(language.Code))];
            // Not by the address, as the framework would: a link that is passed on must not change its reader's
            // language.
            options.RequestCultureProviders =
                [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });
}
