using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>Where a blob of the <c>drafts</c> container belongs.</summary>
/// <param name="Process">The process's folder; null if the name is in none.</param>
/// <param name="Folder">
/// The upload it is part of; null for a standing letter, which is part of every upload of its standing folder.
/// </param>
/// <param name="File">The file's name; null for the marker blob that some storage tools create for a folder.</param>
/// <param name="IsStandingLetter">True for <c>process/standing.md</c>.</param>
/// <param name="Faults">What is wrong with the name.</param>
internal sealed record BlobPlace(
    string? Process,
    UploadFolder? Folder,
    string? File,
    bool IsStandingLetter,
    IReadOnlyList<Finding> Faults);

/// <summary>
/// The names of blobs in the <c>drafts</c> container: <c>process/revision/file</c>, <c>process/standing/file</c>,
/// <c>process/standing.md</c>.
/// </summary>
internal static class BlobNames
{
    public const string Letter = "letter.md";
    public const string StandingLetter = "standing.md";
    public const string StandingFolder = "standing";

    /// <summary>
    /// The language code in the name of a courtesy translation, <c>fr</c> for <c>letter.fr.md</c>; null for other
    /// files.
    /// </summary>
    public static string? LanguageOf(string file) =>
        // Three letters as well, so that letter.fra.md is refused as a translation, and not left behind as a file that
        // the letter does not name.
        file.Split('.') is ["letter", { Length: 2 or 3 } language, "md"] && language.All(char.IsAsciiLetter)
            ? language.ToLowerInvariant()
            : null;

    /// <summary>The name of the translation into a language: <c>letter.fr.md</c>.</summary>
    public static string TranslationIn(string language) => $"letter.{language}.md";

    /// <summary>The blob name of a file of an upload.</summary>
    public static string Of(UploadFolder folder, string file) => (folder.IsStanding, file) switch
    {
        (true, StandingLetter) => $"{folder.Process}/{file}",
        (true, _) => $"{folder.Process}/{StandingFolder}/{file}",
        _ => $"{folder}/{file}",
    };

    /// <summary>Where a blob belongs and what is wrong with its name.</summary>
    public static BlobPlace Place(string blobName)
    {
        var place = Location.In(UnsafeCharacters.Briefly(blobName));
        var isMarker = blobName.EndsWith('/');
        var path = (isMarker ? blobName[..^1] : blobName).Split('/');
        var process = (path.Length > 1 || isMarker) && FileNames.IsSound(path[0]) ? path[0] : null;
        var isStandingLetter = !isMarker && path is [_, StandingLetter];
        // Nobody has put it there, so nobody has to take it away: it is left out, wherever it lies.
        if (ToolFiles.Is(blobName))
            return new BlobPlace(process, OfToolFile(process, path), path[^1], false, []);

        var faults = path.SelectMany(name => FileNames.FaultsOf(name, place)).Distinct().ToList();
        if (path.Length > 3)
            faults.Add(IntakeFaults.NameTooDeep(place));
        if (!isMarker && path.Length < 3 && !isStandingLetter)
            faults.Add(
                path is [_, var name] && FileNames.AsMeant(name) == StandingLetter
                    ? IntakeFaults.StandingMisnamed(place)
                    : IntakeFaults.NameOutsideFolder(place));
        if (path is [_, StandingFolder, Letter or StandingLetter])
            faults.Add(IntakeFaults.LetterInStandingFolder(place, UnsafeCharacters.Briefly(path[0])));

        var folder = (process, path) switch
        {
            (null, _) or (_, [_, StandingFolder, Letter or StandingLetter]) => null,
            (_, [_, StandingFolder, var file]) when !isMarker => FileNames.IsSound(file)
                ? new UploadFolder(process, file, IsStanding: true)
                : null,
            (_, [_, StandingFolder, ..]) => null,
            (_, [_, var revision]) when isMarker => FileNames.IsSound(revision)
                ? new UploadFolder(process, revision)
                : null,
            (_, [_, var revision, _, ..]) => FileNames.IsSound(revision) ? new UploadFolder(process, revision) : null,
            _ => null,
        };
        return new BlobPlace(
            process,
            folder,
            isMarker ? null : FileNames.AsRead(path[^1]),
            isStandingLetter && process is not null,
            faults);
    }

    // In a standing folder each file is a letter of its own, which a tool's file is not.
    private static UploadFolder? OfToolFile(string? process, string[] path) =>
        process is not null && path.Length > 2 && path[1] != StandingFolder && FileNames.IsSound(path[1])
            ? new(process, path[1])
            : null;

    /// <summary>Groups of files whose names look the same: it is not known which of them a letter means.</summary>
    public static IEnumerable<IReadOnlyList<DraftFile>> Alike(IEnumerable<DraftFile> files) =>
        files
            .GroupBy(file => FileNames.AsSeen(WithinFolder(file)), StringComparer.Ordinal)
            .Select(same => same.ToList())
            .Where(same => same.Count > 1);

    private static string WithinFolder(DraftFile file) =>
        // Below its folder; a standing letter lies beside the folder that it belongs to.
        string.Join('/', file.Name.Split('/').Skip(2).DefaultIfEmpty(file.File));
}
