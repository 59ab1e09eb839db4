namespace Distribution;

/// <summary>One mission's letter, rendered: what its email will say.</summary>
internal sealed record Letter(string Subject, string Html, string Text);

/// <summary>An enclosure as the letter and its email list it.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record Enclosure(string File, string Title, EnclosureRole Role, string ContentType, long Length, string Hash);
