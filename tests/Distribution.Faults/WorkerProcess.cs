using System.Diagnostics;

namespace Distribution.FaultSuite;

/// <summary>A worker this process has started, to be killed, stopped or watched.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int KeptLines = 30;

    private readonly Process process;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> words = new();

    private WorkerProcess(Process process, Action<string> fault)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == Worker.Ready)
                ready.TrySetResult();
            else if (line.Data?.StartsWith(Worker.Fault, StringComparison.Ordinal) is true)
                fault(line.Data[Worker.Fault.Length..]);
        };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => ready.TrySetResult();
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Done when it has started, or has ended before that.</summary>
    public Task Started => ready.Task;

    public bool HasExited => process.HasExited;

    /// <summary>0 where it left by itself and in order.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Its last warnings and errors.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            lock (words)
                return [.. words];
        }
    }

    /// <summary>In megabytes, now.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64 >> 20;
        }
    }

    /// <param name="fault">Hears of each storage fault the worker was given.</param>
    public static WorkerProcess Start(IReadOnlyDictionary<string, string> settings, Action<string> fault)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                typeof(Worker).Assembly.Location,
                Worker.Command,
                .. settings.Select(setting => $"{setting.Key}={setting.Value}"),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!, fault);
    }

    /// <summary>SIGKILL: it is gone before this returns to anybody, with whatever it had in hand.</summary>
    public void Kill() => process.Kill();

    /// <summary>SIGTERM: it is asked to finish what it has in hand and to leave.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public Task Exited(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (words)
        {
            words.Enqueue(line);
            if (words.Count > KeptLines)
                words.Dequeue();
        }
    }
}
