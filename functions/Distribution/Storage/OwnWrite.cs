using Azure;
using Azure.Storage.Blobs;

namespace Distribution.Storage;

/// <summary>
/// Tells a write that was carried out, and whose answer was lost, from the write of somebody else. The client asks once
/// more where an answer is lost, and is refused then for what it has just written itself; the written blob has a random
/// mark in its metadata. For rows of tables, <see cref="Records{T}"/> does the same.
/// </summary>
internal sealed class OwnWrite
{
    private const string Name = "written";

    private readonly string mark = Guid.NewGuid().ToString("n");

    /// <returns>These entries of metadata, with the mark.</returns>
    public Dictionary<string, string> In(IDictionary<string, string>? metadata) =>
        new(metadata ?? new Dictionary<string, string>()) { [Name] = mark };

    /// <summary>
    /// Whether what is stored there now is what this write has stored; to be asked where it was refused.
    /// </summary>
    /// <returns>The ETag of what is stored; null where it is another write's, or gone.</returns>
    public async Task<ETag?> StoredIn(BlobClient blob, CancellationToken cancellation) =>
        await blob.TryLook(cancellation) is { } stored
        && stored.Metadata.TryGetValue(Name, out var found)
        && found == mark
            ? stored.ETag
            : null;
}
