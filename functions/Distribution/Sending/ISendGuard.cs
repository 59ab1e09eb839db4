using Distribution.Letters;

namespace Distribution.Sending;

/// <summary>Asked about each letter that follows an earlier one, at the very moment before it is handed over.</summary>
internal interface ISendGuard
{
    /// <returns>Why it is not sent after all: a sentence for the mission's entry; null where it is wanted.</returns>
    Task<string?> Objection(FollowUp follows, string missionId, CancellationToken cancellation);
}
