namespace Distribution.Local;

/// <summary>What the command line of <c>verify-log</c> asks for, checked.</summary>
/// <param name="File">Full path of an exported log: the zip, or its <c>log.jsonl</c> alone.</param>
/// <param name="Head">A head held from before, in hexadecimal; null for none.</param>
internal sealed record VerifyLogOptions(string File, string? Head);
