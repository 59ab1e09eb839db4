namespace Distribution.Intake;

/// <summary>Why an unsent version can no longer be sent.</summary>
/// <param name="Why">
/// A clause, without capital and full stop; for the record, and to begin a sentence of a notice.
/// </param>
/// <param name="Remedy">What the person who had scheduled it can do: a sentence.</param>
internal sealed record Replacement(string Why, string Remedy)
{
    public static readonly Replacement TakenAway = new(
        "its folder was taken away",
        "Upload it again, if it shall leave.");

    public static readonly Replacement ReleasedBefore = new(
        "its folder holds again what had been released from it before",
        "If this version shall leave, upload it again and release it.");

    private const string ReleaseNew = "Release the new version, if that is what shall leave.";

    /// <param name="before">The version that is replaced.</param>
    /// <param name="contentHash">The content hash of what its folder holds now.</param>
    public static Replacement ByVersion(DistributionRecord before, string contentHash) =>
        before.ContentHash == contentHash
            ? new("it was made anew, with the register, templates and settings of today", ReleaseNew)
            : new("its folder holds other content now", ReleaseNew);

    /// <param name="upload">The new record of its folder.</param>
    public static Replacement By(Upload upload) =>
        upload.State switch
        {
            UploadState.Accepted => new("its folder holds another version now", ReleaseNew),
            UploadState.Preparing => new(
                "its folder holds another version now, whose letters are being typeset",
                "Release the new version once they are, if that is what shall leave."),
            UploadState.Waiting => new(
                $"its folder waits for {upload.Awaited}",
                "Release it once nothing is waited for, if it shall leave."),
            UploadState.Rejected => new(
                "its folder was checked again and rejected",
                "Correct what the folder's page names, and release the letter then."),
            UploadState.Discarded => new("a person has set its folder aside", "Upload it again, if it shall leave."),
            _ => throw new ArgumentOutOfRangeException(nameof(upload), upload.State, null),
        };
}
