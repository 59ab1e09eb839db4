using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>Processes the messages of the batch queue.</summary>
internal sealed class BatchHandler(
    DistributionRecords distributions,
    PreparedLettersCache prepared,
    BatchSender sender,
    ProofSender proofs,
    Releases releases,
    DeadLetterHandler deadLetters,
    IMailTransport transport,
    Notices notices,
    TimeProvider clock)
{
    private string? told;

    /// <summary>
    /// Processes one queue message. Idempotent: if the same message comes again, no letter is sent twice.
    /// </summary>
    /// <exception cref="JsonException">The message is not a batch.</exception>
    /// <exception cref="Storage.LaterFormatException">A later version of the service wrote the message.</exception>
    /// <exception cref="InvalidDataException">
    /// It names a distribution that is not on record, or whose stored content has changed.
    /// </exception>
    public async Task Dispatch(string message, CancellationToken cancellation)
    {
        var batch = Batch.Read(message);
        var distribution = await distributions.Find(batch.DistributionId, cancellation)
            ?? throw new InvalidDataException($"There is no distribution {batch.DistributionId}.");
        if (!batch.Proof && distribution.State is not (DistributionState.Released or DistributionState.Sending))
            return;

        var letters = await prepared.Prepare(distribution, cancellation);
        if (batch.Proof)
        {
            await proofs.Send(distribution, letters, cancellation);
            return;
        }

        try
        {
            await sender.Send(
                letters,
                batch,
                distribution.SlotSize,
                async stop => await distributions.Find(distribution.Id, stop) is { State: DistributionState.Withdrawn },
                cancellation);
        }
        catch (SameRefusalException)
        {
            // Found anew, with those that were in flight meanwhile.
            await releases.HoldWhereAllAreRefused(distribution.Id, cancellation);
        }
        catch (SenderFaultException fault)
        {
            await releases.Pause(distribution.Id, fault.Message, fault.Passes, cancellation);
        }

        await TellAdvice(cancellation);
        await releases.CompleteWhenAccountable(distribution.Id, cancellation);
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
