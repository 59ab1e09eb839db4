namespace Distribution.Sending;

/// <summary>
/// Which worker is sending an entry's letter, and until when other workers must not touch it (a lease).
/// </summary>
/// <param name="Worker">A name that no other claim has, not even one of the same worker.</param>
/// <param name="Until">From this moment on others may take the claim over.</param>
internal sealed record Claim(string Worker, DateTimeOffset Until);
