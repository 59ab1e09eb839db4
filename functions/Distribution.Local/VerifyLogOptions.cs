namespace Distribution.Local;

/// <summary>The checked options of the command <c>verify-log</c>.</summary>
/// <param name="File">Full path of an exported log: the zip, or its <c>log.jsonl</c> alone.</param>
/// <param name="Head">A head of the hash chain noted earlier, in hexadecimal; null for none.</param>
internal sealed record VerifyLogOptions(string File, string? Head);
