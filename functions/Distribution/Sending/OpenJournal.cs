using System.Collections.Immutable;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>
/// How long this worker usually takes to hand a letter over; the last letters count more than those before. A write
/// waits twice as long for others, from 2 to 50 ms.
/// </summary>
internal sealed class UsualHandOver
{
    private long ticks;

    public TimeSpan Time => TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    // An average that gives the last letter one part in eight. Of two at once one may be lost, which does no harm.
    public void Add(TimeSpan time) => Interlocked.Exchange(ref ticks, (Time * 7 + time).Ticks / 8);
}

/// <summary>
/// A journal that this worker has open. Letters that are to be begun and answers that have come are gathered and
/// written together: the answers of some letters and the notes of the next in one request. A letter is handed over only
/// when its note is written. Entries whose letters have ended go into their rows as soon as they fill a transaction, so
/// that what is written each time stays short. Thread-safe.
/// </summary>
internal sealed class OpenJournal
{
    /// <summary>How long what is to be written waits for more, at the least and at the most.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// With so many that have ended and are not in their rows yet, nothing more is noted before they are.
    /// </summary>
    private const int MostEnded = MissionEntries.MostInOneTransaction + 25;

    private readonly SendingJournals journals;
    private readonly Func<IReadOnlyCollection<MissionEntry>, Task> intoRows;
    private readonly TimeSpan claimFor;
    private readonly TimeProvider clock;
    private readonly UsualHandOver usual;
    private readonly Lock gate = new();
    private readonly Dictionary<string, MissionEntry> written = [];

    /// <summary>The missions whose entries will not change here any more.</summary>
    private readonly HashSet<string> over = [];
    private readonly SemaphoreSlim work = new(0);
    private readonly CancellationTokenSource ended = new();
    private readonly Task writing;
    private Task moving = Task.CompletedTask;
    private List<Step> waiting = [];
    private TaskCompletionSource? enough;
    private readonly HashSet<string> underWay = [];
    private int wanted = 1;
    private int toBegin;
    private Stored<SendingJournal> stored;

    // Beside what is stored, for that changes with each write, also while they are given.
    private volatile ImmutableList<string> missions;

    /// <param name="intoRows">Writes entries into their rows; may be asked to write the same ones again.</param>
    public OpenJournal(
        SendingJournals journals,
        Stored<SendingJournal> stored,
        Func<IReadOnlyCollection<MissionEntry>, Task> intoRows,
        TimeSpan claimFor,
        UsualHandOver usual,
        TimeProvider clock)
    {
        (this.journals, this.stored, this.intoRows) = (journals, stored, intoRows);
        missions = stored.Value.Missions;
        (this.claimFor, this.usual, this.clock) = (claimFor, usual, clock);
        writing = Task.Run(WriteGathered);
    }

    /// <summary>True if no further letter may be begun.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// True if the journal is no longer this worker's: another has taken it over, believing this one dead.
    /// </summary>
    public bool IsLost { get; private set; }

    public Claim Claim => stored.Value.Claim;

    /// <summary>What it holds, by mission: what has gone into the rows already is not among it.</summary>
    public IReadOnlyDictionary<string, MissionEntry> Entries
    {
        get
        {
            lock (gate)
                return written.ToImmutableDictionary();
        }
    }

    /// <summary>
    /// The missions it is for, written with the first note; and how many letters may be under way at once, which is how
    /// many notes it waits for.
    /// </summary>
    public void For(IEnumerable<string> missions, int together)
    {
        this.missions = [.. missions];
        (wanted, toBegin) = (together, this.missions.Count);
    }

    /// <summary>How long handing over a letter took.</summary>
    public void HandedOverIn(TimeSpan time) => usual.Add(time);

    /// <summary>Notes that a letter is about to be handed over.</summary>
    /// <returns>False if it must not be: the journal was closed, or is another worker's.</returns>
    public Task<bool> Begin(MissionEntry begun) => Add(new(begun, begun));

    /// <summary>Records what became of a letter, begun or not.</summary>
    /// <returns>False if it could not be recorded here, because the journal is another worker's.</returns>
    public Task<bool> Record(MissionEntry entry) => Add(new(entry, null));

