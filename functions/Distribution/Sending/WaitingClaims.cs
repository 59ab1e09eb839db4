using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Sending;

/// <summary>
/// Renews the claims of a batch's entries whose letters wait for their turn, all together, as long as this worker lives.
/// </summary>
internal sealed class WaitingClaims : IAsyncDisposable
{
    private readonly MissionEntries entries;
    private readonly TimeSpan claimFor;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Stored<MissionEntry>> waiting;
    private readonly CancellationTokenSource ended = new();
    private readonly Task renewing;

    /// <param name="claimed">Entries of one distribution that this worker has claimed.</param>
    /// <param name="claimFor">How long a claim holds.</param>
    public WaitingClaims(
        MissionEntries entries,
        IReadOnlyList<Stored<MissionEntry>> claimed,
        TimeSpan claimFor,
        TimeProvider clock,
        ILogger logger)
    {
        (this.entries, this.claimFor, this.clock, this.logger) = (entries, claimFor, clock, logger);
        waiting = claimed.ToDictionary(entry => entry.Value.MissionId);
        renewing = claimed.Count > 1 ? Renew() : Task.CompletedTask;
    }

    /// <summary>It is its letter's turn: from here on that renews the claim.</summary>
    /// <returns>The entry as it was stored last.</returns>
    public Stored<MissionEntry> Take(Stored<MissionEntry> claimed)
    {
        lock (gate)
            return waiting.Remove(claimed.Value.MissionId, out var entry) ? entry : claimed;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await renewing;
        ended.Dispose();
    }

    private async Task Renew()
    {
        while (true)
        {
            await Task.Delay(claimFor / 3, clock, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            List<Stored<MissionEntry>> due;
            lock (gate)
                due = [.. waiting.Values];
            if (ended.IsCancellationRequested || due is [])
                return;
            try
            {
                await Renew(due);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Tried again while the claims hold, and after that too, as long as nobody else has taken them.
                logger.LogWarning(
                    failure,
                    "The claims on {Letters} letters of {Distribution} could not be renewed; trying again",
                    due.Count,
                    due[0].Value.DistributionId);
            }
        }
    }

    private async Task Renew(IReadOnlyList<Stored<MissionEntry>> due)
    {
        var until = clock.GetUtcNow() + claimFor;
        var together = due.Select(entry => entry with { Value = Renewed(entry.Value) }).ToList();
        if (await entries.Replace(together, ended.Token) is { } stored)
        {
            foreach (var entry in stored)
                Keep(entry);
            return;
        }

        // Evidence, a stop, or a letter whose turn has come: those are left out, or were another worker's.
        foreach (var entry in due.Where(IsWaiting))
            if (await entries.Change(
                entry.Value.DistributionId,
                entry.Value.MissionId,
                row => row.Claim?.Worker == entry.Value.Claim!.Worker ? Renewed(row) : null,
                ended.Token,
                entry) is { } changed)
                Keep(changed);

        MissionEntry Renewed(MissionEntry entry) => entry with { Claim = entry.Claim! with { Until = until } };
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
