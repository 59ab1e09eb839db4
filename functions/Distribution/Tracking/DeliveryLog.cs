namespace Distribution;

/// <summary>One line of a distribution's delivery log: one exchange with the server about one mailbox, or that there was none.</summary>
/// <param name="At">When the server answered; null where nothing was tried yet.</param>
/// <param name="Mailbox">Null where no attempt has named one yet.</param>
/// <param name="Attempt">From 1; null where there is none.</param>
/// <param name="Result">In words.</param>
/// <param name="Answer">The server's own words; empty where there are none.</param>
internal sealed record LogLine(
    DateTimeOffset? At, string MissionId, string Mission, Mailbox? Mailbox, int? Attempt, string? MessageId, string Result, string Answer);

/// <summary>The delivery log: every try of every mailbox, missions in protocol order. No mission and no mailbox goes unmentioned.</summary>
internal static class DeliveryLog
{
    /// <param name="roster">The frozen roster, in protocol order.</param>
    public static IReadOnlyList<LogLine> Of(IReadOnlyList<Dispatch> dispatches, IReadOnlyList<Mission> roster)
    {
        var byMission = dispatches.ToDictionary(dispatch => dispatch.MissionId);
        return [.. roster.SelectMany(mission => Lines(mission, byMission.GetValueOrDefault(mission.Id)))];
    }

    private static IEnumerable<LogLine> Lines(Mission mission, Dispatch? dispatch) => dispatch switch
    {
        null or { Attempts.IsEmpty: true } => [new(null, mission.Id, mission.Name, null, null, null, "Not tried yet", "")],
        _ => dispatch.Attempts.SelectMany(attempt => attempt.Mailboxes.SelectMany(delivery => Lines(mission, attempt, delivery))),
    };

    private static IEnumerable<LogLine> Lines(Mission mission, DeliveryAttempt attempt, MailboxDelivery delivery)
    {
        if (delivery.Tries.IsEmpty)
            return [Line(null, delivery.State == DeliveryState.Sending ? "Being handed over" : "Not tried yet", "")];
        return delivery.Tries.Select(exchange => Line(exchange.At, Words(exchange.Result), exchange.Answer));

        LogLine Line(DateTimeOffset? at, string result, string answer) =>
            new(at, mission.Id, mission.Name, delivery.Mailbox, attempt.Number, attempt.MessageId, result, answer);
    }

    private static string Words(MailboxResult result) => result switch
    {
        MailboxResult.Accepted => "Accepted by the mail server",
        MailboxResult.TryLater => "Not accepted for now",
        MailboxResult.Refused => "Refused",
        MailboxResult.Unknown => "Not known whether it was sent",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };
}
