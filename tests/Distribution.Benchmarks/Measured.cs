using System.Diagnostics;
using System.Globalization;

namespace Distribution.Benchmarks;

/// <summary>What happens between two moments: requests to storage, and processor time of this program and of storage.</summary>
internal sealed class Measured(StorageRequests requests, int storageProcess)
{
    private readonly long begun = Stopwatch.GetTimestamp();
    private readonly (long Count, TimeSpan Time) asked = requests.So;
    private readonly TimeSpan own = Environment.CpuUsage.TotalTime;
    private readonly TimeSpan storage = Cpu(storageProcess);

    /// <summary>Since it began: time, requests, and processor time of this program and of storage.</summary>
    public (TimeSpan Took, long Requests, TimeSpan Own, TimeSpan Storage) So =>
        (
            Stopwatch.GetElapsedTime(begun),
            requests.So.Count - asked.Count,
            Environment.CpuUsage.TotalTime - own,
            Cpu(storageProcess) - storage);

    public void Print(string what, int events)
    {
        var (took, now) = (Stopwatch.GetElapsedTime(begun), requests.So);
        var (count, each) = (
            now.Count - asked.Count,
            (now.Time - asked.Time) / Math.Max(1, now.Count - asked.Count));
        var (mine, its) = ((Environment.CpuUsage.TotalTime - own) / took, (Cpu(storageProcess) - storage) / took);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {events / took.TotalSeconds:0} events/s ({took.TotalSeconds:0.00} s); {count} storage requests ({(double)count / events:0.00} an event) of {each.TotalMilliseconds:0.0} ms; "
                    + $"processors busy: this program {mine:0.00}, storage {its:0.00} of {Environment.ProcessorCount}. {Limit(mine, its)}"
            ));
    }

    private static string Limit(double mine, double its) =>
        its > 0.85 && its > mine ? "The storage emulator, which works on one processor, is the limit."
        : mine + its > 0.9 * Environment.ProcessorCount ? "The processors of this machine are the limit."
        : "Waiting for storage to answer is the limit.";

    public static TimeSpan Cpu(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}
