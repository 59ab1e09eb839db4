namespace Distribution.Tracking.Erasure;

/// <summary>Settings under <c>Retention</c>.</summary>
internal sealed class RetentionSettings
{
    /// <summary>
    /// How long after the last that happened to a letter it is erased, thirty days after the desk was told; at least
    /// thirty days. 0 means that only people erase.
    /// </summary>
    public TimeSpan EraseAfter { get; set; }
}
