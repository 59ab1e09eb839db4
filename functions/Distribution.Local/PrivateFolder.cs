namespace Distribution.Local;

/// <summary>
/// A folder that only its owner may look into: mail, drafts, mailboxes and missions' links are kept there. On Windows
/// the user's profile guards it.
/// </summary>
internal static class PrivateFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates it; one that an earlier version made for everybody is closed.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Owner);
            File.SetUnixFileMode(path, Owner);
        }
    }

    /// <summary>The same where the folder may be one that a person had before: that one is left as it is.</summary>
    public static void CreateWhereMissing(string path)
    {
        if (!Directory.Exists(path))
            Create(path);
    }
}
