namespace Distribution.Sending;

/// <summary>
/// Which worker is sending an entry's letter, and until when other workers must not touch it (a lease).
/// </summary>
internal sealed record Claim(string Worker, DateTimeOffset Until);