    /// <summary>Nothing more will be noted: what it holds stays as it is.</summary>
    public async Task Stop()
    {
        await ended.CancelAsync();
        await writing;
        // What could not be moved is still held here, and goes into the rows with the rest when the batch ends.
        await moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Removes it, stopped: what it holds is in the missions' entries now.</summary>
    public async Task Remove(CancellationToken cancellation)
    {
        // A stop may have closed it meanwhile, which gives it another ETag.
        while (!IsLost && !await journals.Remove(stored, cancellation))
            await Reload(cancellation);
    }

    private Task<bool> Add(Step step)
    {
        lock (gate)
        {
            waiting.Add(step);
            if (step.Begun is null)
                underWay.Remove(step.Entry.MissionId);
            else
                toBegin--;
            if (IsEnough())
                enough?.TrySetResult();
        }

        work.Release();
        return step.Done.Task;
    }

    /// <summary>
    /// Writes what has gathered, until the journal ends; and renews the claim if nothing has for long.
    /// </summary>
    private async Task WriteGathered()
    {
        while (!ended.IsCancellationRequested)
        {
            var hasWork = await HasWork();
            if (ended.IsCancellationRequested)
                return;
            if (hasWork)
                await Gathered();
            List<Step> steps;
            lock (gate)
                (steps, waiting) = (waiting, []);
            try
            {
                await MoveOver();
            }
            catch (Exception failure)
            {
                // No letter is begun; answers are noted all the same.
                foreach (var step in steps.Where(step => step.Begun is not null))
                    step.Done.TrySetException(failure);
                steps = [.. steps.Where(step => step.Begun is null)];
            }

            try
            {
                await Write(steps);
            }
            catch (Exception failure)
            {
                // The letters that wait for this write get the failure; the claim is renewed by the next write.
                foreach (var step in steps)
                    step.Done.TrySetException(failure);
            }
        }
    }

    /// <summary>Whether no more can come: every letter under way has ended, and as many wait to begin as may.</summary>
    private bool IsEnough() =>
        underWay.Count == 0
        && waiting.Count(step => step.Begun is not null) is var begins
        && begins >= Math.Min(wanted, begins + toBegin);

    private async Task<bool> HasWork()
    {
        using var late = new CancellationTokenSource(claimFor / 3, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ended.Token);
        try
        {
            await work.WaitAsync(stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task Gathered()
    {
        Task all;
        lock (gate)
        {
            enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (IsEnough())
                enough.TrySetResult();
            all = enough.Task;
        }

        var wait = usual.Time * 2;
        await Task.WhenAny(
            all,
            // Real time: it is about this machine's work, not about what the letters say.
            Task.Delay(wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait));
        // Each step has released it once. A step that comes after this is written too, and leaves one turn that only
        // renews the claim.
        while (work.CurrentCount > 0)
            await work.WaitAsync();
    }

    /// <summary>
    /// Has entries that are over written into their rows while others are noted. Readers read the journal before the
    /// rows, so that they see each entry here, there, or in both. An entry that could not be written stays here and is
    /// tried again, at the latest when the journal ends.
    /// </summary>
    private async Task MoveOver()
    {
        int waits;
        lock (gate)
            waits = over.Count;
        if (waits < MissionEntries.MostInOneTransaction || IsLost)
            return;
        if (moving.IsCompleted)
            moving = Move();
        if (waits >= MostEnded)
            await moving;
    }

    private async Task Move()
    {
        List<MissionEntry> entries;
        lock (gate)
            entries = [.. over.Take(MissionEntries.MostInOneTransaction).Select(mission => written[mission])];
        await intoRows(entries);
        lock (gate)
            foreach (var entry in entries)
            {
                over.Remove(entry.MissionId);
                written.Remove(entry.MissionId);
            }
    }

    private async Task Write(List<Step> steps)
    {
        while (true)
        {
            if (IsLost || IsClosed)
            {
                foreach (var refused in steps.Where(step => IsLost || step.Begun is not null))
                    refused.Done.TrySetResult(false);
                steps = IsLost ? [] : [.. steps.Where(step => step.Begun is null)];
            }

            if (IsLost)
                return;
            ImmutableList<MissionEntry> entries;
            lock (gate)
            {
                var changed = new Dictionary<string, MissionEntry>(written);
                foreach (var step in steps)
                    changed[step.Entry.MissionId] = step.Entry;
                entries = [.. changed.Values];
            }

            var claim = stored.Value.Claim with { Until = clock.GetUtcNow() + claimFor };
            if (await journals.Write(
                    stored with { Value = stored.Value with { Claim = claim, Missions = missions, Entries = entries } },
                    CancellationToken.None)
                is { } now)
            {
                stored = now;
                lock (gate)
                    foreach (var step in steps)
                    {
                        // Only now that it is stored: a write that failed changes nothing of what is known.
                        written[step.Entry.MissionId] = step.Entry;
                        if (step.Begun is not null)
                            underWay.Add(step.Entry.MissionId);
                        else
                            over.Add(step.Entry.MissionId);
                    }

                foreach (var step in steps)
                    step.Done.TrySetResult(true);
                return;
            }

            await Reload(CancellationToken.None);
        }
    }

    /// <summary>Another worker has changed it, or a write of our own arrived whose answer was lost.</summary>
    private async Task Reload(CancellationToken cancellation)
    {
        Stored<SendingJournal>? found = null;
        try
        {
            found = await journals.Find(stored.Value.DistributionId, stored.Value.Slot, cancellation);
        }
        catch (UnreadableRecordException)
        {
            // Nothing can be noted in it any more; what is known goes into the missions' entries.
        }

        if (found?.Value.Claim.Worker != stored.Value.Claim.Worker)
        {
            IsLost = true;
            return;
        }

        IsClosed |= found!.Value.IsClosed;
        // With the ETag of what is there, and the content that is known here: while the claim is this worker's, others
        // can only have closed it.
        stored = found with { Value = stored.Value with { IsClosed = IsClosed } };
    }

    /// <param name="Begun">The entry if its letter may begin only once this is written.</param>
    private sealed record Step(MissionEntry Entry, MissionEntry? Begun)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
