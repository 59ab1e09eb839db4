using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking.Inbound;

/// <summary>Notices to the secretariat about mail that came, or that cannot be fetched.</summary>
internal sealed class InboundNotices(Notices notices, TimeProvider clock)
{
    /// <summary>
    /// How many reports about unknown letters get a notice of their own. Further ones share a single notice until a
    /// person has dealt with some.
    /// </summary>
    private const int MostUnplaced = 10;

    /// <summary>
    /// Tells a person once about a problem that has no message, such as a mailbox that cannot be opened.
    /// </summary>
    /// <param name="what">What the problem is, as sentences.</param>
    public Task Once(string what, CancellationToken cancellation) =>
        Add($"inbound-{Hash(what)}", null, what, cancellation);

    /// <summary>
    /// Adds a notice, one for each kind of problem, letter, mission and attempt, until a person has dealt with it. So a
    /// sender of a thousand reports causes one notice, and a thousand messages on the mission's page.
    /// </summary>
    public Task OfLetter(FoundLetter letter, string sort, string text, CancellationToken cancellation) =>
        Add(
            $"inbound-{sort}-{Hash($"{letter.Distribution.Id}/{letter.Mission.Id}/{letter.Attempt?.Number}")}",
            letter.Candidate.DistributionId,
            text,
            cancellation);

    /// <summary>
    /// Adds a notice of its own for the first few such reports. While that many are still open, the others share one
    /// notice.
    /// </summary>
    public async Task OfUnplaced(string id, string words, CancellationToken cancellation)
    {
        var open = (await notices.All(cancellation)).Count(notice => notice.IsUnplaced);
        await (
            open < MostUnplaced
                ? Add(
                    $"{Notice.Unplaced}{id}",
                    null,
                    $"A mail server reports that a message could not be delivered, and does not say which letter it is about: {Quoted(words)}. See whether it is one of ours: it waits on the page of messages that came.",
                    cancellation)
                : Add(
                    $"{Notice.Unplaced}more",
                    null,
                    "More reports of mail servers came that do not say which letter they are about. They wait on the page of messages that came.",
                    cancellation));
    }

    private Task<bool> Add(string id, string? distributionId, string text, CancellationToken cancellation) =>
        notices.Add(new(id, clock.GetUtcNow(), distributionId, text), cancellation);

    private static string Hash(string text) =>
        Sha256Hex.Of(text)[..32];

    /// <returns>The notice about a report on a mailbox that the letter did not go to, in English sentences.</returns>
    public static string Elsewhere(FoundLetter letter, ReportedRecipient recipient) =>
        (recipient.Final ?? recipient.Original) is not { } address
            ? $"A mail server wrote about the letter to {letter.Mission.Id}, and does not say about which mailbox: {Quoted(recipient.Words)}. Nothing was recorded; read the message, which is kept on the mission's page."
            : $"A report came back on the letter to {letter.Mission.Id}, about {SingleLine.Of(address)}, which is none of the mailboxes it was sent to: {Quoted(recipient.Words)}. Nothing was recorded; look at the mission's mailboxes and at the message, which is kept on its page.";

    public static string Quoted(string words) => words.Length > 0 ? $"“{words}”" : "it gives no reason";
}
