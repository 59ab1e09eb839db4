using System.Collections.Concurrent;
using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking.Forwarding;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Log;

/// <summary>
/// Moves the segments that workers wrote into a distribution's log and seals them, link by link. Only one worker at a
/// time works on a chain. Every fact is sealed once: a fact that is already sealed is skipped, and a fact that is on
/// record but in no segment is reconstructed from the records. It also erases the names beside the log that people had
/// erased.
/// </summary>
internal sealed class LogSealer(
    LogSegments segments,
    LogChains chains,
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    Acknowledgements acknowledgements,
    Forwards forwards,
    DeskActs desk,
    TimeProvider clock,
    ILogger<LogSealer> logger)
{
    private const int MostLines = 1000;

    private const int AtHand = 10;

    /// <summary>
    /// How many facts the chains at hand may seal together, unless it is one alone: each takes about 150 bytes.
    /// </summary>
    private const int FactsAtHand = 200_000;

    /// <summary>A cache of what each chain seals, so that only new links of a chain are read.</summary>
    private readonly ConcurrentDictionary<string, Sealed> known = new();

    /// <summary>
    /// Seals what waits. Any number of workers may call it at any time. A worker that stops halfway leaves a valid
    /// chain that the next call continues.
    /// </summary>
    /// <param name="makeUp">Whether to search the records for facts that no worker wrote into the log.</param>
    /// <returns>
    /// How many facts were sealed; null where another worker holds the chain's lease, or took it over.
    /// </returns>
    /// <exception cref="InvalidDataException">The chain is broken. Nothing is added to it.</exception>
    public async Task<int?> Seal(string distributionId, bool makeUp, CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } distribution)
            return 0;
        await using var hold = await chains.Hold(distributionId, cancellation);
        if (hold is null)
            return null;
        // The cache entry is put back only after full success. Otherwise it is not known what was appended, and the
        // chain is read again.
        known.TryRemove(distributionId, out var before);
        var log = before ?? new();
        try
        {
            await Read(distributionId, log, cancellation);
        }
        catch (InvalidDataException)
        {
            // People have a right to be erased, whatever became of the chain.
            await Erase(
                hold,
                await ErasedFacts(distribution, cancellation),
                distributionId,
                whole: null,
                cancellation);
            throw;
        }

        // Values are erased before the act that says so is sealed, so that after a crash they are erased again. What a
        // slow worker writes after that is sealed without them.
        var erased = await ErasedFacts(distribution, cancellation);
        if (LoggedFacts.Acts(distribution).Any(act => IsErasing(act) && !log.Facts.Contains(act.Id)))
            await Erase(hold, erased, distributionId, log, cancellation);
        var pending = new Pending();
        var sealedLines = 0;

        var begins = log.Last is null;
        var acts = LoggedFacts.Acts(distribution).Select(act => act.Id).ToHashSet();
        if (begins)
        {
            var (content, hash) = await contents.ReadStored(distributionId, cancellation);
            // The chain begins with the act that has the hashes of roster and content: whatever follows can be checked
            // against them.
            Make(LoggedFacts.Acts(distribution, content.Roster, hash), late: false);
        }

        await foreach (var segment in segments.Of(distributionId, cancellation))
        {
            if (segment.Lines.Any(IsLater))
            {
                // Left for the next look, which reads the record anew.
                segments.Look.Expect();
                continue;
            }

            Take(segment);
            pending.Segments.Add(segment.Name);
            if (pending.Lines.Count >= MostLines && !await Append())
                return null;
        }

        if (begins)
            Make(LoggedFacts.Record(distribution), late: false);
        if (makeUp)
        {
            Make(LoggedFacts.Acts(distribution), late: true);
            Make(LoggedFacts.Record(distribution), late: true);
            await foreach (var entry in entries.Each(distributionId, cancellation))
            {
                Make(LoggedFacts.Of(entry), late: true);
                if (pending.Lines.Count >= MostLines && !await Append())
                    return null;
            }

            foreach (var record in (await acknowledgements.Of(distributionId, cancellation)).Values)
                Make(AcknowledgementFacts.Of(record), late: true);
            foreach (var record in await forwards.Of(distributionId, cancellation))
                Make(ForwardFacts.Of(record), late: true);
            // They come latest first, and are sealed in the order in which they were asked for.
            foreach (var act in (await desk.Latest(distributionId, int.MaxValue, cancellation)).Reverse())
                Make(DeskFacts.Of(act), late: true);
        }

        if (!await Append())
            return null;
        while (!known.IsEmpty
            && (known.Count >= AtHand
                || known.Values.Sum(other => other.Facts.Count) + log.Facts.Count > FactsAtHand))
            // Any of them: which one is needed next is not known, and reading a chain again costs no more than time.
            known.TryRemove(known.Keys.First(), out _);
        known[distributionId] = log;
        return sealedLines;

        void Make(IEnumerable<LoggedFact> facts, bool late)
        {
            foreach (var fact in facts.Where(fact => !log.Facts.Contains(fact.Id) && pending.Facts.Add(fact.Id)))
            {
                var (line, values) = (late ? fact with { Late = true } : fact).Salted();
                pending.Lines.Add(line);
                pending.Values.AddRange(values.Select(Json.Write));
            }
        }

        // Names that were erased after the record was read above: the act waits for the next call, which erases them
        // beside the log before it seals that act.
        bool IsLater(string line) =>
            // The text first: few lines name this act, and only those are parsed.
            line.Contains(nameof(Act.NamesErased), StringComparison.Ordinal)
            && Read<LoggedFact>(line) is { Id: not null } act
            && IsErasing(act)
            && !acts.Contains(act.Id);

        void Take(LogSegment segment)
        {
            HashSet<string> hashes = [];
            foreach (var line in segment.Lines)
            {
                if (Read<LoggedFact>(line) is not { Id: not null } fact)
                {
                    logger.LogWarning(
                        "A line of segment {Segment} of {Distribution} is no fact and is not sealed",
                        segment.Name,
                        distributionId);
                    continue;
                }

                // It was made up from the records before its segment came, or came in two segments.
                if (log.Facts.Contains(fact.Id) || !pending.Facts.Add(fact.Id))
                    continue;
                pending.Lines.Add(line);
                hashes.UnionWith(Kept(fact));
            }

            pending.Values.AddRange(
                // Values whose fact is not sealed here would belong to no line, which a verification takes for a fault.
                segment.Values.Where(value => PersonalValue.Read(value) is { } read && hashes.Contains(read.Hash)));
        }

        IEnumerable<string> Kept(LoggedFact fact) =>
            (fact.Personal ?? new Dictionary<string, string>())
                .Where(value => !erased.Contains(fact.Id) || !AcknowledgementFacts.IsErasable(value.Key))
                .Select(value => value.Value);

        async Task<bool> Append()
        {
            if (pending.Lines.Count > 0)
            {
                var segment = Text(pending.Lines);
                var link = ChainLink.Seal(log.Last, distributionId, clock.GetUtcNow(), segment, pending.Lines.Count);
                if (!await hold.Append(link.Segment, segment, Text(pending.Values), Json.Write(link), cancellation))
                    return false;
                log.Last = link;
                log.Facts.UnionWith(pending.Facts);
                sealedLines += pending.Lines.Count;
            }

            // Delete the waiting segments only after their facts are sealed. After a crash they are read again, and
            // sealed facts are skipped.
            foreach (var segment in pending.Segments)
                await segments.Remove(distributionId, segment, cancellation);
            pending = new();
            return true;
        }
    }

    /// <returns>
    /// The ids of the facts of acknowledgements, and of what was forwarded, whose names were erased from the record.
    /// </returns>
    private async Task<IReadOnlySet<string>> ErasedFacts(
        DistributionRecord distribution,
        CancellationToken cancellation)
    {
        HashSet<string> erased = [];
        foreach (
            var mission in distribution
                .Acts.Where(entry => entry.Act == Act.NamesErased)
                .Select(entry => entry.Words)
                .Distinct())
        {
            if (await acknowledgements.Find(distribution.Id, mission, cancellation) is { } acknowledged)
                erased.UnionWith(AcknowledgementFacts.Erased(acknowledged));
            if (await forwards.Find(distribution.Id, mission, cancellation) is { } forwarded)
                erased.UnionWith(ForwardFacts.Erased(forwarded));
        }

        return erased;
    }

    /// <param name="whole">
    /// What the chain seals; null where it cannot be read. A segment that none of its links names is what a worker left
    /// that stopped before it appended the link, and goes with its names: its facts are sealed in another. But not
    /// where a link that was read earlier is damaged or gone by now, for the segment may be that one's.
    /// </param>
    private async Task Erase(
        LogChains.ChainHold hold,
        IReadOnlySet<string> facts,
        string distributionId,
        Sealed? whole,
        CancellationToken cancellation)
    {
        if (facts.Count == 0)
            return;
        var links = (await chains.Links(distributionId, cancellation)).Select(ChainLink.Read).ToList();
        var isWhole = whole is not null && links.Count == (whole.Last?.Link ?? 0) && !links.Contains(null);
        var linked = links.OfType<ChainLink>().Select(link => link.Segment).ToHashSet();
        foreach (var segment in await chains.WithValues(distributionId, cancellation))
        {
            if (isWhole && !linked.Contains(segment))
            {
                await hold.Remove(segment, cancellation);
                continue;
            }

            // Also of a segment that no link names: a worker that stopped left the names beside it as well.
            var hashes = Lines(await chains.Segment(distributionId, segment, cancellation))
                .Select(Read<LoggedFact>)
                .OfType<LoggedFact>()
                .Where(fact => facts.Contains(fact.Id))
                .SelectMany(fact => fact.Personal ?? new Dictionary<string, string>())
                .Where(value => AcknowledgementFacts.IsErasable(value.Key))
                .Select(value => value.Value)
                .ToHashSet();
            if (hashes.Count > 0)
                await hold.EraseValues(segment, hashes, cancellation);
        }
    }

    private async Task Read(string distributionId, Sealed log, CancellationToken cancellation)
    {
        foreach (var text in (await chains.Links(distributionId, cancellation)).Skip(log.Last?.Link ?? 0))
        {
            if (ChainLink.Read(text) is not { } link
                || !link.Follows(log.Last)
                || await chains.Segment(distributionId, link.Segment, cancellation) is not { } segment
                || !link.Seals(segment))
                throw new InvalidDataException(
                    $"The log of {distributionId} is broken at link {(log.Last?.Link ?? 0) + 1}: it is not what was sealed. Its audit page says more; nothing is added to it."
                );
            log.Facts.UnionWith(Lines(segment).Select(line => Json.Read<LoggedFact>(line).Id));
            log.Last = link;
        }
    }

    private static bool IsErasing(LoggedFact fact) =>
        fact is { Subject: FactSubject.Act, Kind: nameof(Act.NamesErased) };

    private static string[] Lines(BinaryData? text) =>
        text?.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static T? Read<T>(string line)
        where T : class
    {
        try
        {
            return Json.Read<T>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static BinaryData Text(IEnumerable<string> lines) =>
        BinaryData.FromString(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>What one chain seals.</summary>
    private sealed class Sealed
    {
        public ChainLink? Last { get; set; }

        public HashSet<string> Facts { get; } = [];
    }

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
