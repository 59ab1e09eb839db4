using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Log;

/// <summary>
/// Gathers facts for the next link of one chain and appends it, until all is sealed. A fact that the chain has, or that
/// was gathered before, is skipped.
/// </summary>
/// <param name="erased">The facts whose names were erased from the record.</param>
internal sealed class ChainSealing(
    LogChains.ChainHold hold,
    SealedChain chain,
    DistributionRecord distribution,
    IReadOnlySet<string> erased,
    LogSegments segments,
    TimeProvider clock,
    ILogger logger)
{
    private const int MostLines = 1000;

    private readonly HashSet<string> acts = [.. LoggedFacts.Acts(distribution).Select(act => act.Id)];
    private Pending pending = new();

    /// <summary>How many facts were sealed.</summary>
    public int SealedCount { get; private set; }

    public bool IsFull => pending.Lines.Count >= MostLines;

    /// <summary>
    /// Whether names were erased after the record was read: the act that says so waits for the next call, which erases
    /// them beside the log before it seals that act.
    /// </summary>
    public bool IsLater(LogSegment segment) =>
        segment.Lines.Any(line =>
            // The text first: few lines name this act, and only those are parsed.
            line.Contains(nameof(Act.NamesErased), StringComparison.Ordinal)
            && LogLines.Fact(line) is { Id: not null } act
            && act.IsErasing
            && !acts.Contains(act.Id));

    /// <summary>Adds facts from the records.</summary>
    /// <param name="late">Whether a worker should have written them.</param>
    public void Add(IEnumerable<LoggedFact> facts, bool late)
    {
        foreach (var fact in facts.Where(IsNew))
        {
            var (line, values) = (late ? fact with { Late = true } : fact).Salted();
            pending.Lines.Add(line);
            pending.Values.AddRange(values.Select(Json.Write));
        }
    }

    /// <summary>Adds what a worker wrote. The segment is deleted once its facts are sealed.</summary>
    public void Add(LogSegment segment)
    {
        HashSet<string> hashes = [];
        foreach (var line in segment.Lines)
        {
            if (LogLines.Fact(line) is not { Id: not null } fact)
            {
                logger.LogWarning(
                    "A line of segment {Segment} of {Distribution} is no fact and is not sealed",
                    segment.Name,
                    distribution.Id);
                continue;
            }

            // It was made up from the records before its segment came, or came in two segments.
            if (!IsNew(fact))
                continue;
            pending.Lines.Add(line);
            hashes.UnionWith(Kept(fact));
        }

        pending.Values.AddRange(
            // Values whose fact is not sealed here would belong to no line, which a verification takes for a fault.
            segment.Values.Where(value => PersonalValue.Read(value) is { } read && hashes.Contains(read.Hash)));
        pending.Segments.Add(segment.Name);
    }

    /// <summary>Seals what was gathered.</summary>
    /// <returns>False where another worker took the chain over; then nothing was appended.</returns>
    public async Task<bool> Append(CancellationToken cancellation)
    {
        if (pending.Lines.Count > 0)
        {
            var text = LogLines.Text(pending.Lines);
            var link = ChainLink.Seal(chain.Last, distribution.Id, clock.GetUtcNow(), text, pending.Lines.Count);
            if (!await hold.Append(
                link.Segment,
                text,
                LogLines.Text(pending.Values),
                Json.Write(link),
                cancellation))
                return false;
            chain.Append(link, pending.Facts);
            SealedCount += pending.Lines.Count;
        }

        // Delete the waiting segments only after their facts are sealed. After a crash they are read again, and sealed
        // facts are skipped.
        foreach (var segment in pending.Segments)
            await segments.Remove(distribution.Id, segment, cancellation);
        pending = new();
        return true;
    }

    private bool IsNew(LoggedFact fact) => !chain.Has(fact.Id) && pending.Facts.Add(fact.Id);

    private IEnumerable<string> Kept(LoggedFact fact) =>
        (fact.Personal ?? new Dictionary<string, string>())
            .Where(value => !erased.Contains(fact.Id) || !AcknowledgementFacts.IsErasable(value.Key))
            .Select(value => value.Value);

    /// <summary>What the next link will seal.</summary>
    private sealed class Pending
    {
        public List<string> Lines { get; } = [];

        public List<string> Values { get; } = [];

        public HashSet<string> Facts { get; } = [];

        /// <summary>The waiting segments that these lines came from.</summary>
        public List<string> Segments { get; } = [];
    }
}
