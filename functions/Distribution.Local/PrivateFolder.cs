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
            // The mode at creation does nothing to a folder that is there already.
            File.SetUnixFileMode(path, Owner);
        }
    }

    /// <summary>
    /// The same in a folder that everybody writes to, such as <c>/tmp</c>: what another user has put there under its
    /// name is refused. That it can be closed shows that it is this user's. An administrator can close any folder, so
    /// for them nothing shows it, and they are refused at once.
    /// </summary>
    /// <exception cref="LocalFaultException">It is another user's, or may be.</exception>
    public static void CreateAmongOthers(string path, bool isAdministrators)
    {
        try
        {
            // A link that another user has put there would have us close, and fill, a folder of their choice.
            if (!isAdministrators && new DirectoryInfo(path).LinkTarget is null)
            {
                Create(path);
                return;
            }
        }
        catch (Exception others) when (others is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, others);
        }

        throw Refused(path, null);
    }

    private static LocalFaultException Refused(string path, Exception? why) => new(
        $"This user has no home folder, and {path} may be another user's.",
        "Set HOME to a folder that only this user writes to, and start again.",
        why);

    /// <summary>The same where the folder may be one that a person had before: that one is left as it is.</summary>
    public static void CreateWhereMissing(string path)
    {
        if (!Directory.Exists(path))
            Create(path);
    }
}
