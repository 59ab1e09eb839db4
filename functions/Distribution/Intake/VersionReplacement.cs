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
            if (await distributions.Find(other, cancellation) is not { } before)
                continue;
            if (before.State is DistributionState.Complete
                    or DistributionState.Replaced
                    or DistributionState.Withdrawn
                    or DistributionState.Discarded)
                continue;
            hadEnded = false;
            var (why, remedy) = reason(before);
            if (await distributions.Change(
                    other,
                    stale =>
                        stale.State is DistributionState.AwaitingRelease or DistributionState.Scheduled
                            ? (stale with { State = DistributionState.Replaced }).With(
                                new(upload.ExaminedAt, Act.Replaced, null, why))
                            : null,
                    cancellation)
                    is not null
                && before is { State: DistributionState.Scheduled, Hour: { } hour })
                await notices.Add(
                    new(
                        $"replaced-{other}",
                        upload.ExaminedAt,
                        other,
                        $"{before.DraftLabel} had been released to leave on {NewYorkTime.Words(hour)} New York time. {char.ToUpperInvariant(why[0])}{why[1..]}, so it will not leave. {remedy}"
                    ),
                    cancellation);
        }

        return hadEnded;
    }
}
