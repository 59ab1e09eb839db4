using Distribution.Mail;

namespace Distribution.Tracking;

/// <summary>The last test message to one mailbox of a mission.</summary>
/// <param name="MessageId">Without angle brackets.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Result">What the mail server answered; null while it is being handed over, or where that was cut short.</param>
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
    public string Outcome => this switch
    {
        { ReturnedAt: not null } => $"It came back: {Ended(ReturnedWords)}",
        { Result: MailboxResult.Accepted } =>
            "The mail server took it. Whether a person reads it only the mission can say; if it comes back, this page says so.",
        { Result: MailboxResult.Refused } => $"It was refused: {Ended(Words)}",
        { Result: MailboxResult.TryLater } => $"It was not taken just now: {Ended(Words)}",
        _ => "It is not known whether it left.",
    };

    private static string Ended(string words) =>
        words.Length == 0 ? "the mail server did not say why." : words[^1] is '.' or '!' or '?' ? words : $"{words}.";
}
