using Distribution.Common;

namespace Distribution.Intake;

/// <summary>What a person's word does to a letter that waits for release.</summary>
internal enum ReleaseStep
{
    /// <summary>It leaves.</summary>
    Sends,

    /// <summary>It waits for one more person.</summary>
    Approves,

    /// <summary>Nothing: they have approved it, and another person must send it.</summary>
    HasApproved,

    /// <summary>Nothing: they are its author, and another person must send it.</summary>
    IsAuthor,
}

/// <summary>
/// A letter leaves when as many different people stand behind it as the setting asks for, each of whom looked at this
/// very content. Whoever uploaded it whole at the desk is one of them; what has no author, since a storage tool brought
/// some of it or it came in pieces, two people release.
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

    /// <returns>The approvals given to what would leave now, and to nothing else.</returns>
    public static IReadOnlyList<Approval> ThatCount(DistributionRecord distribution, ReleaseReview review) =>
        [.. distribution.Approvals.Where(approval => approval.Content == review.Content)];
}
