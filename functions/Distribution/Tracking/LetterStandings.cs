using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;

namespace Distribution.Tracking;

/// <summary>Whether a released letter is still the one that its missions go by.</summary>
internal enum LetterStanding
{
    Stands,

    /// <summary>A later letter corrects a part of it. It is still handed out.</summary>
    Corrected,

    /// <summary>A later letter has taken its place.</summary>
    Replaced,

    /// <summary>A later letter withdraws it.</summary>
    Withdrawn,
}

internal static class HandedOut
{
    extension(LetterStanding standing)
    {
        public bool IsHandedOut => standing < LetterStanding.Replaced;
    }
}

/// <summary>Says of a released letter whether it may still be handed out, and what its readers are told first.</summary>
internal sealed class LetterStandings(DistributionRecords distributions, EntryStates entries)
{
    public async Task<LetterStanding> Of(DistributionRecord distribution, CancellationToken cancellation)
    {
        // Whatever corrects a letter is noted in its record before any of it leaves.
        if (distribution is { IsLetter: true, IsCorrected: false })
            return LetterStanding.Stands;
        // An addendum or a reminder is the letter that it belongs to.
        string[] ids = distribution.Follows is { IsCorrection: false } follows
            ? [distribution.Id, follows.Of]
            : [distribution.Id];
        var (standing, known) = (LetterStanding.Stands, new HashSet<string>());
        foreach (var id in ids)
            foreach (var later in await distributions.Following(id, cancellation))
                if (later is { Follows.IsCorrection: true, ReleasedAt: not null })
                {
                    known.Add(later.Id);
                    var brought = Brought(later.Follows.Kind);
                    if (brought > standing && await IsSaid(later, cancellation))
                        standing = brought;
                }

        // One that was only stopped stands for the missions that have it: nobody has told them anything else.
        return standing.IsHandedOut && distribution.SupersededBy is { } by && !known.Contains(by)
            ? LetterStanding.Replaced
            : standing;
    }

    private static LetterStanding Brought(FollowUpKind kind) => kind switch
    {
        FollowUpKind.Withdrawal => LetterStanding.Withdrawn,
        FollowUpKind.Reissue => LetterStanding.Replaced,
        _ => LetterStanding.Corrected,
    };

    /// <summary>
    /// Whether a correction holds: it was released, and not stopped before any of it left. Such a stop takes it back, as
    /// nobody has read it, unless yet another letter took its place.
    /// </summary>
    private async Task<bool> IsSaid(DistributionRecord correction, CancellationToken cancellation) =>
        correction is not { State: DistributionState.Withdrawn, IsCorrected: false }
        || await entries.MayHaveLeft(correction.Id, cancellation);
}
