using Distribution.Common;
using Distribution.Tracking;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Distribution.Web.Desk;

/// <summary>
/// What came of something a person asked for at the desk: every form's endpoint returns it. <see cref="ActRecorder"/>
/// puts it on record, and <see cref="DeskDocument"/> says the recorded words on the page that comes next.
/// </summary>
internal sealed class ActResult : IResult
{
    private readonly IResult? answer;

    private ActResult(DeskOutcome outcome, Phrase words, string? page, IResult? answer) =>
        (Outcome, Words, Page, this.answer) = (outcome, words, page, answer);

    public DeskOutcome Outcome { get; }

    /// <summary>What came of it, in sentences.</summary>
    public Phrase Words { get; }

    /// <summary>The address that the person is led to; null where the answer itself is a page.</summary>
    public string? Page { get; }

    /// <summary>It was done.</summary>
    /// <param name="page">The address of the page that shows it.</param>
    public static ActResult Done(Phrase words, string page) => new(DeskOutcome.Done, words, page, null);

    /// <summary>
    /// Nothing was changed: it had been done before, came too late, or may not be done as things are now.
    /// </summary>
    /// <param name="words">Why, and what to do instead.</param>
    /// <param name="page">The address of the page that shows how things are now.</param>
    public static ActResult Unchanged(Phrase words, string page) => new(DeskOutcome.NothingChanged, words, page, null);

    /// <summary>Done, or nothing changed, as the act itself says.</summary>
    public static async Task<ActResult> Of(Task<bool> act, Phrase done, Phrase unchanged, string page) =>
        await act ? Done(done, page) : Unchanged(unchanged, page);

    /// <summary>Nothing was changed, because the form lacks something: it is shown again.</summary>
    /// <param name="form">The page with the form as it was filled in, which names what it lacks.</param>
    public static ActResult Unfinished(Phrase words, IResult form) =>
        new(DeskOutcome.NothingChanged, words, null, form);

    /// <summary>There is no letter, mission or folder of that name.</summary>
    public static ActResult NotThere() =>
        new(DeskOutcome.NothingChanged, Phrase.Say($"{Pages.NothingThere.Heading}."), null, Pages.NotFound());

    /// <remarks>
    /// Redirects after a form (303), so that refreshing the page does not submit the form again. The address names the
    /// act and not what came of it: a link can be sent by anyone, and the record only says what is true.
    /// </remarks>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        // ActRecorder reads it from there once the endpoint has ended.
        httpContext.Features.Set(this);
        return (
            answer
            ?? Pages.SeeOther(Addresses.After(httpContext.Features.GetRequiredFeature<DeskAct>().Id, Page!))
        ).ExecuteAsync(httpContext);
    }
}
