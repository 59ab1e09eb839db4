namespace Distribution.Local;

/// <summary>The checked options of the command <c>continue</c>.</summary>
/// <param name="Archive">Full path of the archive that a letter's page offers.</param>
/// <param name="SendTo">
/// To how many missions it shall be sent, as a person has read and confirmed; null to be told only.
/// </param>
/// <param name="Sent">
/// Full path of a text that tells of letters that have left: a mail server's log, or ids of missions, each on a line of
/// its own; null for none.
/// </param>
/// <param name="Head">A head of the letter's log noted earlier, in hexadecimal; null for none.</param>
/// <param name="Run">Where and how it runs.</param>
internal sealed record ContinueOptions(string Archive, int? SendTo, string? Sent, string? Head, LocalOptions Run);
