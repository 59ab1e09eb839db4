using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Mail;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>The last test message to one mailbox of a mission.</summary>
/// <param name="MessageId">Without angle brackets.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Result">
/// What the mail server answered; null while it is being handed over, or where that was cut short.
/// </param>
/// <param name="Words">The server's own words, or ours where it gave none.</param>
/// <param name="ReturnedAt">When a report came that it could not be delivered; null where none came.</param>
/// <param name="ReturnedWords">What the report says.</param>
internal sealed record MailboxTest(
    string MissionId,
    string Address,
    string MessageId,
    DateTimeOffset AskedAt,
    string By,
    MailboxResult? Result = null,
    string Words = "",
    DateTimeOffset? ReturnedAt = null,
    string ReturnedWords = "")
{
    /// <summary>What is known of it, in a sentence for a page.</summary>
    [JsonIgnore]
    public Phrase Outcome => this switch
    {
        { ReturnedAt: not null } => Say($"It came back: {Ended(ReturnedWords)}"),
        { Result: MailboxResult.Accepted } =>
            Say($"The mail server took it. Whether a person reads it only the mission can say; if it comes back, this page says so."),
        { Result: MailboxResult.Refused } => Say($"It was refused: {Ended(Words)}"),
        { Result: MailboxResult.TryLater } => Say($"It was not taken just now: {Ended(Words)}"),
        _ => Say($"It is not known whether it left."),
    };

    private static Phrase Ended(string words) =>
        words.Length == 0
            ? Say($"the mail server did not say why.")
            : Plain(words[^1] is '.' or '!' or '?' ? words : $"{words}.");
}
