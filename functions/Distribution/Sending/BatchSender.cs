using System.Runtime.ExceptionServices;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>
/// Sends a batch: claims its entries in one transaction, records each letter as being handed over before its first byte
/// leaves, sends with bounded concurrency, and records each answer as it comes.
/// </summary>
internal sealed class BatchSender(
    MissionEntries dispatches,
    BatchQueue queue,
    LetterWriter writer,
    IMailTransport transport,
    UnknownOutcomePolicy unknown,
    SendRateLimiter pace,
    ConnectionShare connections,
    ISendGuard wanted,
    IOptions<DispatchSettings> options,
    TimeProvider clock,
    ILogger<BatchSender> logger)
{
    private const double Jitter = 0.2;

    private const int MostTries = 4;

    /// <summary>
    /// How long a batch goes on beginning letters; what is left then is queued again. With the longest that a letter
    /// may take, it stays below the host's <c>functionTimeout</c>.
    /// </summary>
    public static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(15);

    /// <summary>How soon a batch comes back for which other workers left no connection.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(10);

    /// <summary>The queue counts delays in whole seconds, so a batch can come back a little too early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);

    private readonly DispatchSettings settings = options.Value;
    private readonly string worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <exception cref="SameRefusalException">Every mission is refused in the same way.</exception>
    /// <exception cref="SenderFaultException">
    /// Mail cannot be sent at all for now; every letter that was not handed over is released for a later batch.
    /// </exception>
    public async Task Send(PreparedLetters letters, Batch batch, CancellationToken cancellation)
    {
        await using var share = await connections.Take(cancellation);
        if (share is null)
        {
            await queue.Add(batch, Busy, cancellation);
            return;
        }

        var (claimed, waiting) = await Claim(letters, batch, cancellation);
        using var enough = new CancellationTokenSource(LongestBatch, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, enough.Token);
        var entries = new Stored<MissionEntry>?[claimed.Count];
        Exception? fault = null;

        // A letter whose handover has begun is finished and recorded even when the batch is cancelled; the others are
        // released.
        await Parallel.ForAsync(
            0,
            claimed.Count,
            new ParallelOptions { MaxDegreeOfParallelism = settings.Concurrency },
            async (place, _) =>
            {
                await share.InFlight.WaitAsync(CancellationToken.None);
                try
                {
                    entries[place] = stop.IsCancellationRequested
                        ? await RecordOwn(claimed[place], dispatch => dispatch with { Claim = null })
                        : await SendOne(letters, claimed[place]);
                }
                catch (Exception broken)
                {
                    // Only the first fault is reported; letters in flight are finished, the others stay to be sent.
                    Interlocked.CompareExchange(ref fault, broken, null);
                    await stop.CancelAsync();
                }
                finally
                {
                    share.InFlight.Release();
                }
            });

        await dispatches.LogRecorded(batch.DistributionId);
        List<MissionEntry> done = [.. waiting, .. entries.OfType<Stored<MissionEntry>>().Select(entry => entry.Value)];
        await QueueAgain(batch.DistributionId, done, CancellationToken.None);
        if (fault is null
            && !cancellation.IsCancellationRequested
            && done.Where(entry => entry is { IsOpen: true, NotBefore: null, Claim: null }).ToList() is [_, ..] left)
            await queue.Add(
                new(batch.DistributionId, [.. left.Select(entry => entry.MissionId)]),
                TimeSpan.Zero,
                CancellationToken.None);
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <returns>
    /// The entries that this worker claimed, each with an attempt to work on; and those that wait for a later try.
    /// </returns>
    private async Task<(IReadOnlyList<Stored<MissionEntry>> Claimed, IReadOnlyList<MissionEntry> Waiting)> Claim(
        PreparedLetters letters,
        Batch batch,
        CancellationToken cancellation)
    {
        var missions = batch.MissionsOf(letters.Roster);
        while (true)
        {
            var now = clock.GetUtcNow();
            // Each claim has a unique name, even two of the same worker at the same moment: after a retried write, only
            // the content tells whose write storage holds.
            var claim = new Claim($"{worker}:{Guid.NewGuid():n}", now + settings.ClaimFor);
            List<(Stored<MissionEntry> Entry, MissionEntry Settled)> free = [];
            foreach (var entry in await dispatches.Find(batch.DistributionId, missions, cancellation))
                if (entry.Value.Claim is not { } other || other.Until <= now)
                    free.Add((entry, await unknown.Settle(entry.Value, now, cancellation)));

            var due = free.Where(entry =>
                    entry.Settled.IsOpen && (entry.Settled.NotBefore is not { } time || time <= now + Early))
                .ToList();
            var (granted, next) = await pace.Grant(due.Count, cancellation);
            var held = due.Skip(granted).Select(entry => entry.Settled.MissionId).ToHashSet();
            var mine = due.Take(granted).Select(entry => entry.Settled.MissionId).ToHashSet();

            var changes = free.Select(entry =>
                    entry.Entry with
                    {
                        Value =
                            mine.Contains(entry.Settled.MissionId)
                                ? entry.Settled.Begin(
                                    letters.Mission(entry.Settled),
                                    writer.MessageIds(letters.KeyId, entry.Settled),
                                    now) with
                                {
                                    Claim = claim,
                                }
                            : held.Contains(entry.Settled.MissionId) ? entry.Settled with { NotBefore = next }
                            : entry.Settled,
                    })
                .Where((change, place) => change.Value != free[place].Entry.Value)
                .ToList();
            if (changes.Count == 0)
                return ([], []);
            if (await dispatches.Replace(changes, cancellation) is { } recorded)
                return (
                    [.. recorded.Where(entry => entry.Value.Claim == claim)],
                    [.. recorded.Where(entry => entry.Value.Claim != claim).Select(entry => entry.Value)]);
        }
    }

    /// <returns>The entry as recorded, or null when it is no longer this worker's.</returns>
    private async Task<Stored<MissionEntry>?> SendOne(PreparedLetters letters, Stored<MissionEntry> claimed)
    {
        OutgoingMessage message;
        try
        {
            message = await writer.Write(letters, claimed.Value, CancellationToken.None);
        }
        catch (LetterFaultException unwritable)
        {
            logger.LogError(
                unwritable,
                "The letter of {Mission} in {Distribution} could not be made",
                claimed.Value.MissionId,
                claimed.Value.DistributionId);
            return await RecordOwn(
                claimed,
                dispatch => dispatch.GivenUp(clock.GetUtcNow(), $"The letter could not be made. {unwritable.Message}"));
        }

        if (letters.Content.Follows is { } follows
            && await wanted.Objection(follows, claimed.Value.MissionId, CancellationToken.None) is { } objection)
            return await RecordOwn(claimed, dispatch => dispatch.NotNeeded(clock.GetUtcNow(), objection));

        // Since the claim, evidence may have arrived or a person may have stopped the letter: only mailboxes that are
        // still open are sent to. The claim is renewed here and while the letter is handed over, however long that and
        // the letters before it in the batch take.
        var now = clock.GetUtcNow();
        var handing = await RecordOwn(claimed, dispatch => dispatch.IsOpen
            ? dispatch.HandingOver(now) with { Claim = dispatch.Claim! with { Until = now + settings.ClaimFor } }
            : dispatch with { Claim = null });
        if (handing is not { Value.Claim: not null })
            return handing;
        message = message with { Envelope = handing.Value.BeingHandedOver() };
        IReadOnlyList<MailboxOutcome> outcomes;
        try
        {
            outcomes = await KeepingClaim(handing, transport.Send(message, CancellationToken.None));
        }
        catch (SenderFaultException nothingSent)
        {
            await Record(
                handing,
                dispatch => dispatch.NotHandedOver(clock.GetUtcNow(), SingleLine.Of(nothingSent.Message)));
            throw;
        }
        catch (Exception unforeseen)
        {
            logger.LogError(
                unforeseen,
                "Sending to {Mission} in {Distribution} ended without an answer",
                handing.Value.MissionId,
                handing.Value.DistributionId);
            return await Record(
                handing,
                dispatch =>
                    dispatch.Interrupted(
                        clock.GetUtcNow(),
                        settings.SettleAfter,
                        "The exchange with the mail server broke off in an unforeseen way. Whether the letter was sent is not known."
                    ));
        }

        var answered = await RecordAnswer(handing, outcomes);
        if (answered is { Value.State: DeliveryState.Failed } failed
            && SameRefusal.Find(
                [
                    .. (await dispatches.All(failed.Value.DistributionId, CancellationToken.None)).Select(entry =>
                        entry.Value),
                ])
                is { } refusal)
            throw new SameRefusalException(refusal);
        return answered;
    }

    /// <summary>
    /// Renews the claim while the letter is being handed over, however long the server takes: a claim that lapses means
    /// that its worker died.
    /// </summary>
    private async Task<T> KeepingClaim<T>(Stored<MissionEntry> handing, Task<T> handOver)
    {
        using var stop = new CancellationTokenSource();
        var renewing = RenewClaim(handing, stop.Token);
        try
        {
            return await handOver;
        }
        finally
        {
            await stop.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewClaim(Stored<MissionEntry> handing, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(settings.ClaimFor / 3, clock, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
            try
            {
                var until = clock.GetUtcNow() + settings.ClaimFor;
                if (await RecordOwn(
                    handing,
                    dispatch => dispatch with { Claim = dispatch.Claim! with { Until = until } }) is not { } renewed)
                    return;
                handing = renewed;
            }
            catch (Exception failure)
            {
                // Tried again while the claim holds, and after that too, as long as nobody else has taken it.
                logger.LogWarning(
                    failure,
                    "The claim on {Mission} in {Distribution} could not be renewed; trying again",
                    handing.Value.MissionId,
                    handing.Value.DistributionId);
            }
        }
    }

    /// <summary>Records a step of this worker's own, on top of what others have recorded meanwhile.</summary>
    /// <returns>Null where the entry is no longer this worker's.</returns>
    private Task<Stored<MissionEntry>?> RecordOwn(Stored<MissionEntry> entry, Func<MissionEntry, MissionEntry> change)
    {
        var claim = entry.Value.Claim;
        return Record(entry, dispatch => dispatch.Claim == claim ? change(dispatch) : null);
    }

    private Task<Stored<MissionEntry>?> Record(Stored<MissionEntry> entry, Func<MissionEntry, MissionEntry?> change) =>
        dispatches.Change(
            entry.Value.DistributionId,
            entry.Value.MissionId,
            change,
            CancellationToken.None,
            known: entry);

    /// <summary>
    /// The server's answer is recorded even if another worker has taken over the claim, believing this one dead. The
    /// server cannot be asked again, so a failing storage request is retried more often than usual.
    /// </summary>
    private async Task<Stored<MissionEntry>?> RecordAnswer(
        Stored<MissionEntry> handing,
        IReadOnlyList<MailboxOutcome> outcomes)
    {
        var jitter = Random.Shared.NextDouble() * Jitter;
        var attempt = handing.Value.Attempts.Count;
        var now = clock.GetUtcNow();
        for (var tries = 1; ; tries++)
            try
            {
                return await Record(
                    handing,
                    dispatch => dispatch.Answered(attempt, outcomes, settings.Delays, jitter, settings.SettleAfter, now)
                );
            }
            catch (Exception failure) when (tries < MostTries && StorageFailures.Pass(failure))
            {
                logger.LogWarning(
                    failure,
                    "The answer about {Mission} in {Distribution} could not be recorded; trying again",
                    handing.Value.MissionId,
                    handing.Value.DistributionId);
            }
    }

    /// <summary>Letters due again within a few seconds of each other come back in one batch.</summary>
    private async Task QueueAgain(
        string distributionId,
        IReadOnlyList<MissionEntry> dispatches,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var due in dispatches
            .Where(dispatch => dispatch.NotBefore is not null && (dispatch.IsOpen || unknown.WillSettle(dispatch)))
            .GroupBy(dispatch => Math.Floor((dispatch.NotBefore!.Value - now) / TimeSpan.FromSeconds(10))))
        {
            var delay = due.Max(dispatch => dispatch.NotBefore!.Value) - now;
            await queue.Add(
                new(distributionId, [.. due.Select(dispatch => dispatch.MissionId)]),
                delay > TimeSpan.Zero ? delay : TimeSpan.Zero,
                cancellation);
        }
    }
}
