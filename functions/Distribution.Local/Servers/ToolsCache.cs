using System.Diagnostics;
using Distribution.Common;

namespace Distribution.Local.Servers;

/// <summary>
/// The cache of installed tools, one for each user and each lock file. A folder under its final name is always
/// complete: it is filled under another name and then renamed.
/// </summary>
/// <param name="root">The folder that contains one folder for each lock file.</param>
/// <param name="source">The folder with <c>package.json</c> and <c>package-lock.json</c>.</param>
/// <param name="searchPath">Where to look for node and npm, as in <c>PATH</c>.</param>
/// <param name="what">What is installed, for people: "the typesetter".</param>
/// <param name="megabytes">About how large it is.</param>
internal sealed class ToolsCache(string root, string source, string searchPath, string what, int megabytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>The cache of the user who runs this.</summary>
    /// <param name="folder">
    /// The folder beside the program, with <c>package.json</c> and <c>package-lock.json</c>.
    /// </param>
    public static ToolsCache Own(string folder, string what, int megabytes) =>
        new(
            OwnRoot(),
            Path.Combine(AppContext.BaseDirectory, folder),
            Environment.GetEnvironmentVariable("PATH") ?? "",
            what,
            megabytes);

    /// <param name="say">Called with what is going on, where it takes time.</param>
    /// <exception cref="LocalFaultException">
    /// Node.js is missing or too old, or the tools could not be installed.
    /// </exception>
    public async Task<ToolsFolder> Install(Action<string> say, CancellationToken cancellation)
    {
        var node = await Node.Find(searchPath, cancellation);
        var name = Sha256Hex.Of(
            await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"), cancellation))[..12];
        // Named by its lock file, so that two versions of the program stand side by side.
        var folder = Path.Combine(root, name);
        if (Directory.Exists(folder))
            return new ToolsFolder(folder, node);

        Directory.CreateDirectory(root);
        await using var turn = await Turn(folder + ".lock", say, cancellation);
        // Asked again: the process that held the lock before may have installed it.
        if (!Directory.Exists(folder))
            await Fill(folder, node, say, cancellation);
        return new ToolsFolder(folder, node);
    }

    private async Task Fill(string folder, Node node, Action<string> say, CancellationToken cancellation)
    {
        // What a run that was killed has left behind.
        foreach (var leftover in Directory.EnumerateDirectories(root, Path.GetFileName(folder) + ".partial-*"))
            Directory.Delete(leftover, recursive: true);
        say($"First run: installing {what} (about {megabytes} MB, once) …");
        var partial = $"{folder}.partial-{Environment.ProcessId}";
        Directory.CreateDirectory(partial);
        foreach (var file in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(source, file), Path.Combine(partial, file));
        await Npm(node, partial, cancellation);
        // One step, whatever happens: a folder under this name is whole.
        Directory.Move(partial, folder);
        say("Installed.");
    }

    private async Task Npm(Node node, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            node.Npm,
            // Exactly what the lock file names, and no script of a package is run.
            ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // npm is a script that looks for node itself.
        start.Environment["PATH"] = searchPath;
        using var npm = Process.Start(start)!;
        npm.StandardInput.Close();
        try
        {
            // Both at the same time: a pipe that nobody reads fills up, and npm waits for ever.
            var output = npm.StandardOutput.ReadToEndAsync(cancellation);
            var errors = await npm.StandardError.ReadToEndAsync(cancellation);
            await output;
            await npm.WaitForExitAsync(cancellation);
            if (npm.ExitCode != 0)
                throw new LocalFaultException(
                    $"{char.ToUpperInvariant(what[0])}{what[1..]} could not be installed{Reason(errors)}.",
                    "Check that this machine reaches the internet, or the package registry that npm is set to use, and start again."
                );
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>
    /// The first line of npm's errors that is a sentence: the lines before it are only codes, those after it only
    /// advice.
    /// </summary>
    private static string Reason(string errors)
    {
        var words = errors.Split('\n')
            .Where(line => line.StartsWith("npm error ", StringComparison.Ordinal))
            .Select(line => line["npm error ".Length..].Trim())
            .FirstOrDefault(line => line.Split(' ').Length > 3);
        return words is null ? "" : $": npm said \"{words.TrimEnd('.')}\"";
    }

    /// <summary>Takes the lock file, so that only one process installs at a time.</summary>
    private async Task<FileStream> Turn(string file, Action<string> say, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        for (var told = false; ; told = true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            // Exactly IOException: the lock is held. Subclasses have other causes, which waiting does not mend.
            catch (IOException held) when (held.GetType() == typeof(IOException))
            {
                if (waited.Elapsed > Patience)
                    throw new LocalFaultException(
                        $"Another program has been installing {what} for a quarter of an hour.",
                        $"Stop it, or delete {file} if nothing else is running, and start again.", held);
            }
            if (!told)
                say($"Waiting: another program is installing {what} …");
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
    }

    private static string OwnRoot()
    {
        var home = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length > 0)
        {
            var own = Path.Combine(home, "Distribution", "tools");
            try
            {
                Directory.CreateDirectory(own);
                return own;
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
            {
                // A service account may have a home that is not there: the temp folder serves as well.
            }
        }

        // What lies there is run.
        var shared = Path.Combine(Path.GetTempPath(), $"distribution-{Environment.UserName}");
        PrivateFolder.CreateAmongOthers(shared, Environment.IsPrivilegedProcess);
        return Path.Combine(shared, "tools");
    }
}
