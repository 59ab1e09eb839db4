namespace Distribution.Web;

/// <summary>
/// Temporary files for content too large to hold in memory several times. Each is deleted when it is closed.
/// </summary>
internal static class TemporaryFiles
{
    public static FileStream Open() =>
        new(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            81920,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
}
