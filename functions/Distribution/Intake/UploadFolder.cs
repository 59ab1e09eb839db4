using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>
/// A place in the <c>drafts</c> container that becomes one distribution: <c>process/revision/</c>, or one file of
/// <c>process/standing/</c>. Its names are in one form (NFC), so that what a Mac and what Windows uploads into it meet.
/// </summary>
/// <param name="Revision">The folder's name; for a file of the standing folder, the file's name.</param>
/// <param name="IsStanding">True for a file of the standing folder.</param>
internal sealed record UploadFolder(string Process, string Revision, bool IsStanding = false)
{
    public string Process { get; init => field = FileNames.AsRead(value); } = FileNames.AsRead(Process);

    public string Revision { get; init => field = FileNames.AsRead(value); } = FileNames.AsRead(Revision);

    /// <summary>The path in the container: <c>gcm/draft-rev-1</c> or <c>gcm/standing/rev-1.pdf</c>.</summary>
    public override string ToString() => IsStanding ? $"{Process}/standing/{Revision}" : $"{Process}/{Revision}";
}

internal enum UploadState
{
    Waiting,
    Rejected,
    Accepted,

    /// <summary>
    /// Everything is in order; its letters are being typeset in the queue before it becomes a letter.
    /// </summary>
    Preparing,

    /// <summary>A person has discarded it; it is examined again when one of its files changes.</summary>
    Discarded,
}
