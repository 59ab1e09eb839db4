using System.Text.Json;
using Distribution.Intake;
using Distribution.Mail;

namespace Distribution.Sending;

/// <summary>The way in for queue messages.</summary>
public sealed class BatchHandler
{
    private readonly DistributionRecords distributions;
    private readonly PreparedLettersCache press;
    private readonly BatchSender sender;
    private readonly ProofSender proofs;
    private readonly Releases releases;
    private readonly DeadLetterHandler poison;

    internal BatchHandler(
        DistributionRecords distributions, PreparedLettersCache press, BatchSender sender, ProofSender proofs, Releases releases, DeadLetterHandler poison)
    {
        this.distributions = distributions;
        this.press = press;
        this.sender = sender;
        this.proofs = proofs;
        this.releases = releases;
        this.poison = poison;
    }

    /// <summary>Carries out one queue message. The same message any number of times sends each letter once.</summary>
    /// <exception cref="JsonException">The message is not a batch.</exception>
    /// <exception cref="InvalidDataException">It names a distribution that is not on record, or whose stored content has changed.</exception>
    public async Task Dispatch(string message, CancellationToken cancellation)
    {
        var batch = Batch.Read(message);
        var distribution = await distributions.Find(batch.DistributionId, cancellation)
            ?? throw new InvalidDataException($"There is no distribution {batch.DistributionId}.");
        if (!batch.Proof && distribution.State is not (DistributionState.Released or DistributionState.Sending))
            return;

        var letters = await press.Prepare(distribution.Id, cancellation);
        if (batch.Proof)
        {
            await proofs.Send(distribution, letters, cancellation);
            return;
        }

        try
        {
            await sender.Send(letters, batch, cancellation);
        }
        catch (SenderFaultException fault)
        {
            await releases.Pause(distribution.Id, fault.Message, fault.Passes, cancellation);
        }

        await releases.CompleteWhenAccountable(distribution.Id, cancellation);
    }

    /// <summary>Takes in a message that could not be carried out: its letters end as entries a person sees.</summary>
    public Task SetAside(string message, CancellationToken cancellation) => poison.SetAside(message, cancellation);
}
