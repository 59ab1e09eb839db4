using Distribution.Common;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>
/// Whether a mission has the letter, as far as is known. Every mission counts in exactly one of these groups.
/// </summary>
internal enum MissionStanding
{
    /// <summary>The mission acknowledged it, and a server accepted its mail, or may have.</summary>
    Acknowledged,

    /// <summary>
    /// The mission acknowledged it although its mail did not arrive, for example by telephone, in person, or from
    /// another mailbox.
    /// </summary>
    AcknowledgedOtherwise,

    /// <summary>A server accepted its mail. The mission itself has not acknowledged.</summary>
    Reached,

    /// <summary>The mission's server deferred it: it has left, and the mission does not have it yet.</summary>
    Delayed,

    /// <summary>It may have been sent; nobody knows.</summary>
    Unknown,

    /// <summary>It is still to be sent, or is being handed over.</summary>
    OnItsWay,

    /// <summary>It bounced or was refused.</summary>
    NotReached,

    /// <summary>A person stopped the distribution before it was sent.</summary>
    NeverSent,

    /// <summary>It is a follow-up that the mission did not need any more.</summary>
    NotNeeded,
}

/// <summary>One mission's standing with a letter.</summary>
/// <param name="State">The state of the letter's mail, or of an addendum's mail where that reached the mission.</param>
/// <param name="IsAcknowledged">Whether there is a valid acknowledgement, by any channel.</param>
/// <param name="IsNotNeeded">Whether it was not sent because the mission did not need it.</param>
/// <param name="TriedUntil">Until when a delayed letter will be tried; null where that is not known.</param>
/// <param name="IsReturnedInPart">Whether it came back from a part of the mission's mailboxes.</param>
internal sealed record MissionReach(
    Mission Mission,
    DeliveryState State,
    bool IsAcknowledged,
    bool IsNotNeeded = false,
    DateTimeOffset? TriedUntil = null,
    bool IsReturnedInPart = false)
{
    public MissionStanding Standing => this switch
    {
        { IsNotNeeded: true } => MissionStanding.NotNeeded,
        { IsAcknowledged: true, State.IsReached: true } => MissionStanding.Acknowledged,
        // Its acknowledgement may have come by the link in that very mail.
        { IsAcknowledged: true, State: DeliveryState.OutcomeUnknown or DeliveryState.Sending } =>
            MissionStanding.Acknowledged,
        { IsAcknowledged: true } => MissionStanding.AcknowledgedOtherwise,
        _ => State switch
        {
            DeliveryState.Accepted or DeliveryState.Delivered => MissionStanding.Reached,
            DeliveryState.Deferred => MissionStanding.Delayed,
            DeliveryState.OutcomeUnknown => MissionStanding.Unknown,
            DeliveryState.Bounced or DeliveryState.Failed => MissionStanding.NotReached,
            DeliveryState.Withdrawn => MissionStanding.NeverSent,
            _ => MissionStanding.OnItsWay,
        },
    };

    /// <summary>Whether the mission has the letter.</summary>
    public bool HasIt =>
        Standing is MissionStanding.Acknowledged or MissionStanding.AcknowledgedOtherwise or MissionStanding.Reached;

    /// <summary>
    /// Whether the mission has the letter and has said nothing of it: it has not acknowledged it, and sent no answer
    /// that waits to be read.
    /// </summary>
    public bool IsSilent(bool isAnswered) => Standing == MissionStanding.Reached && !isAnswered;

    /// <summary>
    /// Whether its letter was delayed, and the time has passed until which it was to be tried: then a server has it, or
    /// a report was lost.
    /// </summary>
    public bool IsDelayOver(DateTimeOffset now) => Standing == MissionStanding.Delayed && TriedUntil < now;

    /// <summary>
    /// Whether the mission has the letter, in words that need no heading: they stand below the state of its mail.
    /// </summary>
    public Phrase Words => Standing switch
    {
        MissionStanding.Acknowledged or MissionStanding.Reached => Say($"the mission has the letter"),
        MissionStanding.AcknowledgedOtherwise => Say($"the mission has the letter, though its mail did not arrive"),
        MissionStanding.Delayed when TriedUntil is { } until =>
            Say($"the mission does not have the letter yet; it is tried until {Say($"{OfMoment(until)} New York time")}"),
        MissionStanding.Delayed or MissionStanding.OnItsWay => Say($"the mission does not have the letter yet"),
        MissionStanding.Unknown => Say($"whether the mission has the letter is not known"),
        MissionStanding.NotReached => Say($"the mission does not have the letter"),
        MissionStanding.NeverSent => Say($"the mission does not have the letter: it was never sent to it"),
        MissionStanding.NotNeeded => Say($"the mission had no need of it"),
        _ => throw new InvalidOperationException($"{Standing} has no words."),
    };

    /// <summary>As the column <c>Has the letter</c> of files has it, in English.</summary>
    public string InFile => Standing switch
    {
        MissionStanding.Acknowledged or MissionStanding.Reached => "yes",
        MissionStanding.AcknowledgedOtherwise => "yes, though its mail did not arrive",
        MissionStanding.Delayed when TriedUntil is { } until =>
            $"delayed on its way, to be tried until {NewYorkTime.Words(until)}",
        MissionStanding.Delayed => "delayed on its way",
        MissionStanding.Unknown => "not known",
        MissionStanding.OnItsWay => "not yet",
        MissionStanding.NotReached => "no",
        MissionStanding.NeverSent => "no, never sent to",
        MissionStanding.NotNeeded => "not needed",
        _ => throw new InvalidOperationException($"{Standing} has no words."),
    };
}
