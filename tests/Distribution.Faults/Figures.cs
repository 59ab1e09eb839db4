using System.Collections.Concurrent;

namespace Distribution.FaultSuite;

/// <summary>What the suite counts over all its runs.</summary>
internal sealed class Figures
{
    private readonly ConcurrentDictionary<string, int> faults = new();

    public int Runs { get; set; }

    public int Kills { get; set; }

    public int Messages { get; set; }

    /// <summary>
    /// Copies beyond the first that a mailbox got, each with the Message-ID of the first and with its entry saying so.
    /// </summary>
    public int Duplicates { get; set; }

    public int Restarts { get; set; }

    public int Decisions { get; set; }

    public TimeSpan LongestRecovery { get; set; }

    public int Lost { get; set; }

    public int SilentlyDoubled { get; set; }

    public int Unknown { get; set; }

    /// <summary>Whatever else was not as it must be, in words.</summary>
    public List<string> Breaches { get; } = [];

    public IReadOnlyDictionary<string, int> Faults => faults;

    public bool IsSound => (Lost, SilentlyDoubled, Unknown) == (0, 0, 0) && Breaches is [];

    public void Fault(string kind) => faults.AddOrUpdate(kind, 1, (_, times) => times + 1);

    public void Print(TextWriter output)
    {
        output.WriteLine(
            $"runs {Runs}, kills {Kills}, messages received {Messages}, duplicates with the same Message-ID {Duplicates}, decided by a person {Decisions}"
        );
        output.WriteLine($"faults injected {faults.Values.Sum()}");
        foreach (var (kind, times) in faults.OrderBy(fault => fault.Key, StringComparer.Ordinal))
            output.WriteLine($"  {times,5}  {kind}");
        output.WriteLine($"longest recovery after a restart {LongestRecovery.TotalSeconds:0.0} s");
        foreach (var breach in Breaches)
            output.WriteLine(breach);
        output.WriteLine($"lost {Lost}, silently doubled {SilentlyDoubled}, unknown left {Unknown}");
    }
}
