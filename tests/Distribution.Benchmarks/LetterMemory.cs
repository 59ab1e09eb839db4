using System.Diagnostics;

namespace Distribution.Benchmarks;

/// <summary>5,000 letters one after the other: what the program and its typesetter hold meanwhile.</summary>
internal static class LetterMemory
{
    private const int Letters = 5_000;
    private const int Step = 500;

    public static async Task<int> Run()
    {
        await using var letters = await SampleLetters.Open();
        var clock = Stopwatch.StartNew();
        Console.WriteLine("letters  program  typesetter  ms a letter");
        for (var place = 1; place <= Letters; place++)
        {
            await letters.Make(place);
            if (place % Step != 0 && place != 100)
                continue;
            using var program = Process.GetCurrentProcess();
            Console.WriteLine(
                $"{place,7}  {program.WorkingSet64 >> 20,4} MB  {Typesetter(letters.Typesetter.ProcessId),7}  {clock.Elapsed.TotalMilliseconds / place,11:0.0}"
            );
        }

        return 0;
    }

    private static string Typesetter(int? id)
    {
        if (id is null)
            return "renewed";
        using var process = Process.GetProcessById(id.Value);
        return $"{process.WorkingSet64 >> 20} MB";
    }
}
