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

internal enum UploadState
{
    Waiting,
    Rejected,
    Accepted,

    /// <summary>A person has set it aside; it is examined again when one of its files changes.</summary>
    Discarded,
}

/// <summary>What became of an upload folder the last time it was examined.</summary>
/// <param name="Files">Fingerprint of the folder's files; empty while an examination is under way or has broken off.</param>
/// <param name="Surroundings">Fingerprint of what else the examination depended on: standing letter, templates, settings.</param>
/// <param name="FirstSeen">When its present state began: an upload waits from here.</param>
/// <param name="WaitingFor">The files its letter names that are not there yet.</param>
/// <param name="DistributionId">What it became, once accepted.</param>
/// <param name="Versions">Every distribution the folder has become so far, the first version first.</param>
/// <param name="ScanWaits">Why its files have not been scanned for malware yet: a sentence; null where it does not wait for that.</param>
/// <param name="Register">The hash of the register it was examined with.</param>
internal sealed record Upload(
    UploadFolder Folder,
    UploadState State,
    string Files,
    string Surroundings,
    DateTimeOffset FirstSeen,
    DateTimeOffset ExaminedAt,
    IReadOnlyList<string> WaitingFor,
    IReadOnlyList<Fault> Faults,
    string? DistributionId,
    IReadOnlyList<string> Versions,
    string? ScanWaits = null,
    string Register = "")
{
    /// <summary>What it waits for, for a list: the files, or the scanner.</summary>
    public string Awaited => ScanWaits is null ? Wording.Listed(WaitingFor) : "the malware scanner";
}
