using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>Processes the messages of the batch queue.</summary>
internal sealed class BatchHandler(
    DistributionRecords distributions,
    MissionEntries entries,
    PreparedLettersCache prepared,
    BatchSender sender,
    ProofSender proofs,
    Releases releases,
    LetterQueue letterQueue,
    Holds holds,
    DeadLetterHandler deadLetters,
    IMailTransport transport,
    SendingJournals journals,
    SendingProgresses progress,
    BatchQueue queue,
    BatchesInHand inHand,
    Notices notices,
    TimeProvider clock)
{
    /// <summary>
    /// How soon a batch comes back that this worker must not begin any more: not before the host has stopped to receive
    /// messages.
    /// </summary>
    private static readonly TimeSpan AfterStop = TimeSpan.FromSeconds(5);

    private string? told;

    /// <summary>
    /// Processes one queue message. Idempotent: if the same message comes again, no letter is sent twice. A worker that
    /// is told to stop finishes what is in flight, gives back what it has claimed, and queues the rest for others.
    /// </summary>
    /// <exception cref="JsonException">The message is not a batch.</exception>
    /// <exception cref="Storage.LaterFormatException">A later version of the service wrote the message.</exception>
    /// <exception cref="InvalidDataException">
    /// It names a distribution that is not on record, or whose stored content has changed.
    /// </exception>
    public async Task Dispatch(string message, CancellationToken cancellation)
    {
        var batch = Batch.Read(message);
        using var hand = inHand.Take(cancellation);
        var stop = hand.Stop;
        if (stop.IsCancellationRequested)
        {
            await queue.Add(batch, AfterStop, CancellationToken.None);
            return;
        }

        try
        {
            await Dispatch(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The whole batch: the worker that takes it finds what is still to be sent.
            await queue.Add(batch, AfterStop, CancellationToken.None);
        }
    }

    private async Task Dispatch(Batch batch, CancellationToken stop)
    {
        var known = await distributions.Stored(batch.DistributionId, stop)
            ?? throw new InvalidDataException($"There is no distribution {batch.DistributionId}.");
        if (batch.IsRelease)
        {
            if (await Released(known, stop) is not { } begun)
                return;
            known = begun;
        }

        var distribution = known.Value;
        // What is on hold, stopped or complete has nothing to send. If it goes on, its letters are queued anew.
        if (!batch.Proof && !distribution.State.IsBeingSent)
            return;
        if (batch.IfLeft
            && clock.GetUtcNow() is var now
            && (await journals.Claims(distribution.Id, stop)).All(claim => claim.Until > now))
            return;

        var letters = await prepared.Prepare(distribution, stop);
        if (batch.Proof)
        {
            await proofs.Send(distribution, letters, stop);
            return;
        }

        try
        {
            await SendLetters(known, letters, batch, stop);
        }
        finally
        {
            // With what the batch has changed of the distribution itself, in one segment of the log.
            await entries.LogRecorded(distribution.Id);
        }
    }

    /// <summary>Lets a distribution go that is due, and queues its batches or what a person asked for.</summary>
    /// <returns>The distribution that is to be sent with this message as its one batch; null for none.</returns>
    private async Task<Stored<DistributionRecord>?> Released(Stored<DistributionRecord> known, CancellationToken stop)
    {
        var distribution = known.Value;
        switch (distribution.State)
        {
            case DistributionState.Scheduled:
                return await releases.LetGoDue(distribution, stop, known) is { } released
                    ? await letterQueue.QueueOrBegin(released, stop)
                    : null;
            case DistributionState.Released:
                return await letterQueue.QueueOrBegin(known, stop);
            case DistributionState.Sending when distribution.Asked is not null:
                await letterQueue.CarryOutRequested(distribution, stop);
                return null;
            // Its worker has stopped, or the timer or another message was first. Journals and claims let one worker
            // alone send each letter.
            case DistributionState.Sending when LetterQueue.IsOneBatch(distribution):
                return known;
            default:
                return null;
        }
    }

    private async Task SendLetters(
        Stored<DistributionRecord> known,
        PreparedLetters letters,
        Batch batch,
        CancellationToken stop)
    {
        var distribution = known.Value;
        var (mayBeComplete, isWhole) = (true, false);
        try
        {
            var done = await sender.Send(
                letters,
                batch,
                distribution.SlotSize,
                // Read anew: the record above was read before the journal was opened, and a stop may lie between the
                // two.
                async cancellation =>
                    await distributions.Find(distribution.Id, cancellation) is { State: DistributionState.Withdrawn },
                stop);
            mayBeComplete = await progress.Note(distribution, done, stop);
            isWhole = done.Count == distribution.MissionCount;
        }
        catch (SameRefusalException)
        {
            // Found anew, with those that were in flight meanwhile.
            await holds.HoldWhereAllAreRefused(distribution.Id, stop);
        }
        catch (SenderFaultException fault)
        {
            await holds.Pause(distribution.Id, fault.Message, fault.Passes, stop);
        }

        await TellAdvice(stop);
        if (mayBeComplete)
            await holds.CompleteWhenAccountable(distribution.Id, stop, known, isWhole);
    }

    /// <summary>Once in the life of this process, and as long as a person has not seen to it once at all.</summary>
    private async Task TellAdvice(CancellationToken cancellation)
    {
        if (transport.Advice is { } advice && Interlocked.Exchange(ref told, advice) != advice)
            await notices.Add(
                new($"mail-advice-{Sha256Hex.Of(advice)[..16]}", clock.GetUtcNow(), null, advice),
                cancellation);
    }

    /// <summary>
    /// Handles a message from the poison queue: its distribution is put on hold, and its letters stay to be sent.
    /// </summary>
    public Task SetAside(string message, CancellationToken cancellation) => deadLetters.SetAside(message, cancellation);
}
