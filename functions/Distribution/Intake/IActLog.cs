namespace Distribution.Intake;

/// <summary>
/// Logs the acts on a distribution as they happen. A later step (another folder) keeps the log and implements this.
/// </summary>
internal interface IActLog
{
    /// <summary>
    /// Logs the new acts of a distribution's record. If storage fails, nothing else fails: missing acts are restored
    /// from the record when the log is sealed.
    /// </summary>
    /// <param name="distribution">The record as stored now.</param>
    /// <param name="known">How many of its acts were on record before.</param>
    Task Append(DistributionRecord distribution, int known);

    /// <returns>
    /// The ids that begin so, of distributions with a sealed log. A log is sealed from the release on, and outlives the
    /// tables.
    /// </returns>
    Task<IReadOnlyList<string>> Sealed(string idsBeginWith, CancellationToken cancellation);
}
