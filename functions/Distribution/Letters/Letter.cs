namespace Distribution.Letters;

/// <summary>One mission's letter, rendered: what its email will say.</summary>
internal sealed record Letter(string Subject, string Html, string Text);
