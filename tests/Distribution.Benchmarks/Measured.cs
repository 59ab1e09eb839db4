using System.Diagnostics;

namespace Distribution.Benchmarks;

/// <summary>Time, requests to storage, and processor time of this program and of storage.</summary>
internal sealed record Consumption(TimeSpan Took, long Requests, TimeSpan Own, TimeSpan Storage);

/// <summary>What happens between two moments.</summary>
internal sealed class Measured(StorageRequests requests, int storageProcess)
{
    private readonly long begun = Stopwatch.GetTimestamp();
    private readonly (long Count, TimeSpan Time) asked = requests.So;
    private readonly TimeSpan own = Environment.CpuUsage.TotalTime;
    private readonly TimeSpan storage = Cpu(storageProcess);

    /// <summary>Since it began.</summary>
    public Consumption So => new(
        Stopwatch.GetElapsedTime(begun),
        requests.So.Count - asked.Count,
        Environment.CpuUsage.TotalTime - own,
        Cpu(storageProcess) - storage);

    public void Print(string what, int events)
    {
        var (so, waited) = (So, requests.So.Time - asked.Time);
        var each = waited / Math.Max(1, so.Requests);
        var (mine, its) = (so.Own / so.Took, so.Storage / so.Took);
        Output.Line($"{what}: {events / so.Took.TotalSeconds:0} events/s ({so.Took.TotalSeconds:0.00} s); {so.Requests} storage requests ({(double)so.Requests / events:0.00} an event) of {each.TotalMilliseconds:0.0} ms; processors busy: this program {mine:0.00}, storage {its:0.00} of {Environment.ProcessorCount}. {Limit(mine, its)}");
    }

    private static string Limit(double mine, double its) =>
        its > 0.85 && its > mine ? "The storage emulator, which works on one processor, is the limit."
        : mine + its > 0.9 * Environment.ProcessorCount ? "The processors of this machine are the limit."
        : "Waiting for storage to answer is the limit.";

    private static TimeSpan Cpu(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}
