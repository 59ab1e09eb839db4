namespace Distribution.Tracking.Inbound;

/// <summary>What a message was found to be, once and for all.</summary>
/// <param name="DistributionId">Of the letter it is about; null where a person set it aside.</param>
/// <param name="Acknowledges">Whether it says that the mission has the letter.</param>
/// <param name="Recorder">The person who decided; null where it was known from the message.</param>
/// <param name="How">A sentence: how it was known.</param>
internal sealed record ReplyDecision(
    string ReplyId,
    string? DistributionId,
    string? MissionId,
    bool Acknowledges,
    string? Recorder,
    DateTimeOffset At,
    string How)
{
    /// <summary>Whether a machine sent it, so that it is no reply of the mission's.</summary>
    public bool IsMachines { get; init; }
}

/// <summary>A message that is kept with its mission, or was set aside.</summary>
internal sealed record KeptReply(ReceivedReply Reply, ReplyDecision Decision);
