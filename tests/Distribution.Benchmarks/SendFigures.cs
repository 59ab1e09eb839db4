namespace Distribution.Benchmarks;

/// <summary>What one distribution took, and whether it is complete.</summary>
/// <param name="Examined">From the uploaded folder to the letter that waits for its release.</param>
/// <param name="Sent">From the release to the last record.</param>
/// <param name="DestinationTime">Processor time of the destination meanwhile.</param>
/// <param name="Kinds">How many storage requests of each kind were made meanwhile, the most first.</param>
/// <param name="PeakMemory">Of this program, in bytes.</param>
/// <param name="Allocated">By this program, in bytes.</param>
/// <param name="Pauses">For how long collecting garbage has stopped this program.</param>
/// <param name="Missing">What is not as it should be, in words; null where every mission has it, once.</param>
internal sealed record SendFigures(
    SendOptions Options,
    Consumption Examined,
    Consumption Sent,
    TimeSpan DestinationTime,
    IReadOnlyList<(string Kind, int Count)> Kinds,
    long PeakMemory,
    long Allocated,
    TimeSpan Pauses,
    string? Missing)
{
    /// <summary>Letters a second.</summary>
    public double Rate => Options.Count / Sent.Took.TotalSeconds;
}
