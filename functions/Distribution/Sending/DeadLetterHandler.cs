using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>
/// Handles poison messages (dead letters): batches that failed on every try. The distribution is put on hold with a
/// sentence on its page, and its letters stay to be sent: a fault of the system must not mark a mission's letter as
/// failed.
/// </summary>
internal sealed class DeadLetterHandler(
    DistributionRecords distributions,
    Notices notices,
    Holds holds,
    TimeProvider clock)
{
    public async Task SetAside(string message, CancellationToken cancellation)
    {
        Telemetry.RecordGivenUp();
        Batch? read;
        DistributionRecord? found;
        try
        {
            read = TryRead(message);
            found = read is null ? null : await distributions.Find(read.DistributionId, cancellation);
        }
        catch (Exception fault) when (StorageFailures.IsLeftOut(fault))
        {
            // The queue would bring it back again and again: what is known of it is said once, and the timer queues
            // what is still to be sent once the record can be read.
            await Notify(
                null,
                $"A queue message was put aside. {fault.Message} Its letters stay to be sent. It reads: {SingleLine.Of(message)}",
                cancellation);
            return;
        }

        if (read is not { } batch || found is not { } distribution)
        {
            await Notify(
                null,
                $"A queue message could not be understood and was put aside. No letter is lost: the timer queues again what is still to be sent. It reads: {SingleLine.Of(message)}",
                cancellation);
        }
        else if (batch.Proof)
        {
            const string again = "could not be sent. Ask for it again; if that fails too, have the service's log looked at.";
            await distributions.Change(
                distribution.Id,
                now => now.ProofNote is null ? now with { ProofNote = $"The proof {again}" } : null,
                cancellation);
            await Notify(distribution.Id, $"The proof of {distribution.DraftLabel} {again}", cancellation);
        }
        else
        {
            var reason =
                $"The letters to some missions could not be processed in several tries; its page shows which are still to be sent. Have the service's log looked at, then go on; nothing is sent twice.";
            // Not as a fault that passes: the timer would ask only the mail server, find it well, and let the batch
            // fail once more.
            if (await holds.Pause(distribution.Id, reason, passes: false, cancellation))
                await Notify(distribution.Id, $"{distribution.DraftLabel} is on hold. {reason}", cancellation);
            else
                await Notify(
                    distribution.Id,
                    $"The letters of {distribution.DraftLabel} to some missions could not be processed in several tries, and it is not being sent now: its page shows how it stands. Have the service's log looked at.",
                    cancellation);
        }
    }

    private static Batch? TryRead(string message)
    {
        try
        {
            return Batch.Read(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Task<bool> Notify(string? distributionId, string text, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return notices.Add(new($"{now.UtcTicks:d19}-{Guid.NewGuid():n}", now, distributionId, text), cancellation);
    }
}
