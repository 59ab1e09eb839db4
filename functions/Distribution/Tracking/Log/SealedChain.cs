using Distribution.Common;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>What the chain of a distribution's log seals, as far as it was read.</summary>
internal sealed class SealedChain(string distributionId)
{
    private readonly HashSet<string> facts = [];

    /// <summary>Null while there is none.</summary>
    public ChainLink? Last { get; private set; }

    public int LinkCount => Last?.Link ?? 0;

    public int FactCount => facts.Count;

    public bool Has(string fact) => facts.Contains(fact);

    /// <summary>Reads the links that came since.</summary>
    /// <exception cref="InvalidDataException">The chain is broken.</exception>
    public async Task ReadOn(LogChains chains, CancellationToken cancellation)
    {
        foreach (var text in (await chains.Links(distributionId, cancellation)).Skip(LinkCount))
        {
            if (ChainLink.Read(text) is not { } link
                || !link.Follows(Last)
                || await chains.Segment(distributionId, link.Segment, cancellation) is not { } segment
                || !link.Seals(segment))
                throw new InvalidDataException(
                    $"The log of {distributionId} is broken at link {LinkCount + 1}: it is not what was sealed. Its audit page says more; nothing is added to it."
                );
            Append(link, LogLines.Of(segment).Select(line => Json.Read<LoggedFact>(line).Id));
        }
    }

    public void Append(ChainLink link, IEnumerable<string> sealedFacts)
    {
        facts.UnionWith(sealedFacts);
        Last = link;
    }
}
