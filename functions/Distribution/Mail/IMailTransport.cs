using Distribution.Common;

namespace Distribution.Mail;

internal enum MailboxResult
{
    /// <summary>The server took responsibility for the message to this mailbox.</summary>
    Accepted,

    /// <summary>Not taken now; the same message may be offered again.</summary>
    TryLater,

    /// <summary>Rejected permanently (5yz); the words are the server's.</summary>
    Refused,

    /// <summary>The server may have taken it: the answer was lost after the last byte.</summary>
    Unknown,
}

/// <summary>What became of a message for one mailbox.</summary>
/// <param name="Answer">The server's own words, on one line.</param>
/// <param name="RetryAfter">How long the server asked to be left alone, where it did: at most an hour.</param>
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
        All(letter, MailboxResult.Refused, $"The letter could not be written as mail: {exception.Message}");
}

/// <summary>
/// A fault of the sender's own: no mission is to blame, nothing was handed over, and the distribution waits.
/// The message is a sentence for the status page and says what to do.
/// </summary>
/// <param name="sentence">What is wrong and what to do about it.</param>
/// <param name="passes">
/// True where it may pass by itself (a server that cannot be reached), false where a setting must change.
/// </param>
internal sealed class SenderFaultException(string sentence, bool passes, Exception? inner = null)
    : Exception(sentence, inner)
{
    public bool Passes { get; } = passes;
}

/// <summary>What shows that a message has left.</summary>
/// <param name="Source">One word: <c>pickup</c>.</param>
internal sealed record SentEvidence(string Source, string Words);

/// <summary>A way out for mail.</summary>
internal interface IMailTransport : IAsyncDisposable
{
    /// <summary>For people: "SMTP server 127.0.0.1, port 1025". Never holds a secret.</summary>
    string Description { get; }

    /// <summary>False where mail stays on this machine: a loopback server or a folder.</summary>
    bool LeavesTheMachine { get; }

    /// <summary>
    /// The largest message it takes, in bytes as transmitted, as far as it is known yet: a server says it when it is
    /// first reached.
    /// </summary>
    long MaxMessageBytes { get; }

    /// <summary>Reaches the way out without sending.</summary>
    /// <exception cref="SenderFaultException">It cannot be used.</exception>
    Task Probe(CancellationToken cancellation);

    /// <summary>Looks for a message that may have left, where the way out keeps what it was given.</summary>
    /// <returns>What shows that it left; null where nothing does, which proves nothing.</returns>
    Task<SentEvidence?> FindSent(string messageId, CancellationToken cancellation) =>
        Task.FromResult<SentEvidence?>(null);

    /// <summary>
    /// Hands the message over once, for each address of its envelope, and never repeats it by itself.
    /// </summary>
    /// <returns>
    /// One outcome for each address of the envelope. What goes wrong before the hand-over begins is never
    /// <see cref="MailboxResult.Unknown"/>.
    /// </returns>
    /// <exception cref="SenderFaultException">Nothing was handed over and no mission is at fault.</exception>
    Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage message, CancellationToken cancellation);
}
