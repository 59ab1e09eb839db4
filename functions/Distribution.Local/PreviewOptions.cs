namespace Distribution.Local;

/// <summary>The checked options of the command <c>preview</c>.</summary>
/// <param name="Drafts">Full path of the folder with <c>letter.md</c>.</param>
/// <param name="Mission">The mission's id, as the register has it.</param>
/// <param name="Out">Full path of the folder to write to; created when needed.</param>
/// <param name="Templates">
/// Full path of a templates folder to use instead of the one that comes with the program.
/// </param>
/// <param name="Register">Full path of a register to use instead of the one that comes with the program.</param>
internal sealed record PreviewOptions(string Drafts, string Mission, string Out, string? Templates, string? Register);
