using Distribution.Intake;
using Distribution.Mail;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>What came of asking for a proof.</summary>
internal enum ProofOutcome
{
    Asked,

    /// <summary>The one before has not left yet.</summary>
    OnItsWay,

    /// <summary>As many have been asked for as may be.</summary>
    TooMany,

    /// <summary>The letter does not wait for release.</summary>
    TooLate,
}

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
    /// <summary>However many people press, no letter becomes a newsletter before it is released.</summary>
    public const int MostOfOneLetter = 20;

    /// <summary>A proof of which nothing was heard for so long is taken for lost.</summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Queues a proof because a person asked for it; one at a time, so that a double click sends one.
    /// </summary>
    /// <param name="to">As <see cref="ProofReaders"/> reads them.</param>
    public async Task<ProofOutcome> Request(
        string distributionId,
        IReadOnlyList<string> to,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var decided = await distributions.Change(
            distributionId,
            distribution =>
            {
                var outcome = distribution switch
                {
                    { State: not DistributionState.AwaitingRelease } => ProofOutcome.TooLate,
                    { ProofNote: null, ProofRequestedAt: { } asked } when !IsLost(asked, now) =>
                        ProofOutcome.OnItsWay,
                    { ProofsAsked: >= MostOfOneLetter } => ProofOutcome.TooMany,
                    _ => ProofOutcome.Asked,
                };
                return new Decision<DistributionRecord, ProofOutcome>(
                    outcome == ProofOutcome.Asked
                        ? distribution with
                        {
                            ProofRequestedAt = now,
                            ProofNote = null,
                            ProofTo = [.. to],
                            ProofsAsked = distribution.ProofsAsked + 1,
                        }
                        : null,
                    outcome);
            },
            cancellation);
        // On record first: where this message is lost, RequestDue queues it again.
        if (decided.Result == ProofOutcome.Asked)
            await Queue(distributionId, cancellation);
        return decided.Result;
    }

    /// <summary>
    /// Queues the proof that the letter itself asks for, once; and again any that was lost, such as while secrets could
    /// not be read.
    /// </summary>
    public async Task RequestDue(DistributionRecord distribution, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (IsDue(distribution)
            && await distributions.Change(
                distribution.Id,
                current => IsDue(current) ? current with { ProofRequestedAt = now } : null,
                cancellation)
                is not null)
            await Queue(distribution.Id, cancellation);

        bool IsDue(DistributionRecord letter) =>
            letter is { State: DistributionState.AwaitingRelease, ProofNote: null }
            && (letter.ProofRequestedAt is { } asked ? IsLost(asked, now) : letter.Proof.Count > 0);
    }

    // The absolute difference, so that a clock that was put back keeps no proof waiting.
    private static bool IsLost(DateTimeOffset asked, DateTimeOffset now) => (now - asked).Duration() >= LongestWay;

    public async Task Send(DistributionRecord distribution, PreparedLetters letters, CancellationToken cancellation)
    {
        // It was taken for lost, and the one that was queued in its place has left.
        if (distribution.ProofNote is not null)
            return;
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
