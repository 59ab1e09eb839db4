using System.Diagnostics;

namespace Distribution.Benchmarks;

/// <summary>This program once more, in a process of its own, which ends when this one does.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process process;

    private Child(Process process) => this.process = process;

    public DateTimeOffset StartedAt => process.StartTime;

    /// <summary>Processor time it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <param name="arguments">A command that <c>Program</c> knows and nobody else needs.</param>
    public static Child Start(params IEnumerable<string> arguments) =>
        new(
            Process.Start(
                new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location, .. arguments])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                })!);

    /// <summary>To be called in the child: whoever started it holds its standard input open.</summary>
    public static void LeaveWithParent() => _ = Task.Run(async () =>
    {
        await Console.In.ReadToEndAsync();
        Environment.Exit(0);
    });

    /// <summary>The next line it prints.</summary>
    /// <exception cref="InvalidOperationException">It ended without one; its errors are on the screen.</exception>
    public async Task<string> Line() =>
        await process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("A process of the benchmark's ended before it had said anything.");

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
