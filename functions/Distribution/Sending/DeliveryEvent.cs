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

    /// <summary>Not taken now: the server refused for now (4yz), or the connection was lost. To be retried.</summary>
    NotNow,

    /// <summary>
    /// Decided, by a person or by the stated policy: an unknown outcome is settled by sending the same message again.
    /// </summary>
    SendAgain,

    /// <summary>Withdrawn before it was sent: by a person, or because the mission no longer needs it.</summary>
    Withdrawn,

    /// <summary>
    /// The server may have taken it: the answer was lost after the last byte, the provider answered 5xx, or the worker
    /// stopped during the handover.
    /// </summary>
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
    /// The provider did not send it, because the mailbox is on its suppression list. A person must take care of it.
    /// </summary>
    Dropped,

    /// <summary>
    /// Rejected permanently: by the server (5yz), or because the message or the address cannot be written as mail.
    /// </summary>
    Refused,

    /// <summary>All retries that the settings allow have failed.</summary>
    GivenUp,
}

/// <summary>Why a message came back.</summary>
internal enum BounceKind
{
    /// <summary>The mailbox does not exist; a retry cannot succeed.</summary>
    Permanent,

    /// <summary>The server could not accept it as long as it was tried; it may accept the next message.</summary>
    Temporary,

    /// <summary>The mission's server rejected the letter or its sender.</summary>
    Blocked,

    /// <summary>The mailbox is full.</summary>
    MailboxFull,

    /// <summary>The letter is larger than the mission's server, or the mailbox, takes.</summary>
    TooLarge,

    /// <summary>The domain of the mailbox does not exist, or takes no mail.</summary>
    NoSuchDomain,

    /// <summary>The mission's server took the letter for spam.</summary>
    Spam,
}

/// <summary>
/// One thing known of one message to one mailbox, from the worker's own exchange with the server or from evidence that
/// came later.
/// </summary>
/// <param name="Words">The server's own words where there are any, on one line.</param>
/// <param name="Bounce">Why it bounced; null if that is not known, and for other events.</param>
/// <param name="Source">
/// Where evidence came from, as <see cref="EvidenceRanks"/> names it, or the name of a person; null for the worker's
/// own exchange.
/// </param>
/// <param name="Id">
/// The source's id of the event, which makes recording idempotent: the same event twice counts once. Null where the
/// source gives no id.
/// </param>
/// <param name="Tried">
/// How long the server tried to hand it over before it sent it back; null if its report does not say, and for other
/// events.
/// </param>
/// <param name="TriedUntil">
/// Until when the server that has deferred it will try; null if its report does not say, and for other events.
/// </param>
internal sealed record DeliveryEvent(
    DateTimeOffset At,
    DeliveryEventKind Kind,
    string Words,
    BounceKind? Bounce = null,
    string? Source = null,
    string? Id = null,
    TimeSpan? Tried = null,
    DateTimeOffset? TriedUntil = null)
{
    /// <summary>
    /// Whether this is the same event as another one, reported again. SendGrid also reports an event again under
    /// another id. Two messages by mail with the same words are two reports.
    /// </summary>
    public bool IsSameAs(DeliveryEvent other) =>
        Id is not null && Id == other.Id
        || (Source is not null
            && (Id is null || other.Id is null || Source == EvidenceRanks.SendGrid)
            && this with { Id = null } == other with { Id = null });
}
