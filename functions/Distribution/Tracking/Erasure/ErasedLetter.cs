using Distribution.Intake;

namespace Distribution.Tracking.Erasure;

/// <summary>
/// What stays of a distribution whose personal data was erased, beside its sealed log and the hashes by which letters
/// are verified. It names no mission and nobody who received or signed.
/// </summary>
/// <param name="Id">As it was.</param>
/// <param name="Missions">On its frozen roster.</param>
/// <param name="Accountable">How many of them were accounted for.</param>
/// <param name="ReleasedAt">Null where it was never released.</param>
/// <param name="Head">The last link of its sealed log; null where it had none.</param>
/// <param name="By">The person who asked for it; null where its time had come.</param>
/// <param name="Files">Its folder in the <c>drafts</c> container where that held nothing newer; null otherwise.</param>
/// <param name="Have">
/// How many of them had the letter; null where an earlier version erased it, which did not note that.
/// </param>
/// <param name="IsDone">False until the last of its data is gone.</param>
internal sealed record ErasedLetter(
    string Id,
    string Process,
    string DraftLabel,
    DateOnly Date,
    int Missions,
    int Accountable,
    DateTimeOffset? ReleasedAt,
    string? Head,
    DateTimeOffset At,
    string? By,
    UploadFolder? Files,
    bool IsDone,
    int? Have = null);
