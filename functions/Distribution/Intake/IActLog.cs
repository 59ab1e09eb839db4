namespace Distribution.Intake;

/// <summary>
/// Where the acts on a distribution are logged as they happen. The log itself is kept by a later step.
/// </summary>
internal interface IActLog
{
    /// <summary>
    /// Logs the acts that are new on a distribution's record. That they cannot be logged now fails nothing: the log is
    /// completed from the record.
    /// </summary>
    /// <param name="distribution">As it is on record now.</param>
    /// <param name="known">How many of its acts were on record before.</param>
    Task Append(DistributionRecord distribution, int known);
}
