namespace Distribution.Local;

/// <summary>The checked options of the command <c>rebuild</c>.</summary>
/// <param name="Distribution">The id of the distribution, as in the address of its page.</param>
/// <param name="Data">Full path of the folder kept between runs.</param>
/// <param name="Storage">
/// A connection string; null for the storage emulator with its data in that folder. May contain a secret.
/// </param>
/// <param name="Despite">
/// Why it is rebuilt although its log or its content is not sound; null where they must be.
/// </param>
internal sealed record RebuildOptions(string Distribution, string Data, string? Storage, string? Despite);
