using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// Keeps a letter from leaving by itself a second time. Where tables were lost, nothing on record says that it was
/// sent; but its frozen content is there, and so is the sealed log of its folder's letter, which only a release begins.
/// </summary>
internal sealed class SentAlready(IActLog log, DistributionRecords distributions, Notices notices)
{
    /// <param name="upload">The record of its folder.</param>
    /// <param name="wasFrozen">
    /// Whether its content was frozen before, by anything but an examination that was interrupted.
    /// </param>
    /// <returns>
    /// What a person must know before it leaves; the secretariat has a notice that says so. Null if it has not left.
    /// </returns>
    public async Task<Finding?> Find(
        Upload upload,
        CheckedLetter letter,
        bool wasFrozen,
        CancellationToken cancellation)
    {
        var logs = (await log.Sealed(DistributionId.Beginning(upload.Folder), cancellation))
            .Where(id => DistributionId.MayBeOf(upload.Folder, id))
            .ToList();
        // Earlier versions of the folder whose release is on record explain their logs; and folders whose names differ
        // in signs alone share the beginning of their ids.
        if (logs is not [])
            logs =
            [
                .. logs.Except(
                    (await distributions.All(cancellation))
                        .Where(other => other.Folder != upload.Folder
                            || (upload.Versions.Contains(other.Id)
                                && other.Acts.Any(entry => entry.Act is Act.Released or Act.Scheduled)))
                        .Select(other => other.Id)),
            ];
        if (logs is [] && !wasFrozen)
            return null;
        var id = logs is [] || logs.Contains(letter.Id) ? letter.Id : logs[0];
        var finding = IntakeFaults.SentAlready($"{upload.Folder}", id, hasLog: logs is not []);
        await notices.Add(
            new(
                $"sent-already-{letter.Id}",
                upload.ExaminedAt,
                letter.Id,
                $"The letter {letter.Content.Letter.DraftLabel} of {upload.Folder} asks to leave by itself, and waits for a person instead. {finding.Words} {finding.Remedy}"),
            cancellation);
        return finding;
    }
}
