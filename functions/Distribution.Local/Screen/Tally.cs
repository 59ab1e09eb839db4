using System.Collections.Immutable;
using Distribution.Sending;

namespace Distribution.Local.Screen;

/// <summary>How many missions of a distribution are in each state.</summary>
internal sealed record Tally(ImmutableSortedDictionary<DeliveryState, int> ByState)
{
    public static Tally Of(IEnumerable<DeliveryState> missions) =>
        new(missions.CountBy(state => state).ToImmutableSortedDictionary());

    public int Missions => ByState.Values.Sum();

    public int Accepted => Count(DeliveryState.Accepted, DeliveryState.Deferred, DeliveryState.Delivered);

    public int Failed => Count(DeliveryState.Failed, DeliveryState.Bounced);

    public int Unknown => Count(DeliveryState.OutcomeUnknown);

    public int Unfinished => Count(DeliveryState.Pending, DeliveryState.Sending);

    public int AccountedFor => Missions - Unknown - Unfinished;

    public bool IsComplete => Missions > 0 && AccountedFor == Missions;

    private int Count(params ReadOnlySpan<DeliveryState> states)
    {
        var count = 0;
        foreach (var state in states)
            count += ByState.GetValueOrDefault(state);
        return count;
    }
}
