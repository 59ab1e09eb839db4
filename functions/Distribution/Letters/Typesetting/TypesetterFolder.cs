namespace Distribution.Letters.Typesetting;

/// <summary>
/// The empty working folder of a typesetter process, in the machine's temporary folder. Its owner keeps a lock file in
/// it open. A folder left behind by a killed process has no such lock, so it can be distinguished from one in use
/// without relying on process names.
/// </summary>
internal sealed class TypesetterFolder : IDisposable
{
    private const string Prefix = "distribution-typesetter-";
    private const string Held = "held";

    private readonly FileStream held;

    private TypesetterFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <summary>Creates a folder and locks it.</summary>
    public static TypesetterFolder Create()
    {
        var path = Directory.CreateTempSubdirectory(Prefix).FullName;
        return new(path, Lock(path, FileMode.CreateNew));
    }

    /// <summary>
    /// Removes folders whose owner no longer runs. Skips folders that are in use, belong to another user or are just
    /// being created.
    /// </summary>
    public static void RemoveAbandoned()
    {
        foreach (var path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), $"{Prefix}*"))
        {
            try
            {
                // Never follow a symbolic link out of the temporary folder.
                if (new DirectoryInfo(path).LinkTarget is not null)
                    continue;
                using (Lock(path, FileMode.Open))
                {
                    // The lock was free: the owner is gone.
                }

                Directory.Delete(path, recursive: true);
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // In use, being created (no lock file yet), just removed by another process, or owned by another user.
            }
        }
    }

    public void Dispose()
    {
        // Windows deletes no file that is open.
        held.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, Held), mode, FileAccess.ReadWrite, FileShare.None);
}
