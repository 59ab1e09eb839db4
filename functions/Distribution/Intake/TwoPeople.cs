namespace Distribution;

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
/// A letter leaves when as many different people stand behind it as the setting asks for. Whoever uploaded it at the desk is one of them; what came by a
/// storage tool has no author, and then two people release it.
/// </summary>
internal static class TwoPeople
{
    public static ReleaseStep StepOf(Distribution distribution, Person person, int people)
    {
        if (people < 2)
            return ReleaseStep.Sends;
        if (distribution.Authors is { } authors)
            return authors.Any(author => author.Is(person)) ? ReleaseStep.IsAuthor : ReleaseStep.Sends;
        return distribution.Approvals.Exists(approval => approval.By.Is(person)) ? ReleaseStep.HasApproved
            : distribution.Approvals.IsEmpty ? ReleaseStep.Approves
            : ReleaseStep.Sends;
    }
}
