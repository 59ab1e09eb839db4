using Distribution.Intake;

namespace Distribution.Tracking.Erasure;

/// <summary>
/// What remains of a distribution whose personal data was erased, besides its sealed log and the hashes for
/// verification. It names no mission, no recipient and no signatory.
/// </summary>
/// <param name="Id">The distribution's id, unchanged.</param>
/// <param name="Missions">How many missions were on its frozen roster.</param>
/// <param name="Accountable">How many of them were accounted for.</param>
/// <param name="ReleasedAt">Null where it was never released.</param>
/// <param name="Head">The hash of the last link of its sealed log; null where it had none.</param>
/// <param name="By">The person who asked for it; null where its retention time had ended.</param>
/// <param name="Files">
/// The folder of its files in the <c>drafts</c> container, if the folder held nothing newer; null otherwise, and once
/// erased.
/// </param>
/// <param name="Have">
/// How many of them had the letter; null where it was never released, or was erased by an earlier version, which did
/// not record this.
/// </param>
/// <param name="MayHaveLeft">
/// Whether any of it may have left; null where it was erased by an earlier version, which did not record this.
/// </param>
/// <param name="Standing">
/// Whether it still held; null where it was never released, or was erased by an earlier version, which did not record
/// this.
/// </param>
/// <param name="IsDone">Whether all of its data is deleted. While it is false, erasing continues.</param>
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
    int? Have = null,
    bool? MayHaveLeft = null,
    LetterStanding? Standing = null);
