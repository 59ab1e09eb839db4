namespace Distribution;

/// <summary>A human statement that a mission has the letter.</summary>
/// <param name="By">The name given, as typed.</param>
/// <param name="Function">The function given, as typed; may be empty.</param>
/// <param name="Channel">How it came: <c>page</c>.</param>
internal sealed record Acknowledgement(string DistributionId, string MissionId, string By, string? Function, string Channel, DateTimeOffset At);
