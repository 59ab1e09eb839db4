using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Options;

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
/// Records SendGrid's events. A person is told where SendGrid refused to send a letter, where a reader wants no more of
/// them, where an event does not say which letter came back, where a mail of the service itself came back, and where an
/// event cannot be read.
/// </summary>
internal sealed class SendGridEventHandler(
    DeliveryEvidence evidence,
    MessageIds messages,
    MissionEntries entries,
    RecentLetters recent,
    ReturnedMails returned,
    Notices notices,
    IOptions<MailSettings> mail,
    TimeProvider clock)
{
    /// <summary>How the words of an event begin whose letter is inferred.</summary>
    public const string Inferred =
        "Inferred: the event names no letter, and this was the latest to this mailbox.";

    /// <summary>What stands before SendGrid's id of a message in its answer to us.</summary>
    private const string AnswersId = "X-Message-Id ";

    /// <summary>How many open notices quote something unreadable before the others share one.</summary>
    private const int MostUnread = 10;

    /// <summary>How much of an unreadable request is quoted, in bytes.</summary>
    private const int MostQuoted = 400;

    /// <summary>How far SendGrid's clock may be behind ours.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    /// <returns>Null where the body is not a JSON array of events.</returns>
    public async Task<SendGridTally?> Handle(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (SendGridEvents.Read(body) is not { } reading)
        {
            await TellOfUnread(
                SingleLine.Of(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MostQuoted)])),
                "a request that is no list of events",
                cancellation);
            return null;
        }

        // Write the notices before the events: a recorded event is not handled again, so a crash in between would lose
        // the notice.
        foreach (var unread in reading.Unread.Distinct().Take(MostUnread + 1))
            await TellOfUnread(unread, "an event that cannot be read", cancellation);
        var own = reading.NoLetters.Where(IsOurs).ToList();
        foreach (var back in own)
            await TellOfOwn(back, cancellation);
        var placed = await Place(reading.Unnamed, cancellation);
        foreach (
            var back in reading.Heard.Where(item =>
                item.Event.Kind is DeliveryEventKind.Bounced or DeliveryEventKind.Dropped))
            await returned.Record(
                back.MessageId,
                address => address.Equals(back.Mailbox, StringComparison.OrdinalIgnoreCase) ? back.Event.Words : null,
                EvidenceRanks.SendGrid,
                back.Event.At,
                cancellation);
        List<Evidence> heard = [.. reading.Heard, .. placed];
        foreach (
            var told in heard
                .Where(item => IsTold(item.Event))
                // The same event can come more than once, each time under an id of its own.
                .DistinctBy(item =>
                    (item.MessageId, item.Mailbox.ToUpperInvariant(), item.Event.Kind, item.Event.Words)))
            await Tell(told, cancellation);
        var outcomes = await evidence.Record(heard, cancellation);
        return new(
            outcomes.Count(hearing => hearing == EvidenceOutcome.Recorded) + own.Count,
            outcomes.Count(hearing => hearing == EvidenceOutcome.Known),
            outcomes.Count(hearing => hearing == EvidenceOutcome.Early),
            reading.Foreign
                + reading.NoLetters.Count
                - own.Count
                + reading.Unnamed.Count
                - placed.Count
                + outcomes.Count(hearing => hearing == EvidenceOutcome.NotOurs),
            reading.Untracked,
            reading.Unread.Count);
    }

    /// <summary>
    /// Adds a notice of its own for the first few. While that many are still open, the others share one notice.
    /// </summary>
    private async Task TellOfUnread(string content, string what, CancellationToken cancellation)
    {
        const string unreadable = "sendgrid-unreadable-";
        var open = (await notices.All(cancellation)).Count(notice =>
            notice.Id.StartsWith(unreadable, StringComparison.Ordinal));
        await (
            open < MostUnread
                ? Notify(
                    $"{unreadable}{Sha256Hex.Of(content)}",
                    null,
                    $"SendGrid sent {what}: “{content}”. Nothing of it was taken in. See on SendGrid's page Activity what became of the letters of these days.",
                    cancellation)
                : Notify(
                    $"{unreadable}more",
                    null,
                    "SendGrid sent more that cannot be read. See on its page Activity what became of the letters of these days, and remove these notices to see the next.",
                    cancellation));
    }

    /// <summary>
    /// Whether it is a mail that the service writes by itself: a notice, a receipt, a question, a proof.
    /// </summary>
    private bool IsOurs(Evidence back) =>
        mail.Value.Sender is { } sender
        && back.MessageId.EndsWith($"@{EmailAddresses.Domain(sender.Address)}", StringComparison.OrdinalIgnoreCase);

    /// <summary>Nothing else would say it: no letter and no page has a place for such a mail.</summary>
    private Task<bool> TellOfOwn(Evidence back, CancellationToken cancellation) =>
        Notify(
            $"{Notice.OwnMail}{Sha256Hex.Of(back.Mailbox.ToUpperInvariant())}",
            null,
            $"A mail of this service to {back.Mailbox}, which was no letter, {(back.Event.Kind == DeliveryEventKind.Dropped ? "was not sent" : "came back")}{Quoted(back.Event.Words)}. {(back.Mailbox.Equals(mail.Value.NoticesTo, StringComparison.OrdinalIgnoreCase) ? "It told what waits at the desk: see that Mail:NoticesTo names a mailbox that takes mail." : "See whether that address is right.")}",
            cancellation);

    /// <summary>
    /// Finds the letters that events without one are about: by SendGrid's own id, which its answer gave us, else the
    /// latest that left for the mailbox, marked as inferred. Where the event names a message that is none of ours, a
    /// person is told and nothing is recorded.
    /// </summary>
    private async Task<IReadOnlyList<Evidence>> Place(
        IReadOnlyList<UnnamedEvent> unnamed,
        CancellationToken cancellation)
    {
        if (unnamed is [])
            return [];
        List<Evidence> placed = [];
        HashSet<string> told = [];
        var letters = await recent.To(unnamed.Select(item => item.Mailbox), cancellation);
        foreach (var item in unnamed)
            switch (Likely(letters[item.Mailbox], item))
            {
                case { } letter when IsOf(item.SendGridId, IdOf(letter)):
                    placed.Add(new(letter.Attempt.MessageId, item.Mailbox, item.Event));
                    break;
                case { } letter when item.IsOfOtherMail:
                    if (told.Add(letter.Mailbox.Mailbox.Address))
                        await Notify(
                            $"other-mail-{Sha256Hex.Of($"{letter.Attempt.MessageId} {item.Mailbox.ToUpperInvariant()}")}",
                            letter.Distribution.Id,
                            $"SendGrid says that a message to {item.Mailbox} of {letter.Mission.Name} came back{Quoted(item.Event.Words)}. It names a message that this service did not send, so nothing was changed. If no other program sends mail to this mission by your account, check the mailbox with the mission.",
                            cancellation);
                    break;
                case { } letter:
                    placed.Add(
                        new(
                            letter.Attempt.MessageId,
                            item.Mailbox,
                            item.Event with
                            {
                                Words = SingleLine.Of($"{Inferred} {item.Event.Words}"),
                            }));
                    break;
            }

        return placed;
    }

    /// <summary>
    /// The letter whose message SendGrid's answer gave the event's id; else the latest that had left by then, without
    /// those that have another id. Null where there is none.
    /// </summary>
    private static RecentLetter? Likely(IEnumerable<RecentLetter> letters, UnnamedEvent item)
    {
        var left = letters.Where(letter => letter.LeftAt <= item.Event.At + ClocksDiffer).ToList();
        // By SendGrid's own id it is certain, whichever letter is the latest.
        return left.Find(letter => IsOf(item.SendGridId, IdOf(letter)))
            ?? left.Find(letter => item.SendGridId.Length == 0 || IdOf(letter) is null);
    }

    /// <summary>SendGrid's id of a letter's message, as its answer gave it; null where it gave none.</summary>
    private static string? IdOf(RecentLetter letter) =>
        letter
            .Mailbox.Events.Select(happened => happened.Words)
            .Where(words => words.Contains(AnswersId, StringComparison.Ordinal))
            .Select(words => words[(words.IndexOf(AnswersId, StringComparison.Ordinal) + AnswersId.Length)..])
            // A letter that was offered again has an answer for each try; the event is taken to be about the last.
            .LastOrDefault();

    /// <summary>Events append to the id of the answer which server and which recipient they are about.</summary>
    private static bool IsOf(string eventsId, string? answersId) =>
        answersId is not null
        && (eventsId == answersId || eventsId.StartsWith($"{answersId}.", StringComparison.Ordinal));

    private static bool IsTold(DeliveryEvent happened) =>
        happened.Kind == DeliveryEventKind.Dropped
        || happened.Words == SendGridEvents.MarkedAsSpam
        || happened.Words == SendGridEvents.Unsubscribed
        || happened.Words.StartsWith(Inferred, StringComparison.Ordinal);

    private async Task Tell(Evidence told, CancellationToken cancellation)
    {
        if (await Letter(told, cancellation) is not var (letter, entry)
            // Already recorded: a person may have dealt with the notice and removed it since.
            || entry.WithEvent(told.MessageId, told.Mailbox, told.Event) == entry)
            return;
        var sort =
            told.Event.Kind == DeliveryEventKind.Remark
                ? "unwanted"
                : told.Event.Kind.ToString().ToLowerInvariant();
        await Notify(
            $"{sort}-{Sha256Hex.Of($"{told.MessageId} {told.Mailbox.ToUpperInvariant()}")}",
            letter.Distribution.Id,
            Text(letter.Distribution, letter.Mission, told),
            cancellation);
    }

    private async Task<(SentLetter, MissionEntry)?> Letter(Evidence told, CancellationToken cancellation)
    {
        try
        {
            return await messages.Find(told.MessageId, cancellation) is { } letter
                ? (letter, (await entries.Find(letter.Distribution.Id, letter.Mission.Id, cancellation)).Value)
                : null;
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            // The event is not recorded either, and comes again.
            return null;
        }
    }

    private static string Text(DistributionRecord distribution, Mission mission, Evidence told)
    {
        var label = $"{distribution.DraftLabel} ({distribution.Process})";
        return told.Event switch
        {
            { Kind: DeliveryEventKind.Remark, Words: var words } =>
                $"{words} SendGrid says so of {label} to {told.Mailbox} of {mission.Name}, and will keep further letters from this mailbox. Ask the mission whether it wants these letters, then take the mailbox off SendGrid's page Suppressions.",
            { Words: var words } when words.StartsWith(Inferred, StringComparison.Ordinal) =>
                $"SendGrid says that a message to {told.Mailbox} of {mission.Name} {(told.Event.Kind == DeliveryEventKind.Dropped ? "was not sent" : "came back")}, and does not say which{Quoted(words[Inferred.Length..].Trim())}. The latest letter to this mailbox, {label}, is recorded as returned; that is inferred. Check the mailbox with the mission.",
            { Words: var words } =>
                $"SendGrid did not send {label} to {told.Mailbox} of {mission.Name}{Quoted(words)}. {Remedy(words)}",
        };
    }

    private static string Quoted(string words) => words.Length > 0 ? $": “{words}”" : "";

    private static string Remedy(string reason) =>
        reason.Contains("bounced", StringComparison.OrdinalIgnoreCase)
            ? "A letter once came back from this mailbox. If the address is right, send the letter again from the mission's page: that passes by SendGrid's list."
        : reason.Contains("spam", StringComparison.OrdinalIgnoreCase)
        || reason.Contains("unsubscribed", StringComparison.OrdinalIgnoreCase)
            ? "Ask the mission whether it wants these letters, take the mailbox off SendGrid's page Suppressions, then send the letter again from the mission's page."
        : "Check the mailbox with the mission, then send the letter again from the mission's page, or reach the mission another way.";

    private Task<bool> Notify(string id, string? distributionId, string text, CancellationToken cancellation) =>
        notices.Add(new(id, clock.GetUtcNow(), distributionId, text), cancellation);
}
