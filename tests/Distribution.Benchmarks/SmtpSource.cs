using System.Diagnostics;
using System.Globalization;

namespace Distribution.Benchmarks;

/// <summary>Postfix's <c>smtp-source</c> with eight connections: one message over and over, no record.</summary>
internal sealed class SmtpSource : IPeer
{
    private readonly string program;

    private SmtpSource(string program) => this.program = program;

    public string Name => "smtp-source -s 8";

    /// <returns>Null where it is not installed; that is said.</returns>
    public static SmtpSource? Find()
    {
        if (Programs.Find("smtp-source") is { } program)
            return new(program);
        Console.WriteLine("smtp-source is not installed (a part of postfix), so there is no ratio to it.");
        return null;
    }

    public async Task<double> Send(Sink sink, SendOptions options)
    {
        var before = await sink.Taken();
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
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var taken = await sink.Taken() - before;
        return process.ExitCode == 0 && taken == options.Count
            ? options.Count / seconds
            : throw new InvalidOperationException(
                $"smtp-source ended with {process.ExitCode}, and {taken} letters of {options.Count} arrived.");
    }
}
