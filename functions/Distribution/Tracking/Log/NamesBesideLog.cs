using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking.Forwarding;

namespace Distribution.Tracking.Log;

/// <summary>Erases the names beside a log that people had erased from the record.</summary>
internal sealed class NamesBesideLog(LogChains chains, Acknowledgements acknowledgements, Forwards forwards)
{
    /// <returns>
    /// The ids of the facts of acknowledgements, and of what was forwarded, whose names were erased from the record.
    /// </returns>
    public async Task<IReadOnlySet<string>> ErasedFacts(
        DistributionRecord distribution,
        CancellationToken cancellation)
    {
        HashSet<string> erased = [];
        foreach (
            var mission in distribution
                .Acts.Where(entry => entry.Act == Act.NamesErased)
                .Select(entry => entry.Words)
                .Distinct())
        {
            if (await acknowledgements.Find(distribution.Id, mission, cancellation) is { } acknowledged)
                erased.UnionWith(AcknowledgementFacts.Erased(acknowledged));
            if (await forwards.Find(distribution.Id, mission, cancellation) is { } forwarded)
                erased.UnionWith(ForwardFacts.Erased(forwarded));
        }

        return erased;
    }

    /// <param name="whole">
    /// What the chain seals; null where it cannot be read. A segment that none of its links names is what a worker left
    /// that stopped before it appended the link, and goes with its names: its facts are sealed in another. But not
    /// where a link that was read earlier is damaged or gone by now, for the segment may be that one's.
    /// </param>
    public async Task Erase(
        LogChains.ChainHold hold,
        IReadOnlySet<string> facts,
        string distributionId,
        SealedChain? whole,
        CancellationToken cancellation)
    {
        if (facts.Count == 0)
            return;
        var links = (await chains.Links(distributionId, cancellation)).Select(ChainLink.Read).ToList();
        var isWhole = whole is not null && links.Count == whole.LinkCount && !links.Contains(null);
        var linked = links.OfType<ChainLink>().Select(link => link.Segment).ToHashSet();
        foreach (var segment in await chains.WithValues(distributionId, cancellation))
        {
            if (isWhole && !linked.Contains(segment))
            {
                await hold.Remove(segment, cancellation);
                continue;
            }

            // Also of a segment that no link names: a worker that stopped left the names beside it as well.
            var hashes = LogLines.Of(await chains.Segment(distributionId, segment, cancellation))
                .Select(LogLines.Fact)
                .OfType<LoggedFact>()
                .Where(fact => facts.Contains(fact.Id))
                .SelectMany(fact => fact.Personal ?? new Dictionary<string, string>())
                .Where(value => AcknowledgementFacts.IsErasable(value.Key))
                .Select(value => value.Value)
                .ToHashSet();
            if (hashes.Count > 0)
                await hold.EraseValues(segment, hashes, cancellation);
        }
    }
}
