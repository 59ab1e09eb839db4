using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web;

/// <summary>The form files are uploaded with.</summary>
/// <param name="Process">As typed.</param>
/// <param name="Revision">As typed.</param>
/// <param name="Processes">Those there are, to choose from.</param>
/// <param name="Problems">Sentences; empty where nothing was wrong or nothing was sent.</param>
/// <param name="There">Files of the same names that are there already.</param>
internal sealed record UploadFormView(string Process, string Revision, IReadOnlyList<string> Processes, IReadOnlyList<string> Problems, IReadOnlyList<string> There);

/// <summary>Takes files into the drafts container, with the name of who brought them.</summary>
internal static class UploadEndpoints
{
    /// <summary>The most that one form may bring, in bytes: twice what one message can carry, and less than a function app's host takes.</summary>
    public const long Most = 60_000_000;

    public static void MapUploads(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints.MapMethods("/upload", Methods.Read, async (string? process, string? revision, Uploads uploads, CancellationToken cancellation) =>
            await Form(process ?? "", revision ?? "", [], [], uploads, cancellation)).RequireAuthorization(Roles.Keep);
        forms.MapPost("/upload", Take).WithMetadata(new RequestSize()).Asks("Upload files", Roles.Keep);
    }

    private static async Task<IResult> Form(
        string process, string revision, IReadOnlyList<string> problems, IReadOnlyList<string> there, Uploads uploads, CancellationToken cancellation) =>
        Pages.Show<UploadFormPage, UploadFormView>(
            new(
                process, revision,
                [.. (await uploads.All(cancellation)).Select(upload => upload.Value.Folder.Process).Distinct().Where(known => known != Examination.Misplaced.Process).Order(StringComparer.Ordinal)],
                problems, there),
            problems.Count + there.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static async Task<IResult> Take(
        [FromForm] string? process, [FromForm] string? revision, [FromForm] string? replace, HttpRequest request,
        ClaimsPrincipal user, Drafts drafts, Authors authors, Uploads uploads, DraftUploads examined, TimeProvider clock, CancellationToken cancellation)
    {
        process = process?.Trim() ?? "";
        revision = revision?.Trim() ?? "";
        // Browsers of old sent whole paths; letter.md goes last, so that it is examined with what it encloses.
        var named = (await request.ReadFormAsync(cancellation)).Files.Where(file => file.Name == "files" && file.FileName.Length > 0).Select(file => (File: file, Name: file.FileName.Split('/', '\\')[^1]))
            .OrderBy(entry => entry.Name is BlobNames.Letter or BlobNames.StandingLetter).ToList();
        var places = named.Select(entry => BlobNames.Place(entry.Name == BlobNames.StandingLetter ? $"{process}/{entry.Name}" : $"{process}/{revision}/{entry.Name}")).ToList();
        List<string> problems =
        [
            .. process.Length == 0 ? ["Name the process, such as gcm."] : (string[])[],
            .. revision.Length == 0 ? ["Name the revision, such as draft-rev-1."] : (string[])[],
            .. named.Count == 0 ? ["Choose the files: letter.md and what it encloses."] : (string[])[],
            .. named.GroupBy(entry => entry.Name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => $"Two files are called {same.Key}: choose one of them."),
        ];
        if (problems.Count == 0)
            problems.AddRange(places.SelectMany(place => place.Faults).Select(fault => fault.ToString()).Distinct());
        if (problems.Count > 0)
            return await Form(process, revision, problems, [], uploads, cancellation);

        var names = named.Select(entry => entry.Name == BlobNames.StandingLetter ? $"{process}/{entry.Name}" : $"{process}/{revision}/{entry.Name}").ToList();
        var there = (await drafts.List($"{process}/", cancellation)).Where(file => names.Contains(file.Name)).ToList();
        if (there.Count > 0 && replace is not "yes")
            return await Form(
                process, revision, [], [.. there.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name.Split('/')[^1]}, {Say.Size(file.Length)}"))], uploads, cancellation);

        var author = SignedIn.PersonOf(user);
        foreach (var (entry, name) in named.Zip(names))
        {
            await using var content = entry.File.OpenReadStream();
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
            content.Position = 0;
            // Who brought it first: a file whose author is not known needs two more people, one that is not there needs none.
            await authors.Add(new(name, hash, author, clock.GetUtcNow()), cancellation);
            await drafts.Upload(name, content, cancellation);
        }

        await examined.Examine(names[^1], cancellation);
        if (places[^1].Folder is { } folder && await uploads.Find(folder, cancellation) is { } upload)
            return Pages.SeeOther(upload.Value is { State: UploadState.Accepted, DistributionId: { } id } ? Addresses.Distribution(id) : Addresses.Upload(folder));
        return Pages.SeeOther(Addresses.Front);
    }

    /// <summary>More than other forms may bring.</summary>
    private sealed class RequestSize : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Most;
    }
}
