using System.Globalization;
using System.Text.Json.Serialization;

namespace Distribution.Tracking.Inbound;

/// <summary>The decision about a message; only a person takes back what a person decided.</summary>
/// <param name="DistributionId">The letter it is about; null where a person set it aside.</param>
/// <param name="Acknowledges">Whether it says that the mission has the letter.</param>
/// <param name="Recorder">The person who decided; null where the message itself showed it.</param>
/// <param name="How">How it was decided: a sentence.</param>
internal sealed record ReplyDecision(
    string ReplyId,
    string? DistributionId,
    string? MissionId,
    bool Acknowledges,
    string? Recorder,
    DateTimeOffset At,
    string How)
{
    /// <summary>Whether a machine sent it, so that it is not a reply of the mission.</summary>
    public bool IsMachines { get; init; }

    /// <summary>Whether a person has taken it back: the message waits again.</summary>
    public bool IsTakenBack { get; init; }

    /// <summary>How many decisions about the message were taken back before it.</summary>
    public int Round { get; init; }

    /// <summary>The id of what it records of the mission's acknowledgement: each decision's is another.</summary>
    [JsonIgnore]
    public string StepId => Round == 0 ? ReplyId : string.Create(CultureInfo.InvariantCulture, $"{ReplyId}-{Round}");
}

/// <summary>A message that is kept with its mission, or was set aside.</summary>
internal sealed record KeptReply(ReceivedReply Reply, ReplyDecision Decision);
