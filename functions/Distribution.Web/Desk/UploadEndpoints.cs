using System.Globalization;
using System.Security.Claims;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web.Desk;

/// <summary>The form for uploading files.</summary>
/// <param name="Process">As typed.</param>
/// <param name="Revision">As typed.</param>
/// <param name="Processes">The processes known already, to choose from.</param>
/// <param name="Problems">Sentences; empty where nothing was wrong or nothing was sent.</param>
/// <param name="There">Files already in the folder that the upload would replace, with their sizes.</param>
internal sealed record UploadFormView(
    string Process,
    string Revision,
    IReadOnlyList<string> Processes,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> There);

/// <summary>Uploads files into the drafts container and records who brought them.</summary>
internal static class UploadEndpoints
{
    /// <summary>
    /// The most that one form may bring, in bytes: twice what one message can carry, and less than the host of a
    /// function app accepts.
    /// </summary>
    public const long Most = 60_000_000;

    /// <summary>In seconds, as the <c>Refresh</c> header takes it.</summary>
    private const string CheckAgain = "2";

    public static void MapUploads(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints
            .MapMethods(
                "/upload",
                ReadMethods.Read,
                async (string? process, string? revision, Uploads uploads, CancellationToken cancellation) =>
                    await Form(process ?? "", revision ?? "", [], [], uploads, cancellation))
            .RequireAuthorization(Roles.Keep);
        endpoints.MapMethods("/uploads", ReadMethods.Read, Show);
        forms.MapPost(Addresses.DiscardUpload, Discard).Asks("Discard an upload", Roles.Keep);
        forms.MapPost("/upload", Upload).WithMetadata(new RequestSize()).Asks("Upload files", Roles.Keep);
    }

