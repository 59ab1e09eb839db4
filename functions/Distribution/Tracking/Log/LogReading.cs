using System.Text.Json;
using Distribution.Common;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>
/// A log as an audit or a rebuild reads it: its facts by id, and the personal values that its hashes stand for.
/// </summary>
internal sealed class LogReading
{
    private const string ChangedValue =
        "The personal data beside the log holds a value that does not fit its hash: it was changed, and is left out.";

    private readonly Dictionary<string, LoggedFact> facts = [];
    private readonly Dictionary<string, List<LoggedFact>> byMission = [];
    private readonly Dictionary<string, PersonalValue> values = [];
    private readonly HashSet<string> waiting = [];

    /// <summary>What is wrong with the chain, in sentences.</summary>
    public List<string> Faults { get; } = [];

    public ChainLink? Last { get; private set; }

    public int Links { get; private set; }

    public int Sealed => facts.Count - waiting.Count;

    public int Waiting => waiting.Count;

    /// <summary>When the latest fact in it happened.</summary>
    public DateTimeOffset Until => facts.Values.Max(fact => fact.At);

    public int Late => facts.Values.Count(fact => fact.Late is true);

    /// <summary>The missions whose deliveries, acknowledgements or forwarded letters the log has facts about.</summary>
    public IEnumerable<string> Missions =>
        byMission.Keys.Union(
            About(FactSubject.Acknowledgement)
                .Concat(About(FactSubject.Forward))
                .Select(fact => fact.Mission)
                .OfType<string>());

    public IEnumerable<LoggedFact> Acts => About(FactSubject.Act);

    /// <summary>The latest copy of the distribution's record; null where there is none.</summary>
    public LoggedFact? Record =>
        About(FactSubject.Record).MaxBy(fact => LoggedFacts.Number(fact.Id, LoggedFacts.RecordPrefix));

    /// <summary>
    /// Reads the sealed log and the segments that wait. What is damaged is left out, and named in <see cref="Faults"/>.
    /// </summary>
    public static async Task<LogReading> Of(
        string distributionId,
        LogSegments segments,
        LogChains chains,
        CancellationToken cancellation)
    {
        var reading = new LogReading();
        // Read the waiting segments before the chain: facts that are sealed in the meantime are then read twice, and
        // none is missed.
        await foreach (var segment in segments.Of(distributionId, cancellation))
            reading.AddWaiting(segment);
        foreach (var text in await chains.Links(distributionId, cancellation))
        {
            var place = ++reading.Links;
            if (ChainLink.Read(text) is not { } link)
            {
                reading.Faults.Add($"Link {place} of the log is not what was sealed.");
                continue;
            }

            if (!link.Follows(reading.Last) || link.Distribution != distributionId)
                reading.Faults.Add($"Link {place} of the log was changed, or does not follow the link before it.");
            // Also one that was changed: the next one is compared with what stands there.
            reading.Last = link;
            if (await chains.Segment(distributionId, link.Segment, cancellation) is not { } segment)
                reading.Faults.Add($"The lines that link {place} of the log seals are missing.");
            else
                reading.AddSealed(link, segment, await chains.Values(distributionId, link.Segment, cancellation));
        }

        return reading;
    }

    /// <summary>Reads a log that was verified, such as that of an archive.</summary>
    public static LogReading Of(IReadOnlyList<SealedSegment> log)
    {
        var reading = new LogReading { Links = log.Count, Last = log is [.., var last] ? last.Link : null };
        foreach (var segment in log)
            reading.AddSealed(segment.Link, segment.Lines, segment.Values);
        return reading;
    }

    public LoggedFact? Find(string id) => facts.GetValueOrDefault(id);

    public IEnumerable<LoggedFact> About(FactSubject subject) =>
        facts.Values.Where(fact => fact.Subject == subject);

    /// <returns>What the log has about the delivery of one mission's letter.</returns>
    public IReadOnlyList<LoggedFact> Of(string mission) => byMission.GetValueOrDefault(mission) ?? [];

