using System.Collections.Concurrent;

namespace Distribution.Letters.Typesetting;

/// <summary>Finds the Node.js that runs the typesetter.</summary>
internal static class NodeProgram
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Copies = new();

    /// <returns>A full path, or a name to be found on the PATH.</returns>
    public static string Of(TypesettingSettings settings)
    {
        if (!settings.Node.AsSpan().ContainsAny('/', '\\'))
            return settings.Node;
        var program = Path.GetFullPath(settings.Node, AppContext.BaseDirectory);
        return
            OperatingSystem.IsWindows()
            || !File.Exists(program)
            || File.GetUnixFileMode(program).HasFlag(UnixFileMode.UserExecute)
            ? program
            : Copies.GetOrAdd(program, _ => new(() => Executable(program))).Value;
    }

    /// <summary>
    /// A package made on Windows, or unpacked by what knows no such thing, has lost the mark that lets a file be run,
    /// and where it lies may be read only: a copy gets it, once for each run of this program.
    /// </summary>
    private static string Executable(string program)
    {
        var copy = Path.Combine(Directory.CreateTempSubdirectory("distribution-node-").FullName, "node");
        File.Copy(program, copy);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return copy;
    }
}
