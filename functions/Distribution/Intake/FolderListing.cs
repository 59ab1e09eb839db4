using Distribution.Common;

namespace Distribution.Intake;

/// <summary>A snapshot of an upload folder, as storage lists it.</summary>
/// <param name="Files">The files in the folder; for a file of a standing folder only that file.</param>
/// <param name="Standing">The process's standing letter, if the folder uses it; else null.</param>
internal sealed record FolderListing(UploadFolder Folder, IReadOnlyList<DraftFile> Files, DraftFile? Standing)
{
    /// <summary>Computed from names and ETags: uploading the same bytes again changes it.</summary>
    public string Fingerprint => Of(Files.Select(file => $"{file.Name} {file.Version}"));

    /// <returns>The folders that these files belong to.</returns>
    public static IReadOnlyList<FolderListing> All(IReadOnlyList<DraftFile> listed) =>
        [
            .. listed
                .Select(file => (File: file, Place: BlobNames.Place(file.Name)))
                .Where(entry => entry.Place is { Folder: not null, File: not null })
                .GroupBy(entry => entry.Place.Folder!, entry => entry.File)
                .Select(group => new FolderListing(
                    group.Key,
                    [.. group],
                    group.Key.IsStanding
                        ? listed.FirstOrDefault(file => file.Name == $"{group.Key.Process}/{BlobNames.StandingLetter}")
                        : null)),
        ];

    /// <returns>The folder as listed now; without files if it no longer exists.</returns>
    public static async Task<FolderListing> Now(Drafts drafts, UploadFolder folder, CancellationToken cancellation) =>
        All(await drafts.List($"{folder.Process}/", cancellation)).FirstOrDefault(found => found.Folder == folder)
        ?? new(folder, [], null);

    /// <returns>SHA-256 over the parts, joined by line feeds; lower-case hexadecimal.</returns>
    public static string Of(IEnumerable<string> parts) =>
        Sha256Hex.Of(string.Join('\n', parts));
}
