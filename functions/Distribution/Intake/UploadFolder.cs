namespace Distribution;

/// <summary>
/// A place in the <c>drafts</c> container that becomes one distribution: <c>process/revision/</c>,
/// or one file of <c>process/standing/</c>.
/// </summary>
/// <param name="Revision">The folder's name, or the file's name where the process's standing letter serves it.</param>
/// <param name="IsStanding">True for a file of the standing folder.</param>
internal sealed record UploadFolder(string Process, string Revision, bool IsStanding = false)
{
    /// <summary>As a person finds it: <c>gcm/draft-rev-1</c> or <c>gcm/standing/rev-1.pdf</c>.</summary>
    public override string ToString() => IsStanding ? $"{Process}/standing/{Revision}" : $"{Process}/{Revision}";
}

internal enum UploadState { Waiting, Rejected, Accepted }

/// <summary>What became of an upload folder the last time it was examined.</summary>
/// <param name="Fingerprint">Of everything the examination depended on; while it is unchanged nothing is examined again.</param>
/// <param name="FirstSeen">When its present state began: an upload waits from here.</param>
/// <param name="WaitingFor">The files its letter names that are not there yet.</param>
/// <param name="DistributionId">What it became, once accepted.</param>
internal sealed record Upload(
    UploadFolder Folder,
    UploadState State,
    string Fingerprint,
    DateTimeOffset FirstSeen,
    DateTimeOffset ExaminedAt,
    IReadOnlyList<string> WaitingFor,
    IReadOnlyList<Fault> Faults,
    string? DistributionId);
