using System.Collections.Concurrent;
using Distribution.Intake;
using Distribution.Sending;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Log;

/// <summary>
/// Has each log sealed as it grows. While letters leave, workers write their segments themselves; only when some time
/// has passed, or a distribution rests, is the record searched for facts that a stopped worker could not write.
/// </summary>
internal sealed class LogKeeper(
    DistributionRecords distributions,
    LogSegments segments,
    LogSealer sealer,
    TimeProvider clock,
    ILogger<LogKeeper> logger)
{
    private static readonly TimeSpan SearchWhileSending = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan SearchAtRest = TimeSpan.FromHours(1);

    /// <summary>After this nothing comes any more but evidence, which writes its own segments.</summary>
    private static readonly TimeSpan SearchFor = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, Search> searches = new();

    public async Task Run(CancellationToken cancellation)
    {
        var waiting = await segments.Distributions(cancellation);
        foreach (var distribution in await distributions.All(cancellation))
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
                if (await sealer.Seal(distribution.Id, search, cancellation) is not null && search)
                    searches[distribution.Id] = new(clock.GetUtcNow(), distribution.State, distribution.Acts.Count);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                // One log must not keep the others from being sealed; this one is tried again with the next run.
                logger.LogError(fault, "The log of {Distribution} could not be sealed for now", distribution.Id);
            }
        }
    }

    private bool IsDue(DistributionRecord distribution)
    {
        var now = clock.GetUtcNow();
        if (distribution.State is DistributionState.Released or DistributionState.Sending)
            return searches.GetOrAdd(distribution.Id, _ => new(now, distribution.State, distribution.Acts.Count)).At
                    + SearchWhileSending
                <= now;
        if (distribution.Acts is [.., var last] && last.At + SearchFor < now)
            return false;
        return !searches.TryGetValue(distribution.Id, out var search)
            || (search.State, search.Acts) != (distribution.State, distribution.Acts.Count)
            || search.At + SearchAtRest <= now;
    }

    /// <summary>When a record was last searched, and how the distribution stood then.</summary>
    private sealed record Search(DateTimeOffset At, DistributionState State, int Acts);
}
