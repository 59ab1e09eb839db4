using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Distribution.Common;

namespace Distribution.Benchmarks;

/// <summary>All the letters of one distribution, once everything is warm.</summary>
public class LetterSpeed
{
    private SampleLetters letters = null!;

    [GlobalSetup]
    public async Task Open() => letters = await SampleLetters.Open();

    [GlobalCleanup]
    public async Task Close() => await letters.DisposeAsync();

    /// <summary>223 missions, each in one of six languages: subject, HTML, text and PDF.</summary>
    [Benchmark(Description = "223 addressed letters in six languages: subject, HTML, text, PDF")]
    public Task Addressed() =>
        Parallel.ForAsync(
            0,
            letters.Roster.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (place, _) => await letters.Make(place));

    [Benchmark(Description = "a collective letter's PDFs in six languages")]
    public async Task Collective()
    {
        foreach (var language in Languages.Official)
            await letters.MakeCollective(language);
    }

    /// <summary>The whole command as a template's author runs it, from its start to its end.</summary>
    [Benchmark(Description = "the preview command, for one mission")]
    [SuppressMessage("Performance", "CA1822", Justification = "A benchmark is a method of its class.")]
    public async Task Preview()
    {
        var folder = Path.Combine(Path.GetTempPath(), "distribution-preview-benchmark");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Distribution.Local.dll"),
                "preview",
                "--drafts",
                Path.Combine(AppContext.BaseDirectory, "templates", "co-facilitators", "sample"),
                "--mission",
                "che",
                "--out",
                folder,
            ])
        {
            RedirectStandardOutput = true,
        };
        using var command = Process.Start(start)!;
        var said = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        if (command.ExitCode != 0)
            throw new InvalidOperationException(said);
    }
}
