using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Distribution.Letters.Typesetting;

/// <summary>The outcome of a request to the typesetter process.</summary>
internal abstract record TypesetterAnswer;

/// <summary>The process answered.</summary>
/// <param name="Line">One line of JSON in UTF-8.</param>
/// <param name="Cost">The processor time it took.</param>
internal sealed record Answered(byte[] Line, TimeSpan Cost) : TypesetterAnswer;

/// <summary>The letter exceeded the limit of time or memory. The caller must end the process.</summary>
internal sealed record Stopped(string Reason) : TypesetterAnswer;

/// <summary>The process ended without an answer.</summary>
/// <param name="LastWords">The last error line it wrote.</param>
internal sealed record Died(string LastWords) : TypesetterAnswer;

/// <summary>
/// One run of <c>typesetter.mjs</c> in a Node.js process, kept apart from the machine: it gets none of this service's
/// settings, a home and a working folder that are empty, none of the machine's fonts and packages, and proxies where
/// nothing listens; a letter's template reads no file and no address. It runs as the same user, so that this keeps out
/// what a template or a package does by the ways that are meant for it, and not a program that takes others.
/// </summary>
internal sealed class TypesetterProcess : IAsyncDisposable
{
    private const int KeptLines = 20;

    /// <summary>A proxy address that blocks network access: nothing listens on port 9 (discard).</summary>
    private const string Nowhere = "http://127.0.0.1:9";

    /// <summary>
    /// The variables that say where programs are, where temporary files go, and what Windows needs to start a program.
    /// </summary>
    private static readonly string[] Needed = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot"];

    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(2);

    // The interval at which time and memory are checked during a letter.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    // A process that hangs uses no processor time: it is ended when its letter has taken this many times its limit by
    // the clock.
    private const int HangsAfter = 12;

    private readonly Process process;
    private readonly TypesetterFolder folder;
    private readonly StreamReader answers;
    private readonly Queue<string> said = new();

