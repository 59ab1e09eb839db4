using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;

namespace Distribution.Sending;

/// <summary>Turns records (entries and acts) into log facts.</summary>
internal static class LoggedFacts
{
    public const string Attempt = nameof(Attempt);

    public const string Worker = "worker";

    private const string Person = "person";

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
        ReferenceEquals(before.Attempts, after.Attempts)
            ? []
            : Of(after).ExceptBy(Of(before).Select(fact => fact.Id), fact => fact.Id);

    /// <summary>The events that its mailboxes have gained, by attempt and mailbox.</summary>
    public static IEnumerable<DeliveryEvent> Happened(MissionEntry before, MissionEntry after) =>
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
                    string.Create(CultureInfo.InvariantCulture, $"act:{place}"),
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
                happened.Bounce)
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

    private static Dictionary<string, string>? Personal(params IEnumerable<(string Name, string? Value)> values) =>
        values
            .Where(entry => !string.IsNullOrEmpty(entry.Value))
            .ToDictionary(entry => entry.Name, entry => entry.Value!)
            is { Count: > 0 } personal
            ? personal
            : null;
}
