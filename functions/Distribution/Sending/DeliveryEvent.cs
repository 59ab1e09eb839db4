namespace Distribution.Sending;

/// <summary>What can become known of a message to one mailbox.</summary>
internal enum DeliveryEventKind
{
    /// <summary>A remark that does not change the state of the delivery.</summary>
    Remark,

    /// <summary>
    /// Recorded before the message is handed over: if the worker crashes after this, the outcome is unknown.
    /// </summary>
    HandingOver,

    /// <summary>The handover failed before anything was sent.</summary>
    NotHandedOver,

    /// <summary>The server refused for now (4yz) and asks for a retry later.</summary>
    NotNow,

    /// <summary>
    /// Decided, by a person or by the stated policy: an unknown outcome is settled by sending the same message again.
    /// </summary>
    SendAgain,

    /// <summary>Taken back before it was sent.</summary>
    Withdrawn,

    /// <summary>The server may have taken it: the answer was lost after the last byte.</summary>
    Unknown,

    /// <summary>A server took responsibility for the message.</summary>
    Accepted,

    /// <summary>The mission's server has deferred it; the sending server keeps retrying.</summary>
    Deferred,

    /// <summary>The mission's own server has accepted it.</summary>
    Delivered,

    /// <summary>It bounced.</summary>
    Bounced,

    /// <summary>
    /// The provider would not send it, for the mailbox is on a list of its own. A person has to see to it.
    /// </summary>
    Dropped,

    /// <summary>Rejected permanently (5yz); the words are the server's.</summary>
    Refused,

    /// <summary>All retries that the settings allow have failed.</summary>
    GivenUp,
}

/// <summary>Why a message came back.</summary>
internal enum BounceKind
{
    /// <summary>There is no such mailbox, and there will be none tomorrow.</summary>
    Permanent,

    /// <summary>The server could not take it for days; it may take the next one.</summary>
    Temporary,

    /// <summary>The mission's server turned the letter or its sender away.</summary>
    Blocked,

    /// <summary>The mailbox is full.</summary>
    MailboxFull,
}

/// <summary>
/// One thing known of one message to one mailbox, from the worker's own exchange with the server or from evidence that
/// came later.
/// </summary>
/// <param name="Words">The server's own words where there are any, on one line.</param>
/// <param name="Bounce">Where it came back: why.</param>
/// <param name="Source">
/// Where evidence came from, as <see cref="EvidenceRanks"/> names it, or the name of a person; null for the worker's
/// own exchange.
/// </param>
/// <param name="Id">
/// The source's id of the event, which makes recording idempotent: the same event twice counts once. Null where the
/// source gives no id.
/// </param>
internal sealed record DeliveryEvent(
    DateTimeOffset At,
    DeliveryEventKind Kind,
    string Words,
    BounceKind? Bounce = null,
    string? Source = null,
    string? Id = null)
{
    /// <summary>Whether this is the same event as another one, reported again.</summary>
    public bool IsSameAs(DeliveryEvent other) => Id is not null && other.Id is not null
        ? Id == other.Id
        : Source is not null && this with { Id = null } == other with { Id = null };
}
