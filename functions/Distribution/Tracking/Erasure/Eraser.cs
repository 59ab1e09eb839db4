using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking.Log;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Erasure;

/// <summary>
/// Erases letters: content, roster, deliveries, acknowledgements, replies, and the personal data beside the log. The
/// sealed log itself stays, because it has none of that, and so do the hashes by which a letter is verified.
/// </summary>
internal sealed class Eraser(
    DistributionRecords distributions,
    MissionEntries entries,
    EntryStates states,
    Uploads uploads,
    Erasures erasures,
    ReachReader reaches,
    LetterStandings standings,
    LogSealer sealer,
    LogChains chains,
    TimeProvider clock,
    ILogger<Eraser> logger)
{
    /// <returns>A letter and everything that belongs to it: see <see cref="Families"/>.</returns>
    public async Task<IReadOnlyList<DistributionRecord>> Family(
        string distributionId,
        CancellationToken cancellation) => new Families(await distributions.All(cancellation)).Of(distributionId);

    /// <summary>Whether nothing more will happen to any of these distributions.</summary>
    public static bool IsAtRest(IEnumerable<DistributionRecord> family) =>
        family.All(distribution =>
            distribution.State
                is DistributionState.Complete
                    or DistributionState.Withdrawn
                    or DistributionState.Replaced
                    or DistributionState.Discarded
            && !distribution.Reminders.Exists(reminder =>
                // A missed one waits for a person, who may still send it.
                reminder.State is ReminderState.Planned or ReminderState.Missed));

    /// <param name="by">The person who asks for it; null where the retention time has ended.</param>
    /// <returns>
    /// True where all of it was erased. False where there is no such letter, something will still happen to it, or a
    /// worker has some of its messages in hand: then nothing was erased. False also where another worker changed a
    /// distribution or holds its log: then those already begun are erased by the next <see cref="Resume"/>, and the
    /// rest needs another call.
    /// </returns>
    public async Task<bool> Erase(string distributionId, string? by, CancellationToken cancellation)
    {
        var family = await Family(distributionId, cancellation);
        if (family.Count == 0 || !IsAtRest(family) || await IsInHand(family, cancellation))
            return false;
        // What became of a letter is known from what came after it, so it is asked before anything of that is gone. The
        // letter itself goes last: it leads to the rest, whatever breaks off in between.
        List<(DistributionRecord Member, LetterStanding? Standing)> members = [];
        foreach (var member in family)
            members.Add((member, member.ReleasedAt is null ? null : await standings.Of(member, cancellation)));
        foreach (var (member, standing) in members)
            if (!await Begin(member, standing, by, cancellation))
                return false;
        await Resume(cancellation);
        return true;
    }

    /// <summary>
    /// Whether a worker is handing over some of these messages: a distribution that was stopped is at rest at once, and
    /// what was in flight then is finished.
    /// </summary>
    public async Task<bool> IsInHand(IEnumerable<DistributionRecord> family, CancellationToken cancellation)
    {
        foreach (var stopped in family.Where(member => member.State == DistributionState.Withdrawn))
            if ((await entries.All(stopped.Id, cancellation)).Any(entry =>
                    entry.Value.Claim is { } claim && claim.Until > clock.GetUtcNow()))
                return true;
        return false;
    }

    /// <summary>
    /// Finishes erasures that were begun and interrupted. Idempotent; any number of workers may run it.
    /// </summary>
    public async Task Resume(CancellationToken cancellation)
    {
        foreach (var letter in (await erasures.All(cancellation)).Where(letter => !letter.IsDone))
        {
            await erasures.Clear(letter, cancellation);
            logger.LogInformation("{Distribution} was erased", letter.Id);
        }
    }

    /// <summary>
    /// Begins the erasure of one distribution. The act is sealed first, while the log can still be completed from the
    /// records. Then the letter is removed from the list, so that no page shows half-erased data.
    /// </summary>
    private async Task<bool> Begin(
        DistributionRecord distribution,
        LetterStanding? standing,
        string? by,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var marked = await distributions.Change(
            distribution.Id,
            current =>
                // Interrupted before: the act is already recorded and must not be recorded twice.
                current.IsBeingErased ? current with { RequeuedAt = now }
                : IsAtRest([current]) ? current.With(new(now, Act.Erased, by, ""))
                : null,
            cancellation);
        if (marked is null || !await Seal(distribution.Id, cancellation))
            return false;
        // Read while the distribution is still on record: the next step takes it from the list.
        var upload = await uploads.Find(distribution.Folder, cancellation);
        var counts = await states.Count(distribution.Id, cancellation);
        await erasures.Begin(
            new(
                distribution.Id,
                distribution.Process,
                distribution.DraftLabel,
                distribution.Date,
                distribution.MissionCount,
                counts.Where(count => count.Key.IsAccountable).Sum(count => count.Value),
                distribution.ReleasedAt,
                (await chains.Links(distribution.Id, cancellation)) is [.., var last]
                    ? ChainLink.Read(last)?.Hash
                    : null,
                now,
                by,
                // The folder may hold a newer letter by now, whose files stay.
                upload?.Value.DistributionId == distribution.Id ? distribution.Folder : null,
                IsDone: false,
                distribution.ReleasedAt is not null
                && await reaches.OfReadable(distribution, await distributions.All(cancellation), cancellation)
                    is { CannotBeRead: false } reach
                    ? reach.Have
                    : null,
                counts.Keys.Any(state => state.MayHaveLeft),
                standing),
            cancellation);
        return true;
    }

    /// <returns>False where another worker holds the log.</returns>
    private async Task<bool> Seal(string distributionId, CancellationToken cancellation)
    {
        try
        {
            return await sealer.Seal(distributionId, makeUp: true, cancellation) is not null;
        }
        catch (InvalidDataException broken)
        {
            // Nothing can be added to it any more, and a letter is not kept for that.
            logger.LogError(
                broken,
                "{Distribution} is erased though its log is broken and cannot say so",
                distributionId);
            return true;
        }
    }
}
