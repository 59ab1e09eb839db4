using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Letters.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Each kind of letter of each template.</summary>
internal sealed record KindsView(IReadOnlyList<string> Templates);

/// <summary>What templates print: an example of each kind of letter.</summary>
internal static class KindEndpoints
{
    public static void MapKinds(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Addresses.Kinds, ReadMethods.Read, Show);
        endpoints.MapMethods($"{Addresses.Kinds}/{{template}}/{{form}}/{{address}}/page-1.pdf", ReadMethods.Read, Page);
    }

    private static IResult Show(Templates templates) => Pages.Show<KindsPage, KindsView>(new(templates.Names));

    private static async Task<IResult> Page(
        string template,
        string form,
        string address,
        HttpContext http,
        Templates templates,
        LetterPreviews previews,
        CancellationToken cancellation)
    {
        if (!templates.Names.Contains(template) || !ExampleLetter.Kinds.Contains((form, address)))
            return Pages.NotFound();
        switch (await previews.OfKind(template, form, address, cancellation))
        {
            case LetterPreview.Shown shown:
                return Downloads.Inline(http.Response, "page-1.pdf", shown.Pdf);
            case LetterPreview.NotYet not:
                http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Framed;
                return Pages.Message(
                    StatusCodes.Status422UnprocessableEntity,
                    Say($"The letter cannot be shown yet"),
                    not.Found,
                    [.. not.Why]);
            default:
                return Pages.NotFound();
        }
    }
}
