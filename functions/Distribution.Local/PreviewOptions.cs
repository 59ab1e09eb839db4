namespace Distribution.Local;

/// <summary>What the command line of <c>preview</c> asks for, checked.</summary>
/// <param name="Drafts">Full path of the folder with <c>letter.md</c>.</param>
/// <param name="Mission">The mission's id, as the register has it.</param>
/// <param name="Out">Full path of the folder to write to; made when needed.</param>
/// <param name="Templates">Full path of a templates folder to use instead of the one that comes along.</param>
/// <param name="Register">Full path of a register to use instead of the one that comes along.</param>
internal sealed record PreviewOptions(string Drafts, string Mission, string Out, string? Templates, string? Register);
