using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Sending;

/// <summary>
/// Renews the claims of a batch's entries whose letters wait for their turn, all together, as long as this worker
/// lives.
/// </summary>
internal sealed class WaitingClaims : IAsyncDisposable
{
    private readonly MissionEntries entries;
    private readonly TimeSpan claimFor;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Stored<MissionEntry>> waiting;
    private readonly Renewal? renewal;

    /// <param name="claimed">Entries of one distribution that this worker has claimed.</param>
    /// <param name="claimFor">How long a claim holds.</param>
    public WaitingClaims(
        MissionEntries entries,
        IReadOnlyList<Stored<MissionEntry>> claimed,
        TimeSpan claimFor,
        TimeProvider clock,
        ILogger logger)
    {
        (this.entries, this.claimFor, this.clock) = (entries, claimFor, clock);
        waiting = claimed.ToDictionary(entry => entry.Value.MissionId);
        if (claimed.Count > 1)
            renewal = new(
                claimFor / 3,
                clock,
                Renew,
                failure => logger.LogWarning(
                    failure,
                    "The claims on {Letters} letters of {Distribution} could not be renewed; trying again",
                    Waiting().Count,
                    claimed[0].Value.DistributionId));
    }

    /// <summary>It is its letter's turn: from here on that renews the claim.</summary>
    /// <returns>The entry as it was stored last.</returns>
    public Stored<MissionEntry> Take(Stored<MissionEntry> claimed)
    {
        lock (gate)
            // Taken while a renewal is being written it has the ETag from before, and its next change reads the row
            // anew.
            return waiting.Remove(claimed.Value.MissionId, out var entry) ? entry : claimed;
    }

    public async ValueTask DisposeAsync()
    {
        if (renewal is not null)
            await renewal.DisposeAsync();
    }

    /// <returns>False where none waits any more.</returns>
    private async Task<bool> Renew(CancellationToken stop)
    {
        var due = Waiting();
        if (due is [])
            return false;
        var until = clock.GetUtcNow() + claimFor;
        var together = due.Select(entry => entry with { Value = Renewed(entry.Value) }).ToList();
        if (await entries.Replace(together, stop) is { } stored)
        {
            foreach (var entry in stored)
                Keep(entry);
            return true;
        }

        // One of the rows was changed: by evidence, a stop, or a letter whose turn has come. So each is renewed by
        // itself, if it still waits and is still this worker's.
        foreach (var entry in due.Where(IsWaiting))
            if (await entries.Change(
                entry.Value.DistributionId,
                entry.Value.MissionId,
                row => row.Claim?.Worker == entry.Value.Claim!.Worker ? Renewed(row) : null,
                stop,
                entry) is { } changed)
                Keep(changed);
        return true;

        MissionEntry Renewed(MissionEntry entry) => entry with { Claim = entry.Claim! with { Until = until } };
    }

    private IReadOnlyList<Stored<MissionEntry>> Waiting()
    {
        lock (gate)
            return [.. waiting.Values];
    }

    private bool IsWaiting(Stored<MissionEntry> entry)
    {
        lock (gate)
            return waiting.ContainsKey(entry.Value.MissionId);
    }

    private void Keep(Stored<MissionEntry> entry)
    {
        lock (gate)
            if (waiting.ContainsKey(entry.Value.MissionId))
                waiting[entry.Value.MissionId] = entry;
    }
}
