using Distribution.Intake;
using Distribution.Mail;

namespace Distribution.Sending;

/// <summary>
/// Mails the first mission's letter to the people named for proofs, and records the outcome on the distribution.
/// </summary>
internal sealed class ProofSender(
    DistributionRecords distributions,
    BatchQueue queue,
    LetterWriter writer,
    IMailTransport transport,
    TimeProvider clock)
{
    /// <summary>Queues a proof because a person asked for it.</summary>
    public async Task Request(string distributionId, CancellationToken cancellation)
    {
        await distributions.Change(
            distributionId,
            distribution => distribution with { ProofRequestedAt = clock.GetUtcNow(), ProofNote = null },
            cancellation);
        await Queue(distributionId, cancellation);
    }

    /// <summary>Queues the proof that the letter itself asks for, once.</summary>
    public async Task RequestFirst(DistributionRecord distribution, CancellationToken cancellation)
    {
        if (distribution is { State: DistributionState.AwaitingRelease, Proof.Count: > 0, ProofRequestedAt: null }
            && await distributions.Change(
                distribution.Id,
                now => now.ProofRequestedAt is null ? now with { ProofRequestedAt = clock.GetUtcNow() } : null,
                cancellation)
                is not null)
            await Queue(distribution.Id, cancellation);
    }

    public async Task Send(DistributionRecord distribution, PreparedLetters letters, CancellationToken cancellation)
    {
        string note;
        try
        {
            var outcomes = await transport.Send(
                await writer.WriteProof(letters, distribution, clock.GetUtcNow(), cancellation),
                cancellation);
            note = string.Join(" ", outcomes.Select(outcome => outcome.Result == MailboxResult.Accepted
                ? $"Proof sent to {outcome.Address}."
                : $"The proof did not reach {outcome.Address}: {outcome.Answer}"));
        }
        catch (SenderFaultException fault)
        {
            note = $"The proof was not sent. {fault.Message}";
        }

        await distributions.Change(distribution.Id, now => now with { ProofNote = note }, cancellation);
    }

    private Task Queue(string distributionId, CancellationToken cancellation) =>
        queue.Add(new(distributionId, null, Proof: true), TimeSpan.Zero, cancellation);
}
