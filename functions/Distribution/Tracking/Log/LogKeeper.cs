using System.Collections.Concurrent;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>
/// Seals each log as it grows. Workers write their own segments while they send. The records are searched for facts
/// that a stopped worker could not write only from time to time, and when a distribution has changed or come to rest.
/// </summary>
internal sealed class LogKeeper(
    DistributionRecords records,
    LogSegments segments,
    LogSealer sealer,
    TimeProvider clock)
{
    private static readonly TimeSpan SearchWhileSending = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan SearchAtRest = TimeSpan.FromHours(1);

    /// <summary>
    /// How long after the last act the records are searched so often. After that only evidence and acknowledgements
    /// come, which write their own segments; what one of these could not write is found in the letter's hour of the
    /// week.
    /// </summary>
    private static readonly TimeSpan SearchFor = TimeSpan.FromDays(7);

    private const int HoursOfWeek = 7 * 24;

    private readonly ConcurrentDictionary<string, Search> searches = new();

    /// <exception cref="AggregateException">Some logs could not be sealed; the others were.</exception>
    public async Task Run(IReadOnlyList<DistributionRecord> distributions, CancellationToken cancellation)
    {
        IReadOnlySet<string> waiting = segments.Look.Begin()
            ? await segments.Distributions(cancellation)
            : new HashSet<string>();
        List<Exception> failures = [];
        foreach (var distribution in distributions)
        {
            if (distribution.State
                is DistributionState.AwaitingRelease
                    or DistributionState.Replaced
                    or DistributionState.Discarded)
                continue;
            var search = IsDue(distribution);
            if (!search && !waiting.Contains(distribution.Id))
                continue;
            try
            {
                if (await sealer.Seal(distribution.Id, search, cancellation) is null)
                {
                    // Another worker is at it, and may stop before it has sealed all.
                    segments.Look.Expect();
                    continue;
                }

                if (!search)
                    continue;
                searches[distribution.Id] = new(clock.GetUtcNow(), distribution.State, distribution.Acts.Count);
                // After the search, so that one that broke off is made again.
                if (distribution.LogFormat < LoggedFacts.Format)
                    await records.Change(
                        distribution.Id,
                        found => found with { LogFormat = LoggedFacts.Format },
                        cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                // One log that fails must not stop the others from being sealed. It is retried in the next run.
                segments.Look.Expect();
                failures.Add(new InvalidDataException($"The log of {distribution.Id} could not be sealed.", fault));
            }
        }

        if (failures is not [])
            throw new AggregateException(failures);
    }

    private bool IsDue(DistributionRecord distribution)
    {
        var now = clock.GetUtcNow();
        if (distribution.State.IsBeingSent)
            // The first look of this process counts as a search: workers write their own segments while they send.
            return searches.GetOrAdd(distribution.Id, _ => new(now, distribution.State, distribution.Acts.Count)).At
                    + SearchWhileSending
                <= now;
        // What happened before an upgrade that brought further facts is added once, however long ago it was.
        if (distribution.Acts is [.., var last]
            && last.At + SearchFor < now
            && distribution.LogFormat >= LoggedFacts.Format
            && !IsHourOf(distribution.Id, now))
            return false;
        return !searches.TryGetValue(distribution.Id, out var search)
            || (search.State, search.Acts) != (distribution.State, distribution.Acts.Count)
            || search.At + SearchAtRest <= now;
    }

    /// <summary>
    /// Each letter has an hour of the week of its own. So old letters are searched once a week without a record of
    /// when, and never all at once.
    /// </summary>
    private static bool IsHourOf(string distributionId, DateTimeOffset now) =>
        now.UtcTicks / TimeSpan.TicksPerHour % HoursOfWeek
        == Convert.ToInt32(Sha256Hex.Of(distributionId)[..6], 16) % HoursOfWeek;

    /// <summary>When the records were last searched, and the distribution's state at that time.</summary>
    private sealed record Search(DateTimeOffset At, DistributionState State, int Acts);
}
