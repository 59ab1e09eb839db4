using System.Diagnostics;
using System.Globalization;

namespace Distribution.Benchmarks;

/// <summary>Other programs that send as many letters of the same size to the same sink.</summary>
internal static class Peers
{
    /// <returns>Letters a second of <c>smtp-source</c> with eight connections; null where it is not installed.</returns>
    public static async Task<double?> SmtpSource(Sink sink, SendOptions options)
    {
        if (Programs.Find("smtp-source") is not { } program)
        {
            Console.WriteLine("smtp-source is not installed (a part of postfix), so there is no ratio.");
            return null;
        }

        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(
                program,
                [
                    "-s", "8",
                    "-m", options.Count.ToString(CultureInfo.InvariantCulture),
                    "-l", options.MessageBytes.ToString(CultureInfo.InvariantCulture),
                    "-f", "bounces@secretariat.example",
                    "-t", "mission@missions.example",
                    string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{sink.Port}"),
                ]))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? options.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds
            : throw new InvalidOperationException($"smtp-source ended with {process.ExitCode}.");
    }
}
