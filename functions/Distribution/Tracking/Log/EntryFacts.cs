using System.Globalization;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Log;

/// <summary>Builds a mission's entry from the log and the frozen roster alone.</summary>
internal static class EntryFacts
{
    private static readonly string Missing = Say($"What was recorded here is not in the log.").ForRecord;

    /// <summary>
    /// The entry as the log has it; the usual rules compute its state. Events and attempts keep their numbers: where
    /// the log lacks one, a remark stands in its place. Nothing of the entry is claimed, and nothing has its time.
    /// </summary>
    /// <param name="mission">As the frozen roster has it.</param>
    public static MissionEntry Read(string distributionId, Mission mission, int order, LogReading log)
    {
        var byAttempt = log.Of(mission.Id).ToLookup(fact => fact.Attempt ?? 0);
        var last = byAttempt.Select(facts => facts.Key).DefaultIfEmpty().Max();
        return new(
            distributionId,
            mission.Id,
            order,
            [.. Enumerable.Range(1, last).Select(number => Attempt(number, [.. byAttempt[number]], mission, log))],
            null,
            null);
    }

    private static DeliveryAttempt Attempt(
        int number,
        IReadOnlyList<LoggedFact> facts,
        Mission mission,
        LogReading log)
    {
        var begun = facts.FirstOrDefault(fact => fact.Kind == LoggedFacts.Attempt);
        var byMailbox = facts.Where(fact => fact.Mailbox is not null).ToLookup(fact => fact.Mailbox!.Value);
        var mailboxes =
            begun?.Mailboxes
            // Without the fact that begins the attempt: at least as many as the roster has, or as later facts name.
            ?? Math.Max(
                Math.Max(1, mission.Mailboxes.Count),
                byMailbox.Select(events => events.Key + 1).DefaultIfEmpty().Max());
        return new(
            number,
            facts.Select(fact => fact.MessageId).FirstOrDefault(id => id is not null) ?? "",
            begun?.At ?? facts.Select(fact => fact.At).DefaultIfEmpty().Min(),
            [
                .. Enumerable
                    .Range(0, mailboxes)
                    .Select(place => new MailboxDelivery(
                        Mailbox(begun, place, mission, log),
                        [.. Events([.. byMailbox[place]], log)])),
            ],
            begun is { Source: LoggedFacts.Person } ? Who(begun, log) : null);
    }

    private static Mailbox Mailbox(LoggedFact? begun, int place, Mission mission, LogReading log)
    {
        var frozen = mission.Mailboxes.ElementAtOrDefault(place);
        var logged = begun is null
            ? null
            : log.Value(begun, string.Create(CultureInfo.InvariantCulture, $"mailbox {place}"));
        return logged is null ? frozen ?? new(PersonalValue.Erased, MailboxField.To)
            : mission.Mailboxes.FirstOrDefault(mailbox => mailbox.Address == logged) ?? new(logged, MailboxField.To);
    }

    private static IEnumerable<DeliveryEvent> Events(IReadOnlyList<LoggedFact> facts, LogReading log)
    {
        var next = 0;
        foreach (
            var (fact, number) in facts.Select(fact => (fact, Number: NumberOf(fact))).OrderBy(fact => fact.Number))
        {
            for (; next < number; next++)
                yield return new(fact.At, DeliveryEventKind.Remark, Missing);
            next++;
            yield return new(
                fact.At,
                Enum.Parse<DeliveryEventKind>(fact.Kind),
                log.ValueOrErased(fact, "words") ?? "",
                fact.Bounce,
                fact.Source switch
                {
                    LoggedFacts.Worker => null,
                    LoggedFacts.Person => Who(fact, log),
                    var machine => machine,
                },
                log.ValueOrErased(fact, "evidence"),
                fact.Tried,
                fact.TriedUntil);
        }
    }

    private static string Who(LoggedFact fact, LogReading log) => log.Value(fact, "who") ?? PersonalValue.Erased;

    private static int NumberOf(LoggedFact fact) =>
        int.Parse(fact.Id.AsSpan(fact.Id.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
}
