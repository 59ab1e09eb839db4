using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Microsoft.AspNetCore.Http;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The files that a person chose for a folder of <c>drafts</c>, as the upload form was sent.</summary>
/// <param name="Process">As typed, without the spaces around it; so is the revision.</param>
/// <param name="Files">
/// Those that are meant; the letter last, so that its enclosures are there when it is examined.
/// </param>
/// <param name="OfTools">
/// What a system or a program keeps for itself in a folder: chosen by nobody, and left out.
/// </param>
internal sealed record ChosenFolder(
    string Process,
    string Revision,
    IReadOnlyList<ChosenFile> Files,
    IReadOnlyList<ChosenFile> OfTools)
{
    /// <summary>
    /// The name of each file in the container, in the same order; a standing letter belongs to its process.
    /// </summary>
    public IReadOnlyList<string> Names { get; } =
    [
        .. Files.Select(file =>
            file.Name == BlobNames.StandingLetter ? $"{Process}/{file.Name}" : $"{Process}/{Revision}/{file.Name}"),
    ];

    /// <param name="person">Who sends the form.</param>
    public static async Task<ChosenFolder> Of(
        string? process,
        string? revision,
        HttpRequest request,
        Person person,
        CancellationToken cancellation)
    {
        var chosen = (await ChosenFiles.Of(request, "files", person, cancellation))
            .ToLookup(file => ToolFiles.Is(file.Name));
        return new(
            FileNames.AsRead(process?.Trim() ?? ""),
            FileNames.AsRead(revision?.Trim() ?? ""),
            [.. chosen[false].OrderBy(file => file.Name is BlobNames.Letter or BlobNames.StandingLetter)],
            [.. chosen[true]]);
    }

    /// <summary>The folders that they go into.</summary>
    public IReadOnlyList<UploadFolder> Folders =>
        [.. Names.Select(name => BlobNames.Place(name).Folder).OfType<UploadFolder>().Distinct()];

    /// <summary>What came in parts before the form.</summary>
    public IEnumerable<StagedFile> Staged => Files.Concat(OfTools).Select(file => file.Staged).OfType<StagedFile>();

    /// <summary>What is missing or too much, in sentences; empty where nothing is.</summary>
    public IReadOnlyList<Phrase> Problems()
    {
        List<Phrase> problems = [];
        if (Process.Length == 0)
            problems.Add(Say($"Name the process, such as gcm."));
        if (Revision.Length == 0)
            problems.Add(Say($"Name the revision, such as draft-rev-1."));
        if (Files.Count == 0)
            problems.Add(Say($"Choose the files: letter.md and what it encloses."));
        problems.AddRange(
            Files
                .GroupBy(file => FileNames.AsSeen(file.Name), StringComparer.Ordinal)
                .Where(same => same.Count() > 1)
                .Select(same => same.DistinctBy(file => file.Name).ToList() is [var only]
                    ? Say($"Two files are called {only.Name}: choose one of them.")
                    : Say($"The names of {Listed(same.Select(file => Plain(file.Name)))} look the same: choose one of them.")));
        if (Files.Sum(file => file.Length) is > RequestLimits.Upload and var bytes)
            problems.Add(
                Say($"The files have {Amounts.SizeAbove(RequestLimits.Upload, bytes)} together, and one upload has no more than {Amounts.Size(RequestLimits.Upload)}."));
        return problems;
    }

    /// <summary>What is wrong with the names, each fault once, in English as findings are.</summary>
    public IReadOnlyList<string> NameFaults() =>
        [.. Names.SelectMany(name => BlobNames.Place(name).Faults).Select(fault => $"{fault}").Distinct()];

    /// <returns>
    /// The files that these would take the place of: in the same folder, under a name that looks the same.
    /// </returns>
    public async Task<IReadOnlyList<DraftFile>> There(Drafts drafts, CancellationToken cancellation)
    {
        List<DraftFile> there = [];
        foreach (var folder in Names.Select(FolderOf).Distinct())
            there.AddRange((await drafts.List(folder, cancellation)).Where(IsTakenPlace));
        return there;

        bool IsTakenPlace(DraftFile file) =>
            !file.IsFolder
            && Names.Any(name =>
                FolderOf(file.Name) == FolderOf(name)
                && FileNames.AsSeen(file.File) == FileNames.AsSeen(name[FolderOf(name).Length..]));
    }

    private static string FolderOf(string name) => name[..(name.LastIndexOf('/') + 1)];
}
