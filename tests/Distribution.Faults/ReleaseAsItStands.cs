using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;

namespace Distribution.FaultSuite;

internal static class ReleaseAsItStands
{
    /// <summary>
    /// The press of a person who has looked at what waits at this very moment, and has confirmed whatever is asked.
    /// </summary>
    public static Task<ReleaseOutcome> Release(
        this Releases releases,
        string distributionId,
        Person by,
        CancellationToken cancellation) => releases.Release(distributionId, by, confirmed: true, cancellation);

    /// <param name="confirmed">Whether they have confirmed what is asked.</param>
    public static async Task<ReleaseOutcome> Release(
        this Releases releases,
        string distributionId,
        Person by,
        bool confirmed,
        CancellationToken cancellation) =>
        await releases.Release(
            distributionId,
            by,
            Looked(await releases.Review(distributionId, cancellation), confirmed),
            cancellation);

    /// <returns>What the form of the page would bring.</returns>
    public static ReleaseRequest Looked(ReleaseReview? review, bool confirmed) =>
        review is null
            ? new("", [], new Dictionary<string, string>())
            : new(
                review.Content,
                confirmed ? [.. review.ToConfirm.Select(finding => finding.Key)] : [],
                confirmed
                    ? review
                        .ToConfirm.Where(finding => finding.Severity == Severity.Overrule)
                        .ToDictionary(finding => finding.Key, _ => "It is meant so")
                    : [],
                review.Register is null ? null : review.RegisterHash);
}
