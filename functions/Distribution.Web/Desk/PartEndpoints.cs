using System.Security.Claims;
using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>
/// Takes files in parts, from the script of a form (<c>upload.js</c>), so that no request is large. A file is known by
/// its hash: a part may come twice or out of order, and an upload that broke off is taken up where it stopped. Parts
/// are no act on record; the form that signs them off is.
/// </summary>
internal static class PartEndpoints
{
    private const string File = Addresses.Parts + "/{sha256}/{length}";

    /// <summary>The header with a part's own hash (RFC 9530): <c>sha-256=:Base64:</c>.</summary>
    public const string Digest = "Content-Digest";

    private const string DigestStart = "sha-256=:";

    /// <summary>Said where a part is not what its digest says; the script sends it once more.</summary>
    private static readonly Phrase Damaged = Say($"A part of the file was damaged on its way.");

    public static void MapParts(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods(File, ReadMethods.Read, Show).RequireAuthorization(Roles.Keep);
        forms.MapPut(File + "/{part:int:min(0)}", Put)
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.Part))
            .RequireAuthorization(Roles.Keep);
    }

    /// <summary>The numbers of the parts that have come, as a JSON array.</summary>
    private static async Task<IResult> Show(
        string sha256,
        string length,
        ClaimsPrincipal user,
        StagedFiles staged,
        CancellationToken cancellation) =>
        ChosenFiles.Staged(sha256, length, SignedIn.PersonOf(user)) is { } file
            ? Results.Json(await staged.Parts(file, cancellation))
            : Pages.NotFound();

    private static async Task<IResult> Put(
        string sha256,
        string length,
        int part,
        HttpRequest request,
        ClaimsPrincipal user,
        StagedFiles staged,
        CancellationToken cancellation)
    {
        if (ChosenFiles.Staged(sha256, length, SignedIn.PersonOf(user)) is not { } file)
            return Pages.NotFound();
        if (file.Length > RequestLimits.Upload)
            return Results.Text(
                Say($"The file has {Amounts.SizeAbove(RequestLimits.Upload, file.Length)}, and no more than {Amounts.Size(RequestLimits.Upload)} can be uploaded.")
                    .In(ReaderLanguage.Of(request.HttpContext)),
                statusCode: StatusCodes.Status413PayloadTooLarge);
        // A part behind the end of the file is expected to have less than nothing, and is refused below.
        var expected = Math.Min(RequestLimits.Part, file.Length - (part * RequestLimits.Part));
        using var content = new MemoryStream();
        await request.Body.CopyToAsync(content, cancellation);
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        if (bytes.Length == 0 || bytes.Length != expected || !Fits(request.Headers[Digest].ToString(), bytes.Span))
            return Results.Text(
                Damaged.In(ReaderLanguage.Of(request.HttpContext)),
                statusCode: StatusCodes.Status422UnprocessableEntity);
        await staged.Put(file, part, bytes, cancellation);
        return Results.NoContent();
    }

    private static bool Fits(string digest, ReadOnlySpan<byte> content) =>
        digest == $"{DigestStart}{Convert.ToBase64String(SHA256.HashData(content))}:";
}
