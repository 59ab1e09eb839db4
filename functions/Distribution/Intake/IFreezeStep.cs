using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>
/// What a later step puts on record when the content of a distribution is frozen, before the distribution itself is on
/// record.
/// </summary>
internal interface IFreezeStep
{
    /// <summary>Safe to run again for the same distribution and content.</summary>
    Task Freeze(string distributionId, FrozenContent content, CancellationToken cancellation);
}
