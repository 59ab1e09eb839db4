using System.Security.Cryptography;
using System.Text;

namespace Distribution;

/// <summary>What became of one delivery of SendGrid's events.</summary>
/// <param name="Early">How many are about an attempt that is not on record yet: they have to come again.</param>
internal sealed record SendGridTally(int Recorded, int Known, int Early, int Foreign, int Untracked, int Unread)
{
    public override string ToString() =>
        $"{Recorded} recorded, {Known} known already, {Early} to come again, {Foreign} about other mail, {Untracked} of no interest, {Unread} unreadable";
}

/// <summary>Takes in SendGrid's events. Where SendGrid would not send a letter, a person is told why and what to do.</summary>
internal sealed class SendGridDesk(
    EvidenceDesk evidence, SentMessages messages, Dispatches dispatches, Notices notices, TimeProvider clock)
{
    /// <returns>Null where the body is no list of events.</returns>
    public async Task<SendGridTally?> Hear(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (SendGridEvents.Read(body) is not { } reading)
            return null;

        // The notice first: an event once on record is not looked at again, and a crash in between would lose it.
        foreach (var dropped in reading.Heard.Where(item => item.Event.Kind == DeliveryEventKind.Dropped))
            await Tell(dropped, cancellation);
        var hearings = await evidence.Hear(reading.Heard, cancellation);
        return new(
            hearings.Count(hearing => hearing == Hearing.Recorded),
            hearings.Count(hearing => hearing == Hearing.Known),
            hearings.Count(hearing => hearing == Hearing.Early),
            reading.Foreign + hearings.Count(hearing => hearing == Hearing.NotOurs),
            reading.Untracked,
            reading.Unread);
    }

    private async Task Tell(Evidence dropped, CancellationToken cancellation)
    {
        if (await messages.Find(dropped.MessageId, cancellation) is not { } letter)
            return;
        // Known already: a person may have seen to it since.
        var dispatch = (await dispatches.Find(letter.Distribution.Id, letter.Order, cancellation)).Value;
        if (dispatch.Heard(dropped.MessageId, dropped.Mailbox, dropped.Event) == dispatch)
            return;
        await notices.Add(new(Id(dropped), clock.GetUtcNow(), letter.Distribution.Id, Text(letter.Distribution, letter.Mission, dropped)), cancellation);
    }

    private static string Id(Evidence dropped) =>
        $"dropped-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{dropped.MessageId} {dropped.Mailbox.ToUpperInvariant()}")))}";

    private static string Text(Distribution distribution, Mission mission, Evidence dropped) =>
        $"SendGrid did not send {distribution.DraftLabel} ({distribution.Process}) to {dropped.Mailbox} of {mission.Name}{(dropped.Event.Words.Length > 0 ? $": “{dropped.Event.Words}”" : "")}. {Remedy(dropped.Event.Words)}";

    private static string Remedy(string reason) =>
        reason.Contains("bounced", StringComparison.OrdinalIgnoreCase)
            ? "A letter once came back from this mailbox. If the address is right, send the letter again from the mission's page: that passes by SendGrid's list."
        : reason.Contains("spam", StringComparison.OrdinalIgnoreCase) || reason.Contains("unsubscribed", StringComparison.OrdinalIgnoreCase)
            ? "Ask the mission whether it wants these letters, take the mailbox off SendGrid's page Suppressions, then send the letter again from the mission's page."
        : "Check the mailbox with the mission, then send the letter again from the mission's page, or reach the mission another way.";
}
