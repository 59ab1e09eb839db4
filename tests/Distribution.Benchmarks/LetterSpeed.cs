using BenchmarkDotNet.Attributes;

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
    public Task Addressed() => Parallel.ForAsync(0, letters.Roster.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (place, _) => await letters.Make(place));

    [Benchmark(Description = "a collective letter's PDFs in six languages")]
    public async Task Collective()
    {
        foreach (var language in Languages.Official)
            await letters.MakeCollective(language);
    }
}
