namespace Distribution.Common;

/// <summary>
/// A message to the secretariat about a problem that no mission's entry can show and that a person must handle.
/// </summary>
/// <param name="DistributionId">The distribution it is about; null if it is about none.</param>
/// <param name="Text">One or two sentences: what happened and what to do.</param>
internal sealed record Notice(string Id, DateTimeOffset At, string? DistributionId, string Text);
