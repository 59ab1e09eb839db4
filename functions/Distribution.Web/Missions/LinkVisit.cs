using Distribution.Letters;
using Distribution.Tracking;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Missions;

/// <summary>A visit to one of the pages of a mission's link.</summary>
/// <param name="Language">
/// The language that the visitor chose, by its code; null for that of the mission's email.
/// </param>
/// <param name="Agent">The visitor's User-Agent; may be empty.</param>
internal sealed record LinkVisit(string Distribution, string Mission, string Token, string? Language, string Agent)
{
    /// <summary>The route of a mission's link.</summary>
    public const string Link = MissionRoutes.Acknowledge + "/{distribution}/{mission}/{token}";

    /// <summary>What stands after <c>/acknowledge/</c>, decoded.</summary>
    public string Path => $"{Distribution}/{Mission}/{Token}";

    /// <summary>What pages and forms are sealed for: the link, by whichever key it was signed.</summary>
    public string[] Sealed => [Distribution, Mission];

    public static ValueTask<LinkVisit> BindAsync(HttpContext context)
    {
        var request = context.Request;
        return ValueTask.FromResult(
            new LinkVisit(
                Part("distribution"),
                Part("mission"),
                Part("token"),
                PageLanguage.Chosen(request.Query[PageLanguage.Parameter]),
                request.Headers.UserAgent.ToString()));

        string Part(string name) => (string)request.RouteValues[name]!;
    }
}

internal static class CountedVisits
{
    extension(VisitCounter visits)
    {
        public Task Count(LinkVisit visit, VisitKind kind) =>
            visits.Count(visit.Distribution, visit.Mission, kind, visit.Agent);

        /// <inheritdoc cref="VisitCounter.CountFurther"/>
        public Task<bool> CountFurther(LinkVisit visit, VisitKind kind) =>
            visits.CountFurther(visit.Distribution, visit.Mission, kind, visit.Agent);
    }
}
