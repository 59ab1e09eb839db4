using System.Collections.Concurrent;

namespace Distribution.Tracking.Log;

/// <summary>A cache of what each chain seals, so that only new links of a chain are read.</summary>
internal sealed class ChainsAtHand
{
    private const int Most = 10;

    /// <summary>
    /// How many facts the chains at hand may seal together, unless it is one alone: each takes about 150 bytes.
    /// </summary>
    private const int MostFacts = 200_000;

    private readonly ConcurrentDictionary<string, SealedChain> known = new();

    /// <returns>The chain, which is no longer at hand until it is put back; an unread one if it is not.</returns>
    public SealedChain Take(string distributionId) =>
        known.TryRemove(distributionId, out var chain) ? chain : new(distributionId);

    public void PutBack(string distributionId, SealedChain chain)
    {
        while (!known.IsEmpty
            && (known.Count >= Most
                || known.Values.Sum(other => other.FactCount) + chain.FactCount > MostFacts))
            // Any of them: which one is needed next is not known, and reading a chain again costs no more than time.
            known.TryRemove(known.Keys.First(), out _);
        known[distributionId] = chain;
    }
}
