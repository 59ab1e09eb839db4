using Distribution.Mail;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>The record of a mail that is no letter, and that is still to be handed over.</summary>
internal interface IClaimedMail<out TSelf>
{
    /// <summary>
    /// When a worker began to hand it over; for some minutes nobody else does. Null before the first.
    /// </summary>
    DateTimeOffset? ClaimedAt { get; }

    /// <param name="id">Random, so that the claims of two workers at one moment are not the same.</param>
    TSelf ClaimedBy(string id, DateTimeOffset at);
}

/// <summary>
/// Hands over mails that are no letters: receipts, forwarded letters, mails about proposals. No entry and no count
/// includes them.
/// </summary>
/// <remarks>
/// One worker alone hands one over. Where that worker stops before the answer is on record, the same mail, written from
/// the same record under the same Message-ID, is handed over again when the claim has ended: told twice is better than
/// not at all, and mail programs show one. An answer that got lost counts as handed over. Whatever else goes wrong, the
/// claim stays, and its end is when the mail is tried again.
/// </remarks>
internal sealed class MailHandOver(IMailTransport transport, TimeProvider clock)
{
    /// <summary>
    /// How long a claim lasts; after that the mail is tried again. Most outages of a mail server are shorter. A server
    /// that takes longer than this to answer a whole message may get it twice.
    /// </summary>
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(5);

    /// <summary>A mail that no mail server has taken by then is given up: so late it would help nobody.</summary>
    private static readonly TimeSpan TryFor = TimeSpan.FromDays(1);

    /// <summary>Hands over each one, even if another fails.</summary>
    /// <exception cref="AggregateException">Some could not be handed over, and are tried again.</exception>
    public static async Task Each<T>(IEnumerable<T> due, Func<T, Task> handOver, CancellationToken cancellation)
    {
        List<Exception> faults = [];
        foreach (var one in due)
            try
            {
                await handOver(one);
            }
            catch (LaterFormatException)
            {
                // The version that wrote it looks after it; until then it stays due.
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                faults.Add(fault);
            }

        if (faults is not [])
            throw new AggregateException(faults);
    }

    /// <returns>The record to store; null where another worker has the mail in hand.</returns>
    public T? Claimed<T>(T mail)
        where T : class, IClaimedMail<T> =>
        // The absolute difference, so that nothing waits for a clock that was set back.
        mail.ClaimedAt is { } claimed && (clock.GetUtcNow() - claimed).Duration() < ClaimFor
            ? null
            : mail.ClaimedBy(Guid.NewGuid().ToString("n"), clock.GetUtcNow());

    /// <param name="since">Since when the mail is due.</param>
    /// <param name="claim">
    /// Stores what <see cref="Claimed"/> says, and returns what is then on record; null where another worker has the
    /// mail in hand, or has done it.
    /// </param>
    /// <param name="write">
    /// Checks again, just before the mail leaves, that it still may, and writes it. Null where it may not; that is then
    /// on record.
    /// </param>
    /// <param name="record">
    /// Records the outcome for each address. An address with <see cref="MailboxResult.TryLater"/> is tried again; one
    /// that has had it for too long comes as refused.
    /// </param>
    public async Task HandOver<T>(
        DateTimeOffset since,
        Func<Task<T?>> claim,
        Func<T, Task<OutgoingMessage?>> write,
        Func<T, IReadOnlyList<MailboxOutcome>, Task> record,
        CancellationToken cancellation)
        where T : class
    {
        // In this order: whether it may leave is asked when this worker alone has it, so that what was decided until
        // then counts.
        if (await claim() is not { } claimed || await write(claimed) is not { } message)
            return;
        var outcomes = await transport.Send(message, cancellation);
        if ((clock.GetUtcNow() - since).Duration() >= TryFor)
            // The clock is compared after the try, so that even a service that was down for a day tries once.
            outcomes =
            [
                .. outcomes.Select(outcome =>
                    outcome.Result == MailboxResult.TryLater
                        ? outcome with { Result = MailboxResult.Refused }
                        : outcome),
            ];
        await record(claimed, outcomes);
    }
}
