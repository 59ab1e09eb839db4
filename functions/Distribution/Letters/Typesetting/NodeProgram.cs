using System.Collections.Concurrent;

namespace Distribution.Letters.Typesetting;

/// <summary>Finds the Node.js program that runs the typesetter.</summary>
internal static class NodeProgram
{
    // Lazy, since the dictionary may call its factory on several threads, and each call would leave a copy behind.
    private static readonly ConcurrentDictionary<string, Lazy<string>> Copies = new();

    /// <returns>A full path, or a name to look up on the PATH.</returns>
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
    /// Makes an executable copy. A deployment package that was made on Windows, or unpacked by a tool that does not
    /// keep file permissions, has lost the execute permission, and its folder may be read-only. The copy is made once
    /// per run of this program.
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
