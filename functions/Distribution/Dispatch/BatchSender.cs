using System.Runtime.ExceptionServices;
using Azure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution;

/// <summary>
/// Sends a batch: claims its entries in one transaction, notes each letter before it is handed over, sends with bounded
/// concurrency, and records each answer as it comes.
/// </summary>
internal sealed class BatchSender(
    Dispatches dispatches,
    DispatchQueue queue,
    LetterWriter writer,
    IMailTransport transport,
    IOptions<DispatchSettings> options,
    TimeProvider clock,
    ILogger<BatchSender> logger)
{
    public const string Interruption = "The worker stopped while this letter was being handed over. Whether it was sent is not known.";

    private const double Jitter = 0.2;

    /// <summary>The queue counts delays in whole seconds, so a batch can come back a little before its time.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);

    private readonly DispatchSettings settings = options.Value;
    private readonly string worker = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():n}";

    /// <exception cref="SenderFaultException">Nobody can be written to for now; every letter not handed over is given back.</exception>
    public async Task Send(PreparedLetters letters, Batch batch, CancellationToken cancellation)
    {
        var claimed = await Claim(letters, batch, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var entries = new Stored<Dispatch>?[claimed.Count];
        Exception? fault = null;

        // A letter once begun is finished and recorded whatever happens; one not begun is given back.
        await Parallel.ForAsync(0, claimed.Count, new ParallelOptions { MaxDegreeOfParallelism = settings.Concurrency }, async (place, _) =>
        {
            try
            {
                entries[place] = stop.IsCancellationRequested
                    ? await Record(claimed[place], dispatch => dispatch with { Claim = null })
                    : await SendOne(letters, claimed[place]);
            }
            catch (Exception broken)
            {
                // The first one counts; the letters in flight are finished, the others stay to be sent.
                Interlocked.CompareExchange(ref fault, broken, null);
                await stop.CancelAsync();
            }
        });

        await QueueRetries(batch.DistributionId, [.. entries.OfType<Stored<Dispatch>>().Select(entry => entry.Value)], CancellationToken.None);
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <returns>The entries that are this worker's to send, each with an attempt to work on.</returns>
    private async Task<IReadOnlyList<Stored<Dispatch>>> Claim(PreparedLetters letters, Batch batch, CancellationToken cancellation)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var claim = new Claim(worker, now + settings.ClaimFor);
            var changes = (await dispatches.Range(batch.DistributionId, batch.First, batch.Last, cancellation))
                .Where(entry => entry.Value.Claim is not { } other || other.Until <= now)
                .Select(entry => entry.Value.State switch
                {
                    DeliveryState.Pending when entry.Value.NotBefore is not { } due || due <= now + Early =>
                        entry with { Value = entry.Value.Begin(letters.Mission(entry.Value), writer.MessageIdDomain, now) with { Claim = claim } },
                    DeliveryState.Sending => entry with { Value = entry.Value.Interrupted(now, Interruption) },
                    _ => null,
                })
                .OfType<Stored<Dispatch>>()
                .ToList();
            if (changes.Count == 0)
                return [];
            if (await dispatches.Replace(changes, cancellation) is { } recorded)
                return [.. recorded.Where(entry => entry.Value.Claim == claim)];
        }
    }

    /// <returns>The entry as recorded, or null when it is no longer this worker's.</returns>
    private async Task<Stored<Dispatch>?> SendOne(PreparedLetters letters, Stored<Dispatch> claimed)
    {
        OutgoingMessage message;
        try
        {
            message = await writer.Write(letters, claimed.Value, CancellationToken.None);
        }
        catch (LetterFaultException unwritable)
        {
            logger.LogError(unwritable, "The letter of {Mission} in {Distribution} could not be made", claimed.Value.MissionId, claimed.Value.DistributionId);
            return await Record(claimed, dispatch => dispatch.GivenUp(clock.GetUtcNow(), $"The letter could not be made. {unwritable.Message}"));
        }

        if (await Record(claimed, dispatch => dispatch.HandingOver()) is not { } handing)
            return null;
        try
        {
            var outcomes = await transport.Send(message, CancellationToken.None);
            return await RecordAnswer(handing, outcomes);
        }
        catch (SenderFaultException)
        {
            await Record(handing, dispatch => dispatch.NotHandedOver());
            throw;
        }
        catch (Exception unforeseen) when (unforeseen is not RequestFailedException)
        {
            logger.LogError(unforeseen, "Sending to {Mission} in {Distribution} ended without an answer", handing.Value.MissionId, handing.Value.DistributionId);
            return await Record(handing, dispatch => dispatch.Interrupted(
                clock.GetUtcNow(), "The exchange with the mail server broke off in an unforeseen way. Whether the letter was sent is not known."));
        }
    }

    private async Task<Stored<Dispatch>?> Record(Stored<Dispatch> entry, Func<Dispatch, Dispatch> change) =>
        await dispatches.Replace([entry with { Value = change(entry.Value) }], CancellationToken.None) is [var recorded] ? recorded : null;

    /// <summary>What the server said is recorded even where another worker took this one for dead meanwhile.</summary>
    private async Task<Stored<Dispatch>> RecordAnswer(Stored<Dispatch> entry, IReadOnlyList<MailboxOutcome> outcomes)
    {
        var jitter = Random.Shared.NextDouble() * Jitter;
        while (true)
        {
            if (await Record(entry, dispatch => dispatch.Answered(outcomes, settings.Delays, jitter, clock.GetUtcNow())) is { } recorded)
                return recorded;
            entry = (await dispatches.Range(entry.Value.DistributionId, entry.Value.Order, entry.Value.Order, CancellationToken.None)).Single();
        }
    }

    /// <summary>Letters due again within a few seconds of each other come back in one batch.</summary>
    private async Task QueueRetries(string distributionId, IReadOnlyList<Dispatch> sent, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var due in sent
            .Where(dispatch => dispatch is { State: DeliveryState.Pending, NotBefore: not null })
            .GroupBy(dispatch => Math.Floor((dispatch.NotBefore!.Value - now) / TimeSpan.FromSeconds(10))))
        {
            var delay = due.Max(dispatch => dispatch.NotBefore!.Value) - now;
            await queue.Add(
                new(distributionId, due.Min(dispatch => dispatch.Order), due.Max(dispatch => dispatch.Order)),
                delay > TimeSpan.Zero ? delay : TimeSpan.Zero,
                cancellation);
        }
    }
}
