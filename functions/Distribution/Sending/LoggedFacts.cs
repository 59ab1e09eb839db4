using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;

namespace Distribution.Sending;

/// <summary>Turns records (entries and acts) into log facts.</summary>
internal static class LoggedFacts
{
    /// <summary>
    /// What the log holds: 1 is deliveries and acts; 2 also acknowledgements, acts at the desk and copies of the
    /// record. Forwarded letters need no number of their own: all of them are in the log from the first, so no earlier
    /// record has to be searched for them.
    /// </summary>
    public const int Format = 2;

    /// <summary>
    /// How the ids of acts begin. Like the other beginnings it is in sealed logs, and so never changes.
    /// </summary>
    public const string ActPrefix = "act";

    public const string RecordPrefix = "record";

    public const string AcknowledgementPrefix = "ack";

    public const string DeskPrefix = "desk";

    public const string ForwardPrefix = "forward";

    public const string Attempt = nameof(Attempt);

    /// <summary>The name of the personal value that holds a copy of the record.</summary>
    public const string RecordCopy = "record";

    public const string Worker = "worker";

    public const string Person = "person";

    /// <summary>
    /// Sources that are not persons. Any other source may be a name, so only its salted hash goes into the log.
    /// </summary>
    private static readonly HashSet<string> Machines =
    [
        EvidenceRanks.SendGrid,
        EvidenceRanks.Report,
        EvidenceRanks.Reply,
        EvidenceRanks.AutomaticReply,
        EvidenceRanks.Pickup,
    ];

    /// <summary>Whether evidence comes from a person's word.</summary>
    public static bool IsPerson(string? source) => Source(source) == Person;

    /// <summary>Every fact of one mission's entry.</summary>
    public static IEnumerable<LoggedFact> Of(MissionEntry dispatch) =>
        dispatch.Attempts.SelectMany(attempt => Of(dispatch.MissionId, attempt));

    /// <summary>The facts an entry has gained.</summary>
    public static IEnumerable<LoggedFact> Added(MissionEntry before, MissionEntry after) =>
        // Renewed claims keep the list as it is, and are no facts.
        ReferenceEquals(before.Attempts, after.Attempts)
            ? []
            : Of(after).ExceptBy(Of(before).Select(fact => fact.Id), fact => fact.Id);

    /// <summary>The events that its mailboxes have gained, by attempt and mailbox.</summary>
    public static IEnumerable<DeliveryEvent> Happened(MissionEntry before, MissionEntry after) =>
        // Attempts, mailboxes and events are only ever added, so all behind the earlier count are new.
        after
            .Attempts.Index()
            .SelectMany(attempt =>
                attempt
                    .Item.Mailboxes.Index()
                    .SelectMany(mailbox =>
                        mailbox.Item.Events.Skip(
                            before
                                .Attempts.ElementAtOrDefault(attempt.Index)
                                ?.Mailboxes.ElementAtOrDefault(mailbox.Index)
                                ?.Events.Count
                                ?? 0)));

    /// <summary>The acts of a distribution; the first without the hashes of roster and content.</summary>
    public static IEnumerable<LoggedFact> Acts(DistributionRecord distribution) =>
        distribution.Acts.Select(
            (entry, place) =>
                new LoggedFact(
                    string.Create(CultureInfo.InvariantCulture, $"{ActPrefix}:{place}"),
                    entry.At.ToUniversalTime(),
                    entry.Act.ToString(),
                    entry.By is null ? Worker : Person)
                {
                    Personal = Personal(("who", entry.By), ("words", entry.Words)),
                });

    /// <summary>The acts of a distribution; the first with the hashes that let roster and content be checked.</summary>
    /// <param name="contentHash">SHA-256 of <c>content.json</c>, lower-case hexadecimal.</param>
    public static IEnumerable<LoggedFact> Acts(
        DistributionRecord distribution,
        IReadOnlyList<Mission> roster,
        string? contentHash) =>
        Acts(distribution)
            .Select(
                (fact, place) =>
                    place > 0
                        ? fact
                        : fact with
                        {
                            Missions = roster.Count,
                            Roster = RosterHash(roster),
                            Content = contentHash,
                        });

