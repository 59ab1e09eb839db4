using Distribution.Intake;

namespace Distribution.Tracking.Erasure;

/// <summary>
/// Letters with everything that belongs to each: other versions in its folder, reminders, addenda and corrections, and
/// theirs in turn.
/// </summary>
/// <param name="all">Every distribution on record.</param>
internal sealed class Families(IReadOnlyList<DistributionRecord> all)
{
    private readonly Dictionary<string, int> places =
        all.Index().ToDictionary(found => found.Item.Id, found => found.Index);

    private readonly ILookup<UploadFolder, DistributionRecord> inFolder = all.ToLookup(found => found.Folder);

    private readonly ILookup<string, DistributionRecord> following =
        all.Where(found => found.Follows is not null).ToLookup(found => found.Follows!.Of);

    /// <returns>In the order of all; empty where there is no such letter.</returns>
    public IReadOnlyList<DistributionRecord> Of(string distributionId)
    {
        HashSet<int> found = [];
        Queue<DistributionRecord> next = [];
        Meet(distributionId);
        while (next.TryDequeue(out var member))
        {
            foreach (var other in inFolder[member.Folder].Concat(following[member.Id]))
                Meet(other.Id);
            // Upwards as well: whichever member is asked for, the family is the same.
            if (member.Follows is { } follows)
                Meet(follows.Of);
        }

        return [.. found.Order().Select(place => all[place])];

        void Meet(string id)
        {
            if (places.TryGetValue(id, out var place) && found.Add(place))
                next.Enqueue(all[place]);
        }
    }
}
