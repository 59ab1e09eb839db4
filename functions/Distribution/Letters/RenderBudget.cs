using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// The processor time that making letters may use. It is not the time of the clock: a busy machine refuses no good
/// letter. Thread-safe.
/// </summary>
internal sealed class RenderBudget(TimeSpan allowed)
{
    private long allowed = allowed.Ticks;
    private long used;

    /// <summary>All that was allowed so far.</summary>
    public TimeSpan Allowed => TimeSpan.FromTicks(Interlocked.Read(ref allowed));

    public bool IsSpent => Interlocked.Read(ref used) >= Interlocked.Read(ref allowed);

    /// <summary>Allows more, for another letter.</summary>
    public void Allow(TimeSpan more) => Interlocked.Add(ref allowed, more.Ticks);

    /// <summary>Counts time that was used elsewhere.</summary>
    public void Use(TimeSpan time) => Interlocked.Add(ref used, time.Ticks);

    /// <summary>Counts what the current thread uses until the result is disposed of, on the same thread.</summary>
    public Spending Begin() => new(this);

    /// <summary>What one thread is using.</summary>
    internal sealed class Spending(RenderBudget budget) : IDisposable
    {
        private readonly TimeSpan begun = ProcessorTime.OfThread;

        /// <summary>True as soon as the budget is spent, while the work still goes on.</summary>
        // What other threads use is counted when each is done, so together they may use a little more than allowed.
        public bool IsOver =>
            Interlocked.Read(ref budget.used) + (ProcessorTime.OfThread - begun).Ticks
            >= Interlocked.Read(ref budget.allowed);

        public TimeSpan Allowed => budget.Allowed;

        public void Dispose() => budget.Use(ProcessorTime.OfThread - begun);
    }
}
