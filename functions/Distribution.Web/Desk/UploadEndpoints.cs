using System.Security.Claims;
using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The form for uploading files.</summary>
/// <param name="Process">As typed.</param>
/// <param name="Revision">As typed.</param>
/// <param name="Processes">The processes known already, to choose from.</param>
/// <param name="Problems">Sentences; empty where nothing was wrong or nothing was sent.</param>
/// <param name="Faults">What is wrong with the files' names, in English for every reader, as findings are.</param>
/// <param name="There">Files already in the folder that the upload would replace, with their sizes.</param>
/// <param name="Sent">Files that were sent in parts and wait for the next press (<see cref="ChosenFiles.Entries"/>).</param>
internal sealed record UploadFormView(
    string Process,
    string Revision,
    IReadOnlyList<string> Processes,
    IReadOnlyList<Phrase> Problems,
    IReadOnlyList<string> Faults,
    IReadOnlyList<Phrase> There,
    IReadOnlyList<string> Sent);

/// <summary>Uploads files into the drafts container and records who brought them.</summary>
internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder endpoints, RouteGroupBuilder forms)
    {
        endpoints
            .MapMethods(
                Addresses.UploadForm,
                ReadMethods.Read,
                async (string? process, string? revision, Uploads uploads, CancellationToken cancellation) =>
                    await Form(process ?? "", revision ?? "", [], [], [], [], uploads, cancellation))
            .RequireAuthorization(Roles.Keep);
        endpoints.MapMethods("/uploads", ReadMethods.Read, Show);
        forms.MapPost(Addresses.DiscardUpload, Discard).Asks("Discard an upload", Roles.Keep);
        forms.MapPost(Addresses.UploadForm, Upload)
            .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.PlainForm))
            .Asks("Upload files", Roles.Keep);
    }

    private static async Task<IResult> Form(
        string process,
        string revision,
        IReadOnlyList<Phrase> problems,
        IReadOnlyList<string> faults,
        IReadOnlyList<Phrase> there,
        IReadOnlyList<ChosenFile> sent,
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
                faults,
                there,
                ChosenFiles.Entries(sent)),
            problems.Count + faults.Count + there.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static async Task<ActResult> Upload(
        [FromForm] string? process,
        [FromForm] string? revision,
        [FromForm] string? replace,
        HttpRequest request,
        ClaimsPrincipal user,
        Drafts drafts,
        StagedFiles staged,
        ExaminationTurns turns,
        SignedOffFiles signedOff,
        DeskUploads authors,
        Uploads uploads,
        CancellationToken cancellation)
    {
        process = FileNames.AsRead(process?.Trim() ?? "");
        revision = FileNames.AsRead(revision?.Trim() ?? "");
        // What a system keeps for itself in a folder is chosen by nobody. letter.md goes last, so that its enclosures are
        // there when it is examined.
        var chosen = (await ChosenFiles.Of(request, "files", SignedIn.PersonOf(user), cancellation))
            .ToLookup(entry => ToolFiles.Is(entry.Name));
        var leftOut = chosen[true].Select(entry => UnsafeCharacters.Briefly(entry.Name)).ToList();
        var named = chosen[false]
            .OrderBy(entry => entry.Name is BlobNames.Letter or BlobNames.StandingLetter)
            .ToList();
        var places = named
            .Select(entry =>
                BlobNames.Place(
                    entry.Name == BlobNames.StandingLetter
                        ? $"{process}/{entry.Name}"
                        : $"{process}/{revision}/{entry.Name}"))
            .ToList();
        List<Phrase> problems =
        [
            .. process.Length == 0 ? [Say($"Name the process, such as gcm.")] : (Phrase[])[],
            .. revision.Length == 0 ? [Say($"Name the revision, such as draft-rev-1.")] : (Phrase[])[],
            .. named.Count == 0 ? [Say($"Choose the files: letter.md and what it encloses.")] : (Phrase[])[],
            .. named
                .GroupBy(entry => FileNames.AsSeen(entry.Name), StringComparer.Ordinal)
                .Where(same => same.Count() > 1)
                .Select(same => same.DistinctBy(entry => entry.Name).ToList() is [var only]
                    ? Say($"Two files are called {only.Name}: choose one of them.")
                    : Say($"The names of {Listed(same.Select(entry => Plain(entry.Name)))} look the same: choose one of them.")),
            .. named.Sum(entry => entry.Length) is > RequestLimits.Upload and var bytes
                ? [Say($"The files have {Amounts.SizeAbove(RequestLimits.Upload, bytes)} together, and one upload has no more than {Amounts.Size(RequestLimits.Upload)}.")]
                : (Phrase[])[],
        ];
        List<string> faults = problems.Count > 0 ? [] : [.. places.SelectMany(place => place.Faults).Select(fault => $"{fault}").Distinct()];
        if (problems.Count + faults.Count > 0)
            return ActResult.Unfinished(
                Say($"Nothing was uploaded. Put right what stands below, and choose the files again."),
                await Form(process, revision, problems, faults, [], [], uploads, cancellation));

        var names = named
            .Select(entry =>
                entry.Name == BlobNames.StandingLetter
                    ? $"{process}/{entry.Name}"
                    : $"{process}/{revision}/{entry.Name}")
            .ToList();
        var folders = places.Select(place => place.Folder).OfType<UploadFolder>().Distinct().ToList();
        // Until all of it is there, nobody examines it in this process or uploads into the same folder: two pages that
        // upload at once do so one after the other, and the second is asked whether it shall replace the first.
        using var hold = await FolderHold.Of(folders, turns, cancellation);
        List<DraftFile> there = [];
        foreach (var folder in names.Select(FolderOf).Distinct())
            there.AddRange(
                (await drafts.List(folder, cancellation)).Where(file => names.Exists(name => IsInPlaceOf(file, name))));
        if (there.Count > 0 && replace is not "yes")
        {
            if (folders is [var same] && await IsBefore(same))
            {
                foreach (var file in named.Select(entry => entry.Staged).OfType<StagedFile>())
                    await staged.Remove(file, cancellation);
                var listed = (await FolderListing.Now(drafts, same, cancellation)).Fingerprint;
                return ActResult.Unchanged(
                    Say($"These files were uploaded into {Plain($"{same}")} already when you pressed."),
                    await Became(same, listed, uploads, cancellation) ?? Addresses.Upload(same, listed));
            }

            return ActResult.Unfinished(
                Say(there.Count, $"Nothing was uploaded: the folder holds a file of this name already.", $"Nothing was uploaded: the folder holds files of these names already."),
                await Form(
                    process,
                    revision,
                    [],
                    [],
                    [
                        .. there.Select(file => Say($"{file.File}, {Amounts.Size(file.Length)}")),
                    ],
                    named,
                    uploads,
                    cancellation));
        }

        await using var open = await OpenFiles.Open(named, staged, cancellation);
        if (open.Problems.Count > 0)
            return ActResult.Unfinished(
                Say($"Nothing was uploaded, because not all of it arrived as it was sent."),
                await Form(process, revision, open.Problems, [], [], [], uploads, cancellation));
        request.HttpContext.Detail(Say($"{process}/{revision}: {Listed(named.Select(entry => Plain(entry.Name)))}"));
        // A new file takes the place of the one whose name looks the same, and is not put beside it.
        var listings = await signedOff.Put(
            [.. open.Streams.Zip(names, (content, name) => new SignedOffFile(name, content))],
            there.Where(file => !names.Contains(file.Name)),
            SignedIn.PersonOf(user),
            hold);
        // From here on it is done to its end, also where the browser has gone.
        cancellation = CancellationToken.None;
        foreach (var file in chosen.SelectMany(entries => entries).Select(entry => entry.Staged).OfType<StagedFile>())
            await staged.Remove(file, cancellation);
        var where = listings is [var one] ? $"{one.Folder}" : $"{process}";
        var done = Say(
            names.Count, $"{names.Count} file is uploaded into {where}", $"{names.Count} files are uploaded into {where}");
        return ActResult.Done(
            leftOut is []
                ? Say($"{done}.")
                : Say($"{done}; left out as made by a system or a program for itself: {Listed(leftOut.Select(Plain))}."),
            listings is not [var only] ? Addresses.Front
                : await Became(only.Folder, only.Fingerprint, uploads, cancellation)
                    ?? Addresses.Upload(only.Folder, only.Fingerprint));

        // Whether the same person has uploaded these very files last, as by the same button pressed twice.
        async Task<bool> IsBefore(UploadFolder folder)
        {
            var now = await FolderListing.Now(drafts, folder, cancellation);
            if (await authors.That(now, cancellation) is not { } last
                || !last.Author.Is(SignedIn.PersonOf(user))
                || last.Files.Count != named.Count
                || there.Count != named.Count
                || (await uploads.Find(folder, cancellation))?.Value.State == UploadState.Discarded)
                return false;
            foreach (var (entry, name) in named.Zip(names))
                if (there.Find(file => file.Name == name) is not { } file
                    || await drafts.Read(file, cancellation) is not { } stored
                    || Sha256Hex.Of(stored.Span) != await HashOf(entry))
                    return false;
            return true;
        }

        async Task<string> HashOf(ChosenFile file)
        {
            if (file.Staged is { } sent)
                return sent.Sha256;
            await using var content = file.Form!.OpenReadStream();
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        }
    }

    /// <summary>
    /// Whether a file is where a file of that name would be put: in the same folder, under a name that looks the same.
    /// </summary>
    private static bool IsInPlaceOf(DraftFile file, string name) =>
        file is { IsFolder: false }
        && FolderOf(file.Name) == FolderOf(name)
        && FileNames.AsSeen(file.File) == FileNames.AsSeen(name[FolderOf(name).Length..]);

    private static string FolderOf(string name) => name[..(name.LastIndexOf('/') + 1)];

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
        FolderReader folders,
        Uploads uploads,
        CancellationToken cancellation)
    {
        if (folder is null || await folders.Of(folder, files, cancellation) is not { } view)
            return Pages.NotFound();
        if (files is not null && await Became(view.Folder, files, uploads, cancellation) is { } letter)
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
