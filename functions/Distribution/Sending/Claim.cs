namespace Distribution.Sending;

/// <summary>Who is at work on a dispatch, and until when others leave it alone.</summary>
internal sealed record Claim(string Worker, DateTimeOffset Until);
