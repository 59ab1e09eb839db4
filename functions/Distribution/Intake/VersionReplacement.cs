using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>Replaces unsent versions of a folder, so that they can no longer be sent.</summary>
internal sealed class VersionReplacement(DistributionRecords distributions, Notices notices)
{
    /// <param name="upload">The folder's record, with its versions.</param>
    /// <param name="present">The id of the version that stays; null if none does.</param>
    /// <param name="reason">Gives the reason for each replaced version.</param>
    /// <returns>Whether all of them had come to their end before.</returns>
    public async Task<bool> Replace(
        Upload upload,
        string? present,
        Func<DistributionRecord, Replacement> reason,
        CancellationToken cancellation)
    {
        var hadEnded = true;
        foreach (var other in upload.Versions.Where(version => version != present))
        {
            var said = false;
            while (await distributions.Find(other, cancellation) is { } before)
            {
                // Somebody has changed it since it was said that it will not leave.
                if (said && before.State != DistributionState.Replaced)
                    await notices.Remove(NoticeOf(other), cancellation);
                if (before.State is DistributionState.Complete
                        or DistributionState.Replaced
                        or DistributionState.Withdrawn
                        or DistributionState.Discarded)
                    break;
                hadEnded = false;
                if (before.State is not (DistributionState.AwaitingRelease or DistributionState.Scheduled))
                    break;
                var (why, remedy) = reason(before);
                // Said first: a worker that stops in between leaves it to the next one, which finds it as it was.
                said = before is { State: DistributionState.Scheduled, Hour: not null };
                if (said)
                    await notices.Add(
                        new(
                            NoticeOf(other),
                            upload.ExaminedAt,
                            other,
                            $"{before.DraftLabel} had been released to leave on {NewYorkTime.Words(before.Hour!.Value)} New York time. {char.ToUpperInvariant(why[0])}{why[1..]}, so it will not leave. {remedy}"
                        ),
                        cancellation);
                if (await distributions.Change(
                        other,
                        stale =>
                            // Only from the state in which the notice was given; from another the loop decides again.
                            stale.State == before.State
                                ? (stale with { State = DistributionState.Replaced }).With(
                                    new(upload.ExaminedAt, Act.Replaced, null, why))
                                : null,
                        cancellation)
                        is not null)
                    break;
            }
        }

        return hadEnded;
    }

    private static string NoticeOf(string distributionId) => $"replaced-{distributionId}";
}
