using Distribution.Intake;
using Distribution.Letters;

namespace Distribution.Tracking;

/// <summary>Whether a released letter is still the one that its missions go by.</summary>
internal enum LetterStanding
{
    Stands,

    /// <summary>A later letter withdraws it.</summary>
    Withdrawn,

    /// <summary>A later letter has taken its place.</summary>
    Replaced,
}

/// <summary>Says of a released letter whether it may still be handed out.</summary>
internal sealed class LetterStandings(DistributionRecords distributions)
{
    public async Task<LetterStanding> Of(DistributionRecord distribution, CancellationToken cancellation)
    {
        // An addendum is the letter that it is an addendum to.
        string[] ids = distribution.Follows is { Kind: FollowUpKind.Addendum } follows
            ? [distribution.Id, follows.Of]
            : [distribution.Id];
        foreach (var id in ids)
            if ((await distributions.Following(id, cancellation)).Any(other =>
                    other is { Follows.Kind: FollowUpKind.Withdrawal, ReleasedAt: not null }))
                return LetterStanding.Withdrawn;
        // One that was only stopped stands for the missions that have it: nobody has told them anything else.
        return distribution.SupersededBy is not null ? LetterStanding.Replaced : LetterStanding.Stands;
    }
}
