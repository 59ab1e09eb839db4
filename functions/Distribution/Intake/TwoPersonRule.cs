using Distribution.Common;

namespace Distribution.Intake;

/// <summary>What a person's release does to a letter that waits for it.</summary>
internal enum ReleaseStep
{
    /// <summary>It is sent.</summary>
    Sends,

    /// <summary>It is approved and waits for a second person.</summary>
    Approves,

    /// <summary>Nothing: this person has approved it already, and another person must send it.</summary>
    HasApproved,

    /// <summary>Nothing: this person is its author, and another person must send it.</summary>
    IsAuthor,
}

/// <summary>
/// A letter is sent when as many different people as <c>Release:People</c> says are responsible for exactly this
/// content. The person who uploaded all of it at the desk in one go is one of them. If it has no such author (a storage
/// tool uploaded some of it, or it was uploaded in several parts), two people must release it.
/// </summary>
internal static class TwoPersonRule
{
    public static ReleaseStep StepOf(DistributionRecord distribution, ReleaseReview review, Person person, int people)
    {
        if (people < 2)
            return ReleaseStep.Sends;
        if (review.Authors is { } authors)
            return authors.Any(author => author.Is(person)) ? ReleaseStep.IsAuthor : ReleaseStep.Sends;
        var approvals = ThatCount(distribution, review);
        return approvals.Any(approval => approval.By.Is(person)) ? ReleaseStep.HasApproved
            : approvals.Count == 0 ? ReleaseStep.Approves
            : ReleaseStep.Sends;
    }

    /// <returns>The approvals of exactly the content that would be sent now.</returns>
    public static IReadOnlyList<Approval> ThatCount(DistributionRecord distribution, ReleaseReview review) =>
        [.. distribution.Approvals.Where(approval => approval.Content == review.Content)];
}
