using System.Collections.Concurrent;

namespace Distribution;

/// <summary>Each mission's place on the frozen roster of a distribution; kept at hand, since it never changes.</summary>
internal sealed class Rosters(FrozenContents contents)
{
    private const int AtHand = 20;

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, int>> known = new();

    /// <returns>From 1; null where the mission is not on the roster.</returns>
    public async Task<int?> OrderOf(string distributionId, string missionId, CancellationToken cancellation)
    {
        if (!known.TryGetValue(distributionId, out var orders))
        {
            if (known.Count >= AtHand)
                known.Clear();
            known[distributionId] = orders = (await contents.Find(distributionId, cancellation)).Roster.Index().ToDictionary(entry => entry.Item.Id, entry => entry.Index + 1);
        }

        return orders.TryGetValue(missionId, out var order) ? order : null;
    }
}
