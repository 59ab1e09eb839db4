using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking;

/// <summary>
/// Whether a mission has the letter, as far as is known. Every mission is counted in exactly one of these.
/// </summary>
internal enum MissionStanding
{
    /// <summary>It has acknowledged it, and a server took its mail.</summary>
    Acknowledged,

    /// <summary>
    /// It has acknowledged it, although its mail did not arrive: by telephone, in person, or from another mailbox.
    /// </summary>
    AcknowledgedOtherwise,

    /// <summary>A server took its mail. The mission itself is silent.</summary>
    Reached,

    /// <summary>The mission's server has put it off: it has left, and the mission does not have it yet.</summary>
    Delayed,

    /// <summary>It may have been sent.</summary>
    Unknown,

    /// <summary>It is still to be sent, or being handed over.</summary>
    OnItsWay,

    /// <summary>It came back or was refused.</summary>
    NotReached,

    /// <summary>Sending was stopped before it was sent.</summary>
    NeverSent,

    /// <summary>It follows an earlier letter, and the mission had no need of it any more.</summary>
    NotNeeded,
}

/// <summary>Where one mission stands with a letter.</summary>
/// <param name="State">Of the letter's mail or of an addendum's, whichever reached it.</param>
/// <param name="IsAcknowledged">Whether an acknowledgement stands, by whatever channel.</param>
/// <param name="IsNotNeeded">Whether it was not sent because the mission had no need of it.</param>
internal sealed record MissionReach(Mission Mission, DeliveryState State, bool IsAcknowledged, bool IsNotNeeded = false)
{
    public MissionStanding Standing =>
        IsNotNeeded ? MissionStanding.NotNeeded
        : IsAcknowledged
            ? State.IsReached ? MissionStanding.Acknowledged
                : MissionStanding.AcknowledgedOtherwise
        : State switch
        {
            DeliveryState.Accepted or DeliveryState.Delivered => MissionStanding.Reached,
            DeliveryState.Deferred => MissionStanding.Delayed,
            DeliveryState.OutcomeUnknown => MissionStanding.Unknown,
            DeliveryState.Bounced or DeliveryState.Failed => MissionStanding.NotReached,
            DeliveryState.Withdrawn => MissionStanding.NeverSent,
            _ => MissionStanding.OnItsWay,
        };

    /// <summary>Whether the mission has the letter.</summary>
    public bool HasIt =>
        Standing is MissionStanding.Acknowledged or MissionStanding.AcknowledgedOtherwise or MissionStanding.Reached;

    /// <summary>Whether the mission has the letter, as a column of a table says it.</summary>
    public string Words => Standing switch
    {
        MissionStanding.Acknowledged or MissionStanding.Reached => "yes",
        MissionStanding.AcknowledgedOtherwise => "yes, though its mail did not arrive",
        MissionStanding.Delayed => "delayed on its way",
        MissionStanding.Unknown => "not known",
        MissionStanding.OnItsWay => "not yet",
        MissionStanding.NotReached => "no",
        MissionStanding.NeverSent => "no, never sent to",
        MissionStanding.NotNeeded => "not needed",
        _ => throw new InvalidOperationException($"{Standing} has no words."),
    };
}
