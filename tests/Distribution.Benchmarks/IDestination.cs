namespace Distribution.Benchmarks;

/// <summary>Where the letters of a benchmark go: it takes every letter, keeps none, and counts them.</summary>
internal interface IDestination : IAsyncDisposable
{
    string Name { get; }

    /// <summary>The settings by which the service sends to it.</summary>
    IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Processor time it has used; none where it is a part of this process.</summary>
    TimeSpan Cpu { get; }

    /// <summary>How many letters it has taken since it was started.</summary>
    Task<int> Taken();
}
