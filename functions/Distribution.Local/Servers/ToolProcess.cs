using System.Diagnostics;

namespace Distribution.Local.Servers;

/// <summary>
/// A Node program on loopback ports that ends when this process ends: its standard input is held open here, and it
/// exits when that is closed (<c>tools/with-parent.cjs</c>).
/// </summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private const int Tries = 5;
    private const int KeptLines = 40;
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(8);

    private readonly Process process;
    private readonly Queue<string> lines = new();

    private ToolProcess(
        ToolsFolder tools,
        string script,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment)
    {
        var leash = Path.Combine(AppContext.BaseDirectory, "tools", "with-parent.cjs");
        var start = new ProcessStartInfo(tools.Node.Program, ["--require", leash, script, .. arguments])
        {
            // The leash: it is never written to, and its end tells the program that this process is gone.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        // Remove the user's own settings for these tools: they may say to relay mail, ask for a password or use other
        // accounts.
        foreach (
            var foreign in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("MAILDEV_", StringComparison.OrdinalIgnoreCase)
                    || name.StartsWith("AZURITE_", StringComparison.OrdinalIgnoreCase))
                .ToList())
            start.Environment.Remove(foreign);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => AppendError(line.Data);
        process.ErrorDataReceived += (_, line) => AppendError(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>Ends when the program does.</summary>
    public Task Ended(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    /// <param name="name">The name for people: "The storage emulator".</param>
    /// <param name="preferred">The ports to use where all of them are free; otherwise any free ones.</param>
    /// <param name="arguments">The program's arguments, given its ports.</param>
    /// <param name="ready">Whether the program answers on its ports.</param>
    /// <param name="environment">Variables it is given in addition to this process's own.</param>
    /// <exception cref="LocalFaultException">It did not start.</exception>
    public static async Task<(ToolProcess Process, IReadOnlyList<int> Ports)> Start(
        string name,
        ToolsFolder tools,
        string script,
        IReadOnlyList<int> preferred,
        Func<IReadOnlyList<int>, IEnumerable<string>> arguments,
        Func<ToolProcess, IReadOnlyList<int>, CancellationToken, Task<bool>> ready,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var ports =
                // The usual ones are tried once; where they were free and are taken all the same, any others will do.
                tries == 1 && preferred.All(port => Ports.IsFree(System.Net.IPAddress.Loopback, port))
                    ? preferred
                    : Ports.Free(preferred.Count);
            var started = new ToolProcess(tools, script, arguments(ports), environment);
            try
            {
                if (await started.IsReady(ready, ports, cancellation))
                    return (started, ports);
                if (!started.process.HasExited)
                    throw new LocalFaultException(
                        $"{name} did not answer within {StartsWithin.TotalSeconds:0} seconds of its start.",
                        "See what else keeps this machine busy, and start again.");
                // Another program may have taken a port since it was found free: then try again with others.
                if (tries == Tries || !started.Said("EADDRINUSE"))
                    throw new LocalFaultException(
                        $"{name} stopped as soon as it was started; its last words were: {started.LastWords()}",
                        "Start again; if it happens again, delete the folder " + tools.Root + ".");
            }
            catch
            {
                await started.Kill();
                throw;
            }
            await started.Kill();
        }
    }

    /// <returns>Whether one of the last lines it wrote, on either output, contains the words.</returns>
    public bool Said(string words)
    {
        lock (lines)
            return lines.Any(line => line.Contains(words, StringComparison.Ordinal));
    }

    /// <summary>Lets the program finish what it is writing and exit; kills it after a timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(StopsWithin);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
    }

    /// <summary>Kills the program at once, where it has nothing to finish.</summary>
    public async Task Kill()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<bool> IsReady(
        Func<ToolProcess, IReadOnlyList<int>, CancellationToken, Task<bool>> ready,
        IReadOnlyList<int> ports,
        CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < StartsWithin && !process.HasExited)
        {
            if (await ready(this, ports, cancellation) && !process.HasExited)
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
        // Returns once the output has been read to its end, too, with the words that say why it stopped.
        if (process.HasExited)
            await process.WaitForExitAsync(cancellation);
        return false;
    }

    private string LastWords()
    {
        lock (lines)
            // Node.js ends what it says of a fault with its version; “Error” or “error” stands further above.
            return lines.LastOrDefault(line => line.Contains("rror", StringComparison.Ordinal))
                ?? lines.LastOrDefault()
                ?? "none.";
    }

    private void AppendError(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (lines)
        {
            lines.Enqueue(line.Trim());
            if (lines.Count > KeptLines)
                lines.Dequeue();
        }
    }
}
