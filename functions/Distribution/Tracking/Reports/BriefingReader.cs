using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Inbound;

namespace Distribution.Tracking.Reports;

/// <summary>Reads what is told at nine o'clock, of one letter and of many.</summary>
internal sealed class BriefingReader(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    Acknowledgements acknowledgements,
    Replies replies,
    ReachReader reaches,
    TimeProvider clock)
{
    /// <summary>How many letters fit on a printed page, with all that can be said of each.</summary>
    private const int MostShown = 6;

    /// <returns>Null where there is no such distribution.</returns>
    public async Task<LetterBriefing?> Of(string distributionId, CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { } letter
            ? await Of(letter, await distributions.All(cancellation), cancellation)
            : null;

    /// <param name="process">The process it is asked about; null or empty for all.</param>
    public async Task<Briefing> OfAll(string? process, CancellationToken cancellation)
    {
        var all = await distributions.All(cancellation);
        var letters = all.Where(letter => letter.IsLetter && !letter.IsPast).ToList();
        var asked = string.IsNullOrWhiteSpace(process)
            ? letters
            : [.. letters.Where(letter => string.Equals(letter.Process, process, StringComparison.OrdinalIgnoreCase))];
        var released = asked.Where(letter => letter.ReleasedAt is not null).ToList();
        var known = await reaches.OfMany(released, all, _ => false, cancellation);
        var ordered = released
            .OrderBy(letter => Briefing.StandingOf(letter, known[letter.Id]) > BriefedStanding.Leaving)
            .ThenByDescending(letter => letter.ReleasedAt)
            .ToList();
        var shown = await Task.WhenAll(ordered.Take(MostShown).Select(letter => Of(letter, all, cancellation)));
        // What is known of older letters may be some seconds old: those that are shown count as they are shown.
        var reach = known.ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (var briefed in shown)
            reach[briefed.Letter.Id] = briefed.Reach;
        return new(
            string.IsNullOrWhiteSpace(process) ? null : asked is [var first, ..] ? first.Process : process,
            [.. letters.Select(letter => letter.Process).Distinct(StringComparer.OrdinalIgnoreCase)],
            shown,
            [.. asked.Where(letter => letter.ReleasedAt is null)],
            released.CountBy(letter => Briefing.StandingOf(letter, reach[letter.Id])).ToDictionary(),
            await distributions.CountLeftOut(cancellation),
            clock.GetUtcNow())
        {
            SparesSome = released.Exists(letter => reach[letter.Id] is { IsComplete: true, SparesSome: true }),
        };
    }

    private async Task<LetterBriefing> Of(
        DistributionRecord letter,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        try
        {
            var content = await contents.Find(letter.Id, cancellation);
            var following = all.Where(other => other.Follows?.Of == letter.Id).ToList();
            var answering = replies.Answered(letter.AcknowledgedUnder, cancellation);
            var reading = Roster(letter, content, cancellation);
            await Task.WhenAll(answering, reading);
            var own = await reading;
            // Of the same entries as the reasons, so that the page contradicts itself in nothing.
            var reach = await reaches.Of(
                letter,
                all,
                [.. own.Dispatches.Select(entry => entry.EntryState)],
                own.Acknowledgements,
                cancellation);
            List<ReportedRoster> addenda = [];
            foreach (
                var addendum in following.Where(other =>
                    other is { Follows.Kind: FollowUpKind.Addendum, ReleasedAt: not null }))
                if (await Readable(addendum, cancellation) is { } read)
                    addenda.Add(read);
            // Every mission has an entry from the beginning, so one without is one that cannot be read.
            var entered = own.Dispatches.Select(entry => entry.MissionId).ToHashSet();
            return LetterBriefing.Of(
                ServedReport.Of(ReportedDistribution.Of(letter, content.Letter, own, addenda, clock.GetUtcNow())),
                reach,
                await answering,
                content
                    .Roster.Select(mission => mission.Id)
                    .Where(id =>
                        !entered.Contains(id)
                        || own.Acknowledgements.GetValueOrDefault(id) is { IsLeftOut: true })
                    .ToHashSet(),
                following);
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            // Swallowed: a notice names the file, and the sheet says that nothing is known of this letter.
            return LetterBriefing.Unreadable(letter, clock.GetUtcNow());
        }
    }

    /// <returns>Null where the addendum cannot be read: what reached a mission by it alone is not told.</returns>
    private async Task<ReportedRoster?> Readable(DistributionRecord addendum, CancellationToken cancellation)
    {
        try
        {
            return await Roster(addendum, await contents.Find(addendum.Id, cancellation), cancellation);
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return null;
        }
    }

    private async Task<ReportedRoster> Roster(
        DistributionRecord distribution,
        FrozenContent content,
        CancellationToken cancellation) =>
        await ReportedRoster.Read(distribution, content.Roster, entries, acknowledgements, cancellation);
}
