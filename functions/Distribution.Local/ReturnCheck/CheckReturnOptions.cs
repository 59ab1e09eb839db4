namespace Distribution.Local.ReturnCheck;

/// <summary>The checked options of the command <c>check-return</c>.</summary>
/// <param name="Wait">How long to wait for the message.</param>
internal sealed record CheckReturnOptions(TimeSpan Wait);
