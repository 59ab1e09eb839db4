namespace Distribution.Web;

/// <summary>
/// Temporary files for content too large to hold in memory several times. Only this user reads them, and each is
/// deleted when it is closed.
/// </summary>
internal static class TemporaryFiles
{
    /// <returns>An empty file, to be written and then read; it is deleted when it is disposed of.</returns>
    public static FileStream Open()
    {
        var options = new FileStreamOptions
        {
            // A file that is there already is never opened, no matter who put it there.
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 81920,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
    }
}
