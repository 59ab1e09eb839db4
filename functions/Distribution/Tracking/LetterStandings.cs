using Distribution.Intake;
using Distribution.Letters;
using Distribution.Letters.Reading;
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

/// <summary>What follows from a letter's standing.</summary>
internal static class HandedOut
{
    extension(LetterStanding standing)
    {
        // The members are in the order of how much they take from the letter.
        public bool IsHandedOut => standing < LetterStanding.Replaced;
    }
}

/// <summary>Whether a released letter may still be handed out, and what its readers must be told first.</summary>
internal sealed class LetterStandings(DistributionRecords distributions, EntryStates entries)
{
    /// <param name="distribution">A released letter, or a follow-up of one.</param>
    public async Task<LetterStanding> Of(DistributionRecord distribution, CancellationToken cancellation)
    {
        // Whatever corrects a letter is noted in its record before any of it leaves.
        if (distribution
            is
            {
                IsCorrected: false,
                Follows: null or { Kind: FollowUpKind.Reissue or FollowUpKind.Withdrawal }
            })
            return LetterStanding.Stands;
        var all = await distributions.All(cancellation);
        var known = new HashSet<string>();
        var (standing, _) = await Of(distribution.Id, distribution.DraftLabel, all, known, cancellation);
        if (distribution.Follows
            is { Kind: FollowUpKind.Addendum or FollowUpKind.Reminder or FollowUpKind.Corrigendum } follows)
        {
            // They are the letter that they belong to, or a part of it; a corrigendum is itself what corrects that.
            var (letter, _) = await Of(
                follows.Of,
                all.FirstOrDefault(other => other.Id == follows.Of)?.DraftLabel,
                all,
                known,
                cancellation);
            // A corrigendum is not told to be corrected by itself, but goes with a letter that was replaced or
            // withdrawn.
            if (letter > standing && (!letter.IsHandedOut || !follows.IsCorrection))
                standing = letter;
        }

        // One that was only stopped stands for the missions that have it: nobody has told them anything else.
        return standing.IsHandedOut && distribution.SupersededBy is { } by && !known.Contains(by)
            ? LetterStanding.Replaced
            : standing;
    }

    /// <param name="label">Its draft label; null where it is not on record any more.</param>
    /// <param name="known">Takes the ids of the corrections that were released.</param>
    /// <returns>The standing, and when the correction that decides it was released.</returns>
    private async Task<(LetterStanding Standing, DateTimeOffset Since)> Of(
        string id,
        string? label,
        IReadOnlyList<DistributionRecord> all,
        HashSet<string> known,
        CancellationToken cancellation)
    {
        var (standing, since) = (LetterStanding.Stands, DateTimeOffset.MinValue);
        foreach (var later in Corrections(id, all))
        {
            // Also where it does not hold: its stop took it back, and so the letter is not replaced by it.
            known.Add(later.Id);
            if (!await IsSaid(later, all, cancellation))
                continue;
            var (brought, at) = (Brought(later.Follows!.Kind), later.ReleasedAt!.Value);
            // What took the letter's place stands for it, and so does a corrigendum under its own label, which is that
            // draft put right: what becomes of them becomes of the letter.
            if ((brought == LetterStanding.Replaced
                    || (brought == LetterStanding.Corrected
                        && label is not null
                        && DraftLabels.AreSame(later.DraftLabel, label)))
                && await Of(later.Id, later.DraftLabel, all, known, cancellation) is var (further, then)
                && further > brought)
                (brought, at) = (further, then);
            // Of a withdrawal and a letter in its place, the one that came last is what the missions go by.
            var isLast = !brought.IsHandedOut && !standing.IsHandedOut && at != since ? at > since : brought > standing;
            if (isLast)
                (standing, since) = (brought, at);
        }

        return (standing, since);
    }

    private static LetterStanding Brought(FollowUpKind kind) => kind switch
    {
        FollowUpKind.Withdrawal => LetterStanding.Withdrawn,
        FollowUpKind.Reissue => LetterStanding.Replaced,
        _ => LetterStanding.Corrected,
    };

    /// <summary>
    /// Whether a correction holds: it was released, and not stopped before any of it left. A stop before that takes the
    /// correction back, because nobody has read it, unless yet another letter took its place and holds.
    /// </summary>
    private async Task<bool> IsSaid(
        DistributionRecord correction,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        if (correction.State != DistributionState.Withdrawn
            || await entries.MayHaveLeft(correction.Id, cancellation))
            return true;
        if (!correction.IsCorrected)
            return false;
        var further = Corrections(correction.Id, all).ToList();
        // What cannot be looked up, because it was erased or cannot be read, is taken to have been said.
        if (further is [] || (correction.SupersededBy is { } by && !further.Exists(other => other.Id == by)))
            return true;
        foreach (var other in further)
            if (await IsSaid(other, all, cancellation))
                return true;
        return false;
    }

    /// <returns>The corrections of a letter that were released.</returns>
    private static IEnumerable<DistributionRecord> Corrections(string id, IReadOnlyList<DistributionRecord> all) =>
        all.Where(other => other is { Follows.IsCorrection: true, ReleasedAt: not null } && other.Follows.Of == id);
}