    /// <returns>
    /// The personal value of a fact; null where it has none of that name, and where it was erased, or is missing beside
    /// the log.
    /// </returns>
    public string? Value(LoggedFact fact, string name) =>
        fact.Personal?.TryGetValue(name, out var hash) is true && values.TryGetValue(hash, out var value)
            ? value.Value
            : null;

    /// <returns>The same, but <see cref="PersonalValue.Erased"/> where there was a value and it is gone.</returns>
    public string? ValueOrErased(LoggedFact fact, string name) =>
        fact.Personal?.ContainsKey(name) is true ? Value(fact, name) ?? PersonalValue.Erased : null;

    /// <summary>How many personal values of the facts were erased, or are missing beside the log.</summary>
    public int Erased => facts.Values.Sum(fact => fact.Personal?.Values.Count(hash => !values.ContainsKey(hash)) ?? 0);

    /// <summary>
    /// Whether the log says the same about a fact as the record. For erased personal data the values cannot be
    /// compared, only that there is a hash for each. Values that were erased from the record must be gone from beside
    /// the log too.
    /// </summary>
    public bool Confirms(LoggedFact recorded)
    {
        if (Find(recorded.Id) is not { } logged || !logged.SaysTheSameAs(recorded))
            return false;
        var hashes = logged.Personal ?? new Dictionary<string, string>();
        var known = recorded.Personal ?? new Dictionary<string, string>();
        var wasErased = known.Values.Contains(PersonalValue.Erased);
        return known.Keys.All(hashes.ContainsKey)
            && hashes.All(hash =>
                known.TryGetValue(hash.Key, out var value)
                    ? !values.TryGetValue(hash.Value, out var kept) || kept.StandsFor(value)
                    : wasErased && !values.ContainsKey(hash.Value));
    }

    private void AddWaiting(LogSegment segment)
    {
        foreach (var line in segment.Lines)
            if (Read<LoggedFact>(line) is not { Id: not null } fact)
                Faults.Add($"The segment {segment.Name}, which waits to be sealed, holds a line that is no fact.");
            else if (Add(fact))
                waiting.Add(fact.Id);
        AddValues(segment.Values);
    }

    private void AddSealed(ChainLink link, BinaryData segment, BinaryData values)
    {
        if (!link.Seals(segment))
            Faults.Add($"The lines that link {link.Link} of the log seals are not those that were sealed.");
        foreach (var line in Lines(segment))
            if (Read<LoggedFact>(line) is not { Id: not null } fact)
                Faults.Add($"Link {link.Link} of the log seals a line that is no fact.");
            // It was sealed while the log was read. The sealed line counts, and is no second one.
            else if (waiting.Remove(fact.Id))
                Replace(fact);
            else if (!Add(fact))
                Faults.Add($"Link {link.Link} of the log seals the fact {fact.Id} a second time.");
        AddValues(Lines(values));
    }

    private bool Add(LoggedFact fact)
    {
        if (!facts.TryAdd(fact.Id, fact))
            return false;
        if (fact is { Subject: FactSubject.Delivery, Mission: { } mission })
            (byMission.TryGetValue(mission, out var known) ? known : byMission[mission] = []).Add(fact);
        return true;
    }

    private void Replace(LoggedFact fact)
    {
        if (facts.Remove(fact.Id, out var before) && before is { Subject: FactSubject.Delivery, Mission: { } mission })
            byMission[mission].Remove(before);
        Add(fact);
    }

    private void AddValues(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            if (Read<PersonalValue>(line) is not { Hash: not null, Salt: not null, Value: not null } value)
                Faults.Add("The personal data beside the log holds a line that cannot be read.");
            // A changed value is left out, so that nothing is rebuilt of it.
            else if (value.IsSound)
                values[value.Hash] = value;
            else if (!Faults.Contains(ChangedValue))
                Faults.Add(ChangedValue);
    }

    private static string[] Lines(BinaryData text) =>
        text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static T? Read<T>(string line) where T : class
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
}
