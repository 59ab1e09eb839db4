using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>A log as an audit reads it: its facts by id, and the salts with which its hashes can be compared.</summary>
internal sealed class LogReading
{
    private readonly Dictionary<string, LoggedFact> facts = [];
    private readonly Dictionary<string, List<LoggedFact>> byMission = [];
    private readonly Dictionary<string, string> salts = [];
    private readonly HashSet<string> waiting = [];

    /// <summary>What is wrong with the chain, in sentences.</summary>
    public List<string> Faults { get; } = [];

    public ChainLink? Last { get; private set; }

    public int Links { get; private set; }

    public int Sealed => facts.Count - waiting.Count;

    public int Waiting => waiting.Count;

    public int Late => facts.Values.Count(fact => fact.Late is true);

    public IEnumerable<string> Missions => byMission.Keys;

    public IEnumerable<LoggedFact> Acts => facts.Values.Where(fact => fact.Mission is null);

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
            reading.Last = link;
            if (await chains.Segment(distributionId, link.Segment, cancellation) is not { } segment)
                reading.Faults.Add($"The lines that link {place} of the log seals are missing.");
            else
                reading.AddSealed(link, segment, await chains.Values(distributionId, link.Segment, cancellation));
        }

        return reading;
    }

    public LoggedFact? Find(string id) => facts.GetValueOrDefault(id);

    public IReadOnlyList<LoggedFact> Of(string mission) => byMission.GetValueOrDefault(mission) ?? [];

    /// <summary>
    /// One mission's entry, built from the log alone. The usual rules compute the mission's state from it.
    /// </summary>
    public MissionEntry Entry(string mission)
    {
        var known = Of(mission);
        return new MissionEntry(
            "",
            mission,
            0,
            [.. known.Where(fact => fact.Kind == LoggedFacts.Attempt).OrderBy(fact => fact.Attempt).Select(Attempt)],
            null,
            null);

        DeliveryAttempt Attempt(LoggedFact attempt) =>
            new(
                attempt.Attempt ?? 0,
                attempt.MessageId ?? "",
                attempt.At,
                [
                    .. Enumerable
                        .Range(0, attempt.Mailboxes ?? 0)
                        .Select(place => new MailboxDelivery(new("", MailboxField.To), Events(attempt, place))),
                ]);

        ImmutableList<DeliveryEvent> Events(LoggedFact attempt, int mailbox) =>
            [
                .. known
                    .Where(fact =>
                        fact.Attempt == attempt.Attempt
                        && fact.Mailbox == mailbox
                        && Enum.TryParse<DeliveryEventKind>(fact.Kind, out _))
                    .OrderBy(fact => int.Parse(fact.Id[(fact.Id.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture))
                    .Select(fact => new DeliveryEvent(
                        fact.At,
                        Enum.Parse<DeliveryEventKind>(fact.Kind),
                        "",
                        fact.Bounce,
                        fact.Source == LoggedFacts.Worker ? null : fact.Source)),
            ];
    }

    /// <summary>
    /// Whether the log says the same about a fact as the record. For erased personal data the values cannot be
    /// compared, only that there is a hash for each.
    /// </summary>
    public bool Confirms(LoggedFact recorded) =>
        Find(recorded.Id) is { } logged && logged.SaysTheSameAs(recorded)
        && (logged.Personal?.Count ?? 0) == (recorded.Personal?.Count ?? 0)
        && (recorded.Personal ?? new Dictionary<string, string>()).All(entry =>
            logged.Personal!.TryGetValue(entry.Key, out var hash)
            && (!salts.TryGetValue(hash, out var salt) || new PersonalValue(hash, salt, "").StandsFor(entry.Value)));

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
        if (fact.Mission is { } mission)
            (byMission.TryGetValue(mission, out var known) ? known : byMission[mission] = []).Add(fact);
        return true;
    }

    private void Replace(LoggedFact fact)
    {
        if (facts.Remove(fact.Id, out var before) && before.Mission is { } mission)
            byMission[mission].Remove(before);
        Add(fact);
    }

    private void AddValues(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            if (Read<PersonalValue>(line) is { Hash: not null, Salt: not null } value)
                salts[value.Hash] = value.Salt;
            else
                Faults.Add("The personal data beside the log holds a line that cannot be read.");
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
