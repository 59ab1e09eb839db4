using Distribution.Common;

namespace Distribution.Local;

/// <summary>
/// Whether there is room for what a run keeps. A full disk shows itself as everything else: the test post office never
/// answers again, the storage emulator answers with errors and loses what it was told. So a run ends before that, and
/// the disk is looked at where anything fails.
/// </summary>
internal static class DiskSpace
{
    /// <summary>Below this, the servers on this machine fail one after the other. In bytes.</summary>
    private const long Least = 20_000_000;

    /// <summary>No disk is filled faster, by whatever else writes to it. In bytes a second.</summary>
    private const double Fastest = 1_000_000_000;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Runs what fills the disk, and ends it while there is still room to end it well.</summary>
    /// <param name="folder">The folder kept between runs.</param>
    /// <param name="run">It ends when its token is cancelled, by exception or not.</param>
    /// <returns>What <paramref name="run"/> returns.</returns>
    /// <exception cref="LocalFaultException">The disk became full.</exception>
    public static async Task<int> Watched(
        string folder,
        Func<CancellationToken, Task<int>> run,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        string? full = null;
        var watching = Watch();
        try
        {
            var code = await run(stop.Token);
            // A run may end without an exception when its token is cancelled, and has not come to its end all the same.
            return full is null ? code : throw new OperationCanceledException(full);
        }
        catch (Exception stopped) when (full is not null)
        {
            throw new LocalFaultException("The run was stopped.", full, stopped);
        }
        finally
        {
            await stop.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task Watch()
        {
            // Noted before the run is stopped, so that whatever it throws then is known to have this cause.
            while ((full = Lacking(folder)) is null)
                await Task.Delay(Pause(Free(folder)), stop.Token);
            await stop.CancelAsync();
        }
    }

    /// <param name="folder">The folder kept between runs.</param>
    /// <returns>
    /// That its disk is full, and what to do, in sentences; null where it is not, or cannot be asked.
    /// </returns>
    public static string? Lacking(string folder) => Free(folder) is { } free ? Lacking(folder, free) : null;

    /// <summary>How long to wait until the next look: what is still free must not be written meanwhile.</summary>
    /// <param name="free">In bytes; null where it is not known.</param>
    public static TimeSpan Pause(long? free) =>
        free is { } bytes
            ? TimeSpan.FromSeconds(
                Math.Clamp((bytes - Least) / Fastest, ShortestPause.TotalSeconds, LongestPause.TotalSeconds))
            : LongestPause;

    private static long? Free(string folder)
    {
        try
        {
            // Some file systems do not say it. A run must not fail for that, so it is then taken for enough.
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
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
