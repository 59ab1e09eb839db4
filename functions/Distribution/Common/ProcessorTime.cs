using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Distribution.Common;

/// <summary>
/// The processor time of a thread: unlike the clock on the wall it stands still while the machine does other work.
/// </summary>
internal static class ProcessorTime
{
    // CLOCK_THREAD_CPUTIME_ID, as each system's <time.h> numbers it.
    private const int LinuxThreadClock = 3;
    private const int MacThreadClock = 16;

    /// <summary>
    /// What the current thread has used so far. Differences between two values of the same thread have a meaning, the
    /// value itself has none. On a system that does not tell it, the time of the wall clock, which is never less.
    /// </summary>
    public static TimeSpan OfThread =>
        OperatingSystem.IsWindows() && GetThreadTimes(GetCurrentThread(), out _, out _, out var kernel, out var user)
            // A FILETIME counts 100 nanoseconds, as a tick does.
            ? TimeSpan.FromTicks(kernel + user)
        : OperatingSystem.IsLinux() && ClockGetTime(LinuxThreadClock, out var linux) == 0 ? linux.ToTimeSpan()
        : OperatingSystem.IsMacOS() && ClockGetTime(MacThreadClock, out var mac) == 0 ? mac.ToTimeSpan()
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out Timespec time);

    [DllImport("kernel32", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetCurrentThread();

    [DllImport("kernel32", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetThreadTimes(
        nint thread,
        out long creation,
        out long exit,
        out long kernel,
        out long user);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        // time_t and long are as wide as a pointer on Linux and macOS.
        private readonly nint seconds;
        private readonly nint nanoseconds;

        public TimeSpan ToTimeSpan() =>
            TimeSpan.FromTicks(seconds * TimeSpan.TicksPerSecond + nanoseconds / TimeSpan.NanosecondsPerTick);
    }
}
