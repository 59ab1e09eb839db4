using Distribution.Letters;

namespace Distribution.Local;

/// <summary>The folder kept between runs, locked by one run at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string root;
    private readonly FileStream hold;

    private DataFolder(string root, FileStream hold)
    {
        this.root = root;
        this.hold = hold;
    }

    public string Storage => Path.Combine(root, "storage");

    public string Log => Path.Combine(root, "log.txt");

    public string Inbox => Path.Combine(root, "inbox");

    /// <exception cref="LocalFaultException">The folder cannot be used, or another run has locked it.</exception>
    public static DataFolder Open(string root)
    {
        try
        {
            PrivateFolder.CreateWhereMissing(root);
            return new DataFolder(
                root,
                // The system lets go of it however this process ends, so no run that was killed locks the folder.
                new FileStream(
                    Path.Combine(root, "in-use"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None));
        }
        // Exactly IOException: the lock is held. Subclasses, such as DirectoryNotFoundException, have other causes.
        catch (IOException held) when (held.GetType() == typeof(IOException))
        {
            throw new LocalFaultException(
                $"The folder {root} is in use by another run.",
                "Stop that one, or give this one a folder of its own with --data DIR.",
                held);
        }
        catch (Exception closed) when (closed is UnauthorizedAccessException or IOException)
        {
            throw new LocalFaultException(
                $"The folder {root} cannot be written to.",
                "Give another folder with --data DIR.",
                closed);
        }
    }

    /// <summary>
    /// The key that signs missions' links, created on first use and kept in this folder. Outside Windows, only this
    /// user may read the file.
    /// </summary>
    public string LinkKey()
    {
        var file = Path.Combine(root, "link-key");
        if (!File.Exists(file))
        {
            // Closed to others from its first byte: a mode that is set afterwards would come too late.
            using var created = new FileStream(
                file,
                OperatingSystem.IsWindows()
                    ? new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }
                    : new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    });
            using var writer = new StreamWriter(created);
            writer.Write(LinkKeys.Create("local"));
        }

        return File.ReadAllText(file);
    }

    public void Dispose() => hold.Dispose();
}
