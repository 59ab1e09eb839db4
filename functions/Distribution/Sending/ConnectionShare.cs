using Distribution.Mail;
using Distribution.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>
/// This worker's share of the connections to the mail server (<c>Mail:Connections</c>), over all its batches. It is
/// taken with the first batch, renewed while there is one, and given back with the last.
/// </summary>
internal sealed class ConnectionShare(
    SharedLimits limits,
    IMailTransport transport,
    IOptions<MailSettings> mail,
    IOptions<DispatchSettings> dispatch,
    TimeProvider clock,
    ILogger<ConnectionShare> logger)
{
    /// <summary>How long a share is kept for a worker that renews it no more.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private readonly string worker = $"{Environment.MachineName}:{Guid.NewGuid():n}";
    private readonly int concurrency = dispatch.Value.Concurrency;
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>
    /// Limits the letters in flight over all batches of this process: a crash leaves at most that many outcomes
    /// unknown, and there are no more connections than letters in flight.
    /// </summary>
    private SemaphoreSlim inFlight = new(dispatch.Value.Concurrency);
    private Renewal? renewal;
    private int batches;

    private bool IsLimited =>
        mail.Value.Connections > 0 && MailRoute.Parse(mail.Value.Transport).Route is MailRoute.Smtp;

    /// <returns>
    /// What a batch waits for before each letter, until it gives it back; null where other workers use all connections.
    /// </returns>
    public async Task<Taken?> Take(CancellationToken cancellation)
    {
        if (!IsLimited)
            return new(inFlight, () => Task.CompletedTask);
        await gate.WaitAsync(cancellation);
        try
        {
            if (batches == 0)
            {
                if (await Leased(concurrency, cancellation) is not (> 0 and var connections))
                    return null;
                // No batch is under way, so nobody holds the one before.
                var share = inFlight = new(connections);
                var held = connections;
                renewal = new(
                    // So often that two renewals in a row may fail before it lapses.
                    Lease / 4,
                    clock,
                    async stop =>
                    {
                        var granted = Math.Max(0, await Leased(connections, stop));
                        // Where it lapsed while storage could not be reached, others may have taken some. As many fewer
                        // letters are begun until they give them back.
                        // Not for longer than until the next renewal: a letter can take longer to be handed over.
                        while (held > granted && await share.WaitAsync(Lease / 4, stop))
                            held--;
                        if (granted > held)
                        {
                            share.Release(granted - held);
                            held = granted;
                        }

                        return true;
                    },
                    failure => logger.LogWarning(
                        failure,
                        "The share of connections could not be renewed; trying again"));
            }

            batches++;
            return new(inFlight, GiveBack);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task GiveBack()
    {
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            if (--batches > 0)
                return;
            await renewal!.DisposeAsync();
            // The connections are closed before another worker may open as many.
            await transport.CloseIdle();
            await Leased(0, CancellationToken.None);
        }
        catch (Exception failure) when (StorageFailures.Pass(failure))
        {
            logger.LogWarning(failure, "The share of connections could not be given back; it lapses by itself");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <returns>How many of the wanted connections this worker may have now.</returns>
    private Task<int> Leased(int wanted, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return limits.Change(
            use =>
            {
                // A lease that ends later than any can means that the clock was set back.
                var others = use.Leases.RemoveAll(lease =>
                    // Its own too: what it has from now on is added below.
                    lease.Worker == worker || lease.Until <= now || lease.Until > now + Lease * 2);
                var granted = Math.Min(wanted, mail.Value.Connections - others.Sum(lease => lease.Connections));
                return new Decision<SharedUse, int>(
                    use with
                    {
                        Leases = granted > 0 ? others.Add(new(worker, granted, now + Lease)) : others,
                    },
                    granted);
            },
            cancellation);
    }

    /// <summary>A batch's part in the share.</summary>
    internal sealed class Taken(SemaphoreSlim inFlight, Func<Task> giveBack) : IAsyncDisposable
    {
        public SemaphoreSlim InFlight { get; } = inFlight;

        public async ValueTask DisposeAsync() => await giveBack();
    }
}
