using Distribution.Letters;

namespace Distribution.Sending;

/// <summary>
/// Decides, just before a follow-up letter (reminder, addendum, correction) is handed over, whether the mission still
/// needs it.
/// </summary>
internal interface ISendGuard
{
    /// <returns>Why it is not sent: a sentence for the mission's entry; null if it is to be sent.</returns>
    Task<string?> Objection(FollowUp follows, string missionId, CancellationToken cancellation);
}
