using Distribution.Common;

namespace Distribution.Intake;

/// <summary>The result of the last examination of an upload folder.</summary>
/// <param name="Files">
/// Fingerprint of the folder's files; empty while an examination is running, or if it crashed.
/// </param>
/// <param name="Surroundings">
/// Fingerprint of what else the examination depended on: standing letter, templates, settings.
/// </param>
/// <param name="FirstSeen">
/// When its present state began; a waiting upload is rejected <c>Intake:WaitFor</c> later.
/// </param>
/// <param name="WaitingFor">Files that its letter names and that have not been uploaded yet.</param>
/// <param name="DistributionId">The distribution it became; null until it is accepted.</param>
/// <param name="Versions">Every distribution the folder has become so far, the first version first.</param>
/// <param name="ScanWaits">
/// Why its files have not been scanned for malware yet: a sentence; null if it does not wait for the scanner.
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
    IReadOnlyList<Finding> Faults,
    string? DistributionId,
    IReadOnlyList<string> Versions,
    string? ScanWaits = null,
    string Register = "")
{
    /// <summary>Only while its letters are being typeset in the queue.</summary>
    public Preparation? Preparation { get; init; }

    /// <summary>
    /// What may be meant by some it waits for (<see cref="CheckResult.Waits.Near"/>); null for nothing.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Near { get; init; }

    /// <summary>What it waits for, in words: the files, or the scanner.</summary>
    public string Awaited => ScanWaits is null ? EnglishText.Listed(WaitingFor) : "the malware scanner";

    /// <summary>Whether nothing is left to do with these files, as long as nothing else changes either.</summary>
    public bool IsSettledWith(FolderListing listing) =>
        Files == listing.Fingerprint && State is not (UploadState.Waiting or UploadState.Preparing);
}
