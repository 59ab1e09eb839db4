using System.Security.Cryptography;
using System.Text;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>What became of one delivery of SendGrid's events.</summary>
/// <param name="Early">How many are about an attempt that is not on record yet: they have to come again.</param>
internal sealed record SendGridTally(int Recorded, int Known, int Early, int Foreign, int Untracked, int Unread)
{
    public override string ToString() =>
        $"{Recorded} recorded, {Known} known already, {Early} to come again, {Foreign} about other mail, {Untracked} of no interest, {Unread} unreadable";
}

/// <summary>
/// Takes in SendGrid's events. Where SendGrid would not send a letter, a person is told why and what to do.
/// </summary>
internal sealed class SendGridEventHandler(
    DeliveryEvidence evidence, MessageIds messages, MissionEntries dispatches, Notices notices, TimeProvider clock)
{
    /// <returns>Null where the body is no list of events.</returns>
    public async Task<SendGridTally?> Handle(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (SendGridEvents.Read(body) is not { } reading)
            return null;

        // The notice first: an event once on record is not looked at again, and a crash in between would lose it.
        foreach (var dropped in reading.Heard.Where(item => item.Event.Kind == DeliveryEventKind.Dropped))
            await Notify(dropped, cancellation);
        var hearings = await evidence.Record(reading.Heard, cancellation);
        return new(
            hearings.Count(hearing => hearing == EvidenceOutcome.Recorded),
            hearings.Count(hearing => hearing == EvidenceOutcome.Known),
            hearings.Count(hearing => hearing == EvidenceOutcome.Early),
            reading.Foreign + hearings.Count(hearing => hearing == EvidenceOutcome.NotOurs),
            reading.Untracked,
            reading.Unread);
    }

    private async Task Notify(Evidence dropped, CancellationToken cancellation)
    {
        if (await messages.Find(dropped.MessageId, cancellation) is not { } letter)
            return;
        // Known already: a person may have seen to it since.
        var dispatch = (await dispatches.Find(letter.Distribution.Id, letter.Order, cancellation)).Value;
        if (dispatch.WithEvent(dropped.MessageId, dropped.Mailbox, dropped.Event) == dispatch)
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
        $"dropped-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{dropped.MessageId} {dropped.Mailbox.ToUpperInvariant()}")))}";

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
