using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>
/// Work of a later step when the content of a distribution is frozen. It runs before the distribution itself is on
/// record, so that a distribution on record always has what the step stores.
/// </summary>
internal interface IFreezeStep
{
    /// <summary>Must be idempotent: it may run again for the same distribution and content.</summary>
    /// <param name="isNew">Whether the distribution begins here, so that nothing else of it is stored yet.</param>
    Task Freeze(string distributionId, FrozenContent content, bool isNew, CancellationToken cancellation);
}
