using System.Collections.Concurrent;

namespace Distribution.FaultSuite;

/// <summary>
/// One copy of a letter that the receiving side has kept for one mailbox, whatever the sender heard of it.
/// </summary>
/// <param name="MessageId">Without angle brackets.</param>
/// <param name="Whole">Whether text, letter and enclosure were all in it.</param>
internal sealed record Arrival(string MessageId, string Mailbox, bool Whole);

/// <summary>What the receiving side really got: the one witness the product does not write itself.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentQueue<Arrival> kept = new();
    private readonly ConcurrentDictionary<string, int> refused = new(StringComparer.OrdinalIgnoreCase);
    private int messages;
    private int answersLost;

    /// <summary>Messages kept so far; one to several mailboxes is one.</summary>
    public int Messages => Volatile.Read(ref messages);

    /// <summary>Messages whose fate the sender was, on purpose, not told.</summary>
    public int AnswersLost => Volatile.Read(ref answersLost);

    public IReadOnlyCollection<Arrival> Kept => kept;

    /// <param name="answerLost">Whether the sender is, on purpose, not told.</param>
    public void Keep(string messageId, IEnumerable<string> mailboxes, bool answerLost, bool whole)
    {
        foreach (var mailbox in mailboxes)
            kept.Enqueue(new(messageId, mailbox, whole));
        Interlocked.Increment(ref messages);
        if (answerLost)
            LoseAnswer();
    }

    /// <summary>The sender will not be told of one more message.</summary>
    public void LoseAnswer() => Interlocked.Increment(ref answersLost);

    public void Refuse(string mailbox) => refused.AddOrUpdate(mailbox, 1, (_, times) => times + 1);

    /// <summary>Whether the mailbox was turned away for good.</summary>
    public bool HasRefused(string mailbox) => refused.ContainsKey(mailbox);
}
