using Distribution.Common;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Sending;

/// <summary>
/// Sends one claimed letter: makes it, records it as being handed over before its first byte leaves, hands it over, and
/// records the answer.
/// </summary>
internal sealed class LetterSender(
    MissionEntries dispatches,
    LetterWriter writer,
    IMailTransport transport,
    ISendGuard wanted,
    IOptions<DispatchSettings> options,
    TimeProvider clock,
    ILogger<LetterSender> logger)
{
    private const double Jitter = 0.2;

    private const int MostTries = 4;

    private readonly DispatchSettings settings = options.Value;
    private readonly RefusalWatch refusals = new();

    /// <returns>Whether handing over had begun.</returns>
    /// <exception cref="SameRefusalException">Every mission is refused in the same way.</exception>
    /// <exception cref="SenderFaultException">
    /// Mail cannot be sent at all for now; this letter has not been sent.
    /// </exception>
    public async Task<bool> Send(PreparedLetters letters, EntryRecord record)
    {
        // Before it is noted: a letter that cannot be made must not look as if it were being handed over.
        if (await Made(letters, record) is not { } message)
            return false;
        if (letters.Content.Follows is { } follows
            && await wanted.Objection(follows, record.Entry.MissionId, CancellationToken.None) is { } objection)
        {
            await record.Leave(dispatch => dispatch.NotNeeded(clock.GetUtcNow(), objection));
            return false;
        }

        // Since the claim, evidence may have arrived or a person may have stopped the letter: only mailboxes that are
        // still open are sent to. The claim is renewed here and while the letter is handed over, however long that and
        // the letters before it in the batch take.
        var now = clock.GetUtcNow();
        if (!await record.Begin(dispatch => dispatch.IsOpen
            ? dispatch.HandingOver(now) with { Claim = dispatch.Claim! with { Until = now + settings.ClaimFor } }
            : dispatch with { Claim = null }))
            return false;
        if (await HandOver(message with { Envelope = record.Entry.BeingHandedOver() }, record) is { } outcomes)
        {
            await RecordAnswer(record, outcomes);
            await StopWhereAllAreRefused(record);
        }

        return true;
    }

    /// <returns>Null where it could not be made, which is on record then.</returns>
    private async Task<OutgoingMessage?> Made(PreparedLetters letters, EntryRecord record)
    {
        try
        {
            return await writer.Write(letters, record.Entry, CancellationToken.None);
        }
        catch (LetterFaultException unwritable)
        {
            logger.LogError(
                unwritable,
                "The letter of {Mission} in {Distribution} could not be made",
                record.Entry.MissionId,
                record.Entry.DistributionId);
            await record.Leave(dispatch =>
                dispatch.GivenUp(
                    clock.GetUtcNow(),
                    Say($"The letter could not be made. {unwritable.Message}").ForRecord));
            return null;
        }
    }

    /// <returns>
    /// The answer for each mailbox; null where nobody knows what became of it, which is on record then.
    /// </returns>
    private async Task<IReadOnlyList<MailboxOutcome>?> HandOver(OutgoingMessage message, EntryRecord record)
    {
        try
        {
            // What is noted is handed over to its end: to stop in between would leave an outcome that nobody knows.
            return await record.Keeping(transport.Send(message, CancellationToken.None));
        }
        catch (SenderFaultException nothingSent)
        {
            await record.End(dispatch =>
                dispatch.NotHandedOver(clock.GetUtcNow(), SingleLine.Of(nothingSent.Message)));
            throw;
        }
        catch (Exception unforeseen)
        {
            // It says nothing about how far the letter came, so it must not be offered again as if it had not left.
            logger.LogError(
                unforeseen,
                "Sending to {Mission} in {Distribution} ended without an answer",
                record.Entry.MissionId,
                record.Entry.DistributionId);
            await record.End(dispatch =>
                dispatch.Interrupted(
                    clock.GetUtcNow(),
                    settings.SettleAfter,
                    Say($"The exchange with the mail server broke off in an unforeseen way. Whether the letter was sent is not known.").ForRecord
                ));
            return null;
        }
    }

    /// <summary>
    /// The server cannot be asked again, so a failing storage request is retried more often than usual.
    /// </summary>
    private async Task RecordAnswer(EntryRecord record, IReadOnlyList<MailboxOutcome> outcomes)
    {
        // All once, and not for each try: a write that is tried again must want the same content, or it takes its own
        // first write for that of another worker.
        var jitter = Random.Shared.NextDouble() * Jitter;
        var attempt = record.Entry.Attempts.Count;
        var now = clock.GetUtcNow();
        for (var tries = 1; ; tries++)
            try
            {
                await record.End(dispatch =>
                    dispatch.Answered(attempt, outcomes, settings.Delays, jitter, settings.SettleAfter, now));
                return;
            }
            catch (Exception failure) when (tries < MostTries && StorageFailures.Pass(failure))
            {
                logger.LogWarning(
                    failure,
                    "The answer about {Mission} in {Distribution} could not be recorded; trying again",
                    record.Entry.MissionId,
                    record.Entry.DistributionId);
            }
    }

    /// <summary>
    /// Where a server refuses every letter in the same way, it is the service that it refuses: sending stops, before
    /// all missions have been refused.
    /// </summary>
    private async Task StopWhereAllAreRefused(EntryRecord record)
    {
        var distribution = record.Entry.DistributionId;
        if (!refusals.Answered(distribution, record.Entry.State))
            return;
        var entries = await dispatches.All(distribution, CancellationToken.None);
        var refusal = SameRefusal.Find([.. entries.Select(entry => entry.Value)]);
        refusals.Looked(distribution, refusal is not null);
        if (refusal is not null)
            throw new SameRefusalException(refusal);
    }
}
