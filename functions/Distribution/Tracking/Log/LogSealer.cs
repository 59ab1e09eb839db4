using System.Collections.Concurrent;
using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Log;

/// <summary>
/// Moves the segments that workers wrote into a distribution's log and seals them, link by link. Only one worker at a
/// time works on a chain. Every fact is sealed once: a fact that is already sealed is skipped, and a fact that is on
/// record but in no segment is reconstructed from the records.
/// </summary>
internal sealed class LogSealer(
    LogSegments segments,
    LogChains chains,
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    TimeProvider clock,
    ILogger<LogSealer> logger)
{
    private const int MostLines = 1000;

    private const int AtHand = 10;

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
        var log = await Read(distributionId, before ?? new(), cancellation);
        var pending = new Pending();
        var sealedLines = 0;

        if (log.Last is null)
            Make(
                LoggedFacts.Acts(
                    distribution,
                    (await contents.ReadStored(distributionId, cancellation)).Roster,
                    await contents.ContentHash(distributionId, cancellation)),
                late: false);
        await foreach (var segment in segments.Of(distributionId, cancellation))
        {
            Take(segment);
            pending.Segments.Add(segment.Name);
            if (pending.Lines.Count >= MostLines && !await Append())
                return null;
        }

        if (makeUp)
        {
            Make(LoggedFacts.Acts(distribution), late: true);
            await foreach (var entry in entries.Each(distributionId, cancellation))
            {
                Make(LoggedFacts.Of(entry), late: true);
                if (pending.Lines.Count >= MostLines && !await Append())
                    return null;
            }
        }

        if (!await Append())
            return null;
        while (known.Count >= AtHand)
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

        void Take(LogSegment segment)
        {
            HashSet<string> hashes = [];
            foreach (var line in segment.Lines)
            {
                if (Read<LoggedFact>(line) is not { } fact)
                {
                    logger.LogWarning(
                        "A line of segment {Segment} of {Distribution} is no fact and is not sealed",
                        segment.Name,
                        distributionId);
                    continue;
                }

                if (log.Facts.Contains(fact.Id) || !pending.Facts.Add(fact.Id))
                    continue;
                pending.Lines.Add(line);
                hashes.UnionWith(fact.Personal?.Values ?? []);
            }

            pending.Values.AddRange(
                segment.Values.Where(value => Read<PersonalValue>(value) is { } read && hashes.Contains(read.Hash)));
        }

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

    private async Task<Sealed> Read(string distributionId, Sealed log, CancellationToken cancellation)
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
            log.Facts.UnionWith(
                segment
                    .ToString()
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => Json.Read<LoggedFact>(line).Id));
            log.Last = link;
        }

        return log;
    }

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
