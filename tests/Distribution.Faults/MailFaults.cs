namespace Distribution.FaultSuite;

/// <summary>What a mail server can do to one letter.</summary>
internal enum MailFault
{
    None,

    /// <summary>421, and the connection is closed.</summary>
    Busy,

    /// <summary>451 to the recipient.</summary>
    LaterAtRecipient,

    /// <summary>452 to the recipient.</summary>
    FullAtRecipient,

    /// <summary>451 after the whole letter.</summary>
    LaterAfterTheDot,

    DroppedBeforeData,

    DroppedWithinData,

    /// <summary>The whole letter was taken, and the connection dropped instead of an answer.</summary>
    DroppedButKept,

    /// <summary>The whole letter was read, lost, and the connection dropped.</summary>
    DroppedAndLost,

    SilentBeforeData,

    /// <summary>The whole letter was taken, and no answer ever came.</summary>
    SilentButKept,
}

/// <summary>Chooses mail faults by a seed.</summary>
/// <param name="rate">The share of letters that meet one, 0 to 1.</param>
internal sealed class MailFaults(int seed, double rate, Figures figures)
{
    /// <summary>The share of mailboxes that do not exist.</summary>
    private const double Absent = 0.02;

    private static readonly MailFault[] Kinds =
    [
        .. Enum.GetValues<MailFault>().Where(fault => fault != MailFault.None),
    ];

    private readonly Random random = new(seed);
    private readonly int salt = seed;

    /// <summary>Whether a connection is closed at once.</summary>
    public bool OnGreeting()
    {
        lock (random)
            return random.NextDouble() < rate / 10 && Count("smtp: closed on greeting");
    }

    public MailFault OnLetter()
    {
        lock (random)
            return random.NextDouble() < rate ? Kinds[random.Next(Kinds.Length)] : MailFault.None;
    }

    /// <summary>Whether there is no such mailbox: the same answer each time it is asked.</summary>
    public bool IsAbsent(string mailbox) =>
        rate > 0
        && new Random(mailbox.Aggregate(salt, (sum, character) => unchecked((sum * 31) + character))).NextDouble()
            < Absent;

    public bool Count(string kind)
    {
        figures.Fault(kind);
        return true;
    }
}
