using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>The counts for one webhook request with SendGrid events.</summary>
/// <param name="Early">
/// How many are about an attempt that is not on record yet: SendGrid must deliver them again.
/// </param>
internal sealed record SendGridTally(int Recorded, int Known, int Early, int Foreign, int Untracked, int Unread)
{
    public override string ToString() =>
        $"{Recorded} recorded, {Known} known already, {Early} to come again, {Foreign} about other mail, {Untracked} of no interest, {Unread} unreadable";
}

/// <summary>
/// Records SendGrid's events. Where SendGrid refused to send a letter, a person is told why and what to do.
/// </summary>
internal sealed class SendGridEventHandler(
    DeliveryEvidence evidence, MessageIds messages, MissionEntries entries, Notices notices, TimeProvider clock)
{
    /// <returns>Null where the body is not a JSON array of events.</returns>
    public async Task<SendGridTally?> Handle(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (SendGridEvents.Read(body) is not { } reading)
            return null;

        // Write the notice before the event: a recorded event is not handled again, so a crash in between would lose
        // the notice.
        foreach (var dropped in reading.Heard.Where(item => item.Event.Kind == DeliveryEventKind.Dropped))
            await Notify(dropped, cancellation);
        var outcomes = await evidence.Record(reading.Heard, cancellation);
        return new(
            outcomes.Count(hearing => hearing == EvidenceOutcome.Recorded),
            outcomes.Count(hearing => hearing == EvidenceOutcome.Known),
            outcomes.Count(hearing => hearing == EvidenceOutcome.Early),
            reading.Foreign + outcomes.Count(hearing => hearing == EvidenceOutcome.NotOurs),
            reading.Untracked,
            reading.Unread);
    }

    private async Task Notify(Evidence dropped, CancellationToken cancellation)
    {
        if (await messages.Find(dropped.MessageId, cancellation) is not { } letter)
            return;
        // Already recorded: a person may have dealt with the notice and removed it since.
        var entry = (await entries.Find(letter.Distribution.Id, letter.Mission.Id, cancellation)).Value;
        if (entry.WithEvent(dropped.MessageId, dropped.Mailbox, dropped.Event) == entry)
            return;
        await notices.Add(
            new(
                Id(dropped),
                clock.GetUtcNow(),
                letter.Distribution.Id,
                Text(letter.Distribution, letter.Mission, dropped)),
            cancellation);
    }

    private static string Id(Evidence dropped) =>
        $"dropped-{Sha256Hex.Of($"{dropped.MessageId} {dropped.Mailbox.ToUpperInvariant()}")}";

    private static string Text(DistributionRecord distribution, Mission mission, Evidence dropped) =>
        $"SendGrid did not send {distribution.DraftLabel} ({distribution.Process}) to {dropped.Mailbox} of {mission.Name}{(dropped.Event.Words.Length > 0 ? $": “{dropped.Event.Words}”" : "")}. {Remedy(dropped.Event.Words)}";

    private static string Remedy(string reason) =>
        reason.Contains("bounced", StringComparison.OrdinalIgnoreCase)
            ? "A letter once came back from this mailbox. If the address is right, send the letter again from the mission's page: that passes by SendGrid's list."
        : reason.Contains("spam", StringComparison.OrdinalIgnoreCase)
        || reason.Contains("unsubscribed", StringComparison.OrdinalIgnoreCase)
            ? "Ask the mission whether it wants these letters, take the mailbox off SendGrid's page Suppressions, then send the letter again from the mission's page."
        : "Check the mailbox with the mission, then send the letter again from the mission's page, or reach the mission another way.";
}