    private static async Task<IResult> Form(
        string process,
        string revision,
        IReadOnlyList<string> problems,
        IReadOnlyList<string> there,
        Uploads uploads,
        CancellationToken cancellation) =>
        Pages.Show<UploadFormPage, UploadFormView>(
            new(
                process,
                revision,
                [
                    .. (await uploads.All(cancellation))
                        .Select(upload => upload.Value.Folder.Process)
                        .Distinct()
                        .Where(known => known != Examination.Misplaced.Process)
                        .Order(StringComparer.Ordinal),
                ],
                problems,
                there),
            problems.Count + there.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static async Task<IResult> Upload(
        [FromForm] string? process,
        [FromForm] string? revision,
        [FromForm] string? replace,
        HttpRequest request,
        ClaimsPrincipal user,
        Drafts drafts,
        DeskUploads authors,
        Uploads uploads,
        DraftUploads examined,
        RegisterInUse registers,
        ExaminationInputs surroundings,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        process = process?.Trim() ?? "";
        revision = revision?.Trim() ?? "";
        // Old browsers send whole paths. letter.md goes last, so that its enclosures are there when it is examined.
        var named = (await request.ReadFormAsync(cancellation))
            .Files.Where(file => file.Name == "files" && file.FileName.Length > 0)
            .Select(file => (File: file, Name: file.FileName.Split('/', '\\')[^1]))
            .OrderBy(entry => entry.Name is BlobNames.Letter or BlobNames.StandingLetter)
            .ToList();
        var places = named
            .Select(entry =>
                BlobNames.Place(
                    entry.Name == BlobNames.StandingLetter
                        ? $"{process}/{entry.Name}"
                        : $"{process}/{revision}/{entry.Name}"))
            .ToList();
        List<string> problems =
        [
            .. process.Length == 0 ? ["Name the process, such as gcm."] : (string[])[],
            .. revision.Length == 0 ? ["Name the revision, such as draft-rev-1."] : (string[])[],
            .. named.Count == 0 ? ["Choose the files: letter.md and what it encloses."] : (string[])[],
            .. named
                .GroupBy(entry => FileNames.AsRead(entry.Name), StringComparer.Ordinal)
                .Where(same => same.Count() > 1)
                .Select(same => $"Two files are called {same.Key}: choose one of them."),
        ];
        if (problems.Count == 0)
            problems.AddRange(places.SelectMany(place => place.Faults).Select(fault => fault.ToString()).Distinct());
        if (problems.Count > 0)
            return await Form(process, revision, problems, [], uploads, cancellation);

        var names = named
            .Select(entry =>
                entry.Name == BlobNames.StandingLetter
                    ? $"{process}/{entry.Name}"
                    : $"{process}/{revision}/{entry.Name}")
            .ToList();
        var there = (await drafts.List($"{process}/", cancellation))
            .Where(file => names.Exists(name => IsInPlaceOf(file, name)))
            .ToList();
        if (there.Count > 0 && replace is not "yes")
            return await Form(
                process,
                revision,
                [],
                [
                    .. there.Select(file =>
                        string.Create(CultureInfo.InvariantCulture, $"{file.File}, {DeskText.Size(file.Length)}")),
                ],
                uploads,
                cancellation);
        // A new file replaces the file whose name looks the same, and is not put beside it.
        names =
        [
            .. names.Select(name =>
                there.Exists(file => file.Name == name)
                    ? name
                    : there.Find(file => IsInPlaceOf(file, name))?.Name ?? name),
        ];

        request.HttpContext.Detail(
            SingleLine.Of($"{process}/{revision}: {EnglishText.Listed([.. named.Select(entry => entry.Name)])}"));
        Dictionary<string, string> stored = [];
        foreach (var (entry, name) in named.Zip(names))
        {
            await using var content = entry.File.OpenReadStream();
            stored[name] = await drafts.Upload(name, content, cancellation);
        }

        // A standing letter belongs to no folder of its own: it is examined with each file of the standing folder.
        if (places[^1].Folder is not { } folder)
        {
            await examined.Examine(names[^1], cancellation);
            return Pages.SeeOther(Addresses.Front);
        }

        var listing = await FolderListing.Now(drafts, folder, cancellation);
        // If somebody else has replaced these files in the meantime, nobody is recorded as the author of what is there
        // now.
        if (stored.All(file => listing.Files.Any(listed => listed.Name == file.Key && listed.Version == file.Value)))
            await authors.Add(
                new(
                    folder,
                    SignedIn.PersonOf(user),
                    clock.GetUtcNow(),
                    [.. named.Select(entry => entry.Name)],
                    listing.Fingerprint,
                    (await registers.Current(cancellation)).Hash,
                    surroundings.With(listing.Standing)),
                cancellation);
        await examined.Examine(names[^1], cancellation);
        return Pages.SeeOther(
            await Became(folder, listing.Fingerprint, uploads, cancellation)
                ?? Addresses.Upload(folder, listing.Fingerprint));
    }

    /// <summary>
    /// Whether a file is where a file of that name would be put: in the same folder, under a name that looks the same.
    /// </summary>
    private static bool IsInPlaceOf(DraftFile file, string name) =>
        file.Name.StartsWith(name[..(name.LastIndexOf('/') + 1)], StringComparison.Ordinal)
        && FileNames.AreSame(file.Name, name);

    /// <returns>
    /// The address of the letter that exactly these files have become; null where they are still being checked, or have
    /// not become one.
    /// </returns>
    private static async Task<string?> Became(
        UploadFolder folder,
        string files,
        Uploads uploads,
        CancellationToken cancellation) =>
        (await uploads.Find(folder, cancellation))?.Value
            is { State: UploadState.Accepted, DistributionId: { } id } upload
        && upload.Files == files
            ? Addresses.Distribution(id)
            : null;

    /// <summary>
    /// Shows what became of a folder. A person who has just uploaded waits here until their files are checked, and is
    /// then redirected to the letter that the files have become.
    /// </summary>
    private static async Task<IResult> Show(
        string? folder,
        string? files,
        string? late,
        DeskReader desk,
        Uploads uploads,
        HttpResponse response,
        CancellationToken cancellation)
    {
        if (folder is null || await desk.Upload(folder, files, cancellation) is not { } view)
            return Pages.NotFound();
        if (files is not null && await Became(view.Folder, files, uploads, cancellation) is { } letter)
            return Pages.SeeOther(letter);
        view = view with { IsLate = late is not null };
        if (view.Checking is null)
            return Pages.Live<UploadPage, FolderView>(view);
        // The browser reloads the whole page, without a script: the files may become a letter, which is another page.
        response.Headers["Refresh"] = CheckAgain;
        return Pages.Show<UploadPage, FolderView>(view);
    }

    private static async Task<IResult> Discard(
        [FromForm] string? folder,
        [FromForm] string? files,
        HttpContext http,
        ClaimsPrincipal user,
        Uploads uploads,
        Discards discards,
        CancellationToken cancellation)
    {
        if ((await uploads.All(cancellation)).FirstOrDefault(upload => upload.Value.Folder.ToString() == folder)?.Value
            is not { } upload)
            return Pages.NotFound();
        http.Detail(SingleLine.Of($"{upload.Folder}: {EnglishText.Counted(upload.Faults.Count, "fault")}"));
        return await discards.DiscardUpload(upload.Folder, files ?? "", cancellation)
            ? Pages.SeeOther(Addresses.Front)
            : Pages.SeeOther($"{Addresses.Upload(upload.Folder)}&late=discard");
    }

    /// <summary>Allows more bytes than other forms may bring.</summary>
    private sealed class RequestSize : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Most;
    }
}
