namespace Distribution.Hosting.Jobs;

/// <summary>One distribution could not go on in this tick; the next one tries it again.</summary>
internal sealed class DistributionFailedException(string distributionId, Exception inner)
    : Exception($"The distribution {distributionId} could not go on.", inner);
