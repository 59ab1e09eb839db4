using Distribution.Common;

namespace Distribution.Intake;

/// <summary>What became of an upload folder the last time it was examined.</summary>
/// <param name="Files">
/// Fingerprint of the folder's files; empty while an examination is under way or has broken off.
/// </param>
/// <param name="Surroundings">
/// Fingerprint of what else the examination depended on: standing letter, templates, settings.
/// </param>
/// <param name="FirstSeen">When its present state began: an upload waits from here.</param>
/// <param name="WaitingFor">The files its letter names that are not there yet.</param>
/// <param name="DistributionId">What it became, once accepted.</param>
/// <param name="Versions">Every distribution the folder has become so far, the first version first.</param>
/// <param name="ScanWaits">
/// Why its files have not been scanned for malware yet: a sentence; null where it does not wait for that.
/// </param>
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
    public string Awaited => ScanWaits is null ? EnglishText.Listed(WaitingFor) : "the malware scanner";
}
