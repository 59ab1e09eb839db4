namespace Distribution.Letters.Typesetting;

/// <summary>
/// The empty folder a typesetter works in, among the machine's temporary ones. Its owner holds a file in it open, so
/// that one left behind by a process that was killed is told from one in use, whatever the process was called.
/// </summary>
internal sealed class TypesetterFolder : IDisposable
{
    private const string Prefix = "distribution-typesetter-";
    private const string Held = "held";

    private readonly FileStream held;

    private TypesetterFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    public static TypesetterFolder Create()
    {
        var path = Directory.CreateTempSubdirectory(Prefix).FullName;
        return new(path, Lock(path, FileMode.CreateNew));
    }

    /// <summary>
    /// Removes the folders whose owner is gone. One that is in use, another user's or just being made is left alone.
    /// </summary>
    public static void RemoveAbandoned()
    {
        foreach (var path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), $"{Prefix}*"))
        {
            try
            {
                if (new DirectoryInfo(path).LinkTarget is not null)
                    continue;
                using (Lock(path, FileMode.Open))
                {
                    // Nobody else holds it.
                }

                Directory.Delete(path, recursive: true);
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // In use, without the file yet, removed by someone else just now, or not this user's.
            }
        }
    }

    public void Dispose()
    {
        held.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, Held), mode, FileAccess.ReadWrite, FileShare.None);
}
