namespace Distribution.Local;

/// <summary>The checked options of the command <c>audit</c>.</summary>
/// <param name="Distribution">The id of the distribution, as in the address of its page.</param>
/// <param name="Data">Full path of the folder kept between runs.</param>
/// <param name="Storage">
/// A connection string; null for the storage emulator with its data in that folder. May contain a secret.
/// </param>
internal sealed record AuditOptions(string Distribution, string Data, string? Storage);
