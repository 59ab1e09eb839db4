namespace Distribution.Web;

/// <summary>Files for what is too large to hold several times; each goes when it is closed.</summary>
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
