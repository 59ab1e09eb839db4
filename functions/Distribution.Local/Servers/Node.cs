using System.Diagnostics;

namespace Distribution.Local.Servers;

/// <summary>
/// The Node.js of this machine, which runs the storage emulator, the test post office and the typesetter.
/// </summary>
/// <param name="Program">The full path of node.</param>
/// <param name="Npm">The full path of npm.</param>
internal sealed record Node(string Program, string Npm)
{
    private const int Oldest = 20;
    private const string Remedy =
        "Install Node.js 20 or later from https://nodejs.org, open a new terminal and start again.";

    /// <param name="searchPath">Folders to look in, as in <c>PATH</c>.</param>
    /// <exception cref="LocalFaultException">Node.js or npm is missing, or too old.</exception>
    public static async Task<Node> Find(string searchPath, CancellationToken cancellation)
    {
        var program =
            Locate(searchPath, OperatingSystem.IsWindows() ? "node.exe" : "node")
            ?? throw new LocalFaultException(
                "Node.js was not found on this machine; the storage emulator, the test post office and the typesetter need it.",
                Remedy);
        var version = await Version(program, cancellation);
        // As package.json of the tools asks for; npm itself only warns of an older one.
        if (version is null || version.Major < Oldest)
            throw new LocalFaultException(
                $"The Node.js on this machine is {(version is null ? "of an unknown version" : $"version {version}")}; {Oldest} or later is needed.",
                Remedy);
        var npm = Locate(searchPath, OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
            ?? throw new LocalFaultException("npm, which comes with Node.js, was not found on this machine.", Remedy);
        return new Node(program, npm);
    }

    private static string? Locate(string searchPath, string file) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(folder => Path.Combine(folder.Trim('"'), file))
            .FirstOrDefault(File.Exists);

    private static async Task<Version?> Version(string program, CancellationToken cancellation)
    {
        using var node = Process.Start(
            new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var answer = await node.StandardOutput.ReadToEndAsync(cancellation);
        await node.WaitForExitAsync(cancellation);
        // A preview calls itself v24.0.0-nightly, which is no version to .NET.
        return System.Version.TryParse(answer.Trim().TrimStart('v').Split('-')[0], out var version) ? version : null;
    }
}
