using System.Text;
using Distribution.Intake;

namespace Distribution.Local;

/// <summary>A folder on this machine, uploaded as any storage tool would upload it.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Target">The upload folder in storage.</param>
internal sealed record DraftFolder(string Path, UploadFolder Target)
{
    /// <summary>The last two names of the path become process and revision.</summary>
    public DraftFolder(string path)
        : this(
            path,
            new(
                System.IO.Path.GetFileName(
                    System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(path)))
                    is { Length: > 0 } process
                    ? process
                    : "drafts",
                System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path))))
    {
    }

    /// <param name="letter">
    /// Given the text of <c>letter.md</c>, returns the text to upload; null to upload it unchanged.
    /// </param>
    /// <exception cref="LocalFaultException">The folder cannot be read, or its name cannot be used.</exception>
    public async Task Upload(Drafts drafts, CancellationToken cancellation, Func<string, string>? letter = null)
    {
        foreach (var file in List())
            try
            {
                await using Stream content = letter is not null && file.File == BlobNames.Letter
                    ? new MemoryStream(
                        Encoding.UTF8.GetBytes(letter(await File.ReadAllTextAsync(PathOf(file), cancellation))))
                    : File.OpenRead(PathOf(file));
                await drafts.Upload(file.Name, content, cancellation);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw Unreadable(unreadable);
            }
    }

    /// <summary>
    /// The files as a listing of storage would have them, in the order of their names.
    /// </summary>
    /// <exception cref="LocalFaultException">The folder cannot be read, or its name cannot be used.</exception>
    public IReadOnlyList<DraftFile> List()
    {
        // Asked before anything is uploaded: the timer would report each file as misplaced, one by one.
        if (BlobNames.Place($"{Target}/{BlobNames.Letter}") is { Faults: var faults } place && place.Folder != Target)
            throw new LocalFaultException(
                $"The folder {Path} cannot be uploaded under its name: {string.Join(" ", faults.Select(fault => fault.Words))}",
                "Give the folder, or the one that holds it, another name.");
        try
        {
            return
            [
                .. new DirectoryInfo(Path)
                    .EnumerateFiles()
                    // As storage lists them, so that a preview reads the files in the order of an upload.
                    .OrderBy(file => file.Name, StringComparer.Ordinal)
                    .Select(file => new DraftFile($"{Target}/{file.Name}", "", file.Length)),
            ];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(unreadable);
        }
    }

    /// <exception cref="LocalFaultException">The file cannot be read.</exception>
    public async Task<ReadOnlyMemory<byte>?> Read(DraftFile file, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(file), cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(unreadable);
        }
    }

    private string PathOf(DraftFile file) =>
        System.IO.Path.Combine(Path, file.Name[(file.Name.LastIndexOf('/') + 1)..]);

    private LocalFaultException Unreadable(Exception cause) =>
        new($"The folder {Path} cannot be read.", "Check the folder and its files, then start again.", cause);
}