    private TypesetterProcess(Process process, TypesetterFolder folder)
    {
        (this.process, this.folder) = (process, folder);
        answers = process.StandardOutput;
        process.ErrorDataReceived += (_, line) => AppendError(line.Data);
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>The number of letters it has made.</summary>
    public int Letters { get; private set; }

    /// <summary>The memory it uses (working set), in MiB.</summary>
    public long Megabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 >> 20;
        }
    }

    private TimeSpan Used
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <exception cref="TypesetterException">The typesetter is not installed or does not start.</exception>
    public static async Task<TypesetterProcess> Start(TypesettingSettings settings, CancellationToken cancellation)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "typesetter", "typesetter.mjs");
        var installed = Path.GetFullPath(settings.Folder, AppContext.BaseDirectory);
        if (!Directory.Exists(Path.Combine(installed, "node_modules")))
            throw new TypesetterException(
                $"The typesetter is not installed in {installed}.",
                $"Run npm ci there with the package.json and package-lock.json of {Path.GetDirectoryName(program)}, or set Typesetting:Folder to where it is."
            );

        // A killed process cannot remove its folder, and neither can a killed service: the next one does.
        TypesetterFolder.RemoveAbandoned();
        var folder = TypesetterFolder.Create();
        TypesetterProcess? started = null;
        try
        {
            started = new(Launch(NodeProgram.Of(settings), program, installed, folder.Path), folder);
            using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            time.CancelAfter(StartsWithin);
            // The process writes one line when it is ready.
            if (await started.answers.ReadLineAsync(time.Token) is not null)
                return started;
            throw new TypesetterException(
                $"The typesetter stopped as soon as it was started; its last words were: {await started.LastWords()}",
                "Install it again.");
        }
        catch (Exception failure)
        {
            if (started is not null)
                await started.DisposeAsync();
            else
                folder.Dispose();
            throw failure switch
            {
                Win32Exception => new TypesetterException(
                    $"Node.js, which the typesetter needs, could not be started as {settings.Node}.",
                    "Install Node.js 20 or later, or set Typesetting:Node to its full path.",
                    failure),
                OperationCanceledException when !cancellation.IsCancellationRequested => new TypesetterException(
                    $"The typesetter did not start within {StartsWithin.TotalSeconds:0} seconds.",
                    "See what else keeps this machine busy.",
                    failure),
                _ => failure,
            };
        }
    }

    /// <summary>Sends one request and waits for the answer.</summary>
    /// <param name="request">One line of JSON in UTF-8, without the line feed.</param>
    /// <param name="settings">The limits of time and memory.</param>
    /// <returns>An answer in any case: that the process has died or was stopped is one, too.</returns>
    public async Task<TypesetterAnswer> Request(byte[] request, TypesettingSettings settings)
    {
        var waited = Stopwatch.StartNew();
        try
        {
            var before = Used;
            var input = process.StandardInput.BaseStream;
            await input.WriteAsync(request);
            input.WriteByte((byte)'\n');
            await input.FlushAsync();
            var line = answers.ReadLineAsync();
            while (!line.IsCompleted)
            {
                if (Used - before > settings.Time)
                    return new Stopped($"it took more than {settings.Time.TotalSeconds:0.#} seconds of processor time");
                if (waited.Elapsed > settings.Time * HangsAfter)
                    return new Stopped($"it did not end within {waited.Elapsed.TotalSeconds:0} seconds");
                if (Megabytes > settings.MostMemory)
                    return new Stopped($"it needed more than {settings.MostMemory} megabytes of memory");
                await Task.WhenAny(line, Task.Delay(Glance));
            }

            if (await line is { } answer)
            {
                Letters++;
                return new Answered(Encoding.UTF8.GetBytes(answer), Used - before);
            }
        }
        // The process closed its pipe or has ended. Both mean the same to the caller: it died.
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            AppendError(gone.Message);
        }

        return new Died(await LastWords());
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process died before it had read the whole request.
        }

        // Closing the input ends an idle process. One that is still working on a letter does not notice it, so kill it
        // after a short wait.
        if (!process.WaitForExit(TimeSpan.Zero))
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Letters > 0 ? StopsWithin : TimeSpan.Zero));
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Dispose();
    }

    private static Process Launch(string node, string program, string installed, string folder)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        // With fonts of the machine, the same letter would look different elsewhere.
        var fonts = Path.Combine(home, "fonts.conf");
        File.WriteAllText(fonts, $"""<?xml version="1.0"?><fontconfig><dir>{home}</dir></fontconfig>""");
        var start = new ProcessStartInfo(node, [program, installed, Path.Combine(folder, "letter")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Otherwise Windows uses the code page of the console.
            StandardOutputEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        // All settings of this service stand in its environment, keys and passwords too.
        var kept = Needed
            .Where(start.Environment.ContainsKey)
            .ToDictionary(name => name, name => start.Environment[name]);
        start.Environment.Clear();
        foreach (var (name, value) in kept)
            start.Environment[name] = value;
        foreach (
            var proxy in (string[])["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
            start.Environment[proxy] = Nowhere;
        foreach (
            var place in (string[])
                ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"]
        )
            start.Environment[place] = home;
        start.Environment["FONTCONFIG_FILE"] = fonts;
        return Process.Start(start) ?? throw new Win32Exception("No process was started.");
    }

    private async Task<string> LastWords()
    {
        // What it wrote last arrives only with its end.
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(StopsWithin));
        lock (said)
            // Node.js prints the stack and its version behind "Error: …" or "SyntaxError: …".
            return said.LastOrDefault(line => line.Contains("rror", StringComparison.Ordinal))
                ?? said.LastOrDefault()
                ?? "none.";
    }

    private void AppendError(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (said)
        {
            said.Enqueue(line.Trim());
            if (said.Count > KeptLines)
                said.Dequeue();
        }
    }
}
