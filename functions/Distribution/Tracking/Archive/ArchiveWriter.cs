using System.IO.Compression;
using System.Text;

namespace Distribution.Tracking.Archive;

/// <summary>
/// Writes files into a zip one after the other and records their sizes and hashes. Files are stored uncompressed and
/// all with the same time, so that the same files make the same archive, and any tool can unpack it even years later.
/// </summary>
/// <param name="time">The modification time of every file in it, in UTC.</param>
internal sealed class ArchiveWriter(ZipArchive zip, DateTimeOffset time)
{
    public const string Manifest = "manifest.json";

    public const string Sums = "MANIFEST.sha256";

    private readonly List<ArchiveFile> files = [];

    public IReadOnlyList<ArchiveFile> Files => files;

    /// <summary>
    /// Adds a file, in the order of the calls. It is hashed while it is written, and never in memory as a whole.
    /// </summary>
    /// <param name="name">Its path in the archive, with <c>/</c> as the separator.</param>
    /// <param name="role">As <see cref="ArchiveFile"/> lists them.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="mission">The id of the mission it belongs to; null where it belongs to all.</param>
    public async Task Add(
        string name,
        string role,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellation,
        string? mission = null)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        // A zip holds a clock time without its zone: in UTC it is the same wherever the archive is made.
        entry.LastWriteTime = time.ToUniversalTime();
        await using var stored = await entry.OpenAsync(cancellation);
        await using var measured = new MeasuredStream(stored);
        await write(measured, cancellation);
        files.Add(new(name, role, measured.Written, measured.Sha256, mission));
    }

    public Task Add(
        string name,
        string role,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellation,
        string? mission = null) =>
        Add(name, role, (target, stop) => target.WriteAsync(content, stop).AsTask(), cancellation, mission);

    public Task Add(string name, string role, string text, CancellationToken cancellation, string? mission = null) =>
        Add(name, role, Encoding.UTF8.GetBytes(text), cancellation, mission);

    /// <summary>Ends the archive with the hashes of all files in it, in the format of <c>sha256sum -c</c>.</summary>
    public Task AddSums(CancellationToken cancellation) =>
        Add(Sums, "manifest", string.Concat(files.Select(file => $"{file.Sha256}  {file.Name}\n")), cancellation);
}
