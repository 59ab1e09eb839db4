using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Missions;

/// <summary>Marks the endpoints that missions, and whoever else has no account, come to.</summary>
internal sealed class OpenToMissions;

/// <summary>
/// What somebody at a mission reads where a request fails. The language of their letter cannot be looked up then, and
/// whoever looks after the service is nobody they know.
/// </summary>
internal static class MissionFailures
{
    /// <param name="status">That the request is answered with.</param>
    public static IResult Page(int status, HttpRequest request) =>
        Pages.Show<SixLanguagesPage, SixLanguages>(
            SixLanguages.Of(
                "failed_heading",
                status is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError
                    and not (StatusCodes.Status408RequestTimeout or StatusCodes.Status409Conflict)
                        // Refused before anything was done: too long, or not what the page sends.
                        ? "failed_taken"
                // A form that failed on its way may have been recorded all the same.
                : HttpMethods.IsPost(request.Method) ? "failed_unknown"
                : "failed_shown"),
            status);
}
