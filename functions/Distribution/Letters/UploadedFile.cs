namespace Distribution.Letters;

/// <summary>A file of the upload folder with its whole content.</summary>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record UploadedFile(string Name, ReadOnlyMemory<byte> Content, string Hash);
