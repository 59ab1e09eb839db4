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
        if (BlobNames.Place($"{Target}/{BlobNames.Letter}") is { Faults: var faults } place && place.Folder != Target)
            throw new LocalFaultException(
                $"The folder {Path} cannot be uploaded under its name: {string.Join(" ", faults.Select(fault => fault.Words))}",
                "Give the folder, or the one that holds it, another name.");
        try
        {
            foreach (
                var file in Directory
                    .EnumerateFiles(Path)
                    .Where(file => !System.IO.Path.GetFileName(file).StartsWith('.'))
                    .Order(StringComparer.Ordinal))
            {
                await using Stream content = letter is not null && System.IO.Path.GetFileName(file) == BlobNames.Letter
                    ? new MemoryStream(Encoding.UTF8.GetBytes(letter(await File.ReadAllTextAsync(file, cancellation))))
                    : File.OpenRead(file);
                await drafts.Upload($"{Target}/{System.IO.Path.GetFileName(file)}", content, cancellation);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalFaultException(
                $"The folder {Path} cannot be read.",
                "Check the folder and its files, then start again.",
                unreadable);
        }
    }
}
