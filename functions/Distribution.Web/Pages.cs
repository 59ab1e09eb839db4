using Distribution.Common;
using Distribution.Web.Desk;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using static Distribution.Common.Phrase;

namespace Distribution.Web;

/// <summary>The answers that are pages, and the redirects between them.</summary>
internal static class Pages
{
    /// <summary>A page, rendered on the server as a whole in the language of its reader.</summary>
    /// <param name="status">The HTTP status.</param>
    public static IResult Show<TPage, TView>(TView view, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        new SpokenPage(
            typeof(TPage),
            new RazorComponentResult<ViewHost<TPage, TView>>(new { View = view })
            {
                StatusCode = status,
                PreventStreamingRendering = true,
            });

    /// <summary>A page that updates itself through its <see cref="LivePart"/>s.</summary>
    public static IResult Live<TPage, TView>(TView view)
        where TPage : IComponent =>
        new SpokenPage(
            typeof(TPage),
            new LiveResult(
                new RazorComponentResult<ViewHost<TPage, TView>>(new { View = view })
                {
                    PreventStreamingRendering = true
                }));

    public static IResult Message(int status, Phrase heading, params Phrase[] paragraphs) =>
        Message(status, new Message(heading, paragraphs));

    /// <inheritdoc cref="Message(int, Phrase, Phrase[])"/>
    /// <param name="english">Sentences that are in English for every reader, as findings are.</param>
    public static IResult Message(
        int status,
        Phrase heading,
        IReadOnlyList<string> english,
        params Phrase[] paragraphs) =>
        Message(status, new Message(heading, paragraphs) { English = english });

    public static IResult Message(int status, Message message) => Show<MessagePage, Message>(message, status);

    /// <summary>A page, or the page that says that there is none where there is nothing to show.</summary>
    public static IResult Found<TPage, TView>(TView? view)
        where TPage : IComponent
        where TView : class => view is null ? NotFound() : Show<TPage, TView>(view);

    /// <summary>What is said at an address that shows nothing.</summary>
    public static Message NothingThere { get; } =
        new(
            Say($"There is no such page"),
            [Say($"The address may be cut short or mistyped, or what it showed is no longer kept.")])
        {
            LeadsToFront = true,
        };

    /// <summary>The page that says that there is no such page, with status 404.</summary>
    public static IResult NotFound() => Message(StatusCodes.Status404NotFound, NothingThere);

    /// <summary>Leads from a form to the page that it is on, which then says what is on record.</summary>
    /// <param name="place">The part of the page that is shown; null for its beginning.</param>
    public static IResult Itself(
        HttpRequest request,
        string? place,
        params IEnumerable<(string Name, string? Value)> query) =>
        SeeOther(
            request.PathBase
            + request.Path
            + PageLanguage.Query(query).TrimEnd('?')
            + (place is null ? "" : $"#{place}"));

    /// <summary>Redirects with 303: the browser asks for the other page with GET.</summary>
    public static IResult SeeOther(string address) => new SeeOtherResult(address);

    private sealed class SeeOtherResult(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }
}

/// <summary>
/// Passes a page its view as a cascading value. Razor makes pages public classes, and their parameters would need
/// public types. A cascading parameter may be private, so views stay internal.
/// </summary>
internal sealed class ViewHost<TPage, TView> : ComponentBase where TPage : IComponent
{
    [Parameter, EditorRequired]
    public TView View { get; set; } = default!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<TView>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), View);
        builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)(content =>
        {
            content.OpenComponent<TPage>(0);
            content.CloseComponent();
        }));
        builder.CloseComponent();
    }
}
