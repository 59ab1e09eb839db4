namespace Distribution.Common;

/// <summary>Something went wrong that no letter's own entry can tell: a person must see it.</summary>
/// <param name="Text">One or two sentences: what happened and what to do.</param>
internal sealed record Notice(string Id, DateTimeOffset At, string? DistributionId, string Text);
