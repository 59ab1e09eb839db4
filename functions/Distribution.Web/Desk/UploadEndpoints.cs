using System.Security.Claims;
using Distribution.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Uploads files into the drafts container and records who brought them.</summary>
internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints
            .MapMethods(
                Addresses.UploadForm,
                ReadMethods.Read,
                (string? process, string? revision, Uploads uploads, CancellationToken cancellation) =>
                    UploadFormView.Show(new(process ?? "", revision ?? "", [], []), uploads, cancellation))
            .RequireAuthorization(Roles.Keep);
        endpoints.MapMethods("/uploads", ReadMethods.Read, Show);
        forms.MapPost(Addresses.DiscardUpload, Discard).Asks("Discard an upload", Roles.Keep);
        forms.MapPost(Addresses.UploadForm, Upload)
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.PlainForm))
            .Asks("Upload files", Roles.Keep);
    }

    private static async Task<ActResult> Upload(
        [FromForm] string? process,
        [FromForm] string? revision,
        [FromForm] string? replace,
        HttpRequest request,
        ClaimsPrincipal user,
        UploadSaving saving,
        CancellationToken cancellation)
    {
        var chosen = await ChosenFolder.Of(process, revision, request, SignedIn.PersonOf(user), cancellation);
        return await saving.Press(chosen, replace is "yes", request.HttpContext, cancellation);
    }

    /// <summary>
    /// Shows what became of a folder. A person who has just uploaded waits here until their files are checked, and is
    /// then redirected to the letter that the files have become.
    /// </summary>
    private static async Task<IResult> Show(
        string? folder,
        string? files,
        FolderReader folders,
        UploadSaving saving,
        CancellationToken cancellation)
    {
        if (folder is null || await folders.Of(folder, files, cancellation) is not { } view)
            return Pages.NotFound();
        if (files is not null && await saving.Became(view.Folder, files, cancellation) is { } letter)
            return Pages.SeeOther(letter);
        return Pages.Live<UploadPage, FolderView>(view);
    }

    private static async Task<ActResult> Discard(
        [FromForm] string? folder,
        [FromForm] string? files,
        HttpContext http,
        Uploads uploads,
        Discards discards,
        CancellationToken cancellation)
    {
        if ((await uploads.All(cancellation)).FirstOrDefault(upload => upload.Value.Folder.ToString() == folder)?.Value
            is not { } upload)
            return ActResult.NotThere();
        http.Detail(Say($"{Plain($"{upload.Folder}")}: {DeskText.Faults(upload.Faults.Count)}"));
        return await discards.DiscardUpload(upload.Folder, files ?? "", cancellation)
            ? ActResult.Done(Say($"{upload.Folder} is discarded, and its files stay where they are."), Addresses.Front)
            : ActResult.Unchanged(
                upload.State == UploadState.Discarded
                    ? Say($"This upload had been discarded already when you pressed.")
                    : Say($"Nothing was discarded: the folder had become something else when you pressed."),
                Addresses.Upload(upload.Folder));
    }
}
