namespace Distribution.Local;

/// <summary>The checked options of the command <c>bring-back</c>.</summary>
/// <param name="Archive">Full path of the archive that <c>continue</c> made.</param>
/// <param name="Head">A head of the letter's log noted earlier, in hexadecimal; null for none.</param>
/// <param name="Storage">A connection string of the service's account. May contain a secret.</param>
internal sealed record BringBackOptions(string Archive, string? Head, string Storage);
