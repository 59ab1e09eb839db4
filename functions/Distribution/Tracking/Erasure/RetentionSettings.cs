namespace Distribution.Tracking.Erasure;

/// <summary>Settings under <c>Retention</c>.</summary>
internal sealed class RetentionSettings
{
    /// <summary>
    /// How long after its last act a letter is erased; at least thirty days, and never earlier than thirty days after
    /// the notice on the desk. 0 means that nothing is erased automatically, only by people.
    /// </summary>
    public TimeSpan EraseAfter { get; set; }
}
