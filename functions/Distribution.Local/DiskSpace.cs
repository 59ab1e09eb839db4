using Distribution.Common;

namespace Distribution.Local;

/// <summary>
/// Whether there is room for what a run keeps. A full disk shows itself as everything else: the test post office hangs
/// up, the storage emulator answers with errors. So it is looked for where either fails.
/// </summary>
internal static class DiskSpace
{
    /// <summary>Below this, the servers on this machine fail one after the other. In bytes.</summary>
    private const long Least = 20_000_000;

    /// <param name="folder">The folder kept between runs.</param>
    /// <returns>That its disk is full, and what to do, in sentences; null where it is not, or cannot be asked.</returns>
    public static string? Lacking(string folder)
    {
        try
        {
            return Lacking(folder, new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <param name="free">In bytes.</param>
    public static string? Lacking(string folder, long free) =>
        free >= Least
            ? null
            : $"The disk that holds {folder} is full: {EnglishText.Size(free)} are free. Make room, or give --data a folder on another disk, and start again: what has left is on record, and the rest is sent then.";
}
