using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>A snapshot of an upload folder, as storage lists it.</summary>
/// <param name="Listed">All in the folder; for a file of a standing folder only that file.</param>
/// <param name="Standing">The process's standing letter, if the folder uses it; else null.</param>
internal sealed record FolderListing(UploadFolder Folder, IReadOnlyList<DraftFile> Listed, DraftFile? Standing)
{
    /// <summary>What people have put there.</summary>
    public IReadOnlyList<DraftFile> Files { get; } = [.. Listed.Where(file => !IsLeftOut(file))];

    /// <summary>What systems and programs have put there: it is never read, and changes nothing.</summary>
    public IReadOnlyList<DraftFile> LeftOut { get; } = [.. Listed.Where(IsLeftOut)];

    /// <summary>Computed from names and ETags: uploading the same bytes again changes it.</summary>
    public string Fingerprint => Of(Files);

    /// <returns>The folders that these files belong to.</returns>
    public static IReadOnlyList<FolderListing> All(IReadOnlyList<DraftFile> listed) =>
        [
            .. listed
                .Select(file => (File: file, Place: BlobNames.Place(file.Name)))
                .Where(entry => entry.Place is { Folder: not null, File: not null })
                .GroupBy(entry => entry.Place.Folder!, entry => entry.File)
                .Where(group => !group.All(IsLeftOut))
                .Select(group => group.Key.IsStanding ? OfStanding(group, listed) : new(group.Key, [.. group], null)),
        ];

    // Where a Mac and Windows each have put a standing letter there, the second one stands among the files, so that
    // both are named.
    private static FolderListing OfStanding(IGrouping<UploadFolder, DraftFile> group, IReadOnlyList<DraftFile> listed)
    {
        var letter = $"{group.Key.Process}/{BlobNames.StandingLetter}";
        var standing = listed.Where(file => FileNames.AreSame(file.Name, letter)).ToList();
        return new(group.Key, [.. group, .. standing.Skip(1)], standing.FirstOrDefault());
    }

    /// <returns>The folder as listed now; without files if it no longer exists.</returns>
    public static async Task<FolderListing> Now(Drafts drafts, UploadFolder folder, CancellationToken cancellation) =>
        All(await drafts.List(Beginning(folder.Process), cancellation)).FirstOrDefault(found => found.Folder == folder)
        ?? new(folder, [], null);

    private static bool IsLeftOut(DraftFile file) => file.IsFolder || ToolFiles.Is(file.Name);

    /// <summary>
    /// What every spelling of a folder's path begins with. A Mac writes an accented letter as two signs, so the
    /// spellings differ from the first such letter on.
    /// </summary>
    private static string Beginning(string process) =>
        process.AsSpan().IndexOfAnyExceptInRange('\0', '\x7f') is >= 0 and var odd
            ? process[..odd]
            : $"{process}/";

    /// <summary>A fingerprint of files by their names and ETags.</summary>
    public static string Of(IEnumerable<DraftFile> files) => Of(files.Select(file => $"{file.Name} {file.Version}"));

    /// <returns>SHA-256 over the parts, joined by line feeds; lower-case hexadecimal.</returns>
    public static string Of(IEnumerable<string> parts) =>
        Sha256Hex.Of(string.Join('\n', parts));
}
