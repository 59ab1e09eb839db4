using Microsoft.Extensions.Options;

namespace Distribution;

/// <summary>Lets a distribution go, holds it, lets it go on, and says when it is complete.</summary>
internal sealed class Releases(
    Distributions distributions, Dispatches dispatches, DispatchQueue queue, IOptions<DispatchSettings> settings, TimeProvider clock)
{
    /// <summary>Releases a distribution that waits for it. Content and roster are what its page showed: its id stands for both.</summary>
    /// <param name="by">Who releases it, for the record.</param>
    /// <returns>False when it no longer waits for release.</returns>
    public async Task<bool> Release(string distributionId, string by, CancellationToken cancellation)
    {
        var released = await distributions.Change(distributionId, distribution => distribution.State == DistributionState.AwaitingRelease
            ? distribution with { State = DistributionState.Released, ReleasedBy = by, ReleasedAt = clock.GetUtcNow() }
            : null, cancellation);
        if (released is not null)
            await Queue(released, cancellation);
        return released is not null;
    }

    /// <summary>Queues every batch of a released distribution. Safe to repeat: a batch queued twice is sent once.</summary>
    public async Task Queue(Distribution distribution, CancellationToken cancellation)
    {
        await QueueOpen(distribution.Id, cancellation);
        await distributions.Change(distribution.Id, now => now.State == DistributionState.Released
            ? now with { State = DistributionState.Sending, RequeuedAt = clock.GetUtcNow() }
            : null, cancellation);
        await CompleteWhenAccountable(distribution.Id, cancellation);
    }

    /// <summary>Holds a distribution for a fault of the sender's own.</summary>
    /// <param name="reason">What is wrong and what to do, for its page.</param>
    /// <param name="passes">Whether it may pass by itself.</param>
    public Task Pause(string distributionId, string reason, bool passes, CancellationToken cancellation) =>
        distributions.Change(distributionId, distribution => distribution.State is DistributionState.Released or DistributionState.Sending
            ? distribution with { State = DistributionState.Paused, PauseReason = reason, PausePasses = passes, RequeuedAt = clock.GetUtcNow() }
            : null, cancellation);

    /// <summary>Lets a paused distribution go on with the letters still to be sent.</summary>
    /// <returns>False when it is not paused.</returns>
    public async Task<bool> Resume(string distributionId, CancellationToken cancellation)
    {
        var resumed = await distributions.Change(distributionId, distribution => distribution.State == DistributionState.Paused
            ? distribution with { State = DistributionState.Released, PauseReason = null, PausePasses = false }
            : null, cancellation);
        if (resumed is not null)
            await Queue(resumed, cancellation);
        return resumed is not null;
    }

    /// <summary>
    /// Puts letters back into the queue that nobody is at work on: their message was lost, or their worker died.
    /// </summary>
    public async Task Recover(Distribution distribution, CancellationToken cancellation)
    {
        await distributions.Change(distribution.Id, now => now with { RequeuedAt = clock.GetUtcNow() }, cancellation);
        await QueueOpen(distribution.Id, cancellation);
    }

    /// <summary>Marks a distribution complete when every mission of its frozen roster is accountable.</summary>
    public async Task CompleteWhenAccountable(string distributionId, CancellationToken cancellation)
    {
        var counts = await dispatches.Count(distributionId, cancellation);
        if (counts.Keys.All(state => state.IsAccountable))
            await distributions.Change(distributionId, distribution =>
                distribution.State == DistributionState.Sending && counts.Values.Sum() == distribution.MissionCount
                    ? distribution with { State = DistributionState.Complete, CompletedAt = clock.GetUtcNow() }
                    : null, cancellation);
    }

    private async Task QueueOpen(string distributionId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var open = (await dispatches.All(distributionId, cancellation))
            .Select(entry => entry.Value)
            .Where(dispatch => dispatch.State is DeliveryState.Pending or DeliveryState.Sending
                && (dispatch.Claim is not { } claim || claim.Until <= now)
                && (dispatch.NotBefore is not { } due || due <= now));
        foreach (var batch in open.Chunk(settings.Value.BatchSize))
            await queue.Add(new(distributionId, batch[0].Order, batch[^1].Order), TimeSpan.Zero, cancellation);
    }
}
