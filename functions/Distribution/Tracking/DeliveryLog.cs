using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>One line of a distribution's delivery log: one event of one mailbox, or that there is none yet.</summary>
/// <param name="At">When it happened; null where nothing was tried yet.</param>
/// <param name="Mailbox">Null where there is no attempt yet.</param>
/// <param name="Attempt">The attempt's number, from 1; null where there is none yet.</param>
/// <param name="Result">What happened, in words.</param>
/// <param name="Answer">The server's own words; empty where there are none.</param>
internal sealed record LogLine(
    DateTimeOffset? At,
    string MissionId,
    string Mission,
    Mailbox? Mailbox,
    int? Attempt,
    string? MessageId,
    string Result,
    string Answer);

/// <summary>
/// Builds the delivery log: all that is known about every mailbox, missions in protocol order. Every mission and every
/// mailbox gets at least one line.
/// </summary>
internal static class DeliveryLog
{
    /// <param name="roster">The frozen roster, in protocol order.</param>
    public static IReadOnlyList<LogLine> Of(IReadOnlyList<MissionEntry> entries, IReadOnlyList<Mission> roster)
    {
        var byMission = entries.ToDictionary(entry => entry.MissionId);
        return [.. roster.SelectMany(mission => Lines(mission, byMission.GetValueOrDefault(mission.Id)))];
    }

    private static IEnumerable<LogLine> Lines(Mission mission, MissionEntry? entry) =>
        entry switch
        {
            // Every mission has an entry from the beginning, so none means that it was lost or cannot be read.
            null =>
            [
                new(
                    null,
                    mission.Id,
                    mission.Name,
                    null,
                    null,
                    null,
                    "Not known: its record is missing or cannot be read",
                    ""),
            ],
            { Attempts.IsEmpty: true } =>
            [
                new(null, mission.Id, mission.Name, null, null, null, "Not tried yet", ""),
            ],
            _ => entry.Attempts.SelectMany(attempt =>
                attempt.Mailboxes.SelectMany(delivery => Lines(mission, attempt, delivery))),
        };

    private static IEnumerable<LogLine> Lines(Mission mission, DeliveryAttempt attempt, MailboxDelivery delivery)
    {
        return delivery.Events.IsEmpty
            ? [Line(null, "Not tried yet", "")]
            : delivery.Events.Select(happened => Line(happened.At, Words(happened), happened.Words));

        LogLine Line(DateTimeOffset? at, string result, string answer) =>
            new(at, mission.Id, mission.Name, delivery.Mailbox, attempt.Number, attempt.MessageId, result, answer);
    }

    /// <summary>What an event of a mailbox means, in a few words without a full stop.</summary>
    public static Phrase Words(DeliveryEvent happened) => happened.Kind switch
    {
        DeliveryEventKind.Delivered when happened.IsByMail => Say($"Delivered, as mail alone says"),
        DeliveryEventKind.Accepted when happened.IsByMail => Say($"Sent, as mail says"),
        DeliveryEventKind.Remark => Say($"Noted"),
        DeliveryEventKind.HandingOver => Say($"Being handed over"),
        DeliveryEventKind.NotHandedOver => Say($"Not handed over"),
        DeliveryEventKind.NotNow => Say($"Not accepted for now"),
        DeliveryEventKind.SendAgain => Say($"To be sent again"),
        DeliveryEventKind.Withdrawn => Say($"Stopped before it was sent"),
        DeliveryEventKind.Unknown => Say($"Not known whether it was sent"),
        DeliveryEventKind.Accepted => Say($"Accepted by the mail server"),
        DeliveryEventKind.Deferred when happened.TriedUntil is { } until =>
            Say($"Delayed, to be tried until {OfMoment(until)}"),
        DeliveryEventKind.Deferred => Say($"Delayed by the mission's server"),
        DeliveryEventKind.Delivered => Say($"Delivered"),
        DeliveryEventKind.Bounced => BounceClassification.Words(happened.Bounce, happened.Tried),
        DeliveryEventKind.Dropped => Say($"Not sent: the mailbox is on a list of the provider's"),
        DeliveryEventKind.Refused => Say($"Refused"),
        DeliveryEventKind.GivenUp => Say($"Given up"),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Kind, null),
    };
}
