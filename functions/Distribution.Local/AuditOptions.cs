namespace Distribution.Local;

/// <summary>What the command line of <c>audit</c> asks for, checked.</summary>
/// <param name="Distribution">The id of the distribution, as in the address of its page.</param>
/// <param name="Data">Full path of the folder kept between runs.</param>
/// <param name="Storage">
/// A connection string; null means the storage emulator over that folder. May hold a secret.
/// </param>
internal sealed record AuditOptions(string Distribution, string Data, string? Storage);
