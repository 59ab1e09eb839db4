using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Mail;

/// <summary>What a transport found for one mailbox in one try.</summary>
internal enum MailboxResult
{
    /// <summary>The server took responsibility for the message to this mailbox.</summary>
    Accepted,

    /// <summary>Not taken now; the same message may be sent again (retry).</summary>
    TryLater,

    /// <summary>
    /// Rejected permanently: by the server (5yz, or 4xx of HTTP), or because message or address cannot be written as
    /// mail.
    /// </summary>
    Refused,

    /// <summary>
    /// The server may have taken it: the answer was lost after the last byte, or a provider answered with HTTP 5xx.
    /// </summary>
    Unknown,
}

/// <summary>What became of a message for one mailbox.</summary>
/// <param name="Answer">The server's own words, or ours if there was no answer; on one line.</param>
/// <param name="RetryAfter">
/// How long to wait before a retry, at most an hour (Retry-After); null if the server did not say.
/// </param>
internal sealed record MailboxOutcome(string Address, MailboxResult Result, string Answer, TimeSpan? RetryAfter = null)
{
    /// <summary>The same for each address of the letter's envelope.</summary>
    public static IReadOnlyList<MailboxOutcome> All(
        OutgoingMessage letter,
        MailboxResult result,
        string words,
        TimeSpan? retryAfter = null) =>
        [.. letter.Envelope.Select(address => new MailboxOutcome(address, result, SingleLine.Of(words), retryAfter))];

    /// <summary>The message cannot be built, so a retry would fail too.</summary>
    public static IReadOnlyList<MailboxOutcome> Unwritable(OutgoingMessage letter, Exception exception) =>
        All(
            letter,
            MailboxResult.Refused,
            Say($"The letter could not be written as mail: {exception.Message}").ForRecord);
}

/// <summary>
/// A fault on the sender's side: no mission is at fault, nothing was handed over, and the distribution is paused.
/// The message is a sentence for the status page and says what to do.
/// </summary>
/// <param name="sentence">What is wrong and what to do about it.</param>
/// <param name="passes">
/// True if it may go away by itself (a server that cannot be reached), false if a setting must change.
/// </param>
internal sealed class SenderFaultException(string sentence, bool passes, Exception? inner = null)
    : Exception(sentence, inner)
{
    public bool Passes { get; } = passes;

    /// <summary>Whether the mail server said so itself: it is there, and speaks.</summary>
    public bool IsAnswer { get; init; }
}

/// <summary>Evidence that a message was sent.</summary>
/// <param name="Source">One word: <c>pickup</c>.</param>
internal sealed record SentEvidence(string Source, string Words);

/// <summary>A transport for mail: SMTP, SendGrid or a pickup folder.</summary>
internal interface IMailTransport : IAsyncDisposable
{
    /// <summary>For people: "SMTP server 127.0.0.1, port 1025". Never holds a secret.</summary>
    string Description { get; }

    /// <summary>False if mail stays on this machine: a loopback server or a folder.</summary>
    bool LeavesTheMachine { get; }

    /// <summary>
    /// The largest message it takes, in bytes as transmitted. An SMTP server says its limit when it is first reached;
    /// before that it is a default.
    /// </summary>
    long MaxMessageBytes { get; }

    /// <summary>Whether the names of attachments arrive as they are in every script.</summary>
    bool CarriesEveryName => true;

    /// <summary>Checks that the transport can be used, without sending a message.</summary>
    /// <exception cref="SenderFaultException">It cannot be used.</exception>
    Task Probe(CancellationToken cancellation);

    /// <summary>
    /// A sentence for the secretariat about what would let letters leave faster; null where there is nothing to say.
    /// </summary>
    string? Advice => null;

    /// <summary>Closes connections that wait for further letters.</summary>
    Task CloseIdle() => Task.CompletedTask;

    /// <summary>Looks for evidence that a message was sent, if the transport keeps its messages.</summary>
    /// <returns>The evidence; null if there is none, which does not prove that the message was not sent.</returns>
    Task<SentEvidence?> FindSent(string messageId, CancellationToken cancellation) =>
        Task.FromResult<SentEvidence?>(null);

    /// <summary>
    /// Hands the message over once, for each address of its envelope. Never retries by itself after anything of the
    /// message may have been taken.
    /// </summary>
    /// <returns>
    /// One outcome for each address of the envelope. A failure before the handover begins is never
    /// <see cref="MailboxResult.Unknown"/>.
    /// </returns>
    /// <exception cref="SenderFaultException">Nothing was handed over and no mission is at fault.</exception>
    Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage message, CancellationToken cancellation);
}
