using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Distribution.Mail;
using Distribution.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>
/// Sends a batch: claims its entries in one transaction, or their slot by its journal, and sends their letters with
/// bounded concurrency, each by <see cref="LetterSender"/>.
/// </summary>
internal sealed class BatchSender(
    MissionEntries dispatches,
    SendingJournals journals,
    BatchQueue queue,
    LetterWriter writer,
    LetterSender sender,
    UnknownOutcomePolicy unknown,
    SendRateLimiter pace,
    ConnectionShare connections,
    IOptions<DispatchSettings> options,
    TimeProvider clock,
    ILogger<BatchSender> logger)
{
    /// <summary>
    /// How long a batch goes on beginning letters; what is left then is queued again. With the longest that a letter
    /// may take (<see cref="SmtpPatience.HandOver"/>, 25 minutes) it stays below <c>functionTimeout</c> in host.json,
    /// 45 minutes.
    /// </summary>
    public static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(15);

    /// <summary>How soon a batch comes back for which other workers left no connection.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(10);

    /// <summary>The queue counts delays in whole seconds, so a batch can come back a little too early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);

    private readonly DispatchSettings settings = options.Value;
    private readonly SemaphoreSlim turn = new(1);
    private readonly UsualHandOver usual = new();
    private readonly string worker = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():n}";

    /// <summary>The claims of the journals that this worker has open.</summary>
    private readonly ConcurrentDictionary<string, bool> open = new();

    /// <param name="slotSize">
    /// How many missions a slot has; first letters are then noted in journals. 0 where each is noted in its row.
    /// </param>
    /// <param name="isStopped">Whether the distribution is stopped by now.</param>
    /// <returns>
    /// What became of the entries; what is to be logged of it waits for <see cref="MissionEntries.LogRecorded"/>.
    /// </returns>
    /// <exception cref="SameRefusalException">Every mission is refused in the same way.</exception>
    /// <exception cref="SenderFaultException">
    /// Mail cannot be sent at all for now; every letter that was not handed over is released for a later batch.
    /// </exception>
    public async Task<IReadOnlyList<MissionEntry>> Send(
        PreparedLetters letters,
        Batch batch,
        int slotSize,
        Func<CancellationToken, Task<bool>> isStopped,
        CancellationToken cancellation)
    {
        await using var share = await connections.Take(cancellation);
        if (share is null)
        {
            await queue.Add(batch, Busy, cancellation);
            return [];
        }

        using var enough = new CancellationTokenSource(LongestBatch, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, enough.Token);
        var sending = new Sending(letters, share, stop, cancellation);
        IReadOnlyList<string> inRows = batch.MissionsOf(letters.Roster);
        if (slotSize > 0)
        {
            List<string> begunBefore = [];
            foreach (
                var slot in inRows.GroupBy(mission =>
                    SendingJournal.SlotOf(letters.Roster.OrderOf(mission)!.Value, slotSize)))
                begunBefore.AddRange(await SendSlot(sending, batch.DistributionId, slot.Key, [.. slot], isStopped));
            // A journal holds first attempts only. What has an attempt is sent by its row.
            inRows = begunBefore;
        }

        foreach (var together in inRows.Chunk(MissionEntries.MostInOneTransaction))
            if (sending.Fault is null)
                await SendClaimed(sending, batch.DistributionId, together, batch.HeardUntil ?? DateTimeOffset.MinValue);

        // Also where this worker is told to stop: otherwise the letters wait until the timer misses them.
        await QueueAgain(batch.DistributionId, sending.Done, CancellationToken.None);
        // What was not begun because the batch has lasted long enough, or the worker stops. After a fault the message
        // itself comes again, or the distribution is on hold.
        if (sending.Fault is null
            && sending.Done.Where(entry => entry is { IsOpen: true, NotBefore: null, Claim: null }).ToList()
                is [_, ..] left)
            await queue.Add(
                new(batch.DistributionId, [.. left.Select(entry => entry.MissionId)]),
                TimeSpan.Zero,
                CancellationToken.None);
        // Last, so that letters put off for a later try are queued first.
        if (sending.Fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);
        return sending.Done;
    }

    /// <summary>
    /// Sends the first letters to missions of one slot, and notes them in its journal. Only the worker that has the
    /// journal sends them, so it is opened before the entries are read.
    /// </summary>
    /// <returns>The missions that have an attempt already.</returns>
    private async Task<IReadOnlyList<string>> SendSlot(
        Sending sending,
        string distributionId,
        int slot,
        IReadOnlyList<string> missions,
        Func<CancellationToken, Task<bool>> isStopped)
    {
        // One journal after the other, so that each has all connections, and each of its writes as many letters as may
        // be in flight.
        await turn.WaitAsync(sending.Cancellation);
        var hasTurn = 1;
        var claim = NewClaim();
        OpenJournal? journal = null;
        IReadOnlyList<string> begunBefore = [];
        Dictionary<string, Stored<MissionEntry>> rows = [];
        try
        {
            if (await OpenedJournal(distributionId, slot, claim, sending.Cancellation) is not { } stored)
            {
                // Another worker sends to them. When it has ended, or died, this finds what is left.
                await queue.Add(new(distributionId, missions), Busy, sending.Cancellation);
                return [];
            }

            journal = new(
                journals,
                stored,
                noted => dispatches.WriteNoted(distributionId, noted, rows, CancellationToken.None),
                settings.ClaimFor,
                usual,
                clock);
            // A stop closes the journals that are open. One that was opened after that is not closed, so its worker
            // must look for itself.
            if (!await isStopped(sending.Cancellation))
            {
                var now = clock.GetUtcNow();
                rows = (await dispatches.Rows(distributionId, missions, sending.Cancellation))
                    .ToDictionary(row => row.Value.MissionId);
                begunBefore =
                    [.. rows.Values.Where(row => !row.Value.Attempts.IsEmpty).Select(row => row.Value.MissionId)];
                var due = rows.Values
                    .Where(row => row.Value.Attempts.IsEmpty && IsFree(row.Value, now) && IsDue(row.Value, now))
                    .ToList();
                var (granted, next) = await pace.Grant(due.Count, sending.Cancellation);
                await Hold(sending, [.. due.Skip(granted)], next);
                await SendNoted(
                    sending,
                    journal,
                    claim,
                    [.. due.Take(granted).Select(row => row.Value)],
                    allBegun: PassTurn);
            }
        }
        catch (Exception broken)
        {
            await sending.Break(broken);
        }
        finally
        {
            PassTurn();
            if (journal is not null)
                await Finish(journal, distributionId, rows);
            else
                open.TryRemove(claim.Worker, out _);
        }

        return begunBefore;

        void PassTurn()
        {
            if (Interlocked.Exchange(ref hasTurn, 0) == 1)
                turn.Release();
        }
    }

    /// <summary>What a journal holds goes into the missions' entries, and the journal is removed.</summary>
    private async Task Finish(
        OpenJournal journal,
        string distributionId,
        IReadOnlyDictionary<string, Stored<MissionEntry>> rows)
    {
        try
        {
            await journal.Stop();
            if (!journal.IsLost)
                await dispatches.WriteNoted(distributionId, [.. journal.Entries.Values], rows, CancellationToken.None);
            await journal.Remove(CancellationToken.None);
        }
        finally
        {
            // If it could not be removed, it is nobody's from here on: this worker's next batch takes it over.
            open.TryRemove(journal.Claim.Worker, out _);
        }
    }

    /// <returns>Null where another worker has it.</returns>
    private async Task<Stored<SendingJournal>?> OpenedJournal(
        string distributionId,
        int slot,
        Claim claim,
        CancellationToken cancellation)
    {
        // Before it is opened: otherwise another batch of this worker could take it for one that was left.
        open[claim.Worker] = true;
        if (await journals.Open(distributionId, slot, claim, cancellation) is { } opened)
            return opened;
        await dispatches.TakeOverJournals(distributionId, clock.GetUtcNow(), cancellation, IsLeft);
        return await journals.Open(distributionId, slot, claim, cancellation);
    }

    private async Task SendNoted(
        Sending sending,
        OpenJournal journal,
        Claim claim,
        IReadOnlyList<MissionEntry> due,
        Action allBegun)
    {
        if (due is [])
            return;
        // The letters in flight of this process are those of all its batches: what is free is taken for this one.
        // Only one is waited for. Two batches that hold some and wait for more would wait for each other.
        var inFlight = sending.Share.InFlight;
        if (!await sending.HasPlace())
        {
            foreach (var entry in due)
                sending.Add(entry);
            return;
        }

        var together = 1;
        while (together < Math.Min(settings.Concurrency, due.Count)
            && await inFlight.WaitAsync(0, CancellationToken.None))
            together++;
        try
        {
            journal.For(due.Select(entry => entry.MissionId), together);
            using var window = new SemaphoreSlim(together);
            List<Task> letters = [];
            foreach (var entry in due)
            {
                await window.WaitAsync(CancellationToken.None);
                if (sending.Stop.IsCancellationRequested || journal.IsClosed || journal.IsLost)
                {
                    window.Release();
                    // A closed journal means a stop: what was not begun is left for it to withdraw.
                    if (!journal.IsClosed)
                        sending.Add(entry);
                    continue;
                }

                letters.Add(SendNoted(sending, journal, claim, entry, window));
            }

            allBegun();
            await Task.WhenAll(letters);
        }
        finally
        {
            inFlight.Release(together);
        }
    }

    private async Task SendNoted(
        Sending sending,
        OpenJournal journal,
        Claim claim,
        MissionEntry entry,
        SemaphoreSlim window)
    {
        var isReleased = 0;
        // Not on the thread that begins the next letter.
        await Task.Yield();
        try
        {
            var record = new JournalRecord(journal, dispatches, Begun(sending.Letters, entry, claim), clock, Release);
            var isSent = await sender.Send(sending.Letters, record);
            // Without an event nothing of it was written: it was begun in memory alone, and its row counts.
            sending.Add(
                isSent || record.Entry.Attempts is [{ Mailboxes: [{ Events: [_, ..] }, ..] }, ..]
                    ? record.Entry
                    : entry);
        }
        catch (Exception broken)
        {
            await sending.Break(broken);
        }
        finally
        {
            Release();
        }

        void Release()
        {
            if (Interlocked.Exchange(ref isReleased, 1) == 0)
                window.Release();
        }
    }

    private MissionEntry Begun(PreparedLetters letters, MissionEntry entry, Claim claim) =>
        entry.Begin(letters.Mission(entry), writer.MessageIds(letters.KeyId, entry), clock.GetUtcNow()) with
        {
            Claim = claim,
        };

    /// <summary>Sends letters whose entries are claimed and changed one by one.</summary>
    private async Task SendClaimed(
        Sending sending,
        string distributionId,
        IReadOnlyList<string> missions,
        DateTimeOffset heardUntil)
    {
        var (claimed, waiting) = await ClaimEntries(
            sending.Letters,
            distributionId,
            missions,
            heardUntil,
            sending.Cancellation);
        foreach (var entry in waiting)
            sending.Add(entry);

        await using var waits = new WaitingClaims(dispatches, claimed, settings.ClaimFor, clock, logger);
        // A letter whose handover has begun is finished and recorded even when the batch is cancelled; the others are
        // released.
        await Parallel.ForEachAsync(
            claimed,
            new ParallelOptions { MaxDegreeOfParallelism = settings.Concurrency },
            async (entry, _) =>
            {
                var hasPlace = await sending.HasPlace();
                try
                {
                    var record = new RowRecord(dispatches, waits.Take(entry), settings.ClaimFor, clock, logger);
                    if (!hasPlace || sending.Stop.IsCancellationRequested)
                        await record.Leave(dispatch => dispatch with { Claim = null });
                    else
                        await sender.Send(sending.Letters, record);
                    sending.Add(record.Entry);
                }
                catch (Exception broken)
                {
                    // Only the first fault is reported; letters in flight are finished, the others stay to be sent.
                    await sending.Break(broken);
                }
                finally
                {
                    if (hasPlace)
                        sending.Share.InFlight.Release();
                }
            });
    }

    /// <summary>Whether a claim is one of this worker's that no batch of it holds any more.</summary>
    private bool IsLeft(Claim claim) =>
        claim.Worker.StartsWith($"{worker}:", StringComparison.Ordinal) && !open.ContainsKey(claim.Worker);

    // Each claim has a unique name, even two of the same worker at the same moment: after a retried write, only the
    // content tells whose write storage holds.
    private Claim NewClaim() => new($"{worker}:{Guid.NewGuid():n}", clock.GetUtcNow() + settings.ClaimFor);

    private static bool IsFree(MissionEntry entry, DateTimeOffset now) =>
        entry.Claim is not { } other || other.Until <= now;

    private static bool IsDue(MissionEntry entry, DateTimeOffset now) =>
        entry.IsOpen && (entry.NotBefore is not { } time || time <= now + Early);

    /// <summary>Letters that the rate limit holds back.</summary>
    private async Task Hold(Sending sending, IReadOnlyList<Stored<MissionEntry>> held, DateTimeOffset next)
    {
        foreach (var entry in held)
            if (await dispatches.Change(
                entry.Value.DistributionId,
                entry.Value.MissionId,
                row => row with { NotBefore = next },
                CancellationToken.None,
                entry) is { } waits)
                sending.Add(waits.Value);
    }

    /// <returns>
    /// The entries that this worker claimed, each with an attempt to work on; and those that wait for a later try.
    /// </returns>
    private async Task<(IReadOnlyList<Stored<MissionEntry>> Claimed, IReadOnlyList<MissionEntry> Waiting)> ClaimEntries(
        PreparedLetters letters,
        string distributionId,
        IReadOnlyList<string> missions,
        DateTimeOffset heardUntil,
        CancellationToken cancellation)
    {
        var (granted, next) = (0, DateTimeOffset.MinValue);
        while (true)
        {
            var now = clock.GetUtcNow();
            var claim = NewClaim();
            List<(Stored<MissionEntry> Entry, MissionEntry Settled)> free = [];
            foreach (var entry in await dispatches.Find(distributionId, missions, cancellation))
                if (IsFree(entry.Value, now))
                    free.Add((entry, await unknown.Settle(entry.Value, now, heardUntil, cancellation)));

            var due = free.Where(entry => IsDue(entry.Settled, now)).ToList();
            // Only for what is due: each letter granted here counts against its minute, even if it is not sent. After a
            // conflict, what was granted before is used.
            if (due.Count > granted)
            {
                var (more, later) = await pace.Grant(due.Count - granted, cancellation);
                (granted, next) = (granted + more, later);
            }

            var held = due.Skip(granted).Select(entry => entry.Settled.MissionId).ToHashSet();
            var mine = due.Take(granted).Select(entry => entry.Settled.MissionId).ToHashSet();

            // What was settled is written too, in the same transaction, also where nothing of it is sent now.
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
            // Where another writer changed one of them first, none is claimed, and all of it is decided anew.
            if (await dispatches.Replace(changes, cancellation) is { } recorded)
                return (
                    [.. recorded.Where(entry => entry.Value.Claim == claim)],
                    [.. recorded.Where(entry => entry.Value.Claim != claim).Select(entry => entry.Value)]);
        }
    }

    /// <summary>
    /// Letters due again within a few seconds of each other come back in one batch. Those of unknown outcome come by
    /// the timer, which knows until when mail was heard.
    /// </summary>
    private async Task QueueAgain(
        string distributionId,
        IReadOnlyList<MissionEntry> dispatches,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var due in dispatches
            .Where(dispatch => dispatch is { NotBefore: not null, IsOpen: true })
            .GroupBy(dispatch => Math.Floor((dispatch.NotBefore!.Value - now) / TimeSpan.FromSeconds(10))))
        {
            var delay = due.Max(dispatch => dispatch.NotBefore!.Value) - now;
            await queue.Add(
                new(distributionId, [.. due.Select(dispatch => dispatch.MissionId)]),
                delay > TimeSpan.Zero ? delay : TimeSpan.Zero,
                cancellation);
        }
    }

    /// <summary>One batch while it is being sent.</summary>
    private sealed class Sending(
        PreparedLetters letters,
        ConnectionShare.Taken share,
        CancellationTokenSource stop,
        CancellationToken cancellation)
    {
        private readonly ConcurrentBag<MissionEntry> done = [];
        private Exception? fault;

        public PreparedLetters Letters => letters;

        public ConnectionShare.Taken Share => share;

        public CancellationToken Cancellation => cancellation;

        /// <summary>No further letter is begun.</summary>
        public CancellationToken Stop => stop.Token;

        /// <summary>Waits until a letter may be in flight.</summary>
        /// <returns>False where no further one is begun before that.</returns>
        public async Task<bool> HasPlace()
        {
            try
            {
                await share.InFlight.WaitAsync(stop.Token);
                return true;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return false;
            }
        }

        public Exception? Fault => fault;

        /// <summary>What became of the entries so far.</summary>
        public IReadOnlyList<MissionEntry> Done => [.. done];

        public void Add(MissionEntry entry) => done.Add(entry);

        /// <summary>
        /// Only the first fault is reported; letters in flight are finished, the others stay to be sent.
        /// </summary>
        public Task Break(Exception broken)
        {
            Interlocked.CompareExchange(ref fault, broken, null);
            return stop.CancelAsync();
        }
    }
}
