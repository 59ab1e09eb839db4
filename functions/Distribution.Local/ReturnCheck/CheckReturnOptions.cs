namespace Distribution.Local.ReturnCheck;

/// <summary>What the command line of <c>check-return</c> asks for, checked.</summary>
/// <param name="Wait">How long the message is waited for.</param>
internal sealed record CheckReturnOptions(TimeSpan Wait);
