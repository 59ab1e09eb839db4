using System.Security.Cryptography;
using System.Text;

namespace Distribution.Intake;

/// <summary>An upload folder as storage lists it at one moment.</summary>
/// <param name="Files">What is in the folder; a file of a standing folder stands alone.</param>
/// <param name="Standing">The process's standing letter, where the folder is served by it.</param>
internal sealed record FolderListing(UploadFolder Folder, IReadOnlyList<DraftFile> Files, DraftFile? Standing)
{
    /// <summary>Computed from names and ETags: uploading the same bytes again changes it.</summary>
    public string Fingerprint => Of(Files.Select(file => $"{file.Name} {file.Version}"));

    /// <returns>Every folder that these files make up.</returns>
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

    /// <returns>The folder as it is listed now; without files where it is gone.</returns>
    public static async Task<FolderListing> Now(Drafts drafts, UploadFolder folder, CancellationToken cancellation) =>
        All(await drafts.List($"{folder.Process}/", cancellation)).FirstOrDefault(found => found.Folder == folder)
        ?? new(folder, [], null);

    /// <returns>SHA-256 over the parts, lower-case hexadecimal.</returns>
    public static string Of(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
