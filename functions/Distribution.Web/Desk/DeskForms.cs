using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Web.Desk;

/// <summary>What is checked before any handler of the desk runs, once for each group of addresses.</summary>
internal static class DeskForms
{
    private const string Letters = $"{DeskPages.Distributions}/";

    /// <summary>The group of all forms: they require our antiforgery token.</summary>
    public static RouteGroupBuilder MapForms(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGroup("")
            .WithMetadata(new RequireAntiforgeryTokenAttribute());

    /// <summary>The group of what is about one letter: without that letter it answers 404.</summary>
    public static RouteGroupBuilder MapLetter(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGroup(DeskEndpoints.Distribution)
            .AddEndpointFilter(
                async (context, next) =>
                    await context.HttpContext.FindLetter() is null ? ActResult.NotThere() : await next(context));

    /// <summary>
    /// The group of what is about one mission's letter: without a mission on its roster it answers 404.
    /// </summary>
    public static RouteGroupBuilder MapMission(this RouteGroupBuilder letter) =>
        letter
            .MapGroup("/letters/{mission}")
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var http = context.HttpContext;
                    var content = await http.RequestServices.GetRequiredService<FrozenLetters>()
                        .Content(http.Letter().Id, http.RequestAborted);
                    var named = http.GetRouteValue("mission") as string;
                    // By the frozen roster and not by the register: the mission may have left that since.
                    if (content.Roster.FirstOrDefault(mission => mission.Id == named) is not { } mission)
                        return ActResult.NotThere();
                    http.Features.Set(mission);
                    return await next(context);
                });

    /// <summary>A form with a button and nothing else, which a person's name is recorded with.</summary>
    /// <param name="decide">
    /// The decision, given the letter's id and the person's name; it returns false where nothing was changed.
    /// </param>
    /// <param name="done">What the page then says.</param>
    /// <param name="unchanged">What it says where nothing was changed, and why.</param>
    public static RouteHandlerBuilder MapDecision<TService>(
        this RouteGroupBuilder letter,
        string path,
        Func<TService, Func<string, string, CancellationToken, Task<bool>>> decide,
        Phrase done,
        Phrase unchanged)
        where TService : class =>
        letter.MapPost(
            path,
            (HttpContext http, CancellationToken cancellation) =>
                ActResult.Of(
                    decide(http.RequestServices.GetRequiredService<TService>())(
                        http.Letter().Id,
                        SignedIn.NameOf(http.User),
                        cancellation),
                    done,
                    unchanged,
                    Addresses.Distribution(http.Letter().Id)));

    /// <summary>The letter that the address names; null where it names none, or there is none of that name.</summary>
    public static async Task<DistributionRecord?> FindLetter(this HttpContext http)
    {
        // Read once a request: the recorder of acts asks for it, too, and both have to mean the same state.
        if (http.Features.Get<DistributionRecord>() is { } found)
            return found;
        if (!IsAboutLetter(http)
            || http.GetRouteValue("id") is not string { Length: <= 200 } id
            || await http.RequestServices.GetRequiredService<DistributionRecords>().Find(id, http.RequestAborted)
                is not { } letter)
            return null;
        http.Features.Set(letter);
        return letter;
    }

    /// <summary>Whether the address is one of a letter, also where there is no letter of that name.</summary>
    public static bool IsAboutLetter(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.StartsWith(Letters, StringComparison.Ordinal)
            is true;

    /// <summary>The letter that the address names, as it was when the request came.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is in no group of a letter.</exception>
    public static DistributionRecord Letter(this HttpContext http) =>
        http.Features.GetRequiredFeature<DistributionRecord>();

    /// <summary>The mission that the address names.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is in no group of a mission.</exception>
    public static Mission Mission(this HttpContext http) => http.Features.GetRequiredFeature<Mission>();

    /// <summary>
    /// Refuses forms without a valid antiforgery token before anything of them is read. The middleware before this one
    /// only notes whether the token is valid.
    /// </summary>
    /// <exception cref="BodyTooLargeException">The form is too large to be read for its token.</exception>
    public static Task OnlyFromOurPages(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: true }
            || http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true })
            return next(http);
        // The token stands in the form, and could not be read: its size is what the person must know, and not a token.
        if (http.Features.Get<LimitedBody>()?.Refused is { } tooLarge)
            throw tooLarge;
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }
}