    /// <summary>
    /// A copy of the record of a released distribution, without its acts, which are facts themselves. Written with each
    /// new act; so a lost record can be rebuilt from the log. None before the release.
    /// </summary>
    public static IEnumerable<LoggedFact> Record(DistributionRecord distribution) =>
        distribution.ReleasedAt is null || distribution.Acts.IsEmpty
            ? []
            :
            [
                new(
                    string.Create(CultureInfo.InvariantCulture, $"{RecordPrefix}:{distribution.Acts.Count}"),
                    distribution.Acts[^1].At.ToUniversalTime(),
                    "Record",
                    Worker,
                    State: Lasting(distribution).State.ToString(),
                    SupersededBy: distribution.SupersededBy)
                {
                    Personal = Personal((RecordCopy, Json.Write(Lasting(distribution)))),
                },
            ];

    /// <returns>The number in the id of an act or of a copy of the record: 3 in <c>act:3</c>.</returns>
    /// <exception cref="FormatException">The id is of another kind.</exception>
    public static int Number(string id, string prefix) =>
        int.Parse(id.AsSpan(prefix.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A record without its acts, and without what changes between two acts.</summary>
    public static DistributionRecord Lasting(DistributionRecord distribution) =>
        distribution with
        {
            State =
                distribution.State == DistributionState.Released ? DistributionState.Sending : distribution.State,
            Acts = [],
            Asked = null,
            ErasureSaidAt = null,
            LogFormat = 0,
            PausePasses = false,
            PauseReason = null,
            Probes = 0,
            ProofNote = null,
            ProofTo = [],
            ProofsAsked = 0,
            ProofRequestedAt = null,
            RequeuedAt = null,
        };

    private static string RosterHash(IReadOnlyList<Mission> roster) =>
        Sha256Hex.Of(string.Concat(roster.Select(mission => mission.Id + "\n")));

    private static IEnumerable<LoggedFact> Of(string mission, DeliveryAttempt attempt)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{mission}/{attempt.Number}");
        yield return new(
            id,
            attempt.StartedAt.ToUniversalTime(),
            Attempt,
            attempt.AskedBy is null ? Worker : Person,
            mission,
            attempt.Number,
            MessageId: attempt.MessageId,
            Mailboxes: attempt.Mailboxes.Count)
        {
            Personal = Personal([
                ("who", attempt.AskedBy),
                .. attempt.Mailboxes.Select(
                    (mailbox, place) =>
                        (
                            string.Create(CultureInfo.InvariantCulture, $"mailbox {place}"),
                            (string?)mailbox.Mailbox.Address)),
            ]),
        };
        foreach (var (place, mailbox) in attempt.Mailboxes.Index())
            foreach (var (number, happened) in mailbox.Events.Index())
                yield return new(
                string.Create(CultureInfo.InvariantCulture, $"{id}/{place}/{number}"),
                happened.At.ToUniversalTime(),
                happened.Kind.ToString(),
                Source(happened.Source),
                mission,
                attempt.Number,
                place,
                attempt.MessageId,
                happened.Bounce,
                Tried: happened.Tried,
                TriedUntil: happened.TriedUntil?.ToUniversalTime())
                {
                    Personal = Personal(
                    ("who", Source(happened.Source) == Person ? happened.Source : null),
                    ("words", happened.Words),
                    ("evidence", happened.Id)),
                };
    }

    private static string Source(string? source) =>
        source is null ? Worker
        : Machines.Contains(source) ? source
        : Person;

    /// <summary>Personal values by name, without those that are empty; null where none is left.</summary>
    public static IReadOnlyDictionary<string, string>? Personal(
        params IEnumerable<(string Name, string? Value)> values) =>
        values
            .Where(entry => !string.IsNullOrEmpty(entry.Value))
            .ToDictionary(entry => entry.Name, entry => entry.Value!)
            is { Count: > 0 } personal
            ? personal
            : null;
}
