using System.Text;
using Distribution.Common;
using Microsoft.Extensions.Logging;

namespace Distribution.Local;

/// <summary>Writes the log of a run to a file, so that the screen shows only what a person needs.</summary>
internal sealed class LogFile(string path) : ILoggerProvider
{
    private readonly StreamWriter writer = new(Open(path)) { AutoFlush = true };

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => writer.Dispose();

    /// <summary>
    /// Outside Windows, only this user may read it: it names missions, and what mail servers said of them.
    /// </summary>
    private static FileStream Open(string path)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            // A person who looks for a fault reads the file while the run goes on.
            Share = FileShare.ReadWrite,
        };
        if (OperatingSystem.IsWindows())
            return new(path, options);
        options.UnixCreateMode = Owner;
        var file = new FileStream(path, options);
        // A mode given at creation does nothing to a file that is there already, from an earlier run.
        File.SetUnixFileMode(file.SafeFileHandle, Owner);
        return file;
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var entry = $"{DateTimeOffset.UtcNow:O} {logLevel} {category}: {Plain(formatter(state, exception))}";
            foreach (var line in exception?.ToString().Split('\n') ?? [])
                entry += $"{Environment.NewLine}    {Plain(line.TrimEnd('\r'))}";
            // Entries of several threads must not be written into each other.
            lock (file.writer)
                file.writer.WriteLine(entry);
        }

        /// <summary>
        /// Escapes control characters, because an entry may contain text from outsiders: none of it can look like an
        /// entry of its own (log injection) or control the terminal that shows it.
        /// </summary>
        private static string Plain(string text) =>
            string.Concat(
                text.EnumerateRunes()
                    .Select(rune =>
                        rune.Value != '\t'
                        && (Rune.IsControl(rune) || UnsafeCharacters.IsTurning(rune) || rune.Value is 0x2028 or 0x2029)
                            ? $"\\u{rune.Value:X4}"
                            : rune.ToString()));
    }
}
